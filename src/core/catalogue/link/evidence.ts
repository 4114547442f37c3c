import { EvidenceKind } from '../data';
import type { BindingRef, BodyRefs } from '../facts';
import type { Relation } from '../model';
import { targetsOf, type Callers } from './calls';
import type { Crates, LinkedItem } from './crate';
import { HeldTypes, Holders, Makers } from './held-types';
import type { Members } from './members';
import { sameThing, similarity } from '../words';
import { configOf, type PublicPaths } from './paths';

/** A Rust item that has to do with a C name, and how sure that is. */
export interface Candidate {
  item: LinkedItem;
  path: string;
  relation: Relation;
  /** 0 to 100; under 40 it is no more than a neighbour. */
  score: number;
  evidence: Proof[];
}

/** Why: a kind of evidence, the place, and the C name. */
export interface Proof {
  kind: EvidenceKind;
  file: string;
  line: number;
  name: string;
}

/** Candidates by C name, best first. */
export type Evidence = Map<string, Candidate[]>;

/** What the body of an item adds, as long as its references are these. */
export type KeptEvidence = Map<LinkedItem, { refs: BodyRefs; added: Parameters<EvidenceCollector['add']>[] }>;

/** From one place where a binding is used to the items that a user can name. */
interface Reached {
  item: LinkedItem;
  path: string;
  hops: number;
  /** How it is reached, where it is not the place itself. */
  how: EvidenceKind | null;
  penalty: number;
  /** A type that is only reached by one of its constructors. */
  byConstructor?: boolean;
}

/** How many names a body may refer to and still do little more than one call. */
const THIN = 14;

/** Traits by which a value is printed. */
const PRINTED = new Set(['Display', 'Debug']);

/** Type and method of a path, without its modules. */
const ownPath = (path: string): string => `x::${path.split('::').slice(-2).join('::')}`;

export class EvidenceCollector {
  private readonly found = new Map<string, Map<LinkedItem, Candidate>>();
  private readonly holders: Holders;
  private makers: Makers | undefined;

  constructor(
    private readonly crates: Crates,
    private readonly members: Members,
    private readonly paths: PublicPaths,
    private readonly callers: Callers,
    private readonly kept: KeptEvidence = new Map(),
  ) {
    this.holders = new Holders(crates, paths);
  }

  /** What uses of bindings in the bodies and types of rust/kernel say. */
  collect(): Evidence {
    const held = new HeldTypes(this.members, this.paths, this.holders, this);
    for (const item of this.crates.items) {
      const refs = item.fact.refs?.bindings;
      if (!refs || refs.length === 0 || item.module.path[0] !== 'kernel' || isForTests(item)) continue;
      const known = this.kept.get(item);
      if (known?.refs === item.fact.refs) {
        for (const one of known.added) this.put(...one);
        continue;
      }
      this.added = [];
      this.kept.set(item, { refs: item.fact.refs!, added: this.added });
      const { kind } = item.fact;
      if (kind === 'struct' || kind === 'enum' || kind === 'union' || (kind === 'type' && !item.owner)) held.byType(item, refs);
      else if (item.owner && (kind === 'type' || kind === 'associated-type')) held.byAssociatedType(item, refs);
      else {
        held.byConversion(item, refs);
        this.called(item, refs);
      }
    }
    const evidence: Evidence = new Map();
    for (const [name, candidates] of this.found) evidence.set(name, [...candidates.values()].sort(byScore));
    return evidence;
  }

  private added: Parameters<EvidenceCollector['add']>[] = [];

  add(name: string, item: LinkedItem, path: string, relation: Relation, score: number, why: Proof): void {
    this.added.push([name, item, path, relation, score, why]);
    this.put(name, item, path, relation, score, why);
  }

  private put(name: string, item: LinkedItem, path: string, relation: Relation, score: number, why: Proof): void {
    let candidates = this.found.get(name);
    if (!candidates) this.found.set(name, (candidates = new Map<LinkedItem, Candidate>()));
    const known = candidates.get(item);
    if (!known) candidates.set(item, { item, path, relation, score, evidence: [why] });
    else {
      if (score > known.score) {
        known.score = score;
        known.relation = relation;
      }
      if (known.evidence.length < 3 && !known.evidence.some((proof) => proof.file === why.file && proof.line === why.line))
        known.evidence.push(why);
    }
  }

  private called(item: LinkedItem, refs: BindingRef[]): void {
    const calls = new Set(refs.filter((ref) => ref.use === 'call').map((ref) => ref.name));
    const thin = calls.size <= 1 && (item.fact.refs?.paths.length ?? 0) <= THIN;
    const name = item.owner?.fact.impl?.trait?.at(-1);
    const own = item.owner ? this.members.traitOf.get(item.owner) : undefined;
    const trait = own && !PRINTED.has(name!) ? own : undefined;
    // A trait of core or one for printing: what it takes to implement it is not what the type is for.
    const foreign = !thin && !trait && name !== undefined && !isRelease(item.owner!) ? 12 : 0;
    for (const ref of refs) {
      if (ref.use === 'type') continue;
      if (ref.pair) this.paired(item, ref, ref.pair);
      const direct = ref.use === 'call' ? EvidenceKind.calls : EvidenceKind.uses;
      for (const reached of this.reach(item, ref.name)) {
        const { kind } = reached.item.fact;
        const constant = kind === 'constant' || kind === 'static' || kind === 'variant';
        const callable = kind === 'function' || kind === 'method' || kind === 'macro';
        const alone = thin && reached.hops === 0;
        // What is generic over the trait (`ARef` over dec_ref) does for each of its types.
        const generic = trait !== undefined && reached.item.file === trait.file;
        const about = reached.how === EvidenceKind.drop && !callable ? ownPath(reached.path) : reached.path;
        const alike = alone || sameThing(ref.name, about) ? similarity(ref.name, reached.path) : 0;
        let score = 56 + alike * 40;
        score -= Math.min(24, (calls.size - 1) * 6) + reached.hops * 5 + reached.penalty + foreign;
        if (callable && reached.item.fact.unsafe) score -= 12;
        if (reached.item.fact.name === ref.name) score += 6;
        const passed = ref.use === 'value' && !constant;
        if (passed) score -= 20;
        // A call among others whose name has nothing of the item's own is a step on its way, not its job; so is what is passed on.
        const step = (callable || reached.byConstructor || alike === 0) && !alone && !generic;
        if (step || (passed && /^[a-z][a-z0-9_]*$/.test(ref.name)))
          score -= 25 * (alike === 0 ? 1 : Math.max(0, 1 - 3 * similarity(ref.name, ownPath(reached.path)))) * (1 - alike);
        this.add(ref.name, reached.item, reached.path, 'wraps', score, {
          kind: reached.how ?? direct,
          file: item.file.path,
          line: ref.line,
          name: ref.name,
        });
      }
    }
  }

  /** The variant that a match puts in the place of a constant. */
  private paired(item: LinkedItem, ref: BindingRef, pair: string[]): void {
    for (const target of targetsOf(item, { path: pair, use: 'value', line: ref.line }, this.members)) {
      const path = this.members.pathOf(target, this.paths);
      if (path === undefined || !['variant', 'constant'].includes(target.fact.kind)) continue;
      const why = { kind: EvidenceKind.associated, file: item.file.path, line: ref.line, name: ref.name };
      this.add(ref.name, target, path, 'wraps', 90, why);
    }
  }

  /** The items that a user can name and that come to `start`'s body: itself, else who calls it, at most four calls away. */
  private reach(start: LinkedItem, name: string): Reached[] {
    const reached: Reached[] = [];
    const seen = new Set<LinkedItem>([start]);
    let level: LinkedItem[] = [start];
    for (let hops = 0; hops < 5 && level.length > 0 && level.length < 40; hops++) {
      const next: LinkedItem[] = [];
      for (const item of level) {
        const own = this.nameable(item, hops);
        reached.push(...own);
        const settled = own.some((one) => one.penalty === 0 && !one.item.fact.unsafe);
        for (const up of this.upwards(item)) {
          // Beyond a safe item only what is named as the C function is: `copy_from_iter` upon `copy_from_iter_raw`.
          if (seen.has(up) || (settled && !isNamedAs(up, name) && !isVariantOf(up, item))) continue;
          seen.add(up);
          next.push(up);
        }
      }
      level = next;
    }
    return reached;
  }

  /** Who calls an item: for a trait's implementation also who calls the trait's method. */
  private upwards(item: LinkedItem): LinkedItem[] {
    const up = [...(this.callers.get(item) ?? [])];
    const trait = item.owner && this.members.traitOf.get(item.owner);
    if (!trait) return up;
    // The trait's own file has what is generic over it: `Lock` beside `Backend`, `ARef` beside `AlwaysRefCounted`.
    const declared = this.members.members.get(trait)?.get(item.fact.name) ?? [];
    const generic = declared.flatMap((method) => this.callers.get(method) ?? []);
    const beside = generic.filter((caller) => caller.file === trait.file);
    up.push(...(beside.length > 0 ? beside : generic));
    return up;
  }

  private nameable(item: LinkedItem, hops: number): Reached[] {
    if (item.module.path[0] !== 'kernel') return [];
    const via = hops === 0 ? null : EvidenceKind.reaches;
    const path = this.members.pathOf(item, this.paths);
    if (path !== undefined && !item.fact.hidden && !item.owner?.fact.hidden) {
      const penalty = item.fact.kind === 'macro' ? 6 : 0;
      const own: Reached[] = [{ item, path, hops, how: via, penalty }];
      if (item.fact.kind === 'method' && /^(new|build|register|from_raw)/.test(item.fact.name)) {
        const self = item.owner && this.members.selfOf.get(item.owner);
        const selfPath = self ? this.paths.items.get(self) : undefined;
        if (self && selfPath !== undefined)
          own.push({ item: self, path: selfPath, hops: hops + 1, how: via, penalty: 6, byConstructor: true });
      }
      return own;
    }
    if (!item.owner || item.owner.fact.kind !== 'impl') return [];
    const found: Reached[] = [];
    const self = this.members.selfOf.get(item.owner);
    const selfPath = self && this.paths.items.get(self);
    const trait = this.members.traitOf.get(item.owner);
    const traitName = item.owner.fact.impl!.trait?.at(-1);
    if (trait) {
      const traitPath = this.paths.items.get(trait);
      const declared = this.members.members.get(trait)?.get(item.fact.name)?.[0];
      if (traitPath !== undefined && declared && !trait.fact.hidden)
        found.push({
          item: declared,
          path: `${traitPath}::${item.fact.name}`,
          hops,
          how: via,
          // An associated constant picks the type that has it: `Monotonic` for CLOCK_MONOTONIC.
          penalty: item.fact.kind === 'constant' ? 34 : trait.fact.unsafe || declared.fact.unsafe ? 12 : 4,
        });
    }
    if (self && selfPath === undefined && !trait) {
      const release = isRelease(item.owner);
      const holders = this.holders.of(self);
      for (const [holder, path] of holders) {
        found.push({ item: holder, path, hops, how: release ? EvidenceKind.drop : via, penalty: release ? 8 : 20 });
      }
      // A private type that undoes something when it is dropped: what makes it.
      if (release && holders.length === 0) {
        this.makers ??= new Makers(this.crates, this.paths);
        for (const maker of this.makers.of(self)) {
          const path = this.members.pathOf(maker, this.paths);
          if (path !== undefined && !maker.fact.hidden)
            found.push({ item: maker, path, hops: hops + 1, how: EvidenceKind.drop, penalty: 0 });
        }
      }
    }
    if (self && selfPath !== undefined && !self.fact.hidden) {
      const release = isRelease(item.owner);
      const how = release ? EvidenceKind.drop : item.fact.name === 'dec_ref' ? EvidenceKind.release : via;
      const before = found.length;
      this.aliasesOf(self, trait, (alias, path) => found.push({ item: alias, path, hops, how, penalty: 3 }));
      const backend = found.length > before;
      found.push({
        item: self,
        path: selfPath,
        hops,
        how,
        penalty: backend ? 40 : release || item.fact.kind === 'constant' ? 0 : trait ? 8 : traitName ? 4 : 14,
      });
    }
    return found;
  }

  private aliases: LinkedItem[] | undefined;

  /**
   * Public aliases of a generic type that takes `self` as what implements `trait`: `Mutex<T>` is `Lock<T, MutexBackend>`, and
   * `Lock<T, B: Backend>` asks for the trait.
   */
  aliasesOf(self: LinkedItem, trait: LinkedItem | undefined, use: (alias: LinkedItem, path: string) => void): void {
    if (!trait) return;
    this.aliases ??= this.crates.items.filter((item) => item.fact.kind === 'type' && !item.owner);
    for (const alias of this.aliases) {
      if (!alias.fact.target.includes(self.fact.name) || alias.fact.target[0] === self.fact.name) continue;
      if (this.members.typeNamed(alias.module, [self.fact.name]) !== self) continue;
      const base = this.members.aliased(alias);
      const asks =
        base && Object.values(base.fact.bounds).some((bounds) => bounds.some((bound) => bound.at(-1) === trait.fact.name));
      const path = this.paths.items.get(alias);
      if (asks && path !== undefined) use(alias, path);
    }
  }
}

const isRelease = (impl: LinkedItem): boolean => /^(?:Pinned)?Drop$/.test(impl.fact.impl?.trait?.at(-1) ?? '');

/** Another way to do what a method does: `Registration::new_foreign_owned` upon `Registration::new`. */
const isVariantOf = (up: LinkedItem, item: LinkedItem): boolean =>
  up.file === item.file && up.owner !== null && item.owner !== null && up.fact.name.startsWith(`${item.fact.name}_`);

const isNamedAs = (item: LinkedItem, cName: string): boolean => item.fact.name === cName.replace(/^_+/, '');

/** Whether an item is only there for tests and benchmarks: no abstraction. */
function isForTests(item: LinkedItem): boolean {
  return configOf(item).some((symbol) => /KUNIT|BENCHMARK|_TEST\b/.test(symbol));
}

export const byScore = (a: Candidate, b: Candidate): number =>
  b.score - a.score ||
  Number(a.item.fact.unsafe) - Number(b.item.fact.unsafe) ||
  (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
