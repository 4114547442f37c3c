// node host-desktop.mjs WORKSPACE: downloads desktop VS Code (once, under .vscode-test/) and runs the host suite in it.
import { runTests } from '@vscode/test-electron';
import { join } from 'node:path';
import { temporaryFolder } from './process.mjs';
import { root, toolsDir } from './root.mjs';

const [workspace] = process.argv.slice(2);
process.exitCode = await runTests({
  version: 'stable',
  cachePath: toolsDir,
  extensionDevelopmentPath: root,
  extensionTestsPath: join(root, 'out/host/node/index.js'),
  launchArgs: [
    ...[workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
    ...['--user-data-dir', temporaryFolder('user'), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  ],
});
