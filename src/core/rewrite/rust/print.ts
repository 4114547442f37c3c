import { needsParentheses, strength, type RExpr } from './ast';
import { chain, parenthesized } from './chains';
import { fieldText, oneLine, plain } from './flat';
import { ARRAY, bracketed, CALL, MACRO, type LayOut } from './lists';
import {
  after,
  before,
  firstWidth,
  fits,
  isExtendable,
  lastWidth,
  line,
  newline,
  overhead,
  TAB,
  used,
  WIDTH,
  type Shape,
} from './shape';

export { oneLine } from './flat';
export { WIDTH } from './shape';

/**
 * An expression as rustfmt lays it out. `column` is where it starts, `after` how much follows it on its last line
 * (`;`, ` {`); the first line has no indentation, the others have that of `level` and deeper.
 */
export function layOut(e: RExpr, level: number, column: number, after: number): string {
  return expression(e, shapeAt(level, column, after)) ?? relaxed(e, shapeAt(level, column, after));
}

const shapeAt = (level: number, column: number, behind: number): Shape => ({
  indent: level * TAB,
  offset: column - level * TAB,
  width: Math.max(0, WIDTH - column - behind),
});

/** As it is where nothing can make it fit: broken where it can be. rustfmt leaves that alone. */
function relaxed(e: RExpr, shape: Shape): string {
  const lenient: LayOut = (inner, at) => layer(inner, at, lenient) ?? plain(inner);
  return lenient(e, shape) ?? plain(e);
}

/** A value at the end of a block, where `if … else …` is never on one line. */
export function layOutLast(e: RExpr, level: number): string {
  const shape = line(level * TAB);
  return (e.k === 'if' ? branches(e, shape, 'if ', expression) : undefined) ?? layOut(e, level, level * TAB, 0);
}

/**
 * `left value`, as for `let x = value`: the value on a line of its own where rustfmt prefers that.
 * @param level of the statement
 * @param behind columns that follow the value
 */
export function assigned(left: string, value: RExpr, level: number, behind = 1): string {
  const indent = level * TAB;
  const width = left.includes('\n') ? lastWidth(left) - indent : left.length;
  const beside = after({ indent, offset: 0, width: Math.max(0, WIDTH - indent - behind) }, width + 1);
  const here = beside && expression(value, beside);
  if (here !== undefined && !here.includes('\n') && here.length <= beside!.width) return `${left} ${here}`;
  const below = before(line(indent + TAB), behind)!;
  const there = expression(value, below);
  const next = `${left}${newline(indent + TAB)}${there ?? ''}`;
  if (here === undefined) return there !== undefined ? next : `${left} ${relaxed(value, beside ?? below)}`;
  if (there === undefined || !fits(there, below)) return `${left} ${here}`;
  return prefersNextLine(here, there) ? next : `${left} ${here}`;
}

/** Whether rustfmt takes a value on the next line, `there`, rather than one that starts on its own, `here`. */
export function prefersNextLine(here: string, there: string): boolean {
  const breaks = (text: string): number => text.split('\n').length - 1;
  const opens = (text: string, bracket: string): boolean => text.split('\n')[0]!.endsWith(bracket);
  return (
    !there.includes('\n') ||
    breaks(here) > breaks(there) + 1 ||
    ['(', '{', '['].some((bracket) => opens(here, bracket) && !opens(there, bracket))
  );
}

const expression: LayOut = (e, shape) => layer(e, shape, expression);

/** An expression, those inside it laid out by `inner`. */
function layer(e: RExpr, shape: Shape, inner: LayOut): string | undefined {
  const flat = oneLine(e);
  if (flat !== undefined && flat.length <= shape.width) return flat;
  switch (e.k) {
    case 'atom':
      return undefined;
    case 'call':
      return bracketed(CALL, e.callee, e.args, shape, inner);
    case 'macro':
      return bracketed(MACRO, `${e.name}!`, e.args, shape, inner);
    case 'array':
      return bracketed(ARRAY, '', e.items, shape, inner);
    case 'method':
    case 'try':
    case 'field':
      return chain(e, shape, inner);
    case 'bin':
      return operators(e, shape, inner) ?? pair(e, shape, inner);
    case 'un': {
      const at = after(shape, e.op.length);
      const text = at && parenthesized(e.of, strength(e.of) < 11, at, inner);
      return text === undefined ? undefined : `${e.op}${text}`;
    }
    case 'cast':
      return cast(e, shape, inner);
    case 'if':
      return branches(e, shape, 'if ', inner);
    case 'struct':
      return structure(e, shape, inner);
    case 'closure':
      return closure(e, shape, inner);
    case 'index':
      return indexed(e, shape, inner);
  }
}

/** `value[at]`, the index on a line of its own where only there it fits. */
function indexed(e: RExpr & { k: 'index' }, shape: Shape, inner: LayOut): string | undefined {
  const of = inner(e.of, shape);
  if (of === undefined) return undefined;
  const start = after(shape, lastWidth(of) + 1);
  const beside = start && before(start, 1);
  const here = beside && inner(e.at, beside);
  if (here?.includes('\n') === false) return `${of}[${here}]`;
  const own = after(line(shape.indent + TAB), 1);
  const room = own && before(own, 1 + overhead(shape));
  const below = room && inner(e.at, room);
  if (below?.includes('\n') === false) return `${of}${newline(shape.indent + TAB)}[${below}]`;
  return here === undefined ? undefined : `${of}[${here}]`;
}

/** `value as type`; the type on a line of its own where it does not fit behind the value. */
function cast(e: RExpr & { k: 'cast' }, shape: Shape, inner: LayOut): string | undefined {
  const text = parenthesized(e.of, strength(e.of) < 10, { ...shape, width: WIDTH - used(shape) }, inner);
  if (text === undefined) return undefined;
  if (lastWidth(text) + 4 + e.type.length <= shape.width) return `${text} as ${e.type}`;
  return `${text}${newline(shape.indent + TAB)}as ${e.type}`;
}

/** Operands of one operator, on one line but for the last, or each operator at the start of a line. */
function operators(e: RExpr & { k: 'bin' }, shape: Shape, inner: LayOut): string | undefined {
  const operands: RExpr[] = [];
  let left: RExpr = e;
  while (left.k === 'bin' && left.op === e.op && (left === e || !needsParentheses(e.op, left, false))) {
    operands.unshift(left.r);
    left = left.l;
  }
  operands.unshift(left);
  const text = (i: number, at: Shape | undefined): string | undefined =>
    at && parenthesized(operands[i]!, needsParentheses(e.op, operands[i]!, i > 0), at, inner);
  const nested = before(line(shape.indent + TAB), overhead(shape));
  const below = nested && after(nested, e.op.length + 1);
  const texts = operands.map((_, i) => text(i, i === 0 ? shape : below));
  return together(e.op, operands, texts, shape, text) ?? (nested && stacked(e.op, texts, shape, nested, text));
}

type Operand = (i: number, at: Shape | undefined) => string | undefined;

function together(
  op: string,
  operands: readonly RExpr[],
  texts: readonly (string | undefined)[],
  shape: Shape,
  text: Operand,
): string | undefined {
  const first = texts.slice(0, -1);
  if (first.some((one) => one === undefined || one.includes('\n'))) return undefined;
  const prefix = first.map((one) => `${one!} ${op} `).join('');
  const last = text(operands.length - 1, after(shape, prefix.length));
  if (last === undefined || firstWidth(prefix + last) > shape.width) return undefined;
  if (last.includes('\n') && !last.startsWith('{') && (last.startsWith('(') || prefix.length > TAB)) return undefined;
  return fits(prefix + last, shape) ? prefix + last : undefined;
}

function stacked(
  op: string,
  texts: readonly (string | undefined)[],
  shape: Shape,
  nested: Shape,
  text: Operand,
): string | undefined {
  let out = texts[0];
  if (out === undefined) return undefined;
  for (let i = 1; i < texts.length; i++) {
    // An operand that would stand alone gets company.
    const offset: number = out.includes('\n') ? 0 : used(shape);
    const beside: string | undefined =
      lastWidth(out) + offset <= nested.indent
        ? text(i, after(shape, op.length + 2 + out.slice(out.lastIndexOf('\n') + 1).trimStart().length))
        : undefined;
    const one: string | undefined = beside ?? texts[i];
    if (one === undefined) return undefined;
    out += beside !== undefined ? ` ${op} ${one}` : `${newline(nested.indent)}${op} ${one}`;
  }
  return out;
}

/** Two operands where the one before the operator does not fit on its line. */
function pair(e: RExpr & { k: 'bin' }, shape: Shape, inner: LayOut): string | undefined {
  const l = parenthesized(e.l, needsParentheses(e.op, e.l, false), { ...shape, width: WIDTH - used(shape) }, inner);
  if (l === undefined) return undefined;
  const right = needsParentheses(e.op, e.r, true);
  const at = after(shape, lastWidth(l) + e.op.length + 2);
  const beside = at && parenthesized(e.r, right, at, inner);
  if (beside !== undefined && (!beside.includes('\n') || l.length <= TAB || /^[^\n]*\{\n/.test(beside)))
    return `${l} ${e.op} ${beside}`;
  const nested = before(line(shape.indent + TAB), overhead(shape));
  const below = nested && after(nested, e.op.length + 1);
  const r = below && parenthesized(e.r, right, below, inner);
  return r === undefined ? undefined : `${l}${newline(shape.indent + TAB)}${e.op} ${r}`;
}

/** `if … { … } else { … }` over several lines; the condition of an `else if` comes after `} else `. */
function branches(e: RExpr & { k: 'if' }, shape: Shape, keyword: string, inner: LayOut): string | undefined {
  const head = after({ ...shape, width: WIDTH - used(shape) }, (keyword === 'if ' ? 0 : 7) + 3);
  const test = head && inner(e.test, head);
  if (test === undefined) return undefined;
  const tooLong = test.includes('\n') || test.length + 2 > head!.width;
  const open = tooLong && !isExtendable(test) ? `${newline(shape.indent)}{` : ' {';
  const block = (value: RExpr): string | undefined => {
    const at = line(shape.indent + TAB);
    const text = value.k === 'if' ? branches(value, at, 'if ', inner) : inner(value, at);
    return text === undefined ? undefined : `${newline(at.indent)}${text}${newline(shape.indent)}}`;
  };
  const yes = block(e.yes);
  const no = e.no.k === 'if' ? branches(e.no, { ...shape, offset: 0 }, '} else if ', inner) : block(e.no);
  if (yes === undefined || no === undefined) return undefined;
  return `if ${test}${open}${yes} else ${e.no.k === 'if' ? no : `{${no}`}`;
}

function structure(e: RExpr & { k: 'struct' }, shape: Shape, inner: LayOut): string | undefined {
  if (e.name.length + 2 > shape.width) return undefined;
  const own = before(line(shape.indent + TAB), 1)!;
  const fields = e.fields.map(({ name, value }) => {
    const at = after(own, name.length + 2);
    const text = at && inner(value, at);
    if (text !== undefined) return fieldText(name, text);
    const below = inner(value, line(own.indent + TAB));
    return below === undefined ? undefined : `${name}:${newline(own.indent + TAB)}${below}`;
  });
  if (fields.includes(undefined)) return undefined;
  return `${e.name} {${fields.map((field) => `${newline(own.indent)}${field!},`).join('')}${newline(shape.indent)}}`;
}

/** A closure: its body gets braces where it does not fit on one line, unless it has some. */
function closure(e: RExpr & { k: 'closure' }, shape: Shape, inner: LayOut): string | undefined {
  const at = after(shape, e.head.length + 1);
  const body = at && inner(e.body, at);
  if (body !== undefined && (!body.includes('\n') || e.body.k === 'struct')) return `${e.head} ${body}`;
  const text = inner(e.body, line(shape.indent + TAB));
  return text === undefined ? undefined : `${e.head} {${newline(shape.indent + TAB)}${text}${newline(shape.indent)}}`;
}
