import type { CExpr, CFunction, CStatement } from '../c/ast';
import { eachStatement, type EntryShape } from './analysis';
import { eachExpression, eachPart } from './locals';
import type { Returns, Unit } from './unit';

/** Functions that give 0 or a negative error: those that name an error, or give back what such a function gave. */
export function errorFunctions(functions: readonly CFunction[]): Set<string> {
  const errors = new Set<string>();
  const returned = functions.map((c) => ({ c, values: returnValues(c) }));
  for (let changed = true; changed;) {
    changed = false;
    for (const { c, values } of returned) {
      if (errors.has(c.name)) continue;
      const isError = values.some(
        (e) =>
          (e.k === 'un' && e.op === '-' && e.of.k === 'id' && /^E[A-Z0-9]+$/.test(e.of.name)) ||
          (e.k === 'call' &&
            e.callee.k === 'id' &&
            (/^(?:PTR_ERR|dev_err_probe|PTR_ERR_OR_ZERO)$/.test(e.callee.name) || errors.has(e.callee.name))),
      );
      if (isError) {
        errors.add(c.name);
        changed = true;
      }
    }
  }
  return errors;
}

/** What a function gives back, with the values that a returned variable is assigned. */
function returnValues(c: CFunction): CExpr[] {
  const values: CExpr[] = [];
  const collect = (e: CExpr): void => {
    if (e.k === 'cond') {
      collect(e.yes);
      collect(e.no);
    } else values.push(e);
  };
  const names = new Set<string>();
  eachStatement(c.body, (statement) => {
    if (statement.k === 'return' && statement.e) {
      collect(statement.e);
      if (statement.e.k === 'id') names.add(statement.e.name);
    }
  });
  for (const statement of c.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'assign' && e.op === '=' && e.l.k === 'id' && names.has(e.l.name)) collect(e.r);
      });
    });
  eachStatement(c.body, (statement) => {
    if (statement.k === 'decl') for (const { name, init } of statement.variables) if (init && names.has(name)) collect(init);
  });
  return values;
}

export function returnsOf(
  unit: Unit,
  c: CFunction,
  errors: ReadonlySet<string>,
  callers: readonly CFunction[],
  entry: EntryShape | undefined,
): Returns {
  const { returns } = c;
  if (returns.k === 'void') return { k: 'unit' };
  if (returns.k === 'bool') return { k: 'bool' };
  if (returns.k === 'other' && returns.name === 'irqreturn_t') return { k: 'irqreturn' };
  if (returns.k !== 'int') return { k: 'none' };
  const { of } = returns;
  const signed = of === 'i32' || of === 'isize' || of === 'i64';
  if (signed && (errors.has(c.name) || entry?.result === true)) {
    return givesValue(unit, c, callers) ? { k: 'result-value', of } : { k: 'result' };
  }
  return { k: 'value', of };
}

/** Whether a function that can fail gives something else than 0 when it does not, or a caller of it looks at what it gives. */
function givesValue(unit: Unit, c: CFunction, callers: readonly CFunction[]): boolean {
  const positive = returnValues(c).some((e) => {
    const known = unit.constants.evaluate(e);
    if (known) return known.value > 0n;
    return (
      e.k === 'field' ||
      e.k === 'index' ||
      e.k === 'bin' ||
      e.k === 'cast' ||
      (e.k === 'call' && e.callee.k === 'id' && /^(?:sysfs_emit|s?[cn]*printf|min|max|simple_read|readl)/.test(e.callee.name))
    );
  });
  if (positive) return true;
  return callers.some((caller) => usesValue(caller, c.name));
}

/** Whether `caller` does more with what `name` gives than test it, print it or pass it on. */
function usesValue(caller: CFunction, name: string): boolean {
  let uses = false;
  const variables = new Set<string>();
  const called = (e: CExpr | null): boolean => e?.k === 'call' && e.callee.k === 'id' && e.callee.name === name;
  for (const statement of caller.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'assign' && called(e.r)) {
          if (e.l.k === 'id') variables.add(e.l.name);
          else uses = true;
        }
        if (
          (e.k === 'bin' && !/^(?:[!=]=|<|&&|\|\|)$/.test(e.op) && (called(e.l) || called(e.r))) ||
          (e.k === 'index' && called(e.at))
        )
          uses = true;
      });
    });
  eachStatement(caller.body, (statement) => {
    if (statement.k === 'decl')
      for (const variable of statement.variables) if (called(variable.init)) variables.add(variable.name);
  });
  for (const variable of variables) uses ||= looksAt(caller.body, variable);
  return uses;
}

function looksAt(body: readonly CStatement[], name: string): boolean {
  let looks = false;
  const isIt = (e: CExpr): boolean => e.k === 'id' && e.name === name;
  for (const statement of body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'bin' && (isIt(e.l) || isIt(e.r)) && !/^(?:[!=]=|<|&&|\|\|)$/.test(e.op)) looks = true;
        if (e.k === 'assign' && ((e.op === '=' && isIt(e.r) && e.l.k !== 'id') || (e.op !== '=' && isIt(e.r)))) looks = true;
        if (e.k === 'index' && isIt(e.at)) looks = true;
      });
    });
  return looks;
}
