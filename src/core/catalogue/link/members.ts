import type { Crates, LinkedItem, ModuleNode } from './crate';
import type { PublicPaths } from './paths';
import { isModule, type Resolver } from './resolve';

/** Which type or trait each member belongs to, and what the members of each type and trait are. */
export class Members {
  /** Self type of each impl; missing if it is not of these crates (`u32`, `Box<T>` of core). */
  readonly selfOf = new Map<LinkedItem, LinkedItem>();
  /** Trait of each impl, if it is of these crates. */
  readonly traitOf = new Map<LinkedItem, LinkedItem>();
  /** Members of types (from all their inherent impls) and of traits, by name. */
  readonly members = new Map<LinkedItem, Map<string, LinkedItem[]>>();
  /** Members in trait impls, by self type and name. */
  readonly traitMembers = new Map<LinkedItem, Map<string, LinkedItem[]>>();
  /** The methods in impls of a trait that implement its method. */
  readonly implementations = new Map<LinkedItem, LinkedItem[]>();
  /** All methods of a name, for calls whose receiver is not known. */
  readonly byName = new Map<string, LinkedItem[]>();

  constructor(
    crates: Crates,
    readonly resolver: Resolver,
  ) {
    for (const item of crates.items) if (item.fact.kind === 'impl') this.linkImpl(item);
    for (const item of crates.items) if (item.owner) this.linkMember(item, item.owner);
    for (const item of crates.items) {
      const trait = item.owner && this.traitOf.get(item.owner);
      if (!trait) continue;
      for (const declared of this.members.get(trait)?.get(item.fact.name) ?? []) push(this.implementations, declared, item);
    }
  }

  private linkImpl(impl: LinkedItem): void {
    const header = impl.fact.impl!;
    const self = this.typeNamed(impl.module, header.self);
    if (self) this.selfOf.set(impl, self);
    if (header.trait) {
      const trait = this.resolver
        .resolve(impl.module, header.trait)
        .find((target) => !isModule(target) && target.fact.kind === 'trait');
      if (trait) this.traitOf.set(impl, trait as LinkedItem);
    }
  }

  private linkMember(item: LinkedItem, owner: LinkedItem): void {
    if (item.fact.kind === 'method') push(this.byName, item.fact.name, item);
    if (owner.fact.kind === 'impl') {
      const self = this.selfOf.get(owner);
      if (self) pushNamed(owner.fact.impl!.trait ? this.traitMembers : this.members, self, item);
    } else pushNamed(this.members, owner, item);
  }

  /** The type or trait that a path names, aliases followed to what they stand for. */
  typeNamed(module: ModuleNode, path: readonly string[]): LinkedItem | undefined {
    for (const target of this.resolver.resolve(module, path)) {
      if (isModule(target)) continue;
      const { kind } = target.fact;
      if (kind === 'struct' || kind === 'enum' || kind === 'union' || kind === 'trait') return target;
      if (kind === 'type') return this.aliased(target) ?? target;
    }
    return undefined;
  }

  /** What a type alias stands for: `Mutex<T>` for `Lock<T, MutexBackend>` is `Lock`. */
  aliased(alias: LinkedItem): LinkedItem | undefined {
    const [first, ...rest] = alias.fact.target;
    if (first === undefined) return undefined;
    // Identifiers of a path come first and in order; try the longest prefix that names something.
    for (let length = Math.min(4, rest.length + 1); length > 0; length--) {
      const path = alias.fact.target.slice(0, length);
      const target = this.resolver.resolve(alias.module, path).find((found) => !isModule(found) && found !== alias);
      if (target && !isModule(target) && ['struct', 'enum', 'union', 'trait', 'type'].includes(target.fact.kind))
        return target.fact.kind === 'type' ? (this.aliased(target) ?? target) : target;
    }
    return undefined;
  }

  /** Public path of any item, members included: `kernel::sync::lock::Lock::lock`; undefined if a user cannot name it. */
  pathOf(item: LinkedItem, paths: PublicPaths): string | undefined {
    if (!item.owner) return paths.items.get(item);
    const { owner } = item;
    if (owner.fact.kind === 'impl') {
      if (owner.fact.impl!.trait || item.fact.visibility !== 'public') return undefined;
      const self = this.selfOf.get(owner);
      const path = self && paths.items.get(self);
      return path === undefined ? undefined : `${path}::${item.fact.name}`;
    }
    const path = paths.items.get(owner);
    return path === undefined ? undefined : `${path}::${item.fact.name}`;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function pushNamed(map: Map<LinkedItem, Map<string, LinkedItem[]>>, owner: LinkedItem, item: LinkedItem): void {
  let names = map.get(owner);
  if (!names) map.set(owner, (names = new Map<string, LinkedItem[]>()));
  push(names, item.fact.name, item);
}
