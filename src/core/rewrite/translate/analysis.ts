import type { CExpr, CFunction, CStatement } from '../c/ast';
import { allocates } from './allocation';
import { namesOf } from './locals';
import { handOn, parameters } from './parameters';
import { errorFunctions, returnsOf } from './return-shapes';
import type { FunctionInfo, Unit } from './unit';

/** How a function of the driver is entered by a trait of the kernel, as far as it decides its Rust signature. */
export interface EntryShape {
  /** It makes the private data. */
  builds: boolean;
  /** The trait hands it the private data. */
  data: boolean;
  /** It gives 0 or an error, as the trait wants a `Result`. */
  result: boolean;
  /** The C structure that the entry of the id table which matches refers to; null if it refers to none. */
  matched: string | null;
}

/** Decides the Rust signature of each function of the driver. */
export function analyseFunctions(unit: Unit, entries: ReadonlyMap<string, EntryShape>, reachable: ReadonlySet<string>): void {
  const { program } = unit;
  const own = [...program.functions.values()].filter(({ file }) => !program.files[file]!.isHeader);
  const errors = errorFunctions(own);
  const callers = callersOf(own);
  for (const c of own) {
    const entry = entries.get(c.name);
    const info: FunctionInfo = {
      c,
      rust: unit.values.of(c.name),
      returns: { k: 'none' },
      parameters: [],
      reachable: reachable.has(c.name),
    };
    const struct = entry?.builds === true ? builtStruct(unit, c) : null;
    for (const made of allocated(unit, c)) unit.built.set(made, []);
    info.returns = struct === null ? returnsOf(unit, c, errors, callers.get(c.name) ?? [], entry) : { k: 'builds', name: struct };
    unit.addFunction(info);
  }
  for (const info of unit.functions.values()) parameters(unit, info, entries.get(info.c.name)?.matched ?? null);
  handOn(unit, callers, entries);
  for (const name of unit.built.keys()) unit.built.set(name, devicesOf(unit, name));
}

/** Devices that a private structure refers to: what making one takes. */
function devicesOf(unit: Unit, name: string): string[] {
  const kinds = (unit.struct(name)?.fields ?? []).flatMap(({ type }) => (type?.k === 'device' ? [type.kind] : []));
  return [...new Set(kinds)];
}

/** The functions that name each function. */
function callersOf(functions: readonly CFunction[]): Map<string, CFunction[]> {
  const callers = new Map<string, CFunction[]>();
  for (const { name } of functions) callers.set(name, []);
  for (const c of functions) for (const name of namesOf(c.body)) callers.get(name)?.push(c);
  return callers;
}

export function eachStatement(list: readonly CStatement[], visit: (statement: CStatement) => void): void {
  for (const one of list) {
    visit(one);
    switch (one.k) {
      case 'block':
        eachStatement(one.body, visit);
        break;
      case 'if':
        eachStatement(one.no ? [one.yes, one.no] : [one.yes], visit);
        break;
      case 'while':
      case 'do':
      case 'for':
        eachStatement([one.body], visit);
        break;
      case 'switch':
        for (const { body } of one.cases) eachStatement(body, visit);
        break;
      case 'label':
        if (one.body) eachStatement([one.body], visit);
        break;
      default:
    }
  }
}

/** The private structure that a probe allocates, if it is one of the driver's. */
function builtStruct(unit: Unit, c: CFunction): string | null {
  return allocated(unit, c)[0] ?? null;
}

/** The structures of the driver that a function allocates, in order. */
function allocated(unit: Unit, c: CFunction): string[] {
  const found: string[] = [];
  const pointers = new Map<string, string>();
  const consider = (name: string, value: CExpr | null): void => {
    const struct = pointers.get(name);
    if (
      struct !== undefined &&
      value &&
      allocates({ unit }, name, value, struct) !== null &&
      unit.program.structs.has(struct) &&
      unit.struct(struct)
    )
      found.push(struct);
  };
  for (const statement of c.body) {
    if (statement.k === 'decl')
      for (const variable of statement.variables) {
        const type = unit.varType(variable.type);
        if (type.k === 'ref') pointers.set(variable.name, type.name);
        consider(variable.name, variable.init);
      }
    else if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.l.k === 'id')
      consider(statement.e.l.name, statement.e.r);
  }
  return found;
}
