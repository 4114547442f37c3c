import type { CExpr, CStatement } from '../c/ast';
import { countStatements } from '../c/statements';
import type { RExpr, RStatement } from '../rust/ast';
import { assign, step } from './assign';
import type { Body } from './body';
import { effectCall } from './effects';
import { declaration, propagate, tryAllocation } from './declarations';
import { loop } from './loops';
import { directResult, placeholder, returned } from './returns';
import { printedReturn } from './printing';
import { leading, perform, sequence, settleBefore } from './sequencing';
import { switchStatement } from './switch';
import { leave, Untranslatable } from './values';

/** Translates a list of statements that share a block. */
export function translateList(b: Body, list: readonly CStatement[], out: RStatement[]): void {
  for (let i = 0; i < list.length;) i += unreachable(b, list[i]!, out) ? 1 : translateAt(b, list, i, out);
}

/** Deals with a statement that Rust would never come to: C comes to it by a jump that is left in C. @returns whether it is one */
function unreachable(b: Body, statement: CStatement, out: RStatement[]): boolean {
  if (!diverges(out)) return false;
  const inlined = statement.k === 'label' && b.labels.get(statement.label)?.inline !== null && b.labels.has(statement.label);
  // The `break` after a `return`, and what each jump to it says already, need no words.
  if (inlined || statement.k === 'break' || statement.k === 'empty') b.counts.translated += countStatements(statement);
  else if (countStatements(statement) > 0)
    b.leave(statement, new Untranslatable('only a jump that is left in C leads here'), out);
  return true;
}

/** Translates the statement at `i`, and those after it that belong to the same idiom. @returns how many */
export function translateAt(b: Body, list: readonly CStatement[], i: number, out: RStatement[]): number {
  const statement = list[i]!;
  const together = tryAllocation(b, list, i, out) || propagate(b, list, i, out);
  if (together > 0) return together;
  translate(b, statement, list.slice(i + 1), out);
  return 1;
}

/** The block that a statement is: what is in it, in a scope of its own. */
export function translateBlock(b: Body, statement: CStatement | null): RStatement[] {
  const out: RStatement[] = [];
  if (!statement) return out;
  b.scoped(() => {
    translateList(b, statement.k === 'block' ? statement.body : [statement], out);
  });
  return out;
}

/** Counts `statement` itself as translated. */
export const counted = (b: Body, count = 1): void => {
  b.later(() => {
    b.counts.translated += count;
  });
};

function translate(b: Body, statement: CStatement, rest: readonly CStatement[], out: RStatement[]): void {
  switch (statement.k) {
    case 'empty':
      break;
    case 'decl':
      declaration(b, statement, out);
      break;
    case 'block':
      out.push(...flattened(translateBlock(b, statement)));
      break;
    case 'label':
      if (statement.body) translate(b, statement.body, rest, out);
      break;
    case 'other':
      b.leave(statement, new Untranslatable(reasonOf(statement.what)), out);
      break;
    case 'if':
      ifStatement(b, statement, out);
      break;
    case 'while':
    case 'do':
    case 'for':
      loop(b, statement, rest, out);
      break;
    case 'switch':
      switchStatement(b, statement, out);
      break;
    case 'return':
      returnStatement(b, statement, out);
      break;
    default:
      b.attempt(statement, out, () => {
        simple(b, statement, out);
        counted(b);
      });
  }
}

/** A block of C without a purpose of its own in Rust keeps its braces if it declares something. */
function flattened(body: RStatement[]): RStatement[] {
  return body.some((one) => one.k === 'let') ? [{ k: 'block', label: null, body }] : body;
}

function reasonOf(what: string): string {
  switch (what) {
    case 'macro loop':
      return 'an iterator takes the place of this macro';
    case 'conditional compilation':
      return 'it depends on conditional compilation';
    default:
      return 'it is not understood';
  }
}

function simple(b: Body, statement: CStatement, out: RStatement[]): void {
  switch (statement.k) {
    case 'expr':
      expressionStatement(b, statement, statement.e, out);
      break;
    case 'break':
    case 'continue':
      jump(b, statement, statement.k, out);
      break;
    case 'goto': {
      const label = b.labels.get(statement.label);
      if (!label) return leave('it jumps where no Rust block ends');
      if (label.inline?.k === 'return') b.push(out, { k: 'return', e: returned(b, label.inline.e) }, statement);
      else b.push(out, { k: 'break', label: label.rust }, statement);
      break;
    }
    default:
      leave('it is not understood');
  }
}

function jump(b: Body, statement: CStatement, what: 'break' | 'continue', out: RStatement[]): void {
  if (what === 'break') {
    const inner = b.enclosing.at(-1);
    if (!inner) return leave('it leaves nothing');
    const plain = inner.kind === 'loop' && inner.next === null;
    b.later(() => {
      inner.breakUsed = true;
    });
    b.push(out, { k: 'break', label: plain ? null : inner.label }, statement);
    return;
  }
  const around = [...b.enclosing].reverse().find(({ kind }) => kind === 'loop');
  if (!around) return leave('it continues nothing');
  if (around.next !== null) {
    const { next } = around;
    b.later(() => {
      around.nextUsed = true;
    });
    b.push(out, { k: 'break', label: next }, statement);
  } else b.push(out, { k: 'continue', label: null }, statement);
}

function expressionStatement(b: Body, statement: CStatement, e: CExpr, out: RStatement[]): void {
  switch (e.k) {
    case 'assign':
      assign(b, statement, e, out);
      return;
    case 'step':
      step(b, statement, e, out);
      return;
    case 'call': {
      const direct = effectCall(b, e);
      for (const one of direct) b.push(out, one, statement);
      return;
    }
    case 'comma':
      for (const part of sequence(e)) {
        const from = out.length;
        expressionStatement(b, statement, part, out);
        settleBefore(b, out, from);
      }
      return;
    case 'cast':
      if (e.type.k === 'void' && e.of.k === 'call') {
        expressionStatement(b, statement, e.of, out);
        return;
      }
      break;
    default:
  }
  leave('it does nothing that Rust can say');
}

/** Name of the variable that a condition says is an error where it holds: `ret`, `ret < 0`, `ret != 0`. */
export function errorVariable(e: CExpr): string | null {
  if (e.k === 'call' && e.callee.k === 'id' && e.callee.name === 'unlikely' && e.args.length === 1)
    return errorVariable(e.args[0]!);
  if (e.k === 'id') return e.name;
  if (e.k === 'bin' && (e.op === '<' || e.op === '!=') && e.l.k === 'id' && e.r.k === 'num' && e.r.value === 0n) return e.l.name;
  return null;
}

function ifStatement(b: Body, statement: CStatement & { k: 'if' }, out: RStatement[]): void {
  b.attempt(statement, out, () => {
    const first = leading(statement.test);
    const head = first ? first.rest : statement.test;
    if (first) perform(b, first.effect, { ...statement, end: statement.headEnd }, out);
    const from = out.length;
    const direct = ifResult(b, head);
    const test = direct ?? b.truth(head);
    settleBefore(b, out, from);
    counted(b);
    b.commit();
    const failed = errorVariable(head);
    if (failed !== null) b.failed.push(failed);
    const yes = translateBlock(b, statement.yes);
    if (failed !== null) b.failed.pop();
    const no = statement.no ? translateBlock(b, statement.no) : null;
    b.push(out, { k: 'if', test, yes, no: no && no.length > 0 ? no : null }, statement);
  });
}

/** `if (foo())` where foo() gives a `Result`. */
function ifResult(b: Body, test: CExpr): RExpr | null {
  const negated = test.k === 'un' && test.op === '!';
  const inner = negated ? test.of : test;
  if (inner.k !== 'call') return null;
  const direct = directResult(b, inner);
  if (direct?.k !== 'result') return null;
  return { k: 'method', of: direct.e, name: negated ? 'is_ok' : 'is_err', args: [] };
}

function returnStatement(b: Body, statement: CStatement & { k: 'return' }, out: RStatement[]): void {
  const done = b.attempt(statement, out, () => {
    const printed = statement.e && printedReturn(b, statement.e);
    if (printed) {
      for (const one of printed) b.push(out, one, statement);
    } else {
      const e = voidCall(b, statement, out) ? null : returned(b, statement.e);
      b.push(out, { k: 'return', e }, statement);
    }
    counted(b);
  });
  if (!done) {
    const stand = placeholder(b, b.info.returns);
    out.push(stand ?? { k: 'return', e: null });
  }
}

/** `return foo();` in a function that gives nothing back, of a function that does not either. */
function voidCall(b: Body, statement: CStatement & { k: 'return' }, out: RStatement[]): boolean {
  if (b.info.returns.k !== 'unit' || statement.e?.k !== 'call') return false;
  for (const one of effectCall(b, statement.e)) b.push(out, one, statement);
  return true;
}

/** All statements of a function, those that a goto leaves as labelled blocks. */
export function translateBody(b: Body, list: readonly CStatement[]): RStatement[] {
  const out: RStatement[] = [];
  for (const statement of list) b.counts.total += countStatements(statement);
  const plan = planLabels(b, list);
  emitRange(b, list, 0, list.length, plan, out);
  return out;
}

interface Region {
  label: string;
  start: number;
  end: number;
}

/** Which statements each label's block encloses: from the first goto to it up to the label. */
function planLabels(b: Body, list: readonly CStatement[]): Region[] {
  const regions: Region[] = [];
  list.forEach((statement, end) => {
    for (let one: CStatement | null = statement; one?.k === 'label'; one = one.body) {
      const { label } = one;
      const start = list.findIndex((other) => gotos(other).includes(label));
      if (start < 0 || start >= end || list.slice(end).some((other) => gotos(other).includes(label))) continue;
      const inline = simpleTail(list, end);
      b.labels.set(label, {
        inline,
        rust: b.freshLabel(
          label
            .toLowerCase()
            .replace(/^_+|\W/g, '')
            .replace(/^(?=\d|static$|$)/, 'l'),
        ),
      });
      if (!inline) regions.push({ label, start, end });
    }
  });
  // Blocks nest: one that ends later starts no later than those it overlaps.
  regions.forEach((region, k) => {
    for (const earlier of regions.slice(0, k))
      if (earlier.end > region.start && earlier.start < region.start) region.start = earlier.start;
  });
  return regions;
}

/** `label: return x;` as the last statement: a goto to it is a return. */
function simpleTail(list: readonly CStatement[], at: number): CStatement | null {
  if (at !== list.length - 1 && !(at === list.length - 2 && labelled(list[at]!) === null)) return null;
  const last = labelled(list[at]!) ?? list[at + 1];
  return last?.k === 'return' && (!last.e || last.e.k === 'id' || last.e.k === 'num' || last.e.k === 'un') ? last : null;
}

function labelled(statement: CStatement): CStatement | null {
  let one: CStatement | null = statement;
  while (one?.k === 'label') one = one.body;
  return one && one.k !== 'empty' ? one : null;
}

function emitRange(
  b: Body,
  list: readonly CStatement[],
  from: number,
  to: number,
  regions: readonly Region[],
  out: RStatement[],
): void {
  for (let i = from; i < to;) {
    // The widest block that starts here.
    const region = regions.filter(({ start, end }) => start === i && end <= to).sort((x, y) => y.end - x.end)[0];
    if (region) {
      const body: RStatement[] = [];
      const inner = regions.filter((other) => other !== region);
      b.scoped(() => {
        emitRange(b, list, region.start, region.end, inner, body);
      });
      // What is declared inside is needed after it, too.
      const label = b.labels.get(region.label)!.rust;
      if (uses(body, label)) out.push({ k: 'block', label, body });
      else out.push(...body);
      i = region.end;
      continue;
    }
    const end = Math.min(to, ...regions.map(({ start }) => start).filter((start) => start > i));
    i += unreachable(b, list[i]!, out) ? 1 : translateAt(b, list.slice(0, end), i, out);
  }
}

/** Whether something leaves the block `label`. */
export function uses(body: readonly RStatement[], label: string): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
      case 'continue':
        return one.label === label;
      case 'if':
        return uses(one.yes, label) || (one.no !== null && uses(one.no, label));
      case 'while':
      case 'loop':
      case 'for':
      case 'block':
        return uses(one.body, label);
      case 'match':
        return one.arms.some((arm) => uses(arm.body, label));
      default:
        return false;
    }
  });
}

/** Labels that a statement, or one inside it, jumps to. */
export function gotos(statement: CStatement): string[] {
  const of = (list: readonly CStatement[]): string[] => list.flatMap(gotos);
  switch (statement.k) {
    case 'goto':
      return [statement.label];
    case 'block':
      return of(statement.body);
    case 'if':
      return [...gotos(statement.yes), ...(statement.no ? gotos(statement.no) : [])];
    case 'while':
    case 'do':
    case 'for':
      return gotos(statement.body);
    case 'switch':
      return statement.cases.flatMap((one) => of(one.body));
    case 'label':
      return statement.body ? gotos(statement.body) : [];
    default:
      return [];
  }
}

/** Whether control never comes to what follows `list`. */
export function diverges(list: readonly RStatement[]): boolean {
  const last = [...list].reverse().find(({ k }) => k !== 'comment' && k !== 'blank');
  switch (last?.k) {
    case 'return':
    case 'break':
    case 'continue':
      return true;
    case 'if':
      return last.no !== null && diverges(last.yes) && diverges(last.no);
    case 'match':
      return last.arms.length > 0 && last.arms.every((arm) => diverges(arm.body));
    case 'block':
      return diverges(last.body) && (last.label === null || !uses(last.body, last.label));
    case 'loop':
      return !leavesLoop(last.body, last.label);
    default:
      return false;
  }
}

/** Whether a `break` in `body`, the body of a loop with this label, leaves the loop. */
function leavesLoop(body: readonly RStatement[], label: string | null): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
        return one.label === null || one.label === label;
      case 'if':
        return leavesLoop(one.yes, label) || (one.no !== null && leavesLoop(one.no, label));
      case 'block':
        return leavesLoop(one.body, label);
      case 'match':
        return one.arms.some((arm) => leavesLoop(arm.body, label));
      case 'while':
      case 'loop':
      case 'for':
        return label !== null && uses(one.body, label);
      default:
        return false;
    }
  });
}
