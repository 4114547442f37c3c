import { needsParentheses, strength, type RExpr } from './ast';

/** Width that rustfmt fills. */
export const WIDTH = 100;
/** rustfmt's `fn_call_width`, `chain_width`, `array_width`, `attr_fn_like_width` and `single_line_if_else_max_width`. */
const CALL_WIDTH = 60;
const CHAIN_WIDTH = 60;
const ARRAY_WIDTH = 60;
const IF_ELSE_WIDTH = 50;
const STRUCT_WIDTH = 18;

const indentation = (level: number): string => '    '.repeat(level);

/** Whether long arguments are broken: several, or one that is a call with several. */
const breaks = (args: readonly RExpr[]): boolean => {
  const [only] = args;
  return args.length > 1 || ((only?.k === 'call' || only?.k === 'method') && only.args.length > 1);
};

/** An expression on one line; undefined if rustfmt would never write it on one. */
export function oneLine(e: RExpr): string | undefined {
  const wrapped = (inner: RExpr, least: number): string | undefined => {
    const text = oneLine(inner);
    return text !== undefined && strength(inner) < least ? `(${text})` : text;
  };
  const list = (items: readonly RExpr[]): string | undefined => {
    const texts = items.map(oneLine);
    return texts.includes(undefined) ? undefined : texts.join(', ');
  };
  switch (e.k) {
    case 'atom':
      return e.text;
    case 'call':
    case 'macro': {
      const args = list(e.args);
      if (args === undefined || (args.length > CALL_WIDTH && breaks(e.args))) return undefined;
      return e.k === 'call' ? `${e.callee}(${args})` : `${e.name}!(${args})`;
    }
    case 'method': {
      const of = wrapped(e.of, 12);
      const args = list(e.args);
      if (of === undefined || args === undefined || (args.length > CALL_WIDTH && breaks(e.args))) return undefined;
      const text = `${of}.${e.name}(${args})`;
      return chainLength(e) > 1 && text.length > CHAIN_WIDTH ? undefined : text;
    }
    case 'field': {
      const of = wrapped(e.of, 12);
      return of === undefined ? undefined : `${of}.${e.name}`;
    }
    case 'index': {
      const of = wrapped(e.of, 12);
      const at = oneLine(e.at);
      return of === undefined || at === undefined ? undefined : `${of}[${at}]`;
    }
    case 'bin': {
      const l = oneLine(e.l);
      const r = oneLine(e.r);
      if (l === undefined || r === undefined) return undefined;
      const left = needsParentheses(e.op, e.l, false) ? `(${l})` : l;
      const right = needsParentheses(e.op, e.r, true) ? `(${r})` : r;
      return `${left} ${e.op} ${right}`;
    }
    case 'un': {
      const of = wrapped(e.of, 11);
      return of === undefined ? undefined : `${e.op}${of}`;
    }
    case 'cast': {
      const of = wrapped(e.of, 10);
      return of === undefined ? undefined : `${of} as ${e.type}`;
    }
    case 'try': {
      const of = wrapped(e.of, 12);
      return of === undefined ? undefined : `${of}?`;
    }
    case 'if': {
      const test = oneLine(e.test);
      const yes = oneLine(e.yes);
      const no = oneLine(e.no);
      if (test === undefined || yes === undefined || no === undefined || e.no.k === 'if') return undefined;
      const text = `if ${test} { ${yes} } else { ${no} }`;
      return text.length > IF_ELSE_WIDTH ? undefined : text;
    }
    case 'struct': {
      const fields = e.fields.map(({ name, value }) => fieldText(name, oneLine(value)));
      if (fields.includes(undefined)) return undefined;
      if (fields.length === 0) return `${e.name} {}`;
      const inner = fields.join(', ');
      return inner.length > STRUCT_WIDTH ? undefined : `${e.name} { ${inner} }`;
    }
    case 'array': {
      const items = list(e.items);
      return items === undefined || items.length > ARRAY_WIDTH ? undefined : `[${items}]`;
    }
    case 'closure': {
      const body = oneLine(e.body);
      return body === undefined ? undefined : `${e.head} ${body}`;
    }
  }
}

function fieldText(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value === name ? name : `${name}: ${value}`;
}

/** Number of links in a chain: `a.b.c()` has two. */
function chainLength(e: RExpr): number {
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

/**
 * An expression as rustfmt lays it out. `column` is where it starts, `after` how much follows it on its last line
 * (`;`, ` {`); the first line has no indentation, the others have that of `level` and deeper.
 */
export function layOut(e: RExpr, level: number, column: number, after: number): string {
  const flat = oneLine(e);
  if (flat !== undefined && column + flat.length + after <= WIDTH) return flat;
  const inner = indentation(level + 1);
  const outer = indentation(level);
  const parts = (items: readonly RExpr[]): string =>
    items.map((item) => `${inner}${layOut(item, level + 1, inner.length, 1)},\n`).join('');
  switch (e.k) {
    case 'call':
    case 'macro': {
      const head = e.k === 'call' ? e.callee : `${e.name}!`;
      if (e.args.length === 0) return `${head}()`;
      const last = lastArgument(e.args, `${head}(`, level, column, after);
      if (last !== undefined) return last;
      const flats = e.args.map((one) => (isSimple(one) ? oneLine(one) : undefined));
      if (e.k === 'call' && flats.every((one) => one !== undefined && one.length <= 10))
        return `${head}(\n${filled(flats as string[], inner)}${outer})`;
      const text = parts(e.args);
      // A macro's last argument takes no comma.
      return `${head}(\n${e.k === 'macro' ? text.replace(/,\n$/, '\n') : text}${outer})`;
    }
    case 'method':
    case 'try':
    case 'field':
      return chain(e, level, column, after);
    case 'bin':
      return binary(e, level, column, after);
    case 'un': {
      if (strength(e.of) < 11) return `${e.op}(${layOut(e.of, level, column + 2, after + 1)})`;
      return `${e.op}${layOut(e.of, level, column + e.op.length, after)}`;
    }
    case 'cast': {
      const text = strength(e.of) < 10 ? `(${layOut(e.of, level, column + 1, after + 1)})` : layOut(e.of, level, column, 0);
      return `${text} as ${e.type}`;
    }
    case 'if': {
      const test = layOut(e.test, level, column + 3, 2);
      const no =
        e.no.k === 'if'
          ? ` else ${layOut(e.no, level, column, after)}`
          : ` else {\n${inner}${layOut(e.no, level + 1, inner.length, 0)}\n${outer}}`;
      const open = test.includes('\n') ? `\n${outer}{` : ' {';
      return `if ${test}${open}\n${inner}${layOut(e.yes, level + 1, inner.length, 0)}\n${outer}}${no}`;
    }
    case 'struct':
      return `${e.name} {\n${e.fields
        .map(({ name, value }) => {
          const text = layOut(value, level + 1, inner.length + name.length + 2, 1);
          return `${inner}${fieldText(name, text)},\n`;
        })
        .join('')}${outer}}`;
    case 'array': {
      if (e.items.every((item) => (oneLine(item)?.length ?? 99) <= 10))
        return `[\n${filled(
          e.items.map((item) => oneLine(item)!),
          inner,
        )}${outer}]`;
      return `[\n${parts(e.items)}${outer}]`;
    }
    case 'closure':
      return `${e.head} ${layOut(e.body, level, column + e.head.length + 1, after)}`;
    case 'index':
      return `${layOut(e.of, level, column, 0)}[${layOut(e.at, level, column, 0)}]`;
    default:
      return flat ?? '';
  }
}

/** Whether rustfmt may put an argument beside others where they do not fit on one line. */
function isSimple(e: RExpr): boolean {
  switch (e.k) {
    case 'atom':
      return /^[\w.]+$/.test(e.text);
    case 'un':
    case 'cast':
    case 'field':
    case 'try':
      return isSimple(e.of);
    case 'index':
      return isSimple(e.of) && isSimple(e.at);
    default:
      return false;
  }
}

/** Short elements of an array, as many on a line as fit. */
function filled(items: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    const next = line === '' ? item : `${line} ${item}`;
    if (line !== '' && indent.length + next.length + 1 >= WIDTH) {
      lines.push(line);
      line = `${item},`;
    } else line = `${next},`;
  }
  lines.push(line);
  return lines.map((text) => `${indent}${text}\n`).join('');
}

/** `f(a, S {` … `})`: the last argument of a call, a structure or a closure, overflows where what is before it fits. */
function lastArgument(args: readonly RExpr[], head: string, level: number, column: number, after: number): string | undefined {
  const last = args.at(-1)!;
  if (last.k !== 'struct' && last.k !== 'array' && !(args.length === 1 && (last.k === 'call' || last.k === 'macro')))
    return undefined;
  if (args.length > 1) return undefined;
  const fits = layOut(last, level, column + head.length, after + 1);
  // What is broken although it would fit is broken inside.
  const text = last.k === 'call' && last.args.length > 0 && !fits.includes('\n') ? layOut(last, level, WIDTH, after + 1) : fits;
  const first = text.split('\n')[0]!;
  return text.includes('\n') && column + head.length + first.length <= WIDTH ? `${head}${text})` : undefined;
}

/** A chain of methods, one on a line. */
function chain(e: RExpr, level: number, column: number, after: number): string {
  const links: string[] = [];
  let root: RExpr = e;
  const flatLinks: { text: string; call: (RExpr & { k: 'method' }) | null }[] = [];
  for (;;) {
    if (root.k === 'method') {
      flatLinks.unshift({ text: `.${root.name}`, call: root });
      root = root.of;
    } else if (root.k === 'field') {
      flatLinks.unshift({ text: `.${root.name}`, call: null });
      root = root.of;
    } else if (root.k === 'try') {
      flatLinks.unshift({ text: '?', call: null });
      root = root.of;
    } else break;
  }
  // `?` stays with the link before it.
  const joined: { text: string; call: (RExpr & { k: 'method' }) | null; tail: string }[] = [];
  let head = strength(root) < 12 ? `(${layOut(root, level, column + 1, 1)})` : layOut(root, level, column, 0);
  for (const link of flatLinks) {
    if (link.text !== '?') joined.push({ ...link, tail: '' });
    else if (joined.length === 0) head += '?';
    else joined.at(-1)!.tail += '?';
  }
  // A chain of one call breaks inside the call; the links after a short root stay on its line.
  if (joined.length === 1) return head + linkText(joined[0]!, level, column + head.length, after);
  while (joined.length > 0 && head.length <= 4 - (column - level * 4) && !head.includes('\n'))
    head += linkText(joined.shift()!, level, column + head.length, after);
  if (joined.length === 0) return head;
  const together = overflowing(head, joined, level, column, after);
  if (together !== undefined) return together;
  const inner = indentation(level + 1);
  for (const link of joined) links.push(`\n${inner}${linkText(link, level + 1, inner.length, after)}`);
  return head + links.join('');
}

type Link = Parameters<typeof linkText>[0];

/**
 * A chain on one line but for the arguments of its last call, where that is no longer than one link a line; undefined where it is,
 * or does not fit.
 */
function overflowing(head: string, links: readonly Link[], level: number, column: number, after: number): string | undefined {
  if (head.includes('\n')) return undefined;
  let start = head;
  for (const link of links.slice(0, -1)) {
    const args = link.call ? link.call.args.map(oneLine) : [];
    if (args.includes(undefined)) return undefined;
    start += `${link.text}${link.call ? `(${args.join(', ')})` : ''}${link.tail}`;
  }
  const last = links.at(-1)!;
  const budget = Math.min(WIDTH - column, CHAIN_WIDTH) - start.length;
  const text = linkText(last, level, column + start.length, after);
  const lines = text.split('\n');
  if (lines[0]!.length > budget) return undefined;
  if (lines.length >= 5) return start + text;
  const own = linkText(last, level + 1, (level + 1) * 4, after).split('\n').length;
  return own >= lines.length ? start + text : undefined;
}

function linkText(
  link: { text: string; call: (RExpr & { k: 'method' }) | null; tail: string },
  level: number,
  column: number,
  after: number,
): string {
  if (!link.call) return link.text + link.tail;
  return layOut({ k: 'call', callee: link.text, args: link.call.args }, level, column, after + link.tail.length) + link.tail;
}

/** A chain of one operator, broken before each operator. */
function binary(e: RExpr & { k: 'bin' }, level: number, column: number, after: number): string {
  const operands: RExpr[] = [];
  const operators: string[] = [];
  let left: RExpr = e;
  while (left.k === 'bin' && !(left !== e && needsParentheses(e.op, left, false)) && sameLevel(left.op, e.op)) {
    operands.unshift(left.r);
    operators.unshift(left.op);
    left = left.l;
  }
  operands.unshift(left);
  const inner = indentation(level + 1);
  const text = (operand: RExpr, first: boolean, at: number): string => {
    const own = first ? level : level + 1;
    return needsParentheses(e.op, operand, !first) ? `(${layOut(operand, own, at + 1, 1)})` : layOut(operand, own, at, 0);
  };
  let out = text(operands[0]!, true, column);
  operators.forEach((op, i) => {
    out += `\n${inner}${op} ${text(operands[i + 1]!, false, inner.length + op.length + 1)}`;
  });
  return after > WIDTH ? '' : out;
}

const LEVELS = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '>', '<=', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const sameLevel = (a: string, b: string): boolean => LEVELS.some((level) => level.includes(a) && level.includes(b));
