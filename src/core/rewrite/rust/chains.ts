import { strength, type RExpr } from './ast';
import { CHAIN_WIDTH } from './flat';
import { bracketed, CALL, keepsTogether, type LayOut } from './lists';
import {
  after,
  before,
  firstWidth,
  fits,
  isExtendable,
  lastWidth,
  line,
  lineCount,
  newline,
  overhead,
  TAB,
  type Shape,
} from './shape';

interface Link {
  text: string;
  args: readonly RExpr[] | null;
  /** How many `?` follow it. */
  tries: number;
}

/** `a.b(c)?.d`: what it starts from, and its links. */
function linksOf(e: RExpr): { root: RExpr; tries: number; links: Link[] } {
  const links: Link[] = [];
  let root = e;
  let tries = 0;
  for (;;) {
    if (root.k === 'try') tries++;
    else if (root.k === 'method' || root.k === 'field') {
      links.unshift({ text: `.${root.name}`, args: root.k === 'method' ? root.args : null, tries });
      tries = 0;
    } else return { root, tries, links };
    root = root.of;
  }
}

/** A chain of methods and fields: one link a line, or all on one line but for the arguments of the last. */
export function chain(e: RExpr, shape: Shape, layOut: LayOut): string | undefined {
  const { root, tries, links } = linksOf(e);
  const start = before(shape, tries);
  let head = start && parenthesized(root, strength(root) < 12, start, layOut);
  if (head === undefined) return undefined;
  head += '?'.repeat(tries);
  if (links.length === 0) return head;
  const count = links.length;
  let endsWithBlock = isBlockLike(root, head);
  const room = Math.max(0, TAB - shape.offset);
  while (head.length <= room && !head.includes('\n') && links.length > 0) {
    const rest = after(shape, head.length);
    const text = rest && linkText(links[0]!, rest, layOut);
    if (text === undefined) break;
    head += text;
    endsWithBlock = isExtendable(head);
    links.shift();
  }
  if (links.length === 0) return fits(head, shape) ? head : undefined;
  const child = line(shape.indent + (endsWithBlock ? 0 : TAB));
  const rewrites = [head];
  for (const link of links.slice(0, -1)) {
    const text = linkText(link, child, layOut);
    if (text === undefined) return undefined;
    rewrites.push(text);
  }
  const last = lastLink(rewrites, links.at(-1)!, count, shape, child, layOut);
  if (last === undefined || (!last.oneLine && keepsTogether())) return undefined;
  const out = [...rewrites, last.text].join(last.oneLine ? '' : newline(child.indent));
  return fits(out, shape) ? out : undefined;
}

/** The last link of a chain: after the others on their line if that is no longer than on a line of its own. */
function lastLink(
  rewrites: readonly string[],
  link: Link,
  count: number,
  shape: Shape,
  child: Shape,
  layOut: LayOut,
): { text: string; oneLine: boolean } | undefined {
  const extendable = isExtendable(rewrites[0]!);
  const total = (extendable ? lastWidth(rewrites[0]!) : rewrites.reduce((sum, text) => sum + text.length, 0)) + link.tries;
  const budget = Math.max(0, (count === 1 ? shape.width : Math.min(shape.width, CHAIN_WIDTH)) - total);
  const together = rewrites.every((text) => !text.includes('\n')) && budget > 0;
  const own = before(child, overhead(shape) + link.tries);
  const alone = (): string | undefined => own && linkText(link, own, layOut);
  if (!together && !extendable) return found(alone(), false);
  const beside = before(shape, link.tries);
  const at = beside && after(beside, total);
  const text = at && linkText(link, at, layOut);
  if (text === undefined) return found(beside && linkText(link, beside, layOut), false);
  const couldFit = firstWidth(text) <= budget;
  if (couldFit && lineCount(text) >= 5) return { text, oneLine: together };
  const other = alone();
  if (other !== undefined && (!couldFit || lineCount(other) < lineCount(text))) return { text: other, oneLine: false };
  return { text, oneLine: couldFit && together };
}

const found = (text: string | undefined, oneLine: boolean): { text: string; oneLine: boolean } | undefined =>
  text === undefined ? undefined : { text, oneLine };

function linkText(link: Link, shape: Shape, layOut: LayOut): string | undefined {
  const tail = '?'.repeat(link.tries);
  const room = before(shape, link.tries);
  if (!room) return undefined;
  const text = link.args ? bracketed(CALL, link.text, link.args, room, layOut) : link.text;
  return text === undefined ? undefined : text + tail;
}

/** An expression, in parentheses where it needs some. */
export function parenthesized(e: RExpr, needed: boolean, shape: Shape, layOut: LayOut): string | undefined {
  if (!needed) return layOut(e, shape);
  const start = after(shape, 1);
  const inner = start && before(start, 1);
  const text = inner && layOut(e, inner);
  return text === undefined ? undefined : `(${text})`;
}

/** Whether what starts a chain is a block over several lines, so that the links stand below its start. */
function isBlockLike(e: RExpr, text: string): boolean {
  switch (e.k) {
    case 'call':
    case 'macro':
    case 'method':
    case 'array':
    case 'struct':
    case 'if':
      return text.includes('\n');
    case 'bin':
      return isBlockLike(e.r, text);
    case 'index':
    case 'un':
    case 'try':
      return isBlockLike(e.of, text);
    case 'closure':
      return isBlockLike(e.body, text);
    default:
      return false;
  }
}
