import type { CExpr, CStatement, CType } from '../c/ast';
import { HELPERS, snake } from './names';
import type { Local, VarType } from './values';

/** What is known of the names of the driver's functions. */
interface Functions {
  hidesFunction(rust: string, variable: string): boolean;
}

export function newLocal(unit: Functions, name: string, type: VarType, ctype: CType, taken: ReadonlySet<string>): Local {
  let rust = snake(name);
  if (rust === 'r#priv') rust = 'priv_';
  while (taken.has(rust) || HELPERS.has(rust) || unit.hidesFunction(rust, name)) rust = `${rust.replace(/^r#/, '')}_`;
  return {
    name,
    rust,
    type,
    ctype,
    alias: null,
    isParameter: false,
    reads: 0,
    writes: 0,
    mutates: 0,
    context: 0,
    declared: false,
    hoisted: false,
    left: false,
    owned: false,
    unknown: type.k === 'unknown',
  };
}

/** Calls `visit` for each expression of a statement and of those inside it. */
export function eachExpression(statement: CStatement, visit: (e: CExpr) => void): void {
  const all = (list: readonly CStatement[]): void => {
    for (const one of list) eachExpression(one, visit);
  };
  switch (statement.k) {
    case 'decl':
      for (const { init } of statement.variables) if (init) visit(init);
      break;
    case 'expr':
      visit(statement.e);
      break;
    case 'block':
      all(statement.body);
      break;
    case 'if':
      visit(statement.test);
      eachExpression(statement.yes, visit);
      if (statement.no) eachExpression(statement.no, visit);
      break;
    case 'while':
    case 'do':
      visit(statement.test);
      eachExpression(statement.body, visit);
      break;
    case 'for':
      if (statement.init) eachExpression(statement.init, visit);
      if (statement.test) visit(statement.test);
      if (statement.update) visit(statement.update);
      eachExpression(statement.body, visit);
      break;
    case 'switch':
      visit(statement.on);
      for (const one of statement.cases) {
        if (one.value) visit(one.value);
        all(one.body);
      }
      break;
    case 'return':
      if (statement.e) visit(statement.e);
      break;
    case 'label':
      if (statement.body) eachExpression(statement.body, visit);
      break;
    default:
  }
}

/** Calls `visit` for `e` and each expression inside it. */
export function eachPart(e: CExpr, visit: (e: CExpr) => void): void {
  visit(e);
  switch (e.k) {
    case 'call':
      eachPart(e.callee, visit);
      for (const arg of e.args) eachPart(arg, visit);
      break;
    case 'field':
    case 'un':
    case 'cast':
    case 'step':
      eachPart(e.of, visit);
      break;
    case 'index':
      eachPart(e.of, visit);
      eachPart(e.at, visit);
      break;
    case 'bin':
    case 'assign':
    case 'comma':
      eachPart(e.l, visit);
      eachPart(e.r, visit);
      break;
    case 'cond':
      eachPart(e.test, visit);
      eachPart(e.yes, visit);
      eachPart(e.no, visit);
      break;
    case 'sizeof':
      if (e.of) eachPart(e.of, visit);
      break;
    case 'list':
      for (const { value } of e.items) eachPart(value, visit);
      break;
    default:
  }
}

/** Whether `e` names the variable `name`. */
export function mentions(e: CExpr, name: string): boolean {
  let found = false;
  eachPart(e, (part) => {
    if (part.k === 'id' && part.name === name) found = true;
    if (part.k === 'bad' && part.text.includes(name)) found = true;
  });
  return found;
}

/** What a statement, with those inside it, names and assigns; a text that was not understood may name anything that is in it. */
interface Uses {
  names: Set<string>;
  bad: string[];
  assigned: Map<string, number>;
  /** What it hands to calls as it is. */
  handed: Set<string>;
}

const USES = new WeakMap<CStatement, Uses>();

function usesOf(statement: CStatement): Uses {
  let uses = USES.get(statement);
  if (uses) return uses;
  USES.set(statement, (uses = { names: new Set(), bad: [], assigned: new Map(), handed: new Set() }));
  const { names, bad, assigned, handed } = uses;
  const assign = (name: string): void => {
    assigned.set(name, (assigned.get(name) ?? 0) + 1);
  };
  eachExpression(statement, (e) => {
    eachPart(e, (part) => {
      if (part.k === 'id') names.add(part.name);
      if (part.k === 'bad') bad.push(part.text);
      const target = part.k === 'assign' ? part.l : part.k === 'step' || (part.k === 'un' && part.op === '&') ? part.of : null;
      if (target?.k === 'id') assign(target.name);
      if (part.k === 'call') for (const arg of part.args) if (arg.k === 'id') handed.add(arg.name);
      // Macros may assign to their arguments: `do_div(x, y)`, `list_for_each_entry(pos, …)`.
      if (part.k === 'call' && part.callee.k === 'id' && ASSIGNING.test(part.callee.name))
        for (const name of new Set(part.args.flatMap((arg) => (arg.k === 'id' ? arg.name : [])))) assign(name);
    });
  });
  return uses;
}

const ASSIGNING = /^(?:do_div|swap|for_each|list_for_each|local_irq_save|spin_lock_irqsave)/;

/** Whether a statement names `name`, as far as it is understood. */
export function statementMentions(statement: CStatement, name: string): boolean {
  if (statement.k === 'other') return true;
  const { names, bad } = usesOf(statement);
  return names.has(name) || bad.some((text) => text.includes(name));
}

/** How often `name` is assigned, stepped, or has its address taken in `statements`. */
export function assignments(statements: readonly CStatement[], name: string): number {
  let count = 0;
  for (const statement of statements) count += usesOf(statement).assigned.get(name) ?? 0;
  return count;
}

/** Names of the variables that a statement assigns, steps, or takes the address of; of arrays those that it hands to a call. */
export function assignedIn(statement: CStatement, isArray: (name: string) => boolean): Set<string> {
  const { assigned, handed } = usesOf(statement);
  return new Set([...assigned.keys(), ...[...handed].filter(isArray)]);
}

/** Names of variables in an expression. */
export function namesIn(e: CExpr): Set<string> {
  const names = new Set<string>();
  eachPart(e, (part) => {
    if (part.k === 'id') names.add(part.name);
  });
  return names;
}

/** Names that statements use. */
export function namesOf(statements: readonly CStatement[]): Set<string> {
  return new Set(statements.flatMap((statement) => [...usesOf(statement).names]));
}
