import type { CExpr, CInit } from '../c/ast';
import type { CProgram } from '../c/program';
import type { KernelApi, TraitFacts, TraitMember } from '../kernel-api';

/** A structure of callbacks that a trait of the kernel stands for: `static struct platform_driver foo_driver = { … }`. */
export interface DriverTable {
  /** C variable; for an element of an array with its index: `foo_driver[0]`. */
  variable: string;
  struct: string;
  start: number;
  end: number;
  items: CInit[];
  trait: TraitFacts;
  /** Trait methods by the C functions that fill their fields. */
  callbacks: { method: TraitMember; function: string; field: string }[];
  /** Trait methods by the kernel functions that fill their fields: `.suspend = genphy_suspend`. */
  forwards: { method: TraitMember; name: string }[];
  /** Methods of other traits that belong to this one, by the C functions that fill their fields: `drm_driver.open`. */
  parts: { trait: TraitFacts; method: TraitMember; function: string; field: string }[];
  /** Callbacks that the trait has not. */
  uncovered: { field: string; function: string }[];
}

/** A structure of callbacks that no trait of this kernel stands for. */
export interface UncoveredTable {
  variable: string;
  struct: string;
  note: string;
}

export interface Tables {
  covered: DriverTable[];
  uncovered: UncoveredTable[];
}

/** Finds the structures through which the kernel enters the driver, and the traits that stand for them in this kernel. */
export function findTables(program: CProgram, api: KernelApi): Tables {
  const tables: Tables = { covered: [], uncovered: [] };
  for (const global of program.globals.values()) {
    if (program.files[global.file]!.isHeader || !global.items) continue;
    const { type } = global;
    const of = type.k === 'array' ? type.of : type;
    if (of.k !== 'struct') continue;
    const elements =
      type.k === 'array'
        ? global.items.map(({ value }, i) => ({ name: `${global.name}[${i}]`, value }))
        : [{ name: global.name, value: { k: 'list', items: global.items } as CExpr }];
    for (const { name, value } of elements) {
      if (value.k !== 'list' || !value.items.some(({ field }) => field !== null)) continue;
      const functions = value.items.filter(({ field, value: filled }) => field !== null && functionOf(program, filled) !== null);
      if (functions.length === 0 && !/_driver$/.test(of.name)) continue;
      const table = cover(program, api, of.name, name, value.items, global);
      if (table) tables.covered.push(table);
      else if (functions.length > 0)
        tables.uncovered.push({ variable: name, struct: of.name, note: api.catalogue.lookup(of.name, 'struct').note });
    }
  }
  return tables;
}

/** The driver's function that a field is filled with: `foo`, `&foo`, `pm_ptr(foo)`. */
export function functionOf(program: CProgram, e: CExpr): string | null {
  if (e.k === 'id') return program.functions.has(e.name) ? e.name : null;
  if (e.k === 'un' && e.op === '&') return functionOf(program, e.of);
  if (e.k === 'call' && e.callee.k === 'id' && /ptr|_p$/.test(e.callee.name) && e.args.length === 1)
    return functionOf(program, e.args[0]!);
  return null;
}

function cover(
  program: CProgram,
  api: KernelApi,
  struct: string,
  variable: string,
  items: CInit[],
  place: { start: number; end: number },
): DriverTable | undefined {
  // A trait without methods of its own leaves what the structure's callbacks do to the types that it names.
  const whole = structTrait(api, struct);
  let trait = whole?.members.every(({ kind }) => kind !== 'method') === true ? whole : undefined;
  const callbacks: DriverTable['callbacks'] = [];
  const parts: DriverTable['parts'] = [];
  const forwards: DriverTable['forwards'] = [];
  const uncovered: DriverTable['uncovered'] = [];
  for (const { field, value } of items) {
    if (field === null) continue;
    const filled = functionOf(program, value);
    const item = api.catalogue
      .lookup(`${struct}.${field}`, 'field')
      .rust.find(({ relation, kind }) => relation === 'implements' && kind === 'method');
    const path = item?.path ?? '';
    const found = item ? api.traitOf(path.slice(0, path.lastIndexOf('::'))) : undefined;
    const method = found?.members.find((member) => member.kind === 'method' && path.endsWith(`::${member.name}`));
    if (found && method) {
      trait ??= found;
      if (filled !== null && found.path === trait.path) callbacks.push({ method, function: filled, field });
      else if (filled !== null && trait === whole) parts.push({ trait: found, method, function: filled, field });
      else if (filled !== null) uncovered.push({ field, function: filled });
      else if (value.k === 'id' && /^[a-z]\w+$/.test(value.name)) forwards.push({ method, name: value.name });
    } else if (filled !== null) uncovered.push({ field, function: filled });
  }
  trait ??= registeredTrait(api, struct) ?? whole;
  return trait && { variable, struct, items, start: place.start, end: place.end, trait, callbacks, parts, forwards, uncovered };
}

/** The trait for drivers of a bus whose structure has no callback that is filled here. */
function registeredTrait(api: KernelApi, struct: string): TraitFacts | undefined {
  if (!struct.endsWith('_driver')) return undefined;
  for (const field of ['probe', 'soft_reset']) {
    const item = api.catalogue.lookup(`${struct}.${field}`, 'field').rust.find(({ relation }) => relation === 'implements');
    const trait = item && api.traitOf(item.path.slice(0, item.path.lastIndexOf('::')));
    if (trait) return trait;
  }
  return undefined;
}

/** The trait that stands for a structure of callbacks as a whole. */
function structTrait(api: KernelApi, struct: string): TraitFacts | undefined {
  const item = api.catalogue
    .lookup(struct, 'struct')
    .rust.find(({ relation, kind }) => relation === 'implements' && kind === 'trait');
  return item && api.traitOf(item.path);
}

/** The value of `.a.b` in an initializer: `.driver.of_match_table` in nested braces or by a nested designator. */
export function nestedField(items: readonly CInit[], outer: string, inner: string): CExpr | undefined {
  for (const { field, value } of items) {
    if (field === `${outer}.${inner}` || field?.startsWith(`.${outer}.${inner}`) === true) return value;
    if (field === outer && value.k === 'list') return value.items.find((one) => one.field === inner)?.value;
  }
  return undefined;
}

export const fieldOf = (items: readonly CInit[], name: string): CExpr | undefined =>
  items.find(({ field }) => field === name)?.value;

/** The variable that an expression refers to: `foo`, `&foo`, `of_match_ptr(foo)`. */
export function variableOf(e: CExpr | undefined): string | null {
  if (!e) return null;
  if (e.k === 'id') return e.name;
  if (e.k === 'un' && e.op === '&') return variableOf(e.of);
  if (e.k === 'call' && e.args.length === 1) return variableOf(e.args[0]);
  if (e.k === 'index') return variableOf(e.of);
  return null;
}
