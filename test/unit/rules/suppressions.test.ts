import { assert } from 'chai';
import { describeDriver } from '../../../src/core/driver';
import { findingsOf } from '../../../src/core/rules';
import type { Syntax } from '../../../src/core/syntax';
import { stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

describe('suppressions', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  const reasons = (text: string): (string | undefined)[] => {
    const tree = syntax.parse('c', text);
    return findingsOf(tree, describeDriver(tree), stubCatalogue()).map(({ suppressed }) => suppressed);
  };
  const use = (before: string, after = '') => `int f(struct a *p)\n{\n\tkfree(p);\n${before}\treturn p->x;${after}\n}\n`;

  it('hold on their line and on the line before', () => {
    assert.deepEqual(reasons(use('')), [undefined]);
    assert.deepEqual(reasons(use('\t/* r4l: allow(use-after-free): a test of the tests */\n')), ['a test of the tests']);
    assert.deepEqual(reasons(use('', ' /* r4l: allow(use-after-free): here */')), ['here']);
    assert.deepEqual(reasons(use('\t// r4l: allow(double-free, use-after-free): both\n\n')), ['both']);
  });

  it('hold in the head of the file, for all of it', () => {
    assert.deepEqual(reasons(`// SPDX-License-Identifier: GPL-2.0\n/* r4l: allow(use-after-free): generated */\n\n${use('')}`), [
      'generated',
    ]);
  });

  it('need the rule and a reason, and a comment', () => {
    assert.deepEqual(reasons(use('\t/* r4l: allow(use-after-free) */\n')), [undefined]);
    assert.deepEqual(reasons(use('\t/* r4l: allow(memory-leak): no */\n')), [undefined]);
    assert.deepEqual(reasons(use('\tg("r4l: allow(use-after-free): text");\n')), [undefined]);
  });
});
