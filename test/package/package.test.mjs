// The package as users get it: made by `npm run package`, looked into, installed in VS Code, its command line run.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { launchChromium } from '../../scripts/lib/chromium.mjs';
import { installVsix, openFile, startCodeServer, workbenchUrl } from '../../scripts/lib/code-server.mjs';
import { exitOnSignals, temporaryFolder } from '../../scripts/lib/process.mjs';
import { extensionId, manifest, root, sampleFile, vsixFile } from '../../scripts/lib/root.mjs';
import { maxBytes, readVsix } from '../../scripts/lib/vsix.mjs';
import { goTo, kernelStyle, positionOf, showHover, statusBar, waitForFile, waitForLenses } from '../../scripts/lib/workbench.mjs';

exitOnSignals();

describe('the package', () => {
  /** name in the .vsix, below extension/ → its bytes */
  let files;
  /** the .vsix, unpacked */
  let unpacked;

  before(() => {
    execFileSync(process.execPath, ['scripts/package.mjs'], { cwd: root });
    const inside = [...readVsix(vsixFile)].filter(([name]) => name.startsWith('extension/'));
    files = new Map(inside.map(([name, read]) => [name.slice('extension/'.length), read()]));
    unpacked = temporaryFolder('unpacked');
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(unpacked, name)), { recursive: true });
      writeFileSync(join(unpacked, name), bytes);
    }
  });

  it(`is a .vsix of at most ${maxBytes / 1e6} MB`, () => {
    assert.ok(statSync(vsixFile).size <= maxBytes);
  });

  it('holds what it should and nothing else', () => {
    const expected = [
      /^package\.json$/,
      /^(readme|changelog)\.md$/i,
      /^LICENSE(\.txt)?$/,
      /^dist\/(extension|extension\.web|r4l|mcp)\.js$/,
      /^dist\/wasm\/[\w-]+\.wasm$/,
      /^dist\/snapshots\/[\w.-]+$/,
      /^dist\/rules\/[\w-]+\.md$/,
      /^schemas\/r4l-config\.schema\.json$/,
      /^media\/[\w-]+\.(png|svg)$/,
    ];
    const names = [...files.keys()];
    assert.deepEqual(
      names.filter((name) => !expected.some((pattern) => pattern.test(name))),
      [],
    );
    const snapshots = names.filter((name) => name.startsWith('dist/snapshots/'));
    assert.ok(snapshots.length > 0, 'a snapshot of the catalogue ships with the extension');
  });

  it('holds every file that its manifest names', () => {
    const { main, browser, bin, icon } = JSON.parse(files.get('package.json').toString());
    for (const path of [main, browser, ...Object.values(bin), icon].filter(Boolean)) {
      assert.ok(files.has(path.replace(/^\.\//, '')), `${path} is in the package`);
    }
  });

  it('tells nothing of the machine it was made on', () => {
    for (const [name, bytes] of files) assert.ok(!bytes.includes(root), `${name} holds no path of the checkout`);
  });

  it('brings the command line: r4l --version', () => {
    const r4l = spawnSync(process.execPath, [join(unpacked, 'dist/r4l.js'), '--version'], { cwd: unpacked, encoding: 'utf8' });
    assert.equal(r4l.status, 0, r4l.stderr);
    assert.match(r4l.stdout, new RegExp(`\\b${manifest.version.replaceAll('.', '\\.')}\\b`));
  });

  it('annotates a driver with nothing but the package', () => {
    const dir = temporaryFolder('driver');
    cpSync(sampleFile, join(dir, 'driver.c'));
    const args = [join(unpacked, 'dist/r4l.js'), 'annotate', 'driver.c', '--format', 'json'];
    const r4l = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    assert.equal(r4l.status, 0, r4l.stderr);
    const { schemaVersion, kernel, files: annotated } = JSON.parse(r4l.stdout);
    assert.equal(schemaVersion, 1);
    assert.equal(kernel.source, 'snapshot');
    assert.equal(basename(annotated[0].path), 'driver.c');
    const probe = annotated[0].entryPoints.find(({ function: name }) => name === 'acme_wdt_probe');
    assert.equal(probe?.field, 'probe');
  });

  it('installs in VS Code, and shows lenses, a hover and the kernel version on a driver', async () => {
    const extensionsDir = temporaryFolder('extensions');
    await installVsix(vsixFile, extensionsDir);
    assert.ok(
      readdirSync(extensionsDir).some((name) => name.toLowerCase().startsWith(extensionId)),
      'it is among the installed extensions',
    );
    const folder = temporaryFolder('folder');
    cpSync(sampleFile, join(folder, 'driver.c'));
    const server = await startCodeServer({ extensionsDir, settings: kernelStyle });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const outside = new Set();
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (/^(http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') outside.add(hostname);
      });
      await page.goto(workbenchUrl(server.base, folder, [openFile(server, join(folder, 'driver.c'))]));
      const look = (name) => goTo(page, positionOf(name, sampleFile));
      await waitForFile(page);
      await look('acme_wdt_probe');
      assert.match((await waitForLenses(page)).join('\n'), /Rust: /);
      await look('mutex_lock');
      assert.match(await showHover(page), /kernel::sync::/);
      assert.match((await statusBar(page)).join('\n'), /^\W*Rust \d+\.\d+/m);
      assert.deepEqual([...outside], [], 'nothing outside this machine is asked for');
    } finally {
      await browser.close();
      await server.stop();
    }
  });

  it('says in its licence what the checkout says', () => {
    const licence = [...files].find(([name]) => name.startsWith('LICENSE'))?.[1];
    assert.equal(licence?.toString(), readFileSync(join(root, 'LICENSE'), 'utf8'));
  });
});
