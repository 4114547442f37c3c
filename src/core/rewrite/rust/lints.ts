import { atom, method, type RExpr, type RStatement } from './ast';
import { oneLine } from './print';

/** A body without what clippy reports of C's shapes: returns at its end, operations without effect, a match for one value, ranges. */
export function withoutLints(body: readonly RStatement[], givesNothing: boolean): RStatement[] {
  const plain = body.map(statement);
  return givesNothing ? withoutReturn(plain) : plain;
}

/** Without `return;` where control comes to the end anyway. */
function withoutReturn(body: readonly RStatement[]): RStatement[] {
  const at = body.reduce((found, { k }, i) => (k !== 'comment' && k !== 'blank' ? i : found), -1);
  const last = body[at];
  const put = (...one: RStatement[]): RStatement[] => [...body.slice(0, at), ...one, ...body.slice(at + 1)];
  switch (last?.k) {
    case 'return':
      return last.e === null ? put() : [...body];
    case 'if':
      return put({ ...last, yes: withoutReturn(last.yes), no: last.no && withoutReturn(last.no) });
    case 'match':
      return put({ ...last, arms: last.arms.map((arm) => ({ ...arm, body: withoutReturn(arm.body) })) });
    default:
      return [...body];
  }
}

function statement(one: RStatement): RStatement {
  const inner = (list: readonly RStatement[]): RStatement[] => list.map(statement);
  switch (one.k) {
    case 'let':
      return one.init ? { ...one, init: expression(one.init) } : one;
    case 'assign':
      return { ...one, r: expression(one.r) };
    case 'expr':
    case 'value':
      return { ...one, e: expression(one.e) };
    case 'return':
      return one.e ? { ...one, e: expression(one.e) } : one;
    case 'if':
      return {
        ...one,
        test: typeof one.test === 'string' ? one.test : expression(one.test),
        yes: inner(one.yes),
        no: one.no && inner(one.no),
      };
    case 'while':
      return { ...one, test: expression(one.test), body: inner(one.body) };
    case 'loop':
    case 'for':
    case 'block':
      return { ...one, body: inner(one.body) };
    case 'match': {
      const on = expression(one.on);
      const [first, other] = one.arms;
      const single = one.arms.length === 2 && other!.pattern === '_' && other!.body.length === 0;
      if (single && /^(?:\w+|-?\d\w*)$/.test(first!.pattern) && /^[A-Z\d-]/.test(first!.pattern))
        return {
          ...(one.source && { source: one.source }),
          k: 'if',
          test: { k: 'bin', op: '==', l: on, r: atom(first!.pattern) },
          yes: inner(first!.body),
          no: null,
        };
      return { ...one, on, arms: one.arms.map((arm) => ({ ...arm, body: inner(arm.body) })) };
    }
    default:
      return one;
  }
}

function expression(e: RExpr): RExpr {
  switch (e.k) {
    case 'call':
    case 'macro':
      return { ...e, args: e.args.map(expression) };
    case 'method':
      return { ...e, of: expression(e.of), args: e.args.map(expression) };
    case 'index':
      return { ...e, of: expression(e.of), at: expression(e.at) };
    case 'field':
    case 'un':
    case 'cast':
    case 'try':
      return { ...e, of: expression(e.of) };
    case 'if':
      return { ...e, test: expression(e.test), yes: expression(e.yes), no: expression(e.no) };
    case 'struct':
      return { ...e, fields: e.fields.map(({ name, value }) => ({ name, value: expression(value) })) };
    case 'array':
      return { ...e, items: e.items.map(expression) };
    case 'closure':
      return { ...e, body: expression(e.body) };
    case 'bin':
      return binary({ ...e, l: expression(e.l), r: expression(e.r) });
    default:
      return e;
  }
}

const MASKS: ReadonlyMap<string, string> = new Map([
  ['u8', '0xff'],
  ['u16', '0xffff'],
  ['u32', '0xffffffff'],
]);

function binary(e: RExpr & { k: 'bin' }): RExpr {
  const text = (of: RExpr): string => (of.k === 'atom' ? of.text.toLowerCase() : '');
  const { op, l, r } = e;
  if (/^(?:[-+|^]|<<|>>)$/.test(op) && /^0(?:x0+)?$/.test(text(r)) && l.k !== 'atom') return l;
  if (/^[*/]$/.test(op) && text(r) === '1' && l.k !== 'atom') return l;
  if (/^[+|^]$/.test(op) && /^0(?:x0+)?$/.test(text(l)) && r.k !== 'atom') return r;
  if (op === '&' && l.k === 'cast' && MASKS.get(l.type) === text(r)) return l;
  return (op === '&&' || op === '||') && l.k === 'bin' && r.k === 'bin' ? (range(op, l, r) ?? e) : e;
}

/** `a >= 1 && a <= 3` is `(1..=3).contains(&a)`, and its opposite the same with `!`. */
function range(op: string, l: RExpr & { k: 'bin' }, r: RExpr & { k: 'bin' }): RExpr | undefined {
  const value = oneLine(l.l);
  const isConstant = (of: RExpr): boolean => of.k === 'atom' && /^(?:\d\w*|[A-Z][A-Z\d_]*)$/.test(of.text);
  if (value === undefined || value !== oneLine(r.l) || !/^[a-z_][\w.]*$/.test(value)) return undefined;
  if (!isConstant(l.r) || !isConstant(r.r)) return undefined;
  const [from, to] = op === '&&' ? ['>=', /^<=?$/] : ['<', /^>=?$/];
  if (l.op !== from || !to.test(r.op)) return undefined;
  const closed = op === '&&' ? r.op === '<=' : r.op === '>';
  const inside = method(atom(`${oneLine(l.r)!}..${closed ? '=' : ''}${oneLine(r.r)!}`), 'contains', atom(`&${value}`));
  return op === '&&' ? inside : { k: 'un', op: '!', of: inside };
}
