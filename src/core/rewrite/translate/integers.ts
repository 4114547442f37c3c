import { bitsOf, maximum, minimum } from '../c/expressions';
import type { Scalar } from '../c/ast';
import { atom, call, type RExpr } from '../rust/ast';
import type { Value, ValueType } from './values';
import { ownKeys } from '../../own-keys';

export const isUnsigned = (type: Scalar): boolean => type.startsWith('u');

const RANK: Record<string, number> = ownKeys({ '8': 0, '16': 1, '32': 2, size: 3, '64': 4 });
const rank = (type: Scalar): number => RANK[type.slice(1)]!;

/** C's integer promotion. */
export const promoted = (type: Scalar): Scalar => (rank(type) < 2 ? 'i32' : type);

/** C's usual arithmetic conversions. */
export function common(a: Scalar, b: Scalar): Scalar {
  const x = promoted(a);
  const y = promoted(b);
  if (x === y) return x;
  if (isUnsigned(x) === isUnsigned(y)) return rank(x) > rank(y) ? x : y;
  const [unsigned, signed] = isUnsigned(x) ? [x, y] : [y, x];
  if (rank(unsigned) >= rank(signed)) return unsigned;
  if (bitsOf(signed) > bitsOf(unsigned)) return signed;
  return `u${signed.slice(1)}` as Scalar;
}

export const fits = (value: bigint, type: Scalar): boolean => value >= minimum(type) && value <= maximum(type);

/** `value` as a variable of `type` would hold it. */
export function wrap(value: bigint, type: Scalar): bigint {
  const bits = BigInt(bitsOf(type));
  const low = value & ((1n << bits) - 1n);
  return !isUnsigned(type) && low >> (bits - 1n) === 1n ? low - (1n << bits) : low;
}

/** Types that hold every value of `from`, for which Rust has `From`. */
function widens(from: Scalar, to: Scalar): boolean {
  if (to.endsWith('size')) return from === 'u8' || (to === 'usize' ? from === 'u16' : from === 'i16' || from === 'i8');
  if (from.endsWith('size')) return false;
  const wider = bitsOf(to) > bitsOf(from);
  return wider && (isUnsigned(from) || !isUnsigned(to));
}

/** A literal as text; large ones as hexadecimal. */
export function literal(value: bigint): RExpr {
  if (value >= 0n) return atom(value > 9999n ? `0x${value.toString(16)}` : value.toString());
  return atom(value.toString());
}

/** `value` converted to `type` as C converts it. */
export function convert(value: Value, type: Scalar): RExpr {
  if (value.type === 'literal') {
    if (value.known === null) return value.e;
    return fits(value.known, type) ? value.e : literal(wrap(value.known, type));
  }
  if (value.type === type) return value.e;
  if (value.type !== 'bool' && value.e.k === 'method' && value.e.name === 'abs' && isUnsigned(type))
    return convert(typed({ ...value.e, name: 'unsigned_abs' }, `u${value.type.slice(1)}` as Scalar, value.c), type);
  if (value.type === 'bool' || widens(value.type, type)) return call(`${type}::from`, value.e);
  return { k: 'cast', of: value.e, type };
}

export const typed = (e: RExpr, type: ValueType, c: Scalar, known: bigint | null = null): Value => ({ e, type, c, known });

/** A literal whose type must be named because nothing around it tells. */
export function explicit(value: Value, type: Scalar): RExpr {
  const e = convert(value, type);
  if (value.type === 'literal' && e.k === 'atom' && /^-?(?:0[xbo][\da-fA-F_]+|\d+)$/.test(e.text))
    return atom(`${e.text}${/^-?\d/.test(e.text) && !e.text.startsWith('0x') ? '' : '_'}${type}`);
  if (value.type === 'literal' && e.k !== 'atom') return { k: 'cast', of: e, type };
  return e;
}
