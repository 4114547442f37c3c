import type { CExpr, CInit, CStatement } from '../c/ast';
import { stringOf, type CGlobal, type CProgram } from '../c/program';
import { eachExpression, eachPart } from '../translate/locals';
import { snake } from '../translate/names';
import { fieldOf, functionOf, variableOf } from './tables';

/** An attribute of a configfs directory, and the driver's functions that show and store it. */
export interface ConfigfsAttribute {
  name: string;
  show: string | null;
  store: string | null;
  /** Whether C has the two, even if a macro of the driver makes them. */
  readable: boolean;
  writable: boolean;
  /** The driver's own macro that makes the functions. */
  madeBy: string | null;
}

/** A `config_item_type`: what the directories of one kind hold. */
export interface ConfigfsType {
  variable: string;
  start: number;
  end: number;
  file: number;
  attributes: ConfigfsAttribute[];
  /** Attributes that are not declared in a way that is understood here. */
  others: string[];
  /** The function that makes a directory inside, the type of what it makes, and whether it does more than that. */
  makes: { function: string; child: string; more: boolean } | null;
  /** Functions that do nothing but free what Rust frees by itself. */
  frees: string[];
  /** Callbacks that Rust's groups have not, or of which nothing is known. */
  uncovered: { field: string; function: string }[];
  /** The structure around the item, which `container_of` gives. */
  container: string | null;
}

/** A `configfs_subsystem` of file scope with its name and type; `init` is the initializer of the structure around it. */
export interface ConfigfsSubsystem {
  variable: string;
  name: string;
  type: string;
  struct: string;
  init: readonly CInit[];
}

export interface Configfs {
  types: Map<string, ConfigfsType>;
  subsystems: ConfigfsSubsystem[];
}

const ATTRIBUTE = /\bCONFIGFS_ATTR(_RO|_WO)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)/;
const INITIALISES = /^config_(?:group|item)_init_type_name$/;

/** What the files of a driver say of configfs; no subsystems if they register none with a constant name. */
export function readConfigfs(program: CProgram): Configfs {
  const all = new Map<string, ConfigfsType>();
  const declared = declaredAttributes(program);
  for (const global of program.globals.values()) {
    if (!global.items || program.files[global.file]!.isHeader) continue;
    if (global.type.k === 'struct' && global.type.name === 'config_item_type')
      all.set(global.name, typeOf(program, global, declared));
  }
  const subsystems = [...program.globals.values()].flatMap((global) => subsystemOf(program, global) ?? []);
  const known = subsystems.filter(({ type }) => all.has(type));
  const types = new Map<string, ConfigfsType>();
  const visit = (name: string): void => {
    const type = all.get(name);
    if (!type || types.has(name)) return;
    types.set(name, type);
    if (type.makes && !all.has(type.makes.child)) type.makes = null;
    if (type.makes) visit(type.makes.child);
  };
  for (const { type } of known) visit(type);
  return { types, subsystems: known };
}

/** Functions through which configfs enters the driver. */
export const configfsEntries = ({ types }: Configfs): string[] =>
  [...types.values()].flatMap(({ attributes, makes, uncovered }) => [
    ...attributes.flatMap(({ show, store }) => [show ?? [], store ?? []].flat()),
    ...(makes ? [makes.function] : []),
    ...uncovered.map((one) => one.function),
  ]);

/** Attributes by their C variable: of CONFIGFS_ATTR() and its sisters, of macros around it, and structures written out. */
function declaredAttributes(program: CProgram): Map<string, ConfigfsAttribute> {
  const found = new Map<string, ConfigfsAttribute>();
  const add = (kind: string, prefix: string, name: string, madeBy: string | null): void => {
    const own = (what: string): string | null =>
      program.functions.has(`${prefix}${name}_${what}`) ? `${prefix}${name}_${what}` : null;
    const [readable, writable] = [kind !== '_WO', kind !== '_RO'];
    found.set(`${prefix}attr_${name}`, {
      name,
      show: readable ? own('show') : null,
      store: writable ? own('store') : null,
      readable,
      writable,
      madeBy,
    });
  };
  for (const { name, args } of program.calls) {
    const word = (e: CExpr | undefined): string => (e?.k === 'id' ? e.name : e?.k === 'num' ? e.text : '');
    const kind = /^CONFIGFS_ATTR(_RO|_WO)?$/.exec(name);
    if (kind) {
      add(kind[1] ?? '', word(args[0]), word(args[1]), null);
      continue;
    }
    const macro = program.macros.get(name);
    if (!macro?.parameters) continue;
    const text = program.files[macro.file]!.tree.text.slice(macro.start, macro.end).replace(/\\\r?\n/g, ' ');
    const inside = ATTRIBUTE.exec(text);
    if (!inside) continue;
    const given = (part: string): string => {
      const at = macro.parameters!.indexOf(part);
      return at < 0 ? part : word(args[at]);
    };
    add(inside[1] ?? '', given(inside[2]!), given(inside[3]!), name);
  }
  for (const { name, type, items } of program.globals.values()) {
    if (type.k !== 'struct' || type.name !== 'configfs_attribute' || !items) continue;
    const shown = stringOf(program, fieldOf(items, 'ca_name'));
    if (shown === null) continue;
    const [show, store] = ['show', 'store'].map((field) => {
      const filled = fieldOf(items, field);
      return filled ? functionOf(program, filled) : null;
    });
    found.set(name, {
      name: shown,
      show: show ?? null,
      store: store ?? null,
      readable: fieldOf(items, 'show') !== undefined,
      writable: fieldOf(items, 'store') !== undefined,
      madeBy: null,
    });
  }
  return found;
}

function typeOf(program: CProgram, global: CGlobal, declared: ReadonlyMap<string, ConfigfsAttribute>): ConfigfsType {
  const items = global.items!;
  const attributes: ConfigfsAttribute[] = [];
  const others: string[] = [];
  for (const { value } of program.globals.get(variableOf(fieldOf(items, 'ct_attrs')) ?? '')?.items ?? []) {
    const name = variableOf(value);
    if (name === null || name === 'NULL') continue;
    const known = declared.get(name);
    // The macro that makes the table takes the names as they are.
    if (known && snake(known.name) === known.name && !attributes.some((one) => one.name === known.name)) attributes.push(known);
    else others.push(name);
  }
  const callbacks = ['ct_group_ops', 'ct_item_ops'].flatMap((field) =>
    (program.globals.get(variableOf(fieldOf(items, field)) ?? '')?.items ?? []).flatMap((one) => {
      const filled = functionOf(program, one.value);
      return filled === null || one.field === null ? [] : [{ field: one.field, function: filled }];
    }),
  );
  const made = callbacks.find(({ field }) => /^make_(?:group|item)$/.test(field));
  const child = made && initialised(program, made.function, 0);
  const frees = (one: { field: string; function: string }): boolean =>
    givesBack(one.field, program.functions.get(one.function)!.body);
  const { name, start, end, file } = global;
  return {
    variable: name,
    start,
    end,
    file,
    attributes,
    others,
    makes:
      made && child !== undefined
        ? { function: made.function, child, more: !program.functions.get(made.function)!.body.every(onlyMakes) }
        : null,
    frees: callbacks.filter(frees).map((one) => one.function),
    uncovered: callbacks.filter((one) => (one !== made || child === undefined) && !frees(one)),
    container: containerOf(
      program,
      attributes.flatMap(({ show, store }) => [show ?? [], store ?? []].flat()),
    ),
  };
}

/** Whether a callback only gives back what Rust frees by itself: `release` with one kfree(), `drop_item` with one put. */
function givesBack(field: string, body: readonly CStatement[]): boolean {
  if (field !== 'release' && field !== 'drop_item') return false;
  const calls = body.filter(({ k }) => k !== 'decl' && k !== 'empty');
  const [only] = calls;
  if (calls.length !== 1 || only?.k !== 'expr' || only.e.k !== 'call' || only.e.callee.k !== 'id') return false;
  return (field === 'release' ? /^k[vz]?free$/ : /^config_(?:item|group)_put$/).test(only.e.callee.name);
}

/** Whether a statement only allocates a directory, gives it its type, or returns it. */
function onlyMakes(statement: CStatement): boolean {
  const isAllocation = (e: CExpr | null): boolean =>
    e === null || (e.k === 'call' && e.callee.k === 'id' && /^kv?[zm]alloc(?:_objs?)?$/.test(e.callee.name));
  switch (statement.k) {
    case 'decl':
      return statement.variables.every(({ init }) => isAllocation(init));
    case 'expr':
      return (
        (statement.e.k === 'assign' && isAllocation(statement.e.r)) ||
        (statement.e.k === 'call' && statement.e.callee.k === 'id' && INITIALISES.test(statement.e.callee.name))
      );
    case 'if': {
      const only = statement.yes.k === 'block' ? statement.yes.body : [statement.yes];
      return statement.no === null && statement.test.k === 'un' && only.length === 1 && only[0]!.k === 'return';
    }
    case 'return':
      return statement.e?.k === 'un' && statement.e.op === '&' && statement.e.of.k === 'field';
    default:
      return false;
  }
}

/** Functions that only make the structure around an item of it: `return container_of(…);`. */
export function containerHelpers(program: CProgram): string[] {
  return [...program.functions.values()].flatMap(({ name, body }) => {
    const [only] = body;
    const e = only?.k === 'return' ? only.e : null;
    return body.length === 1 && e?.k === 'call' && e.callee.k === 'id' && e.callee.name === 'container_of' ? [name] : [];
  });
}

/** Whether one of the functions outside of `done` names `name`. */
export function namedOutside(program: CProgram, name: string, done: ReadonlySet<string>): boolean {
  return [...program.functions.values()].some(({ name: holder, body }) => {
    if (holder === name || done.has(holder)) return false;
    let found = false;
    for (const statement of body)
      eachExpression(statement, (e) => {
        eachPart(e, (part) => {
          found ||= part.k === 'id' && part.name === name;
        });
      });
    return found;
  });
}

/** The type that a function gives to the directory that it makes, itself or through a function that it calls. */
function initialised(program: CProgram, name: string, depth: number): string | undefined {
  let found: string | undefined;
  const called: string[] = [];
  eachCall(program.functions.get(name)?.body ?? [], (callee, args) => {
    if (INITIALISES.test(callee)) found ??= variableOf(args[2]) ?? undefined;
    else if (program.functions.has(callee)) called.push(callee);
  });
  if (found !== undefined || depth > 1) return found;
  for (const one of called) found ??= initialised(program, one, depth + 1);
  return found;
}

/** The structure that the first `container_of` in these functions, or in what they call, gives. */
function containerOf(program: CProgram, functions: readonly string[], depth = 0): string | null {
  for (const name of functions) {
    let found: string | null = null;
    const called: string[] = [];
    eachCall(program.functions.get(name)?.body ?? [], (callee, args) => {
      const [, type] = args;
      if (callee === 'container_of' && type?.k === 'type' && type.type.k === 'struct') found ??= type.type.name;
      else if (program.functions.has(callee) && args.length === 1) called.push(callee);
    });
    found ??= depth > 1 ? null : containerOf(program, called, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** The structure that a function of the driver, or `container_of` itself, makes of an item. */
export const containerGiven = (program: CProgram, name: string): string | null => containerOf(program, [name]);

function eachCall(body: readonly CStatement[], visit: (callee: string, args: CExpr[]) => void): void {
  for (const statement of body)
    eachExpression(statement, (e) => {
      eachPart(e, (part) => {
        if (part.k === 'call' && part.callee.k === 'id') visit(part.callee.name, part.args);
      });
    });
}

function subsystemOf(program: CProgram, global: CGlobal): ConfigfsSubsystem | undefined {
  const { type, items, name } = global;
  if (type.k !== 'struct' || !items || program.files[global.file]!.isHeader) return undefined;
  const shown = stringOf(program, deep(items, 'ci_namebuf') ?? deep(items, 'ci_name'));
  const held = variableOf(deep(items, 'ci_type'));
  if (shown === null || held === null || !/^[ !#-[\]-~]+$/.test(shown)) return undefined;
  return { variable: name, name: shown, type: held, struct: type.name, init: items };
}

/** The value of the field `name` at any depth of an initializer. */
function deep(items: readonly CInit[], name: string): CExpr | undefined {
  for (const { field, value } of items) {
    if (field !== null && (field === name || field.endsWith(`.${name}`))) return value;
    const inside = value.k === 'list' ? deep(value.items, name) : undefined;
    if (inside) return inside;
  }
  return undefined;
}
