import { assert } from 'chai';
import { codeSpan, escapeMarkdown } from '../../../src/core';
import { link } from '../../../src/core/ide/markdown';

describe('Markdown out of untrusted text', () => {
  it('shows markup as text', () => {
    assert.equal(escapeMarkdown('a *b* [c](d) <img> $(x) `y`'), 'a \\*b\\* \\[c\\](d) &lt;img\\> \\$(x) \\`y\\`');
  });
  it('keeps backquotes inside a code span', () => {
    assert.equal(codeSpan('a'), '`a`');
    assert.equal(codeSpan('a`b'), '``a`b``');
    assert.equal(codeSpan('`'), '`` ` ``');
    assert.equal(codeSpan('a\n  b'), '`a b`');
  });
  it('no address ends a link early', () => {
    assert.equal(link('x', 'https://e/a)b(c d'), '[x](https://e/a%29b%28c%20d)');
  });
});
