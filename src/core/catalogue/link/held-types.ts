import { EvidenceKind } from '../data';
import type { BindingRef } from '../facts';
import { similarity } from '../words';
import type { Crates, LinkedItem } from './crate';
import type { EvidenceCollector } from './evidence';
import type { Members } from './members';
import type { PublicPaths } from './paths';

/** Public types that have a private type of their file among their fields: `GpuBuddy` for `GpuBuddyInner`. */
export class Holders {
  private readonly byInner = new Map<LinkedItem, [LinkedItem, string][]>();

  constructor(crates: Crates, paths: PublicPaths) {
    for (const item of crates.items) {
      if (item.fact.kind !== 'struct' && item.fact.kind !== 'enum') continue;
      const path = paths.items.get(item);
      if (path === undefined || item.fact.hidden) continue;
      for (const ref of item.fact.refs?.paths ?? []) {
        if (ref.path.length !== 1 || ref.use !== 'value') continue;
        for (const inner of item.module.names.get(ref.path[0]!) ?? []) {
          if (inner === item || inner.fact.kind !== 'struct' || paths.items.has(inner)) continue;
          this.byInner.set(inner, [...(this.byInner.get(inner) ?? []), [item, path]]);
        }
      }
    }
  }

  of(inner: LinkedItem): [LinkedItem, string][] {
    return this.byInner.get(inner) ?? [];
  }
}

/** The functions that name a private type of their file: those that make it. */
export class Makers {
  private readonly byType = new Map<LinkedItem, LinkedItem[]>();

  constructor(crates: Crates, paths: PublicPaths) {
    for (const item of crates.items) {
      if (item.fact.kind !== 'method' && item.fact.kind !== 'function') continue;
      for (const ref of item.fact.refs?.paths ?? []) {
        if (ref.path.length !== 1 || ref.use === 'macro' || !/^[A-Z]/.test(ref.path[0]!)) continue;
        for (const made of item.module.names.get(ref.path[0]!) ?? []) {
          if (made.fact.kind !== 'struct' || paths.items.has(made)) continue;
          const makers = this.byType.get(made) ?? [];
          this.byType.set(made, makers);
          if (!makers.includes(item)) makers.push(item);
        }
      }
    }
  }

  of(type: LinkedItem): readonly LinkedItem[] {
    return this.byType.get(type) ?? [];
  }
}

/** Methods by which a type is turned from or into what C has. */
const CONVERSIONS = /^(?:as_raw|as_ptr|as_mut_ptr|as_raw_mut|from_raw|from_ptr|from_raw_mut|into_raw|from|try_from|into)$/;

/** Which Rust types stand for a structure of C: by their fields, their associated types, or what they are converted from. */
export class HeldTypes {
  constructor(
    private readonly members: Members,
    private readonly paths: PublicPaths,
    private readonly holders: Holders,
    private readonly evidence: EvidenceCollector,
  ) {}

  /** A type with a field of the structure; if nobody can name it, the types that hold it. */
  byType(item: LinkedItem, refs: BindingRef[]): void {
    const path = this.paths.items.get(item);
    const names = [...new Set(refs.map((ref) => ref.name))];
    names.forEach((name, index) => {
      const line = refs.find((ref) => ref.name === name)!.line;
      const why = { kind: EvidenceKind.holds, file: item.file.path, line, name };
      const base = 88 - Math.min(index, 3) * 12;
      if (path !== undefined && !item.fact.hidden)
        this.evidence.add(name, item, path, 'wraps', base + similarity(name, path) * 10, why);
      else if (path === undefined) {
        for (const [holder, holderPath] of this.holders.of(item)) {
          this.evidence.add(
            name,
            holder,
            holderPath,
            'wraps',
            base - 26 + similarity(name, holderPath) * 18 + similarity(name, `x::${holder.fact.name}`) * 4,
            why,
          );
        }
      }
    });
  }

  /**
   * `type DriverType = bindings::platform_driver` in the impl of an adapter: the adapter, and the trait that a driver implements.
   * In a trait: the trait itself.
   */
  byAssociatedType(item: LinkedItem, refs: BindingRef[]): void {
    const owner = item.owner!;
    if (owner.fact.kind !== 'impl') return;
    const self = this.members.selfOf.get(owner);
    const path = self && this.paths.items.get(self);
    for (const ref of refs) {
      const why = { kind: EvidenceKind.associated, file: item.file.path, line: ref.line, name: ref.name };
      if (self && path !== undefined) this.evidence.add(ref.name, self, path, 'wraps', 74 + similarity(ref.name, path) * 10, why);
      if (self)
        this.evidence.aliasesOf(self, this.members.traitOf.get(owner), (alias, aliasPath) =>
          this.evidence.add(ref.name, alias, aliasPath, 'wraps', 84, why),
        );
      for (const bounds of Object.values(owner.fact.bounds)) {
        for (const bound of bounds) {
          const trait = this.members.typeNamed(owner.module, bound);
          const traitPath = trait?.fact.kind === 'trait' ? this.paths.items.get(trait) : undefined;
          if (trait && traitPath !== undefined && trait.module === item.module)
            this.evidence.add(ref.name, trait, traitPath, 'implements', 90, why);
        }
      }
    }
  }

  /** `fn from(wf: bindings::pwm_waveform) -> Self`, `fn as_raw(&self) -> *mut bindings::clk`, `const C_MODE: bindings::hrtimer_mode`. */
  byConversion(item: LinkedItem, refs: BindingRef[]): void {
    const { owner } = item;
    if (!owner) return;
    const constant = item.fact.kind === 'constant' && owner.fact.kind === 'trait';
    if (!constant && !(item.fact.kind === 'method' && CONVERSIONS.test(item.fact.name))) return;
    const self = owner.fact.kind === 'impl' ? this.members.selfOf.get(owner) : owner.fact.kind === 'trait' ? owner : undefined;
    const path = self && this.paths.items.get(self);
    if (!self || path === undefined || self.fact.hidden) return;
    const types = refs.filter((ref) => ref.use === 'type' && /^[a-z]/.test(ref.name));
    // The type of a conversion is the one in the signature, which comes first.
    const [first] = types;
    if (!first) return;
    const why = { kind: EvidenceKind.associated, file: item.file.path, line: first.line, name: first.name };
    this.evidence.add(first.name, self, path, 'wraps', 58 + similarity(first.name, path) * 20, why);
  }
}
