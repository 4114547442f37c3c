import { EvidenceKind } from '../data';
import type { VtableRef } from '../facts';
import { targetsOf } from './calls';
import type { Crates, LinkedItem } from './crate';
import { byScore, type Candidate, type Evidence } from './evidence';
import type { Members } from './members';
import { similarity } from '../words';
import type { PublicPaths } from './paths';

/** Score of a field that the abstraction fills without asking the driver. */
const FILLED = 50;

/** What Rust puts into C structures of callbacks. */
export interface Vtables {
  /** Candidates by `struct.field`; an empty list is a field that is set to `None`. */
  fields: Evidence;
  /** Traits that a structure's callbacks come to: `file_operations` → `MiscDevice`. */
  structs: Evidence;
}

/**
 * Follows each field that Rust fills with a function to the trait method that the function calls: `platform_driver.probe` is filled
 * with `Self::probe_callback`, which calls `T::probe` of `T: Driver`.
 * @param callbacks callback fields of the C structures, to tell whose field an assignment means
 */
export function linkVtables(
  crates: Crates,
  members: Members,
  paths: PublicPaths,
  callbacks: ReadonlyMap<string, string[]>,
): Vtables {
  const vtables: Vtables = { fields: new Map(), structs: new Map() };
  for (const item of crates.items) {
    if (item.module.path[0] !== 'kernel') continue;
    for (const ref of item.fact.refs?.vtable ?? []) {
      const struct = ref.struct ?? structOf(item, ref.field, crates, callbacks);
      if (struct === undefined || !(callbacks.get(struct)?.includes(ref.field) || isConstant(ref))) continue;
      addField(vtables, item, ref, struct, members, paths);
    }
  }
  for (const [key, list] of vtables.fields) {
    // What the abstraction fills by itself counts only beside fields that a driver implements.
    if (!vtables.structs.has(key.slice(0, key.indexOf('.'))) && list.every((candidate) => candidate.score <= FILLED))
      vtables.fields.delete(key);
    else list.sort(byScore);
  }
  for (const list of vtables.structs.values()) list.sort(byScore);
  return vtables;
}

/** Whether a field is filled with a constant of a trait, in a literal that names its structure. */
const isConstant = (ref: VtableRef): boolean =>
  ref.struct !== null && ref.path.length === 2 && /^[A-Z][A-Z0-9_]+$/.test(ref.path[1]!);

/** The structure whose field is assigned in `item`: one that the impl, the item or the file names and that has such a callback. */
function structOf(item: LinkedItem, field: string, crates: Crates, callbacks: ReadonlyMap<string, string[]>): string | undefined {
  const has = (name: string): boolean => callbacks.get(name)?.includes(field) ?? false;
  const inImpl: string[] = [];
  const inFile: string[] = [];
  for (const other of crates.items) {
    if (other.file !== item.file) continue;
    for (const ref of other.fact.refs?.bindings ?? []) {
      if (!has(ref.name)) continue;
      if (other === item || (other.owner !== null && other.owner === item.owner)) inImpl.push(ref.name);
      inFile.push(ref.name);
    }
  }
  return inImpl[0] ?? (new Set(inFile).size === 1 ? inFile[0] : undefined);
}

function addField(
  vtables: Vtables,
  item: LinkedItem,
  ref: VtableRef,
  struct: string,
  members: Members,
  paths: PublicPaths,
): void {
  const key = `${struct}.${ref.field}`;
  const candidates = vtables.fields.get(key) ?? [];
  vtables.fields.set(key, candidates);
  if (ref.path.length === 0) return;
  const proof = { file: item.file.path, line: ref.line, name: key };
  const add = (list: Candidate[], candidate: Candidate): void => {
    const known = list.find((other) => other.item === candidate.item);
    if (!known) list.push(candidate);
    else known.score = Math.max(known.score, candidate.score);
  };
  const callbacks = targetsOf(item, { path: ref.path, use: 'value', line: ref.line }, members);
  const asked = isConstant(ref)
    ? callbacks.filter((constant) => constant.owner?.fact.kind === 'trait')
    : callbacks.flatMap((callback) => traitMethods(callback, item, members, 0));
  for (const method of asked) {
    const path = members.pathOf(method, paths);
    const trait = method.owner!;
    const traitPath = paths.items.get(trait);
    if (path === undefined || traitPath === undefined) continue;
    const near = trait.file === item.file ? 14 : 0;
    add(candidates, {
      item: method,
      path,
      relation: 'implements',
      score: 62 + near + similarity(ref.field, `x::${method.fact.name}`) * 20,
      evidence: [{ ...proof, kind: EvidenceKind.callback }],
    });
    const traits = vtables.structs.get(struct) ?? [];
    vtables.structs.set(struct, traits);
    add(traits, {
      item: trait,
      path: traitPath,
      relation: 'implements',
      score: 80 + near + similarity(struct, traitPath) * 20,
      evidence: [{ ...proof, name: struct, kind: EvidenceKind.fills }],
    });
  }
  if (candidates.length > 0 || isConstant(ref)) return;
  // Filled by the abstraction itself: no method of the driver's, but the type or function takes care of it.
  const self = item.owner && members.selfOf.get(item.owner);
  const carrier = self && paths.items.has(self) ? self : members.pathOf(item, paths) !== undefined ? item : undefined;
  const path = carrier && (paths.items.get(carrier) ?? members.pathOf(carrier, paths));
  if (carrier && path !== undefined && !carrier.fact.hidden)
    add(candidates, {
      item: carrier,
      path,
      relation: 'implements',
      score: FILLED,
      evidence: [{ ...proof, kind: EvidenceKind.fills }],
    });
}

/** Trait methods of the driver's that a callback calls on its type parameter, directly or through functions of the same file. */
function traitMethods(callback: LinkedItem, origin: LinkedItem, members: Members, depth: number): LinkedItem[] {
  const found: LinkedItem[] = [];
  const deeper: LinkedItem[] = [];
  for (const ref of callback.fact.refs?.paths ?? []) {
    if (ref.use === 'macro') continue;
    if (ref.use === 'method') found.push(...boundMethods(callback, ref.path[1]!, members));
    for (const target of targetsOf(callback, ref, members)) {
      if (target === callback || target.fact.kind !== 'method') continue;
      const trait = target.owner?.fact.kind === 'trait' ? target.owner : undefined;
      if (trait && !HELPER_TRAITS.has(trait.fact.name) && ref.use !== 'method') found.push(target);
      else if (!trait && target.file === callback.file && target.fact.visibility !== 'public') deeper.push(target);
    }
  }
  const near = found.filter((method) => method.owner!.module === origin.module || method.owner!.file === callback.file);
  if (near.length > 0) return near;
  if (found.length > 0 || depth > 1) return found;
  return deeper.flatMap((next) => traitMethods(next, origin, members, depth + 1));
}

/** Methods named `name` of the traits that bound the type parameters around `callback`: `data.sm_step_map(…)` of `T: DriverGpuVm`. */
function boundMethods(callback: LinkedItem, name: string, members: Members): LinkedItem[] {
  const bounds = Object.values({ ...callback.owner?.fact.bounds, ...callback.fact.bounds }).flat();
  return bounds.flatMap((bound) => {
    const trait = members.typeNamed(callback.module, bound);
    if (trait?.fact.kind !== 'trait' || HELPER_TRAITS.has(trait.fact.name)) return [];
    return members.members.get(trait)?.get(name) ?? [];
  });
}

/** Traits that callbacks use on the way and that no driver implements for the callback's sake. */
const HELPER_TRAITS = new Set([
  'ForeignOwnable',
  'AlwaysRefCounted',
  'RefCounted',
  'RawDeviceIdIndex',
  'RawDeviceId',
  'IdTable',
  'DriverLayout',
  'AsBusDevice',
  'PinInit',
  'Init',
  'HasWork',
  'HasHrTimer',
  'HasDelayedWork',
  'Adapter',
  'IntoGEMObject',
]);
