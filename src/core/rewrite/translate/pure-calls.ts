import { ownKeys } from '../../own-keys';
import type { CExpr, Scalar } from '../c/ast';
import { atom, method, type RExpr } from '../rust/ast';
import type { Expressions } from './expressions';
import { common, convert, isUnsigned, literal, promoted, typed } from './integers';
import { leave, type Value } from './values';

type Pure = (t: Expressions, args: readonly CExpr[], name: string) => Value;

const need = (args: readonly CExpr[], count: number): void => {
  if (args.length !== count) leave('it has an unusual number of arguments');
};

const truth: Pure = (t, args) => typed(t.truth(args[0]!), 'bool', 'i32');

/** min(), max(): in the type that both have in C. */
const extreme: Pure = (t, args, name) => {
  const typedOne = name.endsWith('_t');
  need(args, typedOne ? 3 : 2);
  const [x, y] = args.slice(-2) as [CExpr, CExpr];
  const of = typedOne ? typeArgument(args[0]!) : t.quiet(() => sharedType(t, x, y));
  const operation = name.startsWith('min') ? 'min' : 'max';
  return typed(method(t.typedInt(x, of), operation, t.int(y, of)), of, of);
};

function sharedType(t: Expressions, x: CExpr, y: CExpr): Scalar {
  const a = t.value(x);
  const b = t.value(y);
  if (a.type === b.type && a.type !== 'literal' && a.type !== 'bool') return a.type;
  return common(a.c, b.c);
}

function typeArgument(e: CExpr): Scalar {
  if (e.k === 'type' && e.type.k === 'int') return e.type.of;
  const named: Record<string, Scalar> = ownKeys({
    u8: 'u8',
    u16: 'u16',
    u32: 'u32',
    u64: 'u64',
    s32: 'i32',
    size_t: 'usize',
    int: 'i32',
  });
  if (e.k === 'id' && named[e.name]) return named[e.name]!;
  return leave('its type is not known');
}

const clamp: Pure = (t, args, name) => {
  const typedOne = name === 'clamp_t';
  need(args, typedOne ? 4 : 3);
  const [x, low, high] = args.slice(-3) as [CExpr, CExpr, CExpr];
  const of = typedOne ? typeArgument(args[0]!) : t.quiet(() => sharedType(t, x, low));
  if (!typedOne && t.quiet(() => sharedType(t, x, high)) !== of) leave('its bounds have other types');
  // Rust's clamp() panics where the bounds are the wrong way round; C's gives one of them.
  const bounds = [t.unit.constants.evaluate(low), t.unit.constants.evaluate(high)];
  if (bounds[0] && bounds[1] && bounds[0].value <= bounds[1].value)
    return typed(method(t.typedInt(x, of), 'clamp', t.int(low, of), t.int(high, of)), of, of);
  return typed(method(method(t.typedInt(x, of), 'max', t.int(low, of)), 'min', t.int(high, of)), of, of);
};

const bit: Pure = (t, args, name) => {
  need(args, 1);
  const known = t.unit.constants.evaluate(args[0]!);
  const c: Scalar = name.endsWith('ULL') ? 'u64' : 'usize';
  if (known && known.value >= 0n && known.value < 64n && args[0]!.k === 'num') {
    const value = 1n << known.value;
    return typed(known.value < 4n ? literal(value) : atom(`0x${value.toString(16)}`), 'literal', c, value);
  }
  const amount = t.value(args[0]!);
  return typed(
    { k: 'bin', op: '<<', l: atom(`1${c}`), r: amount.type === 'bool' ? convert(amount, 'u32') : amount.e },
    c,
    c,
    known ? 1n << known.value : null,
  );
};

const mask: Pure = (t, args, name) => {
  const known = t.unit.constants.evaluate({ k: 'call', callee: { k: 'id', name }, args: [...args] });
  if (!known) return leave('its mask is computed at run time');
  return typed(literal(known.value), 'literal', known.c, known.value);
};

/** FIELD_GET(mask, value), with a mask that is known. */
const fieldGet: Pure = (t, args) => {
  need(args, 2);
  const known = t.unit.constants.evaluate(args[0]!);
  if (!known || known.value <= 0n) return leave('its mask is computed at run time');
  const shift = trailingZeros(known.value);
  const masked: CExpr = { k: 'bin', op: '&', l: args[1]!, r: args[0]! };
  const value = t.value(masked);
  if (shift === 0n) return { ...value, c: known.c };
  if (value.type === 'literal' || value.type === 'bool') return leave('its field is constant');
  return typed({ k: 'bin', op: '>>', l: value.e, r: atom(shift.toString()) }, value.type, known.c);
};

/** FIELD_PREP(mask, value), with a mask that is known. */
const fieldPrep: Pure = (t, args) => {
  need(args, 2);
  const known = t.unit.constants.evaluate(args[0]!);
  if (!known || known.value <= 0n) return leave('its mask is computed at run time');
  const all = t.unit.constants.evaluate({ k: 'call', callee: { k: 'id', name: 'FIELD_PREP' }, args: [...args] });
  if (all) return typed(literal(all.value), 'literal', known.c, all.value);
  const shift = trailingZeros(known.value);
  const of: Scalar = known.value <= 0xffffffffn ? 'u32' : 'u64';
  const value = t.typedInt(args[1]!, of);
  const shifted: RExpr = shift === 0n ? value : { k: 'bin', op: '<<', l: value, r: atom(shift.toString()) };
  return typed({ k: 'bin', op: '&', l: shifted, r: t.int(args[0]!, of) }, of, known.c);
};

function trailingZeros(value: bigint): bigint {
  let count = 0n;
  for (let rest = value; (rest & 1n) === 0n; rest >>= 1n) count++;
  return count;
}

const divideUp: Pure = (t, args) => {
  need(args, 2);
  const of = t.quiet(() => sharedType(t, args[0]!, args[1]!));
  if (!isUnsigned(of)) {
    const one: CExpr = { k: 'num', value: 1n, type: 'i32', text: '1' };
    const sum: CExpr = { k: 'bin', op: '-', l: { k: 'bin', op: '+', l: args[0]!, r: args[1]! }, r: one };
    return t.value({ k: 'bin', op: '/', l: sum, r: args[1]! });
  }
  return typed(method(t.typedInt(args[0]!, of), 'div_ceil', t.int(args[1]!, of)), of, of);
};

/** DIV_ROUND_CLOSEST() of unsigned numbers; C rounds signed ones by their signs. */
const divideClosest: Pure = (t, args, name) => {
  need(args, 2);
  const wide = /_ULL$|^DIV(?:64)?_U64_/.test(name);
  const of: Scalar = wide ? 'u64' : t.quiet(() => sharedType(t, args[0]!, args[1]!));
  if (!isUnsigned(of)) return leave('it rounds signed numbers', name);
  const by = name.startsWith('DIV_U64_') ? divisor32(t, args[1]!) : t.typedInt(args[1]!, of);
  const rounded = method(t.typedInt(args[0]!, of), 'wrapping_add', { k: 'bin', op: '/', l: by, r: atom('2') });
  return typed({ k: 'bin', op: '/', l: rounded, r: by }, of, of);
};

/** A divisor that C takes as 32 bits, for a division of 64. */
const divisor32 = (t: Parameters<Pure>[0], arg: CExpr): RExpr => convert(typed(t.typedInt(arg, 'u32'), 'u32', 'u32'), 'u64');

/** DIV_ROUND_UP_ULL(), DIV_ROUND_DOWN_ULL(), DIV_U64_ROUND_UP(): of 64 bits by 32; DIV64_U64_ROUND_UP(): by 64. */
const divideWide: Pure = (t, args, name) => {
  need(args, 2);
  const by = name.startsWith('DIV64_') ? t.typedInt(args[1]!, 'u64') : divisor32(t, args[1]!);
  const over = t.typedInt(args[0]!, 'u64');
  if (name.endsWith('_ROUND_UP') || name === 'DIV_ROUND_UP_ULL') return typed(method(over, 'div_ceil', by), 'u64', 'u64');
  return typed({ k: 'bin', op: '/', l: over, r: by }, 'u64', 'u64');
};

const half: Pure = (t, args, name) => {
  need(args, 1);
  if (name === 'lower_32_bits')
    return typed({ k: 'bin', op: '&', l: t.typedInt(args[0]!, 'u64'), r: atom('0xffffffff') }, 'u64', 'u32');
  return typed({ k: 'bin', op: '>>', l: t.typedInt(args[0]!, 'u64'), r: atom('32') }, 'u64', 'u32');
};

const swap: Pure = (t, args, name) => {
  need(args, 1);
  const of = `u${/(\d+)/.exec(name.replace(/^cpu_to_/, ''))![1]!}` as Scalar;
  const operation = name.startsWith('swab') ? 'swap_bytes' : name.includes('le') ? 'to_le' : 'to_be';
  return typed(method(t.typedInt(args[0]!, of), operation), of, of);
};

const count: Pure = (t, args, name) => {
  need(args, 1);
  const of: Scalar = name.endsWith('64')
    ? 'u64'
    : name === 'hweight8'
      ? 'u8'
      : name === 'hweight16'
        ? 'u16'
        : name === 'hweight_long'
          ? 'usize'
          : 'u32';
  return typed(method(t.typedInt(args[0]!, of), 'count_ones'), 'u32', 'u32');
};

const arraySize: Pure = (t, args) => {
  need(args, 1);
  const place = t.place(args[0]!);
  if (place.type.k !== 'array') return leave('its length is not known');
  return typed(method(place.e, 'len'), 'usize', 'usize');
};

const divide: Pure = (t, args, name) => {
  need(args, 2);
  const signed = name.includes('_s64');
  const of: Scalar = signed ? 'i64' : 'u64';
  const divisor: Scalar = name === 'div64_u64' ? 'u64' : name === 'div64_s64' ? 'i64' : signed ? 'i32' : 'u32';
  const by = convert(typed(t.typedInt(args[1]!, divisor), divisor, divisor), of);
  return typed({ k: 'bin', op: '/', l: t.typedInt(args[0]!, of), r: by }, of, of);
};

const absolute: Pure = (t, args) => {
  need(args, 1);
  const { c } = t.quiet(() => t.value(args[0]!));
  const of = promoted(c);
  if (isUnsigned(of)) return leave('the absolute value of an unsigned number');
  return typed(method(t.typedInt(args[0]!, of), 'abs'), of, of);
};

export const PURE: Record<string, Pure> = ownKeys({
  likely: truth,
  unlikely: truth,
  min: extreme,
  max: extreme,
  min_t: extreme,
  max_t: extreme,
  clamp,
  clamp_t: clamp,
  clamp_val: clamp,
  BIT: bit,
  BIT_ULL: bit,
  GENMASK: mask,
  GENMASK_ULL: mask,
  FIELD_GET: fieldGet,
  FIELD_PREP: fieldPrep,
  DIV_ROUND_UP: divideUp,
  DIV_ROUND_CLOSEST: divideClosest,
  DIV_ROUND_CLOSEST_ULL: divideClosest,
  DIV_ROUND_UP_ULL: divideWide,
  DIV_ROUND_DOWN_ULL: divideWide,
  DIV_U64_ROUND_UP: divideWide,
  DIV64_U64_ROUND_UP: divideWide,
  DIV_U64_ROUND_CLOSEST: divideClosest,
  DIV64_U64_ROUND_CLOSEST: divideClosest,
  upper_32_bits: half,
  lower_32_bits: half,
  swab16: swap,
  swab32: swap,
  swab64: swap,
  hweight8: count,
  hweight16: count,
  hweight32: count,
  hweight64: count,
  hweight_long: count,
  ARRAY_SIZE: arraySize,
  div_u64: divide,
  div64_u64: divide,
  div_s64: divide,
  abs: absolute,
});
