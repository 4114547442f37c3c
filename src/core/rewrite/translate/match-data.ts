import type { CExpr, CFunction, CStatement, CType } from '../c/ast';
import { eachStatement } from './analysis';
import { assignments, eachExpression, eachPart } from './locals';

const GETTER = /^(?:(?:of_)?device|i2c)_get_match_data$/;

/** The variable of a probe that holds the data of the id table's entry which matched. */
interface MatchData {
  name: string;
  type: CType;
  /** The error that the probe gives where nothing matched; ENODEV if it does not ask. */
  error: string;
}

/**
 * The only variable of `c` that gets the data of what matched, a `const struct <struct> *`; undefined if there is none, or `c` goes on
 * where nothing matched.
 */
export function matchData(c: CFunction, struct: string): MatchData | undefined {
  const found: { name: string; type: CType }[] = [];
  const types = new Map<string, CType>();
  const consider = (name: string, value: CExpr | null): void => {
    const type = types.get(name);
    const of = value?.k === 'cast' ? value.of : value;
    const gets = of?.k === 'call' && of.callee.k === 'id' && GETTER.test(of.callee.name);
    if (gets && type?.k === 'ptr' && type.readonly && type.to.k === 'struct' && type.to.name === struct)
      found.push({ name, type });
  };
  eachStatement(c.body, (statement) => {
    if (statement.k === 'decl')
      for (const { name, type, init } of statement.variables) {
        types.set(name, type);
        consider(name, init);
      }
    else if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.l.k === 'id' && statement.e.op === '=')
      consider(statement.e.l.name, statement.e.r);
  });
  const [only] = found;
  if (found.length !== 1 || !only) return undefined;
  const initialized = assignments(c.body, only.name) === 0;
  if (!initialized && assignments(c.body, only.name) > 1) return undefined;
  const checks: string[] = [];
  eachStatement(c.body, (statement) => {
    const error = errorWithout(statement, only.name);
    if (error !== null) checks.push(error);
  });
  return testsOf(c.body, only.name) === checks.length ? { ...only, error: checks[0] ?? 'ENODEV' } : undefined;
}

/** The error that `if (!name) return -ERROR;` gives; null of any other statement. */
export function errorWithout(statement: CStatement, name: string): string | null {
  if (statement.k !== 'if' || statement.no || statement.test.k !== 'un' || statement.test.op !== '!') return null;
  const [only, ...more] = statement.yes.k === 'block' ? statement.yes.body : [statement.yes];
  const { of } = statement.test;
  if (of.k !== 'id' || of.name !== name || more.length > 0 || only?.k !== 'return') return null;
  const e = only.e;
  return e?.k === 'un' && e.op === '-' && e.of.k === 'id' && /^E[A-Z]+$/.test(e.of.name) ? e.of.name : null;
}

/** How often it is asked whether the pointer `name` is NULL, or something else than what it points to. */
function testsOf(body: readonly CStatement[], name: string): number {
  let tests = 0;
  const isIt = (e: CExpr | null): boolean => e?.k === 'id' && e.name === name;
  const visit = (e: CExpr): void => {
    if (e.k === 'un' && e.op === '!' && isIt(e.of)) tests++;
    if (e.k === 'bin' && (isIt(e.l) || isIt(e.r))) tests++;
    if (e.k === 'cond' && isIt(e.test)) tests++;
    if (e.k === 'bad' && e.text.includes(name)) tests++;
  };
  for (const statement of body)
    eachExpression(statement, (e) => {
      eachPart(e, visit);
    });
  eachStatement(body, (statement) => {
    if ((statement.k === 'if' || statement.k === 'while') && isIt(statement.test)) tests++;
    if (statement.k === 'other') tests++;
  });
  return tests;
}
