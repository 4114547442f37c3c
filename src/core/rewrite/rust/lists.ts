import { strength, type RExpr } from './ast';
import { ARRAY_WIDTH, CALL_WIDTH, isNestedCall } from './flat';
import { after, before, firstWidth, lastWidth, line, newline, TAB, type Shape } from './shape';

/** Lays out an expression; undefined if it does not fit. */
export type LayOut = (e: RExpr, shape: Shape) => string | undefined;

/** Brackets around a list: which, how wide its items may get on one line, and whether a comma ends one that is broken. */
interface Brackets {
  open: string;
  close: string;
  width: number;
  comma: boolean;
}

export const CALL: Brackets = { open: '(', close: ')', width: CALL_WIDTH, comma: true };
export const MACRO: Brackets = { ...CALL, comma: false };
export const ARRAY: Brackets = { open: '[', close: ']', width: ARRAY_WIDTH, comma: true };

/** Widest element of an array, or argument, that may share its line where not all fit on one. */
const SHORT = 10;

/** `head(a, b)`: on one line; with the last item over several; as many on a line as fit; or one on each. */
export function bracketed(
  { open, close, width, comma }: Brackets,
  head: string,
  items: readonly RExpr[],
  shape: Shape,
  layOut: LayOut,
): string | undefined {
  if (items.length === 0) return `${head}${open}${close}`;
  const lead = lastWidth(head) + 1;
  const room = Math.max(0, shape.width - lead - 1);
  const shared = after(shape, lead);
  const beside = (shared && before(shared, 1)) ?? { ...shape, width: 0 };
  const indent = shape.indent + TAB;
  const nested = before(line(indent), 1)!;
  const texts = items.map((item) => layOut(item, nested));
  const limit = Math.min(room, width);
  const across = (all: readonly (string | undefined)[]): boolean =>
    all.reduce((sum, text) => sum + (text?.length ?? WIDEST) + 2, -2) <= limit && !all.some((text) => text?.includes('\n'));
  const wrapped = (inner: string): string => {
    if (firstWidth(inner) + 1 <= Math.max(0, shape.width - lastWidth(head))) return `${head}${open}${inner}${close}`;
    return `${head}${open}${newline(indent)}${inner}${newline(shape.indent)}${close}`;
  };
  const last = overflowing(head, items, texts, beside, width, layOut);
  if (last !== undefined && across([...texts.slice(0, -1), last.split('\n')[0]!])) {
    const own = texts.at(-1);
    const prefersOwn = items.length === 1 && last.split('\n').length === 2 && own !== undefined && !own.includes('\n');
    if (texts.slice(0, -1).includes(undefined)) return undefined;
    return wrapped([...texts.slice(0, -1), prefersOwn ? own : last].join(', '));
  }
  if (texts.includes(undefined)) return undefined;
  const all = texts as string[];
  if (items.length === 1 && room > 0 && !all[0]!.includes('\n') && all[0]!.length <= room) return wrapped(all[0]!);
  if (across(all)) return wrapped(all.join(', '));
  const inner =
    items.every(isSimple) && all.every((text) => text.length <= SHORT)
      ? filled(all, nested.width).join(newline(indent))
      : `${all.join(`,${newline(indent)}`)}${comma ? ',' : ''}`;
  return `${head}${open}${newline(indent)}${inner}${newline(shape.indent)}${close}`;
}

/** What no line is wide enough for. */
const WIDEST = 1e6;

/** The last item as it overflows the line that it starts on; undefined if it may not. */
function overflowing(
  head: string,
  items: readonly RExpr[],
  texts: readonly (string | undefined)[],
  beside: Shape,
  width: number,
  layOut: LayOut,
): string | undefined {
  const last = items.at(-1)!;
  const combined = items.length === 1 && head.length < TAB;
  if (!combined && !overflows(last, items.length)) return undefined;
  let shape: Shape | undefined = beside;
  if (items.length > 1 || isNestedCall(last)) {
    const offset = texts.slice(0, -1).reduce((sum, text) => sum + 2 + (text?.length ?? WIDEST), 0);
    shape = after({ ...beside, width: Math.min(width, beside.width) }, offset);
  }
  const at = shape;
  const text = (): string | undefined => at && layOut(last, at);
  return !combined && isMethodCall(last) ? unbroken(text) : text();
}

/** Whether chains may not be broken between their links now. */
let mustNotBreak = false;

/** Whether a chain must not have one link a line: it is the last argument, and overflows only on one line. */
export const keepsTogether = (): boolean => mustNotBreak;

function unbroken<T>(work: () => T): T {
  const old = mustNotBreak;
  mustNotBreak = true;
  try {
    return work();
  } finally {
    mustNotBreak = old;
  }
}

function isMethodCall(e: RExpr): boolean {
  return e.k === 'method' || ((e.k === 'un' || e.k === 'try' || e.k === 'cast') && isMethodCall(e.of));
}

function overflows(e: RExpr, count: number): boolean {
  switch (e.k) {
    case 'closure':
      return true;
    case 'array':
    case 'struct':
    case 'macro':
    case 'call':
    case 'method':
      return count === 1;
    case 'if':
      return count === 1;
    case 'try':
    case 'un':
    case 'cast':
      return strength(e.of) >= 10 && overflows(e.of, count);
    default:
      return false;
  }
}

/** Whether rustfmt may put an item beside others where they do not fit on one line. */
function isSimple(e: RExpr): boolean {
  switch (e.k) {
    case 'atom':
      return /^(?:[&*-]|r#|&mut )*[\w.]+(?: as \w+)?$|^[bc]?['"]/.test(e.text);
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

/** Short items, as many on a line of `width` as fit, each with its comma. */
function filled(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length + 2 <= width) lines[lines.length - 1] = `${last} ${item},`;
    else lines.push(`${item},`);
  }
  return lines;
}
