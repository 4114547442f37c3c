import type { CExpr, CStatement } from '../c/ast';
import type { RStatement } from '../rust/ast';
import { hasEffect } from './arguments';
import { assign, step } from './assign';
import type { Body } from './body';
import { mentions } from './locals';
import { leave } from './values';

/** What an expression does before anything else, and the expression without that. */
interface Leading {
  effect: CExpr & { k: 'assign' | 'step' };
  rest: CExpr;
}

/** The assignment that a condition starts with: `(ret = foo()) < 0`, `++i < 3`; undefined if it starts with none. */
export function leading(e: CExpr): Leading | undefined {
  const within = (inner: CExpr, rebuild: (rest: CExpr) => CExpr): Leading | undefined => {
    const found = leading(inner);
    return found && { effect: found.effect, rest: rebuild(found.rest) };
  };
  switch (e.k) {
    case 'assign':
      return e.l.k === 'id' || (e.l.k === 'field' && !hasEffect(e.l)) ? { effect: e, rest: e.l } : undefined;
    case 'step':
      return e.prefix && e.of.k === 'id' ? { effect: e, rest: e.of } : undefined;
    case 'un':
      return e.op === '&' ? undefined : within(e.of, (of) => ({ ...e, of }));
    case 'bin': {
      // C computes the operands of `&&` and `||` from the left; those of others in any order, which only shows if both do something.
      const later = e.op === '&&' || e.op === '||';
      const found = within(e.l, (l) => ({ ...e, l }));
      if (!found || later) return found;
      const name = found.effect.k === 'assign' ? found.effect.l : found.effect.of;
      return hasEffect(e.r) ||
        (name.k === 'id' && mentions(e.r, name.name)) ||
        (name.k === 'field' && e.r.k !== 'num' && e.r.k !== 'id')
        ? undefined
        : found;
    }
    case 'call': {
      const [only] = e.args;
      if (e.callee.k !== 'id' || !/^(?:un)?likely$/.test(e.callee.name) || !only) return undefined;
      return within(only, (arg) => ({ ...e, args: [arg] }));
    }
    default:
      return undefined;
  }
}

/** Expressions that commas put after each other. */
export const sequence = (e: CExpr): CExpr[] => (e.k === 'comma' ? [...sequence(e.l), ...sequence(e.r)] : [e]);

/** Translates an assignment or a step for its own sake into `out`, with what has to stand before it. */
export function perform(b: Body, e: CExpr, at: CStatement, out: RStatement[]): void {
  const from = out.length;
  if (e.k === 'assign') assign(b, at, e, out);
  else if (e.k === 'step') step(b, at, e, out);
  else leave('it does more than to assign');
  settleBefore(b, out, from);
}

/** Puts the statements that what was translated since `from` needs before it into place, so that what follows gets its own. */
export function settleBefore(b: Body, out: RStatement[], from: number): void {
  if (!b.before) return;
  out.splice(from, 0, ...b.before);
  b.before = [];
}
