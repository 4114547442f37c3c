// The table page of a whole tree's report in Chromium: 20,000 drivers, with the mouse and with the keyboard.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../../scripts/lib/chromium.mjs';
import { temporaryFolder } from '../../scripts/lib/process.mjs';
import { root } from '../../scripts/lib/root.mjs';

const DRIVERS = 20_000;
/** Names that sort as their numbers do. */
const name = (i) => `drv${String(i).padStart(5, '0')}`;

describe('the page of a report', () => {
  let browser;
  let page;
  const asked = [];

  before(async () => {
    const folder = temporaryFolder('report-page');
    const r4l = (...args) =>
      execFileSync(process.execPath, [join(root, 'dist/r4l.js'), ...args], { encoding: 'utf8', maxBuffer: 1 << 29, cwd: root });
    const report = JSON.parse(r4l('report', 'test/fixtures/port/linux', '--format', 'json', '--no-cache'));
    const model = report.drivers.find(({ kind }) => kind === 'driver');
    report.drivers = Array.from({ length: DRIVERS }, (_, i) => {
      const path = `drivers/made${i % 50}/${name(i)}.c`;
      return { ...model, name: name(i), path, files: [path], score: i % 101 };
    });
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    writeFileSync(join(folder, 'report.html'), r4l('merge', join(folder, 'report.json'), '--format', 'html'));
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  });
  after(() => browser?.close());

  const count = () => page.locator('#count').textContent();
  const names = () => page.locator('#body [role=row] button').allTextContents();

  it('asks for nothing but itself, and draws the rows in sight alone', async () => {
    assert.equal(asked.length, 1);
    assert.equal(await count(), `${DRIVERS} of ${DRIVERS}`);
    assert.ok((await names()).length < 200);
    assert.equal(await page.locator('#table').getAttribute('aria-rowcount'), String(DRIVERS + 1));
  });

  it('scrolls to the last row', async () => {
    await page.locator('#table').evaluate((table) => (table.scrollTop = table.scrollHeight));
    await page.locator(`#body [aria-rowindex="${DRIVERS + 1}"]`).waitFor();
    await page.locator('#table').evaluate((table) => (table.scrollTop = 0));
    await page.locator('#body [aria-rowindex="2"]').waitFor();
  });

  it('filters by words, all of which a row must have', async () => {
    await page.locator('#filter').fill('made7/ drv0000');
    assert.equal(await count(), `1 of ${DRIVERS}`);
    assert.deepEqual(await names(), [name(7)]);
    await page.locator('#filter').fill('no such driver');
    assert.equal(await count(), `0 of ${DRIVERS}`);
    await page.locator('#filter').fill('');
    assert.equal(await count(), `${DRIVERS} of ${DRIVERS}`);
  });

  it('sorts by a column, and back, from the keyboard; what sorts is said', async () => {
    const head = page.locator('#head [role=columnheader]').nth(1);
    await head.locator('button').focus();
    await page.keyboard.press('Enter');
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.equal((await names())[0], name(0));
    await page.keyboard.press('Enter');
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    assert.equal((await names())[0], name(DRIVERS - 1));
  });

  it('goes from row to row by arrow keys, beyond what is in sight, and opens one by Enter', async () => {
    await page.locator('#body [role=row] button').first().focus();
    for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowDown');
    // What scrolling makes the page draw is drawn in the next frame.
    const focused = () =>
      page.evaluate(
        () =>
          new Promise((resolve) =>
            document.defaultView.requestAnimationFrame(() =>
              document.defaultView.requestAnimationFrame(() => resolve(document.activeElement.textContent.slice(0, 20))),
            ),
          ),
      );
    assert.equal(await focused(), name(DRIVERS - 61));
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(), name(DRIVERS - 60));
    await page.keyboard.press('Enter');
    assert.match(await page.locator('#details h2').textContent(), new RegExp(`^${name(DRIVERS - 60)}: \\d+ of 100$`));
    assert.equal(await page.locator('#body .chosen button').getAttribute('aria-expanded'), 'true');
    assert.equal(await focused(), name(DRIVERS - 60), 'the keyboard goes on from there');
  });
});
