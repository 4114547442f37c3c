import { type CExpr, type CStatement, type CVariable, expressionKey } from '../c/ast';
import type { RStatement } from '../rust/ast';
import type { Body } from './body';
import { clockGetter } from './clocks';
import { mapCall, mapRegisters } from './effects';
import { counted } from './statements';

export const isClock = (e: CExpr): boolean => e.k === 'call' && e.callee.k === 'id' && clockGetter(e.callee.name);

export const isMapping = (e: CExpr): boolean => e.k === 'call' && e.callee.k === 'id' && mapCall(e.callee.name);

export function declareMapping(b: Body, variable: CVariable, statement: CStatement, init: CExpr, out: RStatement[]): boolean {
  if (!checked(b.rest[0], variable.name) || b.info.returns.k === 'unit') return false;
  const local = b.declare(variable, { k: 'registers' });
  const done = b.attempt(statement, out, () => {
    const value = mapRegisters(b, init);
    b.later(() => {
      local.declared = true;
      b.lets.push({ local, statement: text });
    });
    const text: RStatement & { k: 'let' } = { k: 'let', name: '', mut: false, type: null, init: value };
    b.push(out, text, statement);
    counted(b);
  });
  if (!done) local.unknown = true;
  else b.mapped.add(variable.name);
  return true;
}

/** Whether `statement` returns the error that a pointer carries. */
export function checked(statement: CStatement | undefined, name: string): boolean {
  if (statement?.k !== 'if' || statement.no) return false;
  const { test } = statement;
  const text = expressionKey(test);
  return (
    test.k === 'call' &&
    test.callee.k === 'id' &&
    test.callee.name === 'IS_ERR' &&
    text.includes(`"${name}"`) &&
    returnsError(statement.yes)
  );
}

export function returnsError(statement: CStatement): boolean {
  const only = statement.k === 'block' ? (statement.body.length === 1 ? statement.body[0] : undefined) : statement;
  if (only?.k !== 'return' || only.e?.k !== 'call' || only.e.callee.k !== 'id') return false;
  if (only.e.callee.name === 'PTR_ERR') return true;
  return only.e.callee.name === 'dev_err_probe';
}
