// Runs the suite test/host in real VS Code: in code-server and Chromium (both extension hosts), or in desktop VS Code (Node).
// The bundles come from `node esbuild.mjs --tests`.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { startCodeServer, workbenchUrl } from './code-server.mjs';
import { run, temporaryFolder } from './process.mjs';
import { logsDir, root } from './root.mjs';
import { useWebExtension } from './web-extension.mjs';

/** The suite marks its own lines (test/host/suite/index.ts): the rest of the console is the workbench's. */
const ofSuite = /^.*?\[mocha\] (.*)$/;

/** Tests may write into their workspace and its settings: they get a copy of it. */
function workspaceCopy() {
  const dir = join(temporaryFolder('workspace'), 'workspace');
  cpSync(join(root, 'test/host/workspace'), dir, { recursive: true });
  return dir;
}

/** Collects what a suite prints; `result` is what its RESULT line says. */
function collector() {
  const seen = { result: undefined };
  const take = (line) => {
    const text = ofSuite.exec(line)?.[1];
    if (text === undefined) return;
    if (text.startsWith('RESULT ')) seen.result = JSON.parse(text.slice('RESULT '.length));
    else console.log(text);
  };
  return { seen, take };
}

/**
 * The suite in code-server. `host` is the extension host, 'node' or 'web'.
 * @returns {Promise<{ code: number, timedOut: boolean, result?: object }>}
 */
export async function runInCodeServer(host, timeoutMs) {
  const folder = workspaceCopy();
  const { seen, take } = collector();
  const log = [];
  const server = await startCodeServer({ testDriver: true });
  let browser;
  let stopServing;
  let timer;
  let code = 1;
  let timedOut = false;
  try {
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: host === 'web' });
    const ended = new Promise((resolve, reject) => {
      // Both are called by the workbench's own test driver.
      void page.exposeFunction('codeAutomationExit', resolve);
      void page.exposeFunction('codeAutomationLog', (type, args) => {
        const text = args.map(String).join(' ');
        log.push(`${type}: ${text}`);
        for (const line of text.split('\n')) take(line);
      });
      page.on('crash', () => reject(new Error('the page crashed')));
      page.on('close', () => reject(new Error('the page was closed')));
      void server.ended.then((status) => reject(new Error(`code-server ended (exit ${status})`)));
      timer = setTimeout(() => resolve('timeout'), timeoutMs);
    });
    ended.catch(() => undefined); // goto may fail first
    const remote = (path) => `vscode-remote://${server.authority}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(join(root, 'out/host/node/index.js'))],
    ];
    if (host === 'web') stopServing = await useWebExtension(page, { tests: '/out/host/web/index.js' });
    await page.goto(workbenchUrl(server.base, folder, host === 'web' ? [] : payload));
    const answer = await ended;
    timedOut = answer === 'timeout';
    code = timedOut ? 124 : Number(answer);
    if (timedOut || code !== 0) {
      mkdirSync(logsDir, { recursive: true });
      await page.screenshot({ path: join(logsDir, `host-${host}.png`) }).catch(() => undefined);
    }
  } catch (error) {
    console.log(error.message);
  } finally {
    clearTimeout(timer);
    mkdirSync(logsDir, { recursive: true });
    writeFileSync(join(logsDir, `host-${host}.log`), [...log, '--- code-server ---', server.log()].join('\n'));
    await browser?.close().catch(() => undefined);
    stopServing?.();
    await server.stop();
  }
  return { code, timedOut, ...seen };
}

/** The suite in desktop VS Code (downloaded by @vscode/test-electron); Node extension host only. */
export async function runInDesktop(timeoutMs) {
  const { seen, take } = collector();
  const { code, timedOut } = await run(process.execPath, [join(import.meta.dirname, 'host-desktop.mjs'), workspaceCopy()], {
    timeoutMs,
    onLine: take,
  });
  return { code, timedOut, ...seen };
}

/** Can desktop VS Code be downloaded and shown here? */
export async function desktopAvailable() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  try {
    return (await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
