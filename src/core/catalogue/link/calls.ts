import type { PathRef } from '../facts';
import type { Crates, LinkedItem } from './crate';
import type { Members } from './members';
import { isModule } from './resolve';

/** Who refers to whom inside the crates: for each item the items whose bodies name it. */
export type Callers = Map<LinkedItem, LinkedItem[]>;

/** Methods so common that a call by name alone says nothing. */
const COMMON = new Set(
  'new get as_ref as_raw as_ptr into from clone drop deref deref_mut unwrap expect map cast len is_empty iter next borrow write read default fmt eq cmp init lock from_raw into_inner as_mut push pop insert remove'.split(
    ' ',
  ),
);

/** The items that each item's body names; kept, so that only what changed is looked up again. */
export type Targets = Map<LinkedItem, LinkedItem[]>;

/**
 * Builds the reverse call graph. Receivers have no types here, so a method call counts where the name leaves no doubt: one
 * method that is not public, in the same file or the only one of that name; or the only trait method of that name.
 * @param targets what is known from before; filled up
 */
export function callersOf(crates: Crates, members: Members, targets: Targets = new Map()): Callers {
  const callers: Callers = new Map();
  for (const item of crates.items) {
    if (!item.fact.refs) continue;
    let named = targets.get(item);
    if (!named) targets.set(item, (named = itemsNamedBy(item, members)));
    for (const target of named) {
      const list = callers.get(target);
      if (list) list.push(item);
      else callers.set(target, [item]);
    }
  }
  return callers;
}

/** The items that a body names, each once. */
export function itemsNamedBy(item: LinkedItem, members: Members): LinkedItem[] {
  const named = new Set<LinkedItem>();
  for (const ref of item.fact.refs!.paths) {
    // A lone name that is not called is a type, which nobody calls, unless it is a constant.
    if (ref.use === 'value' && ref.path.length === 1 && !/^[A-Z][A-Z0-9_]+$/.test(ref.path[0]!)) continue;
    for (const target of targetsOf(item, ref, members)) if (target !== item) named.add(target);
  }
  return [...named];
}

/** The items that a reference in the body of `item` means. */
export function targetsOf(item: LinkedItem, ref: PathRef, members: Members): LinkedItem[] {
  return ref.use === 'method' ? methodTargets(item, ref.path[1]!, members) : pathTargets(item, ref.path, members);
}

function methodTargets(item: LinkedItem, name: string, members: Members): LinkedItem[] {
  const all = members.byName.get(name) ?? [];
  const local = all.filter(
    (method) =>
      method.file === item.file &&
      method.fact.visibility !== 'public' &&
      method.owner?.fact.kind === 'impl' &&
      !method.owner.fact.impl!.trait,
  );
  if (local.length === 1) return local;
  // `self.name()` in an impl of the only type here that has it
  const own = item.owner && members.selfOf.get(item.owner);
  if (own) {
    const methods = members.members.get(own)?.get(name);
    if (methods && methods.length === 1 && all.filter((method) => method.file === item.file).length <= 2) return methods;
  }
  if (COMMON.has(name)) return [];
  const declared = all.filter((method) => method.owner?.fact.kind === 'trait');
  if (declared.length === 1) return declared;
  const inherent = all.filter((method) => method.owner?.fact.kind === 'impl' && !method.owner.fact.impl!.trait);
  return inherent.length === 1 && declared.length === 0 ? inherent : [];
}

function pathTargets(item: LinkedItem, path: readonly string[], members: Members): LinkedItem[] {
  const { resolver } = members;
  const [first] = path;
  if (path.length >= 2 && first === 'Self' && item.owner) return selfTargets(item, path.slice(1), members);
  const bounds = boundsFor(item, first!);
  if (bounds.length > 0 && path.length >= 2) return boundTargets(item, bounds, path.slice(1), members);
  const found = resolver.resolve(item.module, path).filter((target): target is LinkedItem => !isModule(target));
  if (found.length > 0 || path.length < 2) return found;
  // The last segment may be a member: `Type::method`, `Enum::Variant`, `Trait::method`.
  const name = path.at(-1)!;
  const owner = members.typeNamed(item.module, path.slice(0, -1));
  if (owner) return memberNamed(owner, name, members);
  return [];
}

function memberNamed(owner: LinkedItem, name: string, members: Members): LinkedItem[] {
  return members.members.get(owner)?.get(name) ?? members.traitMembers.get(owner)?.get(name) ?? [];
}

function selfTargets(item: LinkedItem, rest: readonly string[], members: Members): LinkedItem[] {
  const owner = item.owner!;
  const name = rest.at(-1)!;
  if (owner.fact.kind === 'trait') {
    if (rest.length === 1) return memberNamed(owner, name, members);
    return assocTargets(owner, rest[0]!, name, members);
  }
  if (owner.fact.kind !== 'impl') return [];
  const self = members.selfOf.get(owner);
  const trait = members.traitOf.get(owner);
  if (rest.length === 1) {
    // the same impl first, then the type's own, then its other traits
    const own = self && members.members.get(self)?.get(name);
    if (own) return own;
    const declared = trait && members.members.get(trait)?.get(name);
    if (declared) return declared;
    return self ? (members.traitMembers.get(self)?.get(name) ?? []) : [];
  }
  return trait ? assocTargets(trait, rest[0]!, name, members) : [];
}

/** Bounds of the type parameter `name` where `item` stands: its own, its impl's or trait's. */
function boundsFor(item: LinkedItem, name: string): string[][] {
  const of = (bounds: Record<string, string[][]> | undefined): string[][] =>
    bounds && Object.hasOwn(bounds, name) ? bounds[name]! : [];
  return [...of(item.fact.bounds), ...of(item.owner?.fact.bounds)];
}

function boundTargets(item: LinkedItem, bounds: string[][], rest: readonly string[], members: Members): LinkedItem[] {
  const name = rest.at(-1)!;
  const found: LinkedItem[] = [];
  for (const bound of bounds) {
    const trait = members.typeNamed(item.module, bound);
    if (trait?.fact.kind !== 'trait') continue;
    if (rest.length === 1) found.push(...traitMember(trait, name, members, 0));
    else found.push(...assocTargets(trait, rest[0]!, name, members));
  }
  return found;
}

/** A member of a trait or of one of its supertraits. */
function traitMember(trait: LinkedItem, name: string, members: Members, depth: number): LinkedItem[] {
  const own = members.members.get(trait)?.get(name);
  if (own) return own;
  if (depth > 4) return [];
  for (const bound of trait.fact.target) {
    const upper = members.typeNamed(trait.module, [bound]);
    if (upper?.fact.kind !== 'trait' || upper === trait) continue;
    const found = traitMember(upper, name, members, depth + 1);
    if (found.length > 0) return found;
  }
  return [];
}

/** `T::Pointer::run`: the member `name` of a trait that bounds the associated type. */
function assocTargets(trait: LinkedItem, associated: string, name: string, members: Members): LinkedItem[] {
  const type = members.members.get(trait)?.get(associated)?.[0];
  if (!type) return [];
  const found: LinkedItem[] = [];
  for (const bound of type.fact.target) {
    const upper = members.typeNamed(type.module, [bound]);
    if (upper?.fact.kind === 'trait') found.push(...traitMember(upper, name, members, 0));
  }
  return found;
}
