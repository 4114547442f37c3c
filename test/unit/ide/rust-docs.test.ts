import { assert } from 'chai';
import { docsAbove } from '../../../src/core';

const SOURCE = `/// Takes a [\`Lock\`](srctree/lock.rs) and
/// waits *long* <b>enough</b>.
///
/// More that a hover does not show.
///
/// # Safety
///
/// The caller holds [\`Guard::x\`].
///
/// # Examples
#[inline]
#[cfg(any(
    CONFIG_A,
    CONFIG_B
))]
pub unsafe fn take() {}

fn bare() {}

/// # Examples
/// \`\`\`
/// code
/// \`\`\`
fn only_examples() {}
`;
const lineOf = (text: string) => SOURCE.split('\n').findIndex((line) => line.includes(text)) + 1;

describe('documentation of a Rust item', () => {
  it('is its first paragraph and its safety section, as text without links', () => {
    assert.deepEqual(docsAbove(SOURCE, lineOf('fn take')), {
      summary: 'Takes a `Lock` and waits long &lt;b\\>enough&lt;/b\\>.',
      safety: 'The caller holds `Guard::x`.',
    });
  });
  it('is absent where there is none', () => {
    assert.isUndefined(docsAbove(SOURCE, lineOf('fn bare')));
    assert.deepEqual(docsAbove(SOURCE, lineOf('fn only_examples')), { summary: '', safety: '' });
    assert.isUndefined(docsAbove('', 1));
    assert.isUndefined(docsAbove(SOURCE, 999));
  });
});
