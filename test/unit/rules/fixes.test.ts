import { assert } from 'chai';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describeDriver } from '../../../src/core/driver';
import { findingsOf } from '../../../src/core/rules';
import type { Syntax } from '../../../src/core/syntax';
import { stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const FIXES = 'test/fixtures/fixes';

// FIXME: faults that no rule sees yet; a rule that sees one takes it off this list.
const MISSED = new Set([
  // A bound that is there, and is the wrong one.
  'out-of-bounds/checked-against-maximum-alone.function',
  'out-of-bounds/sum-of-offset-and-length-wraps.function',
  'out-of-bounds/length-of-device-kept-for-later.file',
  'out-of-bounds/element-longer-than-rest.function',
  // Whether a packet's length was asked for in another file, the text of this one does not say.
  'out-of-bounds/event-shorter-than-header.file',
  'out-of-bounds/length-below-header.function',
  // How often the function is called, and what with, its callers know.
  'out-of-bounds/table-filled-without-bound.function',
  'overflow/allocation-of-user-count.function',
  'use-after-free/reference-dropped-before-use.function',
]);

describe('fixes of real faults, re-created', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  const suspects = (path: string): string[] => {
    const tree = syntax.parse('c', readFileSync(path, 'utf8'));
    assert.equal(tree.errorCount(), 0, path);
    return findingsOf(tree, describeDriver(tree), stubCatalogue())
      .filter(({ kind }) => kind === 'suspect')
      .map(({ rule, message }) => `${rule}: ${message}`);
  };

  for (const { name: kind } of readdirSync(FIXES, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    for (const file of readdirSync(`${FIXES}/${kind}`).filter((name) => name.endsWith('.before.c'))) {
      const id = `${kind}/${file.replace('.before.c', '')}`;
      it(`${id}: ${MISSED.has(id) ? 'is not found yet' : 'found before, and gone after'}`, () => {
        const after = `${FIXES}/${kind}/${file.replace('.before.c', '.after.c')}`;
        assert.isTrue(existsSync(after), `${after} is missing`);
        assert.equal(suspects(`${FIXES}/${kind}/${file}`).length > 0, !MISSED.has(id));
        assert.deepEqual(suspects(after), []);
      });
    }
});
