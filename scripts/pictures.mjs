// npm run pictures [-- --file FILE] [--hover NAME] [--tree TREE] [--web] [--out DIR]
// Installs the .vsix in code-server as a user would, opens a C file, and takes pictures of the workbench: the lenses (lenses.png), the
// hover on NAME (hover.png), beside it the Rust candidate at that place (candidate.png), and the report on the driver with the view Rust
// Port (report.png). With --web the extension runs in the web worker host. With --tree, the table of a folder of that kernel tree instead (folder.png).
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exitOnSignals, temporaryFolder } from './lib/process.mjs';
import { root, sampleFile, vsixFile } from './lib/root.mjs';

function fail(message) {
  console.error(message);
  process.exit(2);
}

function options() {
  const string = (value) => ({ type: 'string', default: value });
  try {
    const { values } = parseArgs({
      options: {
        file: string(sampleFile),
        hover: string('mutex_lock'),
        tree: { type: 'string' },
        out: string('media/pictures'),
        web: { type: 'boolean' },
      },
    });
    return { ...values, file: resolve(values.file), out: resolve(values.out) };
  } catch (error) {
    return fail(`${error.message}\nusage: npm run pictures -- [--file FILE] [--hover NAME] [--tree TREE] [--web] [--out DIR]`);
  }
}

/** What the command line says of a file: whether it lies in a kernel tree, and the line around which most entry points are defined. */
function annotationsOf(file) {
  const r4l = [join(root, 'dist/r4l.js'), 'annotate', file, '--format', 'json'];
  const { kernel, files } = JSON.parse(execFileSync(process.execPath, r4l, { encoding: 'utf8', maxBuffer: 1e9 }));
  const lines = [...new Set((files[0]?.entryPoints ?? []).map((point) => point.definitionLine).filter(Boolean))];
  if (lines.length === 0) fail(`${file} defines no entry point: there are no lenses to show`);
  const inView = (line) => lines.filter((other) => Math.abs(other - line) < 16).length;
  return { inTree: kernel.source === 'tree', line: lines.sort((a, b) => inView(b) - inView(a) || a - b)[0] };
}

const { file, hover, tree, web, out } = options();
exitOnSignals();
await ensureDependencies();
const { installChromium, launchChromium } = await import('./lib/chromium.mjs');
const { installCodeServer, installVsix, openFile, startCodeServer, workbenchUrl } = await import('./lib/code-server.mjs');
const { makeVsix, readVsix } = await import('./lib/vsix.mjs');
const { useWebExtension } = await import('./lib/web-extension.mjs');
const { goTo, kernelStyle, openCandidate, openReport, positionOf, showHover, waitForFile, waitForLenses, waitForTree } =
  await import('./lib/workbench.mjs');

/** The .vsix, unpacked: the web worker host takes an extension from a folder that is served. */
function unpack() {
  const dir = temporaryFolder('unpacked');
  for (const [name, read] of readVsix(vsixFile)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), read());
  }
  return join(dir, 'extension');
}

async function picture(page, name) {
  const path = join(out, name);
  await page.screenshot({ path });
  console.log(`${relative(process.cwd(), path)}: ${Math.round(statSync(path).size / 1000)} KB`);
}

/** The table page of a folder's drivers, as `r4l report --format html` writes it. */
async function takeFolder(name, missing) {
  if (missing) fail(`${missing.reason}; to enable it: ${missing.enable}`);
  const r4l = [join(root, 'dist/r4l.js'), 'report', name, '--format', 'html'];
  const html = join(temporaryFolder('page'), 'report.html');
  writeFileSync(html, execFileSync(process.execPath, r4l, { cwd: tree, maxBuffer: 1e9 }));
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, deviceScaleFactor: 1.5, colorScheme: 'dark' });
  await page.goto(pathToFileURL(html).href);
  await picture(page, 'folder.png');
  await browser.close();
}

/** A subsystem with drivers of all scores, some of which have a candidate. */
const FOLDER = 'drivers/watchdog';
mkdirSync(out, { recursive: true });
if (tree) {
  await takeFolder(FOLDER, await installChromium());
  process.exit(0);
}

const position = positionOf(hover, file) ?? fail(`${hover} does not occur in the code of ${file}`);
const missing = (await installCodeServer()) ?? (await installChromium());
if (missing) fail(`${missing.reason}; to enable it: ${missing.enable}`);
await makeVsix();
const { inTree, line } = annotationsOf(file);

const extensionsDir = temporaryFolder('extensions');
if (!web) await installVsix(vsixFile, extensionsDir);
const settings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'editor.minimap.enabled': false,
  'editor.fontFamily': 'DejaVu Sans Mono',
  'editor.occurrencesHighlight': 'off',
  ...kernelStyle,
};
const server = await startCodeServer({ extensionsDir, settings });
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, deviceScaleFactor: 1.5, bypassCSP: web });
const stopServing = web && (await useWebExtension(page, { dir: unpack() }));
let status = 0;
try {
  await page.goto(workbenchUrl(server.base, dirname(file), [openFile(server, file)]));
  await waitForFile(page);
  if (inTree) await waitForTree(page);
  await page.keyboard.press('Control+b'); // hides the side bar
  await goTo(page, { line });
  console.log((await waitForLenses(page)).join('\n'));
  await picture(page, 'lenses.png');
  await goTo(page, position);
  console.log(await showHover(page));
  await picture(page, 'hover.png');
  await page.keyboard.press('Escape');
  await openCandidate(page);
  await goTo(page, position);
  await page.mouse.move(100, 8); // off the buttons, which would say what they are for
  await page.waitForTimeout(2000);
  await picture(page, 'candidate.png');
  await openReport(page);
  await picture(page, 'report.png');
} catch (error) {
  console.error(error.message);
  await picture(page, 'failed.png');
  status = 1;
}
await browser.close();
if (stopServing) stopServing();
await server.stop();
process.exit(status);
