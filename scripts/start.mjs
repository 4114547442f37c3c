// npm start [-- PATH] [--no-editor]
// Builds, prints the annotations of a sample driver (or of PATH: a C file or a folder), and opens VS Code with the extension
// on it: the desktop one if `code` is there, else code-server in the browser. Ctrl-C ends all of it.
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { codeCommand, openCodeServer, openDesktop } from './lib/editor.mjs';
import { exitOnSignals, run } from './lib/process.mjs';
import { sampleFile } from './lib/root.mjs';

function fail(message) {
  console.error(message);
  process.exit(2);
}

function options() {
  let parsed;
  try {
    parsed = parseArgs({ options: { 'no-editor': { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    return fail(`${error.message}\nusage: npm start -- [PATH] [--no-editor]`);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) fail('usage: npm start -- [PATH] [--no-editor]: one PATH at most');
  // npm runs us in the root of the checkout; PATH is meant from where the user is.
  const path = positionals[0] ? resolve(process.env.INIT_CWD ?? '.', positionals[0]) : sampleFile;
  if (!existsSync(path)) fail(`${path}: there is no such file or folder; give a C file or a folder of them`);
  return { path, editor: !values['no-editor'] };
}

/** Runs a script of the project with its output shown; ends us if it fails. */
async function step(status, ...args) {
  const { code } = await run(process.execPath, args);
  if (code !== 0) process.exit(status ?? code);
}

const { path, editor } = options();
exitOnSignals(0);
try {
  await ensureDependencies();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await step(1, 'esbuild.mjs');
console.log(`r4l annotate ${path}\n`);
await step(undefined, 'dist/r4l.js', 'annotate', path, '--format', 'text');
if (!editor) process.exit(0);

const isFile = statSync(path).isFile();
const target = { folder: isFile ? dirname(path) : path, file: isFile ? path : undefined };
console.log();
try {
  const ended = await (codeCommand() ? openDesktop(target) : openCodeServer(target));
  process.exit(await ended);
} catch (error) {
  console.log(`No editor could be opened here: ${error.message}`);
  console.log(
    'Install VS Code so that `code` is on the PATH and run `npm start` again, or run `npm run package` and install the',
  );
  console.log('.vsix by hand (Extensions view, "Install from VSIX…"). The annotations above are complete without an editor.');
  process.exit(0);
}
