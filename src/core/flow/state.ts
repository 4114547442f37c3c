import { Known } from './ir';
import { MAX_SLOTS, SlotKind, type SlotTable } from './paths';
import { newState, reuse } from './state-memory';

/** What a value may be: bits. A pointer is NULL (zero), an error pointer (negative) or valid (positive). */
export const enum May {
  zero = 1,
  negative = 2,
  positive = 4,
  any = 7,
}

/** What else is known of a value; bits above `May`. */
export const enum Fact {
  unset = 8,
  /** From outside, and not compared with anything yet. */
  outside = 16,
  /** Compared with something on this path. */
  checked = 32,
  /** Dereferenced on this path while nothing was known of it; `aux` is the instruction. */
  dereferenced = 64,
  owned = 128,
  freed = 256,
  /** Of `freed`: only a reference was dropped. */
  dropped = 512,
  /** It was a condition that made it NULL or an error pointer; `aux` is the block. */
  byTest = 1024,
  /** Other slots hold the value as well, or have. */
  shared = 2048,
  /** The call of which `aux` is the number, plus 1, has freed it if it has failed. */
  pending = 4096,
  resource = 896,
}

/** The call that a value comes from, or that freed it, plus 1, is above this bit. */
export const SITE_SHIFT = 13;
const BELOW_SITE = (1 << SITE_SHIFT) - 1;

/**
 * The state of a function at one point of one path: which value each slot holds, what is known of each value, and which locks are held.
 * A value is named by one of the slots that hold it (`env[slot]`), so equal slots are aliases. One array: env, facts, aux, locks.
 */
export class Machine {
  /** The array of the present state. */
  s: Int32Array;
  readonly n: number;
  readonly size: number;
  /** Whether any state of the function has had an owned object: if not, nobody need look for one. */
  owns = false;

  constructor(
    readonly slots: SlotTable,
    locks: number,
  ) {
    this.n = slots.size;
    this.size = 3 * this.n + locks + 1;
    const s = (this.s = newState(this.size));
    const { n } = this;
    const { kinds, names } = slots;
    for (let slot = 0; slot < n; slot++) {
      const kind = kinds[slot] as SlotKind;
      const isPositive = kind === SlotKind.address || (kind === SlotKind.constant && isDigit(names[slot]!.charCodeAt(0)));
      s[slot] = slot;
      s[n + slot] = isPositive ? May.positive : May.any;
    }
    s.fill(0, 2 * n, this.size);
    s[n + Known.zero] = May.zero;
    s[n + Known.negative] = May.negative;
    s[n + Known.positive] = May.positive;
  }

  value(slot: number): number {
    return this.s[slot]!;
  }

  fact(value: number): number {
    return this.s[this.n + value]!;
  }

  setFact(value: number, fact: number): void {
    if (value < (Known.count as number)) return;
    const at = this.n + value;
    if (fact & Fact.owned) this.owns = true;
    this.s[at] = fact | (this.s[at]! & Fact.shared);
  }

  aux(value: number): number {
    return this.s[2 * this.n + value]!;
  }

  setAux(value: number, aux: number): void {
    if (value >= (Known.count as number)) this.s[2 * this.n + value] = aux;
  }

  lock(number: number): number {
    return this.s[3 * this.n + number]!;
  }

  setLock(number: number, state: number): void {
    this.s[3 * this.n + number] = state;
  }

  /** A number for the whole path, behind the locks. */
  get flags(): number {
    return this.s[this.size - 1]!;
  }

  set flags(flags: number) {
    this.s[this.size - 1] = flags;
  }

  /** Whether more than one slot may hold the value: always so for what every function knows. */
  isShared(value: number): boolean {
    return value < (Known.count as number) || (this.s[this.n + value]! & Fact.shared) !== 0;
  }

  /** Makes sure that nobody else calls his value by the name `slot`. */
  private detach(slot: number): void {
    const { s, n } = this;
    if (s[slot] !== slot || !(s[n + slot]! & Fact.shared)) return;
    let heir = -1;
    for (let other = Known.count as number; other < n; other++) {
      if (s[other] !== slot || other === slot) continue;
      if (heir < 0) {
        heir = other;
        s[n + heir] = s[n + slot]!;
        s[2 * n + heir] = s[2 * n + slot]!;
      }
      s[other] = heir;
    }
  }

  /** The slot holds something of which `fact` is known. */
  fresh(slot: number, fact: number = May.any, aux = 0): void {
    if (slot < (Known.count as number)) return;
    const { s, n } = this;
    if (fact & Fact.owned) this.owns = true;
    if (s[slot] === slot && s[n + slot]! & Fact.shared) this.detach(slot);
    s[slot] = slot;
    s[n + slot] = fact;
    s[2 * n + slot] = aux;
    const dependants = this.slots.dependants[slot];
    if (dependants !== undefined) for (let i = 0; i < dependants.length; i++) this.fresh(dependants[i]!);
  }

  /** What hangs on the slot is no longer what it was. */
  forgetDependants(slot: number): void {
    const dependants = this.slots.dependants[slot];
    if (dependants) for (const dependant of dependants) this.fresh(dependant);
  }

  /** A callee may have written what hangs on the slot; conditions are taken to have the outcome that they had. */
  forgetFields(slot: number): void {
    const { slots, s, n } = this;
    const dependants = slots.dependants[slot];
    if (!dependants) return;
    for (const dependant of dependants) {
      if (slots.kinds[dependant] !== (SlotKind.field as number)) continue;
      this.detach(dependant);
      s[dependant] = dependant;
      s[n + dependant] = May.any;
      s[2 * n + dependant] = 0;
      this.forgetFields(dependant);
    }
  }

  /** Conditions that mention the slot may have another outcome now. */
  forgetConditions(slot: number): void {
    const dependants = this.slots.dependants[slot];
    if (!dependants) return;
    for (const dependant of dependants) if (this.slots.kinds[dependant] === (SlotKind.condition as number)) this.fresh(dependant);
  }

  assign(to: number, from: number): void {
    if (to < (Known.count as number)) return;
    if (from < (Known.count as number)) {
      this.fresh(to, this.s[this.n + from]);
      this.assignNamesakes(to);
      return;
    }
    const value = this.s[from]!;
    if (to === value && this.s[to] === to) return;
    const wasOwn = this.s[to] === to;
    this.detach(to);
    if (wasOwn) this.s[this.n + to] = May.any;
    // The value may have been called by the name of `to` until now.
    this.s[to] = this.s[from]!;
    this.s[this.n + this.s[to]]! |= Fact.shared;
    this.assignNamesakes(to);
    const { slots } = this;
    const dependants = slots.dependants[to];
    if (!dependants) return;
    for (const dependant of dependants) {
      const same = slots.kinds[dependant] === (SlotKind.field as number) ? this.sameField(from, slots.names[dependant]!) : -1;
      if (same >= 0 && same !== dependant) this.assign(dependant, same);
      else this.fresh(dependant);
    }
  }

  private sameField(base: number, name: string): number {
    const dependants = this.slots.dependants[base];
    if (dependants)
      for (const field of dependants) if (this.slots.names[field] === name && this.slots.bases[field] === base) return field;
    return -1;
  }

  /** `a->f` was written: `b->f` is the same place if b holds the same pointer as a. */
  private assignNamesakes(to: number): void {
    const { slots, s, n } = this;
    // Structures that were copied are two places, whatever they hold.
    if (slots.kinds[to] !== (SlotKind.field as number) || slots.names[to]!.startsWith('.')) return;
    const base = slots.bases[to]!;
    for (const other of slots.namesakes(to)) {
      if (other === to || s[slots.bases[other]!] !== s[base] || slots.bases[other] === base) continue;
      this.detach(other);
      s[other] = s[to]!;
      s[n + s[to]!]! |= Fact.shared;
    }
  }

  /** The value is constant `constant` from here on. */
  becomes(value: number, constant: number): void {
    const { s, n } = this;
    if (this.fact(value) & (Fact.resource | Fact.dereferenced)) return;
    for (let slot = Known.count as number; slot < n; slot++) if (s[slot] === value) s[slot] = constant;
    s[n + constant]! |= Fact.shared;
  }

  isConstant(value: number): boolean {
    return value >= (Known.count as number) && this.slots.kinds[value] === (SlotKind.constant as number);
  }

  /** Keeps only the possibilities in `may` of a value; false if none is left. */
  narrow(value: number, may: number, block: number): boolean {
    const fact = this.fact(value);
    const left = fact & may;
    if (left === 0) return false;
    if (value < (Known.count as number) || left === (fact & May.any)) return true;
    let next = (fact & ~May.any) | left;
    if (!(left & May.positive) && fact & Fact.owned) next &= ~(Fact.resource as number);
    if (!(left & May.positive) && !(fact & Fact.freed)) {
      next = (next | Fact.byTest) & ~(Fact.pending as number);
      this.setAux(value, block);
    }
    this.setFact(value, next & ~(Fact.dereferenced as number));
    return true;
  }

  /** Forgets what is of no use in block `block` any more, so that equal states are seen to be equal. */
  dropDead(block: number): void {
    const { s, n, owns } = this;
    const { lastUses, kinds } = this.slots;
    used.fill(0, 0, n);
    for (let slot = Known.count as number; slot < n; slot++) {
      const isLive = lastUses[slot]! >= block || (owns && this.holdsOwned(slot, block));
      live[slot] = isLive ? 1 : 0;
      if (isLive) used[s[slot]!] = 1;
    }
    for (let slot = Known.count as number; slot < n; slot++) {
      if (live[slot] === 1 || kinds[slot] === (SlotKind.constant as number)) continue;
      // A dead slot gives up its part in a value; its own value stays while others hold it or it is a resource.
      s[slot] = slot;
      if (used[slot] === 1) continue;
      const fact = s[n + slot]!;
      if (
        fact & Fact.owned ||
        ((fact & Fact.freed || (fact & May.any) === May.zero) && kinds[slot] === (SlotKind.parameter as number))
      )
        continue;
      s[n + slot] = May.any;
      s[2 * n + slot] = 0;
    }
  }

  /** Whether a field that is not named again holds an object that is lost with what it is a field of. */
  private holdsOwned(slot: number, block: number): boolean {
    const { s, n, slots } = this;
    return (
      (s[n + s[slot]!]! & Fact.owned) !== 0 &&
      slots.kinds[slot] === (SlotKind.field as number) &&
      slots.lastUses[slots.bases[slot]!]! >= block
    );
  }

  /** A copy of the present state. */
  copy(): Int32Array {
    const copy = newState(this.size);
    copy.set(this.s);
    return copy;
  }

  /** Nobody needs this state any more: its memory is used again, for any function. */
  discard(state: Int32Array): void {
    reuse(state);
  }

  /** Two numbers that are equal for equal states: the first is returned, the second is `hash2`. */
  hash(): number {
    const { s, size } = this;
    let a = 0x811c9dc5 | 0;
    let b = 0;
    for (let i = 0; i < size; i++) {
      const word = s[i]!;
      a = Math.imul(a ^ word, 0x01000193);
      b = (Math.imul(b, 31) + word) | 0;
    }
    this.hash2 = b & 0x1fffff;
    return a;
  }

  hash2 = 0;
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

/** What `dropDead` notes of slots and values while it runs. */
const used = new Uint8Array(MAX_SLOTS);
const live = new Uint8Array(MAX_SLOTS);

export const siteOf = (fact: number): number => (fact >>> SITE_SHIFT) - 1;
export const withSite = (fact: number, call: number): number => (fact & BELOW_SITE) | ((call + 1) << SITE_SHIFT);
