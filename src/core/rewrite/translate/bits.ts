import { ownKeys } from '../../own-keys';
import type { CExpr } from '../c/ast';
import type { Expressions } from './expressions';
import { leave } from './values';

/** What a function does to one bit: how the word is assigned. */
const SETTERS: Record<string, 'set' | 'clear' | 'flip' | 'assign'> = ownKeys({
  set_bit: 'set',
  __set_bit: 'set',
  clear_bit: 'clear',
  __clear_bit: 'clear',
  change_bit: 'flip',
  __change_bit: 'flip',
  assign_bit: 'assign',
  __assign_bit: 'assign',
});

/** `1UL << number`, of a number that fits a word. */
function bitOf(t: Expressions, number: CExpr, name: string): CExpr {
  const known = t.unit.constants.evaluate(number);
  // A word has 32 bits on some machines; beyond them C reaches into the next word.
  if (known && (known.value < 0n || known.value > 31n)) return leave('it reaches into another word', name);
  return { k: 'bin', op: '<<', l: { k: 'num', value: 1n, type: 'usize', text: '1' }, r: number };
}

/** The `unsigned long` that `&x->flags` is the address of. */
function wordOf(t: Expressions, address: CExpr, name: string): CExpr {
  if (address.k !== 'un' || address.op !== '&') return leave('its bitmap has no Rust type', name);
  const { type } = t.quiet(() => t.place(address.of));
  return type.k === 'int' && type.of === 'usize' ? address.of : leave('its bitmap has no Rust type', name);
}

/**
 * set_bit() and its sisters on one word, as an assignment. The private structure is behind a lock, so that nobody sees the word in
 * between: the atomic ones need no more. Undefined if it is none of them.
 */
export function bitAssignment(t: Expressions, name: string, args: readonly CExpr[]): (CExpr & { k: 'assign' }) | undefined {
  const what = SETTERS[name];
  if (!what) return undefined;
  const [number, address, value] = args;
  if (!number || !address || args.length !== (what === 'assign' ? 3 : 2)) return leave('it has an unusual number of arguments');
  const l = wordOf(t, address, name);
  const bit = bitOf(t, number, name);
  const set: CExpr = { k: 'bin', op: '|', l, r: bit };
  const clear: CExpr = { k: 'bin', op: '&', l, r: { k: 'un', op: '~', of: bit } };
  switch (what) {
    case 'set':
      return { k: 'assign', op: '|=', l, r: bit };
    case 'clear':
      return { k: 'assign', op: '&=', l, r: clear.r };
    case 'flip':
      return { k: 'assign', op: '^=', l, r: bit };
    case 'assign':
      return { k: 'assign', op: '=', l, r: { k: 'cond', test: value!, yes: set, no: clear } };
  }
}

/** test_bit() of one word as a condition of C; undefined if it is something else. */
export function bitTest(t: Expressions, name: string, args: readonly CExpr[]): CExpr | undefined {
  const [number, address] = args;
  if (name !== 'test_bit' || !number || !address || args.length !== 2) return undefined;
  const l = wordOf(t, address, name);
  const zero: CExpr = { k: 'num', value: 0n, type: 'i32', text: '0' };
  return { k: 'bin', op: '!=', l: { k: 'bin', op: '&', l, r: bitOf(t, number, name) }, r: zero };
}
