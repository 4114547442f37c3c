import { ownKeys } from '../../own-keys';
import type { CExpr, Scalar } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { atom, method, type RExpr } from '../rust/ast';
import { hasEffect } from './arguments';
import type { Expressions } from './expressions';
import type { Place } from './scope';
import { leave } from './values';

/** Registers and an offset into them: `priv->base + REG`. */
export function address(t: Expressions, e: CExpr): { place: Place; offset: RExpr } {
  const parts: CExpr[] = [];
  let base: Place | undefined;
  const visit = (part: CExpr, depth: number): void => {
    if (depth > 12) leave('its address is too deep');
    if (part.k === 'bin' && part.op === '+') {
      visit(part.l, depth + 1);
      visit(part.r, depth + 1);
      return;
    }
    if (part.k === 'id') {
      const local = t.local(part.name);
      if (local?.alias && local.ctype.k === 'ptr') {
        visit(local.alias, depth + 1);
        return;
      }
    }
    if (part.k === 'call') {
      const expanded = t.expand(part);
      if (expanded) {
        visit(expanded, depth + 1);
        return;
      }
    }
    if (part.k === 'cast' && part.type.k === 'ptr') {
      visit(part.of, depth + 1);
      return;
    }
    let place: Place | undefined;
    if (part.k !== 'num' && part.k !== 'call' && part.k !== 'bin')
      try {
        place = t.quiet(() => t.place(part));
      } catch {
        place = undefined;
      }
    if (place?.type.k === 'registers') {
      if (base) leave('its address has two bases');
      base = t.place(part);
    } else parts.push(part);
  };
  visit(e, 0);
  if (!base) return leave('its address is not in registers that are mapped here');
  const sum = parts.reduce<CExpr | null>((all, part) => (all ? { k: 'bin', op: '+', l: all, r: part } : part), null);
  return { place: base, offset: sum ? alongside(t, base, sum, 'usize') : atom('0') };
}

/** An argument of a method of `place`: what calls something that may change the same structure comes before the statement. */
const alongside = (t: Expressions, place: Place, e: CExpr, type: Scalar): RExpr =>
  hasEffect(e) ? t.beside(place.root, e, type) : t.int(e, type);

const READ: Record<string, Scalar> = ownKeys({
  readb: 'u8',
  readw: 'u16',
  readl: 'u32',
  readq: 'u64',
  ioread8: 'u8',
  ioread16: 'u16',
  ioread32: 'u32',
});

const RELAXED = /_relaxed$/;

const WRITE: Record<string, Scalar> = ownKeys({
  writeb: 'u8',
  writew: 'u16',
  writel: 'u32',
  writeq: 'u64',
  iowrite8: 'u8',
  iowrite16: 'u16',
  iowrite32: 'u32',
});

/** readl() and the like on mapped registers; `type` is null for writes. */
export function registerAccess(
  t: Expressions,
  name: string,
  args: readonly CExpr[],
): { e: RExpr; type: Scalar | null } | undefined {
  // The plain accessors order at least as much as the relaxed ones.
  const strict = name.replace(RELAXED, '');
  const read = READ[strict];
  if (read && args.length === 1) {
    const { place, offset } = address(t, args[0]!);
    t.later(() => t.unit.helpers.add(`read${bitsOf(read)}`));
    return { e: method(place.e, `read${bitsOf(read)}`, offset), type: read };
  }
  const write = WRITE[strict];
  if (write && args.length === 2) {
    const { place, offset } = address(t, args[1]!);
    const value = alongside(t, place, args[0]!, write);
    t.later(() => t.unit.helpers.add(`write${bitsOf(write)}`));
    return { e: method(place.e, `write${bitsOf(write)}`, value, offset), type: null };
  }
  return undefined;
}
