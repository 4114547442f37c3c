// Where things are. Every path that the scripts share is named here once.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** Downloaded tools (code-server, desktop VS Code); git-ignored, safe to delete. */
export const toolsDir = join(root, '.vscode-test');

/** Logs and pictures of failed host runs. */
export const logsDir = join(root, 'out/logs');

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** As VS Code knows the extension. */
export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** Where `npm run package` puts the extension. */
export const vsixFile = join(root, `${manifest.name}-${manifest.version}.vsix`);

/** The driver that `npm start` and `npm run pictures` show when no other is given. */
export const sampleFile = join(root, 'test/fixtures/sample/acme_wdt.c');
