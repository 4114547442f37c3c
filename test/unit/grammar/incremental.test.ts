// After an edit, the tree must be the one of a fresh parse. The texts are the corpus: every construct, much of it broken by the edits.
// (Many edits one after the other, on real files: scripts/census.mjs.)
import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Edit, type Parser } from 'web-tree-sitter';
import { applyEdit, randomEdit, seeded, type RandomEdit } from '../../../scripts/lib/edits.mjs';
import { dump, kernelParser, withTree } from './parser';

const DIRECTORY = 'grammars/kernel-c/test/corpus';
const EDITS_PER_TEXT = 100;

/** The code of all cases of a corpus file, one after the other. */
const codeOf = (file: string) =>
  [...readFileSync(join(DIRECTORY, file), 'utf8').matchAll(/^={3,}\n.*\n={3,}\n([\s\S]*?)\n---\n/gm)]
    .map(([, code]) => code!)
    .join('\n');

describe('kernel C incremental parse', () => {
  let parser: Parser;
  before(async () => {
    parser = await kernelParser();
  });
  after(() => parser.delete());

  readdirSync(DIRECTORY).forEach((file, seed) => {
    it(`equals a fresh one: ${EDITS_PER_TEXT} edits of ${file}, each undone again`, () => {
      const original = codeOf(file);
      const sound = withTree(parser, original, dump);
      const next = seeded(seed + 1);
      let tree = parser.parse(original)!;
      const reparse = (text: string, edit: RandomEdit, expected: (text: string) => string) => {
        const change = applyEdit(text, edit);
        tree.edit(new Edit(change.edit));
        const reparsed = parser.parse(change.text, tree)!;
        tree.delete();
        tree = reparsed;
        expect(dump(tree), JSON.stringify(edit)).to.equal(expected(change.text));
        return change.text;
      };
      for (let i = 0; i < EDITS_PER_TEXT; i++) {
        const edit = randomEdit(original, next);
        const changed = reparse(original, edit, (text) => withTree(parser, text, dump));
        const { start, oldEnd, inserted } = edit;
        reparse(changed, { start, oldEnd: start + inserted.length, inserted: original.slice(start, oldEnd) }, () => sound);
      }
      tree.delete();
    });
  });
});
