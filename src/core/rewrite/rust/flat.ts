import { needsParentheses, strength, type RExpr } from './ast';

/** rustfmt's `fn_call_width`, `chain_width`, `array_width`, `single_line_if_else_max_width` and `struct_lit_width`. */
export const CALL_WIDTH = 60;
export const CHAIN_WIDTH = 60;
export const ARRAY_WIDTH = 60;
const IF_ELSE_WIDTH = 50;
const STRUCT_WIDTH = 18;

/** An expression on one line, and whether rustfmt would break it however much room there is. */
interface Flat {
  text: string;
  breaks: boolean;
}

/** An expression on one line; undefined if rustfmt would never write it on one. */
export function oneLine(e: RExpr): string | undefined {
  const { text, breaks } = flat(e);
  return breaks ? undefined : text;
}

/** An expression on one line, however long it is. */
export const plain = (e: RExpr): string => flat(e).text;

function flat(e: RExpr): Flat {
  let breaks = false;
  const wrapped = (inner: RExpr, least: number): string => {
    const one = flat(inner);
    breaks ||= one.breaks;
    return strength(inner) < least ? `(${one.text})` : one.text;
  };
  const list = (items: readonly RExpr[]): string => items.map((item) => wrapped(item, 0)).join(', ');
  const done = (text: string, tooWide = false): Flat => ({ text, breaks: breaks || tooWide });
  switch (e.k) {
    case 'atom':
      return done(e.text);
    case 'call':
    case 'macro': {
      const args = list(e.args);
      return done(e.k === 'call' ? `${e.callee}(${args})` : `${e.name}!(${args})`, tooWide(args, e.args));
    }
    case 'method': {
      const args = list(e.args);
      const text = `${wrapped(e.of, 12)}.${e.name}(${args})`;
      return done(text, tooWide(args, e.args) || (chainLength(e) > 1 && text.length > CHAIN_WIDTH));
    }
    case 'field': {
      const text = `${wrapped(e.of, 12)}.${e.name}`;
      return done(text, chainLength(e) > 1 && text.length > CHAIN_WIDTH);
    }
    case 'index':
      return done(`${wrapped(e.of, 12)}[${wrapped(e.at, 0)}]`);
    case 'bin': {
      const l = wrapped(e.l, 0);
      const r = wrapped(e.r, 0);
      const left = needsParentheses(e.op, e.l, false) ? `(${l})` : l;
      return done(`${left} ${e.op} ${needsParentheses(e.op, e.r, true) ? `(${r})` : r}`);
    }
    case 'un':
      return done(`${e.op}${wrapped(e.of, 11)}`);
    case 'cast':
      return done(`${wrapped(e.of, 10)} as ${e.type}`);
    case 'try': {
      const text = `${wrapped(e.of, 12)}?`;
      // rustfmt counts the question mark twice.
      return done(text, chainLength(e) > 1 && text.length >= CHAIN_WIDTH);
    }
    case 'if': {
      const text = `if ${wrapped(e.test, 0)} { ${wrapped(e.yes, 0)} } else { ${wrapped(e.no, 0)} }`;
      return done(text, text.length > IF_ELSE_WIDTH || e.yes.k === 'if' || e.no.k === 'if');
    }
    case 'struct': {
      const fields = e.fields.map(({ name, value }) => fieldText(name, wrapped(value, 0))).join(', ');
      return e.fields.length === 0 ? done(`${e.name} {}`) : done(`${e.name} { ${fields} }`, fields.length > STRUCT_WIDTH);
    }
    case 'array': {
      const items = list(e.items);
      return done(`[${items}]`, items.length > ARRAY_WIDTH);
    }
    case 'closure':
      return done(`${e.head} ${wrapped(e.body, 0)}`);
  }
}

/** Whether arguments are broken however much room there is: several that are too wide, or a call that is. */
const tooWide = (text: string, args: readonly RExpr[]): boolean =>
  text.length > CALL_WIDTH && (args.length > 1 || (args.length === 1 && isNestedCall(args[0]!)));

/** Whether an argument is a call, whose width rustfmt restricts when it stands alone. */
export function isNestedCall(e: RExpr): boolean {
  if (e.k === 'un' || e.k === 'try') return isNestedCall(e.of);
  return e.k === 'call' || e.k === 'macro';
}

export function fieldText(name: string, value: string): string {
  return value === name ? name : `${name}: ${value}`;
}

/** Number of links in a chain: `a.b.c()` has two. */
export function chainLength(e: RExpr): number {
  switch (e.k) {
    case 'method':
    case 'field':
      return 1 + chainLength(e.of);
    case 'try':
      return chainLength(e.of);
    default:
      return 0;
  }
}
