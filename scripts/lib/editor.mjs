// Opens VS Code with the extension, for `npm start`. Both functions resolve, when the editor is up, to a promise of its end.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installCodeServer, installVsix, openFile, startCodeServer, workbenchUrl } from './code-server.mjs';
import { onExit, start, temporaryFolder } from './process.mjs';
import { root, vsixFile } from './root.mjs';
import { makeVsix } from './vsix.mjs';

const shown = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;

/** Is there a desktop VS Code, and a screen to show it on? */
export const codeCommand = () => shown && spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0;

/** Desktop VS Code, with a profile of its own so that it is a process of ours and not a window of the user's. */
export async function openDesktop({ folder, file }) {
  const profile = temporaryFolder('desktop');
  onExit(() => {
    try {
      // `code` detaches the editor; the editor leaves its process id in its profile.
      process.kill(Number(readFileSync(join(profile, 'code.lock'), 'utf8')));
    } catch {
      // It never came up, or it is gone.
    }
  });
  const args = [
    ...['--new-window', '--wait', '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
    ...['--user-data-dir', profile, `--extensionDevelopmentPath=${root}`, folder, ...(file ? ['--goto', file] : [])],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  console.log('Opening VS Code. Ctrl-C here closes it again.');
  return start('code', args, { stdio: 'inherit' }).ended;
}

/** code-server with the extension installed from its .vsix, as a user would. */
export async function openCodeServer({ folder, file }) {
  const missing = await installCodeServer();
  if (missing) throw new Error(missing.reason);
  await makeVsix();
  const extensionsDir = temporaryFolder('extensions');
  await installVsix(vsixFile, extensionsDir);
  const server = await startCodeServer({ extensionsDir });
  const url = workbenchUrl(server.base, folder, file ? [openFile(server, file)] : []);
  console.log(
    `VS Code with the extension is ready at\n\n  ${url}\n\nOpen the address in a browser on this machine. Ctrl-C ends it.`,
  );
  return server.ended;
}
