// What a person does in the workbench, for the pictures and the package test.
import { readFileSync } from 'node:fs';

const lenses = '.codelens-decoration:visible';
const tabSize = 8;

/** The settings with which kernel code looks as its authors see it, and with which the columns of positionOf are right. */
export const kernelStyle = { 'editor.tabSize': tabSize, 'editor.detectIndentation': false };

/** Where a name first stands in the code of a file: { line, column }, 1-based, as the editor counts; undefined if nowhere. */
export function positionOf(name, file) {
  const word = new RegExp(`(?<!\\w)${name.replace(/\W/g, '\\$&')}(?!\\w)`);
  const lines = readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex((line) => !/^\s*(\/?\*|\/\/)/.test(line) && word.test(line));
  if (index < 0) return undefined;
  let column = 0;
  for (const character of lines[index].slice(0, word.exec(lines[index]).index))
    column += character === '\t' ? tabSize - (column % tabSize) : 1;
  return { line: index + 1, column: column + 1 };
}

/** The text of the status bar's items. */
export const statusBar = (page) => page.locator('.statusbar-item:visible').allInnerTexts();

/** Waits until a file is shown. */
export const waitForFile = (page, timeout = 60_000) => page.locator('.monaco-editor .view-line').first().waitFor({ timeout });

/** Waits until there are lenses above the code in view. @returns {Promise<string[]>} their texts. */
export async function waitForLenses(page, timeout = 60_000) {
  await page.locator(lenses, { hasText: /\S/ }).first().waitFor({ timeout });
  await page.waitForTimeout(1000); // those of the other functions follow
  return page.locator(lenses).allInnerTexts();
}

/** Waits until the status bar says that the kernel tree around the file is indexed. */
export const waitForTree = (page, timeout = 120_000) =>
  page.locator('.statusbar-item:visible', { hasText: /^\W*Rust [\d.]+\s*$/ }).waitFor({ timeout });

/** Moves the cursor, and the view with it (1-based). */
export async function goTo(page, { line, column = 1 }) {
  await page.keyboard.press('Control+g');
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
}

/** Shows the hover at the cursor. @returns {Promise<string>} the text of the hover that bears our label. */
export async function showHover(page, timeout = 30_000) {
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  const hover = page.locator('.monaco-hover:visible', { hasText: 'Rust for Linux' }).first();
  await hover.waitFor({ timeout });
  await page.waitForTimeout(700); // it fades in
  return hover.innerText();
}

/** Runs a command of the palette. */
export async function runCommand(page, title, timeout = 30_000) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget:visible input').first().fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click({ timeout });
}

/** Opens the Rust candidate of the file beside it; the cursor stays in C. */
export async function openCandidate(page, timeout = 60_000) {
  await runCommand(page, 'Open Rust Candidate Beside');
  await page.locator('.tab', { hasText: /_rust\.rs/ }).waitFor({ timeout });
  await page.waitForTimeout(2000); // its lenses and marks follow
}

/** Opens the page on the driver of the file in view, with the view of drivers beside it. */
export async function openReport(page, timeout = 60_000) {
  await runCommand(page, 'Report on This Driver');
  await page.locator('.tab', { hasText: /: Rust port/ }).waitFor({ timeout });
  await page.waitForTimeout(3000); // until the page has loaded, it swallows keys
  await runCommand(page, 'Close Editors in Other Groups');
  await runCommand(page, 'Focus on Rust Port View');
  await page.mouse.move(700, 600);
  await page.waitForTimeout(2000); // the page is drawn anew
}
