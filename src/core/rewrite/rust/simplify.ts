import { atom, method, type RExpr } from './ast';
import { oneLine } from './flat';

/** An expression without what clippy reports of C's shapes: operations without effect, negations, comparisons with `true`, ranges. */
export function simplified(e: RExpr): RExpr {
  switch (e.k) {
    case 'call': {
      const args = e.args.map(simplified);
      const [only] = args;
      const of = /^([iu](?:8|16|32|64|size))::from$/.exec(e.callee)?.[1];
      // A number that tells no type can't be converted: `u64::from(0 & MASK)`.
      if (of !== undefined && only !== e.args[0] && only?.k === 'atom' && integer(only)?.type === '')
        return atom(`${only.text}${of}`);
      return { ...e, args };
    }
    case 'macro':
      return { ...e, args: e.args.map(simplified) };
    case 'method': {
      // A number that tells no type has no methods.
      const of = simplified(e.of);
      const tells = of === e.of || integer(of)?.type !== '';
      return { ...e, of: tells ? of : e.of, args: e.args.map(simplified) };
    }
    case 'index':
      return { ...e, of: simplified(e.of), at: simplified(e.at) };
    case 'field':
    case 'try':
      return { ...e, of: simplified(e.of) };
    case 'cast': {
      const of = simplified(e.of);
      return of !== e.of && integer(of)?.value === 0n ? atom(`0${e.type}`) : { ...e, of };
    }
    case 'un': {
      const of = simplified(e.of);
      if (e.op === '!' && of.k === 'un' && of.op === '!') return of.of;
      return e.op === '!' && isCondition(of) ? negated(of) : { ...e, of };
    }
    case 'if':
      return choice({ ...e, test: simplified(e.test), yes: simplified(e.yes), no: simplified(e.no) });
    case 'struct':
      return { ...e, fields: e.fields.map(({ name, value }) => ({ name, value: simplified(value) })) };
    case 'array':
      return { ...e, items: e.items.map(simplified) };
    case 'closure':
      return { ...e, body: simplified(e.body) };
    case 'bin': {
      const whole: RExpr & { k: 'bin' } = { ...e, l: simplified(e.l), r: simplified(e.r) };
      return comparedWithTruth(whole) ?? withoutNeutral(whole) ?? implied(whole) ?? contained(whole) ?? whole;
    }
    default:
      return e;
  }
}

const INVERSE: ReadonlyMap<string, string> = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
]);

/** Whether an expression is a comparison or made of conditions, so that `!` before it can go inside. */
const isCondition = (e: RExpr): boolean =>
  (e.k === 'bin' && (INVERSE.has(e.op) || e.op === '&&' || e.op === '||')) || (e.k === 'un' && e.op === '!' && isCondition(e.of));

/** How many `!` an expression has. */
function negations(e: RExpr): number {
  if (e.k === 'un' && e.op === '!') return 1 + negations(e.of);
  return e.k === 'bin' && (e.op === '&&' || e.op === '||') ? negations(e.l) + negations(e.r) : 0;
}

/** The opposite of a condition, with as few `!` as can be. Comparisons are of integers and booleans. */
export function negated(e: RExpr): RExpr {
  const inverse = e.k === 'bin' ? INVERSE.get(e.op) : undefined;
  if (e.k === 'bin' && inverse !== undefined) return { ...e, op: inverse };
  if (e.k === 'un' && e.op === '!') return e.of;
  if (e.k === 'atom' && (e.text === 'true' || e.text === 'false')) return atom(e.text === 'true' ? 'false' : 'true');
  if (e.k === 'bin' && (e.op === '&&' || e.op === '||')) {
    const inside: RExpr = { ...e, op: e.op === '&&' ? '||' : '&&', l: negated(e.l), r: negated(e.r) };
    if (negations(inside) <= negations(e)) return inside;
  }
  return { k: 'un', op: '!', of: e };
}

const literalTruth = (e: RExpr): boolean | undefined =>
  e.k === 'atom' && (e.text === 'true' || e.text === 'false') ? e.text === 'true' : undefined;

/** `x == true` is `x`. */
function comparedWithTruth(e: RExpr & { k: 'bin' }): RExpr | undefined {
  if (e.op !== '==' && e.op !== '!=') return undefined;
  for (const [value, other] of [
    [e.l, e.r],
    [e.r, e.l],
  ] as const) {
    const truth = literalTruth(other);
    if (truth !== undefined) return truth === (e.op === '==') ? value : negated(value);
  }
  return undefined;
}

/** `if test { true } else { false }` is `test`. */
function choice(e: RExpr & { k: 'if' }): RExpr {
  const yes = literalTruth(e.yes);
  return yes === undefined || literalTruth(e.no) !== !yes ? e : yes ? e.test : negated(e.test);
}

const INTEGER = /^(-?)(0x[\da-f_]+|\d[\d_]*?)_?((?:[iu](?:8|16|32|64|size))?)$/i;

/** The value of an integer that is written out; undefined of anything else. */
export function integer(e: RExpr): { value: bigint; type: string } | undefined {
  const match = e.k === 'atom' ? INTEGER.exec(e.text) : null;
  if (!match) return undefined;
  const value = BigInt(match[2]!.replace(/_/g, ''));
  return { value: match[1] === '-' ? -value : value, type: match[3]! };
}

/** Whether an expression of numbers alone is zero: `0`, `0 << 4`. */
const isZero = (e: RExpr): boolean =>
  integer(e)?.value === 0n || (e.k === 'bin' && e.op === '<<' && isZero(e.l) && integer(e.r) !== undefined);

const typeOfZero = (e: RExpr): string => integer(e)?.type ?? (e.k === 'bin' ? typeOfZero(e.l) : '');

const MASKS: ReadonlyMap<string, bigint> = new Map([
  ['u8', 0xffn],
  ['u16', 0xffffn],
  ['u32', 0xffffffffn],
]);

/** Without an operand that changes nothing, or one that is all there is: `x | 0`, `x * 1`, `0 & x`; `-x` for `-1 * x`. */
function withoutNeutral({ op, l, r }: RExpr & { k: 'bin' }): RExpr | undefined {
  if (/^(?:[-+|^]|<<|>>)$/.test(op) && isZero(r)) return keeping(l, /^(?:<<|>>)$/.test(op) ? '' : typeOfZero(r));
  if (/^[+|^]$/.test(op) && isZero(l)) return keeping(r, typeOfZero(l));
  const [left, right] = [integer(l), integer(r)];
  if (/^[*/]$/.test(op) && right?.value === 1n) return keeping(l, right.type);
  if (op === '*' && left?.value === 1n) return keeping(r, left.type);
  if (op === '*' && left?.value === -1n && !right) return { k: 'un', op: '-', of: r };
  if (op === '&' && right?.value === -1n) return l;
  // A number of the driver that is erased: `0 & MASK`.
  const isNamed = (e: RExpr): boolean => e.k === 'atom' && /^[A-Z]/.test(e.text);
  if (/^[&*]$/.test(op) && ((left?.value === 0n && isNamed(r)) || (right?.value === 0n && isNamed(l)))) return left ? l : r;
  if (op === '&' && l.k === 'cast' && right && MASKS.get(l.type) === right.value) return l;
  return undefined;
}

/** A chain of operators without the operands that change nothing. */
export function withoutNeutrals(e: RExpr): RExpr {
  if (e.k !== 'bin') return e;
  const whole = { ...e, l: withoutNeutrals(e.l), r: withoutNeutrals(e.r) };
  return withoutNeutral(whole) ?? whole;
}

/** `e`, which gets the type of the number that goes if it is one without a type. */
function keeping(e: RExpr, type: string): RExpr | undefined {
  const own = integer(e);
  if (!own || own.type !== '' || type === '') return e;
  return e.k === 'atom' ? atom(`${e.text}${e.text.startsWith('0x') ? '_' : ''}${type}`) : undefined;
}

/** `a >= 1 && a <= 3` is `(1..=3).contains(&a)`, and its opposite the same with `!`; also as the last two of several conditions. */
function contained(e: RExpr & { k: 'bin' }): RExpr | undefined {
  if (e.op !== '&&' && e.op !== '||') return undefined;
  const { op, l, r } = e;
  const range = between(op, l, r);
  if (range) return range;
  if (l.k !== 'bin' || l.op !== op) return undefined;
  const last = between(op, l.r, r);
  return last && { k: 'bin', op, l: l.l, r: last };
}

/** `!a || a && b` is `!a || b`, and `!a && (a || b)` is `!a && b`: what comes to the second operand knows the first. */
function implied({ op, l, r }: RExpr & { k: 'bin' }): RExpr | undefined {
  if (op !== '&&' && op !== '||') return undefined;
  const inner = op === '||' ? '&&' : '||';
  const isOpposite = (a: RExpr, b: RExpr): boolean => {
    const [x, y] = [oneLine(a), oneLine(negated(b))];
    return x !== undefined && x === y && !/[()!?]/.test(x.replace(/^!/, ''));
  };
  if (r.k === 'bin' && r.op === inner && isOpposite(l, r.l)) return { k: 'bin', op, l, r: r.r };
  if (l.k === 'bin' && l.op === inner && isOpposite(r, l.r)) return { k: 'bin', op, l: l.l, r };
  return undefined;
}

/** A comparison of a variable with a constant: `4 > x` is `x < 4`. */
function bound(e: RExpr): { value: string; op: string; limit: string } | undefined {
  if (e.k !== 'bin' || !/^[<>]=?$/.test(e.op)) return undefined;
  const [l, r] = [oneLine(e.l) ?? '', oneLine(e.r) ?? ''];
  const isConstant = (text: string): boolean => /^-?(?:\d\w*|[A-Z][A-Z\d_]*)(?: [-+*] (?:\d\w*|[A-Z][A-Z\d_]*))*$/.test(text);
  const isVariable = (text: string): boolean => /^(?:r#)?[a-z_][\w.]*$/.test(text);
  if (isVariable(l) && isConstant(r)) return { value: l, op: e.op, limit: r };
  if (isConstant(l) && isVariable(r)) return { value: r, op: e.op.replace(/[<>]/, (c) => (c === '<' ? '>' : '<')), limit: l };
  return undefined;
}

function between(op: string, l: RExpr, r: RExpr): RExpr | undefined {
  const bounds = [bound(l), bound(r)];
  const [a, b] = bounds[0] && /^</.test(bounds[0].op) === (op === '&&') ? [bounds[1], bounds[0]] : bounds;
  if (!a || !b || a.value !== b.value) return undefined;
  const [from, to] = op === '&&' ? ['>=', /^<=?$/] : ['<', /^>=?$/];
  if (a.op !== from || !to.test(b.op)) return undefined;
  const closed = op === '&&' ? b.op === '<=' : b.op === '>';
  const inside = method(atom(`${a.limit}..${closed ? '=' : ''}${b.limit}`), 'contains', atom(`&${a.value}`));
  return op === '&&' ? inside : { k: 'un', op: '!', of: inside };
}
