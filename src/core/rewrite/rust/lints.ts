import { atom, type RExpr, type RStatement } from './ast';
import { oneLine } from './flat';
import { integer, negated, simplified } from './simplify';
import { newLines, printStatements } from './statements';

/**
 * A body without what clippy reports of C's shapes: returns at its end, a match for one value or for a condition, a choice between
 * `true` and `false`, and what `simplified` does to expressions.
 */
export function withoutLints(body: readonly RStatement[], givesNothing: boolean): RStatement[] {
  const plain = statements(body);
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
    case 'block':
      return put({ ...last, body: withoutReturn(last.body) });
    default:
      return [...body];
  }
}

const sourceOf = ({ source }: RStatement): Pick<RStatement, 'source'> => (source ? { source } : {});

function statements(list: readonly RStatement[]): RStatement[] {
  const out: RStatement[] = [];
  for (const one of list.map(statement)) {
    // Both limits of a number one after the other.
    const last = out.at(-1);
    const both = last?.k === 'if' && one.k === 'if' && last.no === null && one.no === null ? clamped(last, one) : undefined;
    if (both) out[out.length - 1] = both;
    else out.push(one);
  }
  return out;
}

function statement(one: RStatement): RStatement {
  switch (one.k) {
    case 'let':
      return one.init ? { ...one, init: simplified(one.init) } : one;
    case 'assign':
      return { ...one, l: simplified(one.l), r: simplified(one.r) };
    case 'expr':
    case 'value':
      return { ...one, e: simplified(one.e) };
    case 'return':
      return one.e ? { ...one, e: simplified(one.e) } : one;
    case 'if':
      return branch({ ...one, yes: statements(one.yes), no: one.no && statements(one.no) });
    case 'while':
      return { ...one, test: simplified(one.test), body: statements(one.body) };
    case 'loop':
    case 'for':
    case 'block':
      return { ...one, body: statements(one.body) };
    case 'match':
      return matched({
        ...one,
        on: simplified(one.on),
        arms: one.arms.map((arm) => ({ pattern: ranges(arm.pattern), body: statements(arm.body) })),
      });
    default:
      return one;
  }
}

/** `if test { x = true } else { x = false }` assigns the condition; so with the values of blocks. */
function branch(one: RStatement & { k: 'if' }): RStatement {
  if (typeof one.test === 'string') return one;
  if (one.yes.length === 0 && one.no?.length)
    return branch({ ...one, test: negated(simplified(one.test)), yes: one.no, no: null });
  const test = simplified(one.test);
  const [yes, no] = [truthOf(one.yes), one.no === null ? null : truthOf(one.no)];
  if (yes && no && yes.of === no.of && yes.truth !== no.truth) {
    const e = yes.truth ? test : negated(test);
    const [first] = one.yes as [RStatement];
    if (first.k === 'assign') return { ...sourceOf(one), k: 'assign', op: '=', l: first.l, r: e };
    if (first.k === 'value') return { ...sourceOf(one), k: 'value', e };
  }
  const other = one.no?.length === 1 ? one.no[0]! : undefined;
  if (other?.k !== 'if' || typeof other.test === 'string') return { ...one, test };
  const limits = other.no === null ? clamped({ ...one, test }, other) : undefined;
  if (limits) return limits;
  // Two branches that do the same are one.
  if (textOf(one.yes) !== textOf(other.yes)) return { ...one, test };
  return { ...one, test: { k: 'bin', op: '||', l: test, r: other.test }, no: other.no };
}

function textOf(body: readonly RStatement[]): string {
  const lines = newLines();
  printStatements(lines, body, 0);
  return lines.text.join('\n');
}

/** What one statement alone makes `true` or `false`: the text of its target, or nothing for a value. */
function truthOf(list: readonly RStatement[]): { of: string; truth: boolean } | null {
  const [only] = list;
  if (list.length !== 1 || !only || only.note !== undefined) return null;
  const e = only.k === 'value' ? only.e : only.k === 'assign' && only.op === '=' ? only.r : null;
  if (e?.k !== 'atom' || (e.text !== 'true' && e.text !== 'false')) return null;
  return { of: only.k === 'assign' ? (oneLine(only.l) ?? '') : '', truth: e.text === 'true' };
}

/** `if x < 1 { x = 1 } else if x > 9 { x = 9 }` is `x = x.clamp(1, 9)`, where the numbers say that the bounds are in order. */
function clamped(one: RStatement & { k: 'if' }, other: RStatement & { k: 'if' }): RStatement | undefined {
  const [a, b] = [limit(one), limit(other)];
  if (!a || !b || a.of !== b.of || a.low === b.low) return undefined;
  const [low, high] = a.low ? [a, b] : [b, a];
  if (low.value > high.value) return undefined;
  const r: RExpr = { k: 'method', of: a.l, name: 'clamp', args: [atom(low.text), atom(high.text)] };
  return { ...sourceOf(one), k: 'assign', op: '=', l: a.l, r };
}

/** `if x < 1 { x = 1 }`: the lower limit of `x`. */
function limit({
  test,
  yes,
}: RStatement & { k: 'if' }): { of: string; l: RExpr; low: boolean; text: string; value: bigint } | undefined {
  const [only] = yes;
  if (typeof test === 'string' || test.k !== 'bin' || !/^[<>]$/.test(test.op) || yes.length !== 1) return undefined;
  if (only?.k !== 'assign' || only.op !== '=') return undefined;
  const [of, text, number] = [oneLine(test.l), oneLine(test.r), integer(test.r)];
  if (of === undefined || text === undefined || !number || oneLine(only.l) !== of || oneLine(only.r) !== text) return undefined;
  return { of, l: only.l, low: test.op === '<', text, value: number.value };
}

/** A match that is a condition, or is for one value only. */
function matched(one: RStatement & { k: 'match' }): RStatement {
  const { on, arms } = one;
  const last = arms.at(-1);
  if (!last) return one;
  const values = arms.map(({ body }) => truthOf(body));
  const first = values[0];
  if (arms.length > 1 && last.pattern === '_' && first && arms[0]!.body[0]!.k === 'value') {
    const rest = values.slice(0, -1).every((value) => value?.of === '' && value.truth === first.truth);
    if (rest && values.at(-1)?.of === '' && values.at(-1)?.truth === !first.truth) {
      const patterns = arms.slice(0, -1).flatMap(({ pattern }) => pattern.split(' | '));
      const all = ranges(patterns.join(' | ')).split(' | ').map(atom);
      const any = all.reduce((l, r) => ({ k: 'bin', op: '|', l, r }));
      const test: RExpr = { k: 'macro', name: 'matches', args: [on, any] };
      return { ...sourceOf(one), k: 'value', e: first.truth ? test : { k: 'un', op: '!', of: test } };
    }
  }
  const [{ pattern, body }] = arms as [(typeof arms)[number]];
  const single = arms.length === 2 && last.pattern === '_' && last.body.length === 0;
  if (single && /^(?:\w+|-?\d\w*)$/.test(pattern) && /^[A-Z\d-]/.test(pattern))
    return { ...sourceOf(one), k: 'if', test: { k: 'bin', op: '==', l: on, r: atom(pattern) }, yes: body, no: null };
  return one;
}

/** The alternatives of a pattern, three or more numbers in a row as a range where there is nothing else. */
function ranges(pattern: string): string {
  const parts = pattern.split(' | ');
  if (parts.length < 3 || !parts.every((part) => /^-?(?:0x[\da-f]+|\d+)$/i.test(part) && !part.startsWith('-0x'))) return pattern;
  const sorted = parts.map((text) => ({ text, value: BigInt(text) })).sort((a, b) => (a.value < b.value ? -1 : 1));
  const inRow = sorted.every(({ value }, i) => value === sorted[0]!.value + BigInt(i));
  return inRow ? `${sorted[0]!.text}..=${sorted.at(-1)!.text}` : pattern;
}
