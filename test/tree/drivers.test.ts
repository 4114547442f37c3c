import { assert } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  analyse,
  hoverAt,
  lensesOf,
  openCatalogue,
  readSnapshot,
  toAnnotations,
  type Catalogue,
  type Syntax,
} from '../../src/core';
import { sameTree } from '../../src/core/syntax';
import { syntaxForTests } from '../unit/syntax-host';
import { treeOf } from './trees';

const SEED = Number(process.env.R4L_SEED ?? 20261121);
const SAMPLE = Number(process.env.R4L_SAMPLE ?? 400);

/** A seeded sample of the `.c` and `.h` files of folders of a tree. */
function sample(tree: string, folders: readonly string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(tree, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[ch]$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  files.sort();
  let state = SEED;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from({ length: SAMPLE }, () => files[Math.floor(random() * files.length)]!);
}

describe('a sample of real drivers', function () {
  this.timeout(120_000);
  const tree = treeOf('7.3');
  let syntax: Syntax;
  let catalogue: Catalogue;
  let files: { path: string; text: string }[];
  before(async () => {
    syntax = await syntaxForTests();
    catalogue = openCatalogue(await readSnapshot((name) => readFile(join('snapshots', name)), '7.3'), 'snapshot');
    files = sample(tree, ['drivers', 'sound', 'net', 'fs', 'include']).map((path) => ({
      path: relative(tree, path),
      text: readFileSync(path, 'utf8'),
    }));
  });

  it('parses, nearly all of it without an error', () => {
    const broken = files.filter(({ text }) => syntax.parse('c', text).errorCount() > 0).map(({ path }) => path);
    assert.isAtMost(broken.length, files.length / 100, broken.join(' '));
  });

  it('is annotated at the right places: each kernel name, field and entered function stands where it is said to', () => {
    for (const { path, text } of files) {
      const analysis = analyse(syntax.parse('c', text), catalogue);
      const lines = text.split('\n');
      const { apis, entryPoints, findings } = toAnnotations(path, text.length, analysis, { parse: 0, total: 0 });
      for (const { name, line, column } of apis) {
        const here = lines[line - 1]!.slice(column - 1);
        const word = name.replace(/^.*\.(?=\w+$)/, '').replace(/\(.*/, '');
        assert.isTrue(
          name.endsWith('.h') ? here.includes(name) : here.startsWith(word),
          `${path}:${line}:${column} ${name}: ${here}`,
        );
      }
      for (const { function: fn, definitionLine, name } of entryPoints)
        if (fn !== null && definitionLine !== null)
          assert.include(lines[definitionLine - 1], fn.slice(0, 3), `${path}:${definitionLine} ${name}`);
      for (const { line, endLine } of findings) assert.isAtMost(line, endLine);
    }
  });

  it('has hovers and lenses without an exception, also when the text is cut off in the middle', () => {
    for (const { text } of files.slice(0, 120)) {
      for (const source of [text, text.slice(0, text.length / 2)]) {
        const analysis = analyse(syntax.parse('c', source), catalogue);
        lensesOf(analysis);
        for (const { start } of analysis.model.apis.slice(0, 50)) assert.isDefined(hoverAt(analysis, start));
      }
    }
  });

  it('has the tree of a fresh parse after edits', () => {
    for (const { path, text } of files.slice(0, 60)) {
      const document = syntax.open(text);
      assert.isAbove(document.tree.size, 0);
      let current = text;
      for (const [at, inserted] of [
        [0.3, 'x'],
        [0.7, '{\n'],
        [0.5, '/* '],
        [0.5, ''],
      ] as const) {
        const rangeOffset = Math.floor(current.length * at);
        const change = { rangeOffset, rangeLength: inserted === '' ? 3 : 0, text: inserted };
        current = current.slice(0, rangeOffset) + inserted + current.slice(rangeOffset + change.rangeLength);
        document.update(current, [change]);
        assert.isTrue(sameTree(document.tree, syntax.parse('c', current)), path);
      }
      document.dispose();
    }
  });
});
