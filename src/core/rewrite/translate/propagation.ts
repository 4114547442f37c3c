import type { CExpr, CStatement } from '../c/ast';
import { atom, type RExpr, type RStatement } from '../rust/ast';
import type { Body } from './body';
import { getClock } from './clocks';
import { mapRegisters } from './effects';
import { assignments, namesIn, statementMentions } from './locals';
import { checked, declareMapping, isClock, isMapping, returnsError } from './mapping';
import { directResult } from './returns';
import { counted, errorVariable } from './statements';
import { leave, Untranslatable } from './values';

/**
 * `ret = foo(); if (ret) return ret;` as `foo()?`, and a mapping of registers with its check.
 * @returns how many statements that took; 0 if it is no such pair
 */
export function propagate(b: Body, list: readonly CStatement[], i: number, out: RStatement[]): number {
  const statement = list[i]!;
  const next = list[i + 1];
  b.rest = list.slice(i + 1);
  if (statement.k === 'if' && i > 0) {
    const name = checkedName(statement);
    if (name !== null && b.mapped.has(name) && returnsError(statement.yes) && !statement.no) {
      b.mapped.delete(name);
      b.counts.translated += unprinted(b, statement, out) ? 1 : 2;
      return 1;
    }
  }
  const { returns } = b.info;
  if (returns.k !== 'result' && returns.k !== 'result-value' && returns.k !== 'builds') return 0;
  if (
    statement.k === 'expr' &&
    statement.e.k === 'assign' &&
    statement.e.op === '=' &&
    (isMapping(statement.e.r) || isClock(statement.e.r))
  ) {
    const { l, r } = statement.e;
    const name = l.k === 'id' ? l.name : l.k === 'field' ? l.name : '';
    if (!checked(next, name)) return 0;
    if (l.k === 'id') {
      const local = b.local(l.name);
      if (isClock(r)) return 0;
      if (!local?.unknown || assignments(b.rest, l.name) > 0) return 0;
      return declareMapping(b, { name: l.name, type: local.ctype, init: r, isStatic: false }, statement, r, out) ? 1 : 0;
    }
    const done = b.attempt(statement, out, () => {
      const target = b.place(l);
      if (target.type.k !== (isClock(r) ? 'clock' : 'registers')) return leave('it has no Rust type');
      const value = isClock(r) ? getClock(b, r) : mapRegisters(b, r);
      b.change(target);
      b.push(out, { k: 'assign', op: '=', l: target.e, r: value }, statement);
      counted(b);
    });
    if (done) b.mapped.add(name);
    return 1;
  }
  return question(b, statement, next, list.slice(i + 2), out);
}

/** Says that the message of a check is not printed, if it has one: `?` gives the error alone. */
function unprinted(b: Body, statement: CStatement & { k: 'if' }, out: RStatement[]): boolean {
  const only = statement.yes.k === 'block' ? statement.yes.body[0] : statement.yes;
  if (only?.k !== 'return' || only.e?.k !== 'call' || only.e.callee.k !== 'id' || only.e.callee.name !== 'dev_err_probe')
    return false;
  const message = only.e.args[2];
  const text = message?.k === 'str' && /^[ -~\n]*$/.test(message.text) ? message.text.replace(/\\n$/, '') : 'its message';
  out.push({ k: 'comment', lines: [`Left in C: on an error it prints "${text.trim()}".`], source: b.source(only) });
  return true;
}

function checkedName(statement: CStatement & { k: 'if' }): string | null {
  const { test } = statement;
  if (test.k !== 'call' || test.callee.k !== 'id' || test.callee.name !== 'IS_ERR') return null;
  const [arg] = test.args;
  return arg?.k === 'id' || arg?.k === 'field' ? arg.name : null;
}

function question(
  b: Body,
  statement: CStatement,
  next: CStatement | undefined,
  after: readonly CStatement[],
  out: RStatement[],
): number {
  let name: string;
  let value: CExpr;
  if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.op === '=' && statement.e.l.k === 'id') {
    name = statement.e.l.name;
    value = statement.e.r;
  } else return 0;
  if (next?.k !== 'if' || next.no || errorVariable(next.test) !== name || !returnsVariable(next.yes, name)) return 0;
  const local = b.local(name);
  if (local?.type.k !== 'int' || local.alias) return 0;
  const quiet = ((): ReturnType<typeof directResult> => {
    try {
      return b.quiet(() => directResult(b, value));
    } catch (error) {
      if (error instanceof Untranslatable) return undefined;
      throw error;
    }
  })();
  if (!quiet) return 0;
  const negative = next.test.k === 'bin' && next.test.op === '<';
  if (quiet.k === 'result-value' && (!negative || quiet.narrow)) return 0;
  const { of } = local.type;
  b.attempt({ ...statement, end: next.end }, out, () => {
    const direct = directResult(b, value)!;
    const tried: RExpr = { k: 'try', of: direct.e };
    if (direct.k === 'result-value' && of === 'i32') {
      if (!b.letFirst(local, tried, statement, out)) {
        b.later(() => {
          local.writes++;
          if (!local.declared) local.hoisted = true;
        });
        b.push(out, { k: 'assign', op: '=', l: b.name(local), r: tried }, statement);
      }
    } else {
      b.push(out, { k: 'expr', e: tried }, { start: statement.start, end: next.end });
      if (readBefore(after, name) || b.enclosing.length > 0 || b.depth() > 2) {
        b.later(() => {
          local.writes++;
          if (!local.declared) local.hoisted = true;
        });
        out.push({ k: 'assign', op: '=', l: b.name(local), r: atom('0') });
      }
    }
    counted(b, 3);
  });
  return 2;
}

function returnsVariable(statement: CStatement, name: string): boolean {
  const only = statement.k === 'block' ? (statement.body.length === 1 ? statement.body[0] : undefined) : statement;
  return only?.k === 'return' && only.e?.k === 'id' && only.e.name === name;
}

/** Whether `name` may be read in `after` before it is assigned. */
function readBefore(after: readonly CStatement[], name: string): boolean {
  for (const statement of after) {
    if (!statementMentions(statement, name)) continue;
    const assigned =
      statement.k === 'expr' &&
      statement.e.k === 'assign' &&
      statement.e.op === '=' &&
      statement.e.l.k === 'id' &&
      statement.e.l.name === name;
    return !(assigned && !namesIn((statement.e as CExpr & { k: 'assign' }).r).has(name));
  }
  return false;
}
