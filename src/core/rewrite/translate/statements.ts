import type { CExpr, CStatement } from '../c/ast';
import { countStatements } from '../c/statements';
import type { RExpr, RStatement } from '../rust/ast';
import { tryAllocation } from './allocation';
import { hasEffect } from './arguments';
import { assign, step } from './assign';
import type { Body } from './body';
import { diverges } from './control';
import { eachStatement } from './analysis';
import { declaration } from './declarations';
import { effectCall } from './effects';
import { loop } from './loops';
import { errorWithout } from './match-data';
import { printedReturn } from './printing';
import { propagate } from './propagation';
import { directResult, placeholder, returned } from './returns';
import { leading, perform, sequence, settleBefore } from './sequencing';
import { switchStatement } from './switch';
import { leave, Untranslatable } from './values';

/** Translates a list of statements that share a block. */
export function translateList(b: Body, list: readonly CStatement[], out: RStatement[]): void {
  for (let i = 0; i < list.length;) i += unreachable(b, list[i]!, out) ? 1 : translateAt(b, list, i, out);
}

/**
 * Deals with a statement that Rust would never come to. C does not come to it either, or by a jump that is left in C.
 * @returns whether it is one
 */
export function unreachable(b: Body, statement: CStatement, out: RStatement[]): boolean {
  if (!diverges(out)) return false;
  const inlined = statement.k === 'label' && b.labels.get(statement.label)?.inline !== null && b.labels.has(statement.label);
  // What each jump to it says already, and what nothing leads to, need no words.
  if (inlined || !hasLabel([statement])) b.counts.translated += countStatements(statement);
  else if (countStatements(statement) > 0)
    b.leave(statement, new Untranslatable('only a jump that is left in C leads here'), out);
  return true;
}

/** Whether a jump may lead into statements. */
export function hasLabel(list: readonly CStatement[]): boolean {
  let found = false;
  eachStatement(list, ({ k }) => {
    found ||= k === 'label';
  });
  return found;
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
  const { matched } = b.info;
  if (matched && errorWithout(statement, matched.local.name) !== null) {
    // Who calls the function has given the error.
    b.counts.translated += countStatements(statement);
    return;
  }
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
    if (yes.length === 0 && !no?.length) {
      // What it did needs no words in Rust; its condition may do something.
      if (hasEffect(head)) b.push(out, { k: 'let', name: '_', mut: false, type: null, init: test }, statement);
      return;
    }
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
