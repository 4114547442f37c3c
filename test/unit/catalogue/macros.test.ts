import { assert } from 'chai';
import { expandInvocation } from '../../../src/core/catalogue/rust/expand';
import { tokenize } from '../../../src/core/catalogue/rust/lexer';
import { parseRules } from '../../../src/core/catalogue/rust/token-trees';

/** Expands `name!(args)` with rules given as the body of a macro_rules!, white space squeezed. */
function expand(rules: string, args: string, more: Record<string, string> = {}): string | undefined {
  const macros = new Map([
    ['m', parseRules(rules)],
    ...Object.entries(more).map(([name, text]) => [name, parseRules(text)] as const),
  ]);
  const tokens = tokenize(args);
  return expandInvocation('m', tokens, 0, tokens.length, macros)
    ?.text.replace(/\s+/g, ' ')
    .replace(/ ?([(){}[\],;:<>=!&]) ?/g, '$1')
    .trim();
}

describe('catalogue: expansion of item macros', () => {
  it('puts fragments into the body', () => {
    assert.equal(
      expand('($t:ty, $f:ident) => { impl A<$t> for B { fn $f() { bindings::$f() } } };', 'Vec<u8>, readl'),
      'impl A<Vec<u8>>for B{fn readl(){bindings::readl()}}',
    );
  });
  it('repeats with separators, nested and optional', () => {
    assert.equal(
      expand('($($name:ident = [$($v:literal),*]),* $(,)?) => { $(const $name: [u8] = [$($v),*];)* };', 'A = [1, 2], B = [],'),
      'const A:[u8]=[1,2];const B:[u8]=[];',
    );
    assert.equal(expand('($a:ident $(-> $r:ty)?) => { fn $a() $(-> $r)?; };', 'x'), 'fn x();');
  });
  it('tries the arms in order and calls itself', () => {
    const rules = '(@one $n:ident) => { pub const $n: u32 = bindings::$n; }; ($($n:ident),*) => { $( m!(@one $n); )* };';
    assert.equal(expand(rules, 'SZ_1K, SZ_2K'), 'pub const SZ_1K:u32=bindings::SZ_1K;pub const SZ_2K:u32=bindings::SZ_2K;');
  });
  it('pastes identifiers', () => {
    assert.equal(
      expand('($t:ident $f:ident) => { paste! { fn [< atomic_ $f >]() { bindings::[< $t _ $f >]() } } };', 'atomic64 read'),
      'fn atomic_read(){bindings::atomic64_read()}',
    );
  });
  it('gives nothing where no arm fits', () => {
    assert.isUndefined(expand('(only $x:ident) => { };', 'other y'));
  });
  it('ends where a macro calls itself for ever', () => {
    assert.isDefined(expand('($($x:tt)*) => { m!($($x)* a); };', 'a'));
  });
  it('knows where each token came from', () => {
    const text = '(readl)';
    const tokens = tokenize(text, 1, 6);
    const expansion = expandInvocation(
      'm',
      tokens,
      0,
      tokens.length,
      new Map([['m', parseRules('($f:ident) => { fn $f() {} };')]]),
    )!;
    assert.equal(expansion.originAt(expansion.text.indexOf('readl')), 1);
    assert.equal(expansion.originAt(expansion.text.indexOf('fn')), -1);
  });
});
