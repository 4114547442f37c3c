import type { SyntaxTree } from '../syntax';
import type { Diagnosis, DiagnosisKind } from './diagnosis';
import type { FlowFile } from './file';
import { Known, type Block, type FlowCall, type FlowFunction } from './ir';
import { SlotKind } from './paths';
import { FROM_PARAMETER } from './bounds';
import { Fact, Machine, May, siteOf, withSite } from './state';

/** States of a lock on a path: the low 3 bits; the call number is above. */
export const enum Lock {
  unknown = 0,
  held = 1,
  given = 2,
  /** Held if the result of the call is 0. */
  heldIfZero = 3,
  heldIfNonzero = 4,
  /** Given back, and not taken in this function before. */
  givenOnly = 5,
  /** Given back; a callee that may take it has been called since. */
  givenBefore = 6,
}
export const LOCK_SHIFT = 3;

/** Something that only the whole function can confirm: see confirm.ts. */
export interface Candidate {
  kind: 'leak' | 'lock' | 'pair' | 'error-tested';
  /** Number of the call that acquired, or of the lock. */
  site: number;
  /** The call that may have taken the object over, with its outcome; 0 for none. */
  key: number;
  node: number;
  /** What is returned: bits of `May`; 0 in a void function. */
  result: number;
  name: string;
  block: number;
  /** Of a leak: no variable that is used again holds the object; the name is that of the first. */
  isGone?: boolean;
}

/** One analysis of one function: its state and what it has seen. */
export class Run {
  readonly machine: Machine;
  /** Instruction and block that run. */
  at = 0;
  block = 0;
  /** A call that sleeps; whether every path that returns slept is in `alwaysSleeps`. */
  slept = '';
  alwaysSleeps = true;
  /** Whether all paths were followed within the bounds. */
  complete = true;
  /** Whether states were left out at some block. */
  capped = false;
  readonly diagnoses: Diagnosis[] = [];
  readonly candidates: Candidate[] = [];
  /** `site * 2^16 + key` of the objects that were released, by the key of `Candidate`. */
  readonly released = new Set<number>();
  /** Acquiring calls whose object is given back somewhere. */
  readonly releasedSites = new Set<number>();
  /** Some call frees what it is handed if it fails. */
  hasPending = false;
  /** Calls that leave an object to this function if they fail. */
  readonly leftOnFailure = new Set<number>();
  /** Locks that are given back somewhere, and whether before an error return. */
  readonly given = new Set<number>();
  /** Sites whose result is tested with IS_ERR. */
  readonly errorTested = new Set<number>();
  readonly returns: ReturnState[] = [];
  readonly #said = new Set<string>();
  /** Of tests: the instruction that has followed the pointer before, -1 if on some way none has. */
  readonly usedBefore = new Map<Block, number>();
  readonly #keptBy = new Set<number>();
  readonly #writes = new Set<number>();
  /** Calls of PTR_ERR_OR_ZERO. */
  readonly #conversions: readonly FlowCall[];

  constructor(
    readonly file: FlowFile,
    readonly f: FlowFunction,
    /** The function runs where it must not sleep: an interrupt handler, a timer. */
    readonly atomicBecause: string,
  ) {
    this.machine = new Machine(f.slots, f.locks.length);
    this.#conversions = f.calls.filter(({ name }) => name === 'PTR_ERR_OR_ZERO');
    if (!f.fromUser) return;
    for (const slot of f.parameters)
      if (/^(?:count|len|length|size|nbytes|bytes|n|cnt)$/.test(f.slots.names[slot]!)) {
        this.machine.setFact(slot, May.any | Fact.outside);
        this.machine.setAux(slot, FROM_PARAMETER);
      }
  }

  get tree(): SyntaxTree {
    return this.file.tree;
  }

  say(kind: DiagnosisKind, node: number, name: string, callee: string, related: Diagnosis['related'], detail = ''): void {
    const key = `${kind}:${node}`;
    if (this.#said.has(key) || this.tree.hasError(node)) return;
    this.#said.add(key);
    this.diagnoses.push({ kind, function: this.f.name, node, name, callee, related, detail });
  }

  /** The text of the function. */
  get text(): string {
    return this.tree.textOf(this.f.node);
  }

  nameOf(slot: number): string {
    return this.f.slots.textOf(slot);
  }

  // Ownership

  /** Whether an object stored in `slot` is still the function's own business. */
  keepsOwnership(slot: number): boolean {
    const { slots } = this.f;
    switch (slots.kinds[slot] as SlotKind) {
      case SlotKind.local:
      case SlotKind.temporary:
      case SlotKind.parameter:
        return true;
      case SlotKind.field: {
        const base = slots.bases[slot]!;
        if (this.machine.fact(this.machine.value(base)) & Fact.owned) return true;
        return false;
      }
      default:
        return false;
    }
  }

  /** The object, and what hangs on it, is somebody else's from now on. */
  escape(value: number): void {
    const { machine } = this;
    const fact = machine.fact(value);
    if (!(fact & Fact.owned)) return;
    machine.setFact(value, fact & ~Fact.owned);
    const { slots } = this.f;
    for (let slot = Known.count as number; slot < machine.n; slot++) {
      if (slots.kinds[slot] !== (SlotKind.field as number) || machine.value(slots.bases[slot]!) !== value) continue;
      const held = machine.value(slot);
      if (machine.fact(held) & Fact.owned) this.escape(held);
    }
  }

  /** The address of a part is known to others: so is the whole. */
  escapeAround(address: number): void {
    const { slots } = this.f;
    for (let at = slots.bases[address]!; at >= (Known.count as number); at = slots.bases[at]!) {
      this.escape(this.machine.value(at));
      this.keep(this.f.parameters.indexOf(this.machine.value(at)));
    }
  }

  /** The device in an object is put: its release function frees the object, unless the object is a reference of that kind itself. */
  escapeOthers(address: number, families: readonly string[]): void {
    const root = this.f.slots.root(address);
    const call = this.f.calls[siteOf(this.machine.fact(this.machine.value(root)))];
    if (!families.includes(call?.api?.gives ?? '')) this.escapeAround(address);
  }

  /** A field was written: of which parameter? */
  touched(slot: number): void {
    const root = this.f.slots.root(slot);
    const parameter = this.f.parameters.indexOf(root);
    if (parameter >= 0) this.#writes.add(parameter);
  }

  keep(parameter: number): void {
    if (parameter >= 0) this.#keptBy.add(parameter);
  }

  get kept(): ReadonlySet<number> {
    return this.#keptBy;
  }

  get writes(): ReadonlySet<number> {
    return this.#writes;
  }

  /** A variable has another value: the locks that it names are others. */
  forgetLocks(slot: number): void {
    for (const [of, lock] of this.f.lockSlots) if (of === slot) this.machine.setLock(lock, Lock.unknown);
  }

  /** `ret = PTR_ERR_OR_ZERO(p)`: what is known of ret is known of p. */
  resolveError(value: number): void {
    const { machine } = this;
    for (const call of this.#conversions) {
      if (machine.value(call.result) !== value) continue;
      const may = machine.fact(value) & May.any;
      const pointer = machine.value(call.slots[0] ?? 0);
      if (may === May.zero) machine.narrow(pointer, May.positive, this.block);
      else if (!(may & May.zero)) machine.narrow(pointer, May.negative, this.block);
    }
  }

  /** A call's result was tested: so is whether it has freed what it was handed. */
  resolveFrees(value: number): void {
    const { machine, f } = this;
    if (!this.hasPending) return;
    for (let of = Known.count as number; of < machine.n; of++) {
      const fact = machine.fact(of);
      if (!(fact & Fact.pending)) continue;
      const number = machine.aux(of) - 1;
      const call = f.calls[number];
      if (!call || machine.value(call.result) !== value) continue;
      const may = machine.fact(value) & May.any;
      const failed = (may & (May.negative | May.zero)) === May.negative;
      machine.setAux(of, 0);
      machine.setFact(of, failed ? withSite(May.positive | Fact.freed, number) : fact & ~(Fact.pending as number));
    }
  }

  /** A call's result was compared with a number: whether it has freed what it was handed, nobody can say. */
  forgetFrees(value: number): void {
    const { machine, f } = this;
    if (!this.hasPending) return;
    for (let of = Known.count as number; of < machine.n; of++) {
      const fact = machine.fact(of);
      if (fact & Fact.pending && machine.value(f.calls[machine.aux(of) - 1]?.result ?? 0) === value)
        machine.setFact(of, fact & ~(Fact.pending as number));
    }
  }

  /** A call's result is known now: so is whether its lock is held. */
  resolveLocks(value: number): void {
    const { machine, f } = this;
    for (let lock = 0; lock < f.locks.length; lock++) {
      const state = machine.lock(lock);
      const kind = state & 7;
      if (kind !== (Lock.heldIfZero as number) && kind !== (Lock.heldIfNonzero as number)) continue;
      const call = f.calls[state >>> LOCK_SHIFT]!;
      if (machine.value(call.result) !== value) continue;
      const may = machine.fact(value) & May.any;
      const zero = may === May.zero;
      const nonzero = (may & May.zero) === 0;
      if (zero || nonzero)
        machine.setLock(lock, zero === (kind === (Lock.heldIfZero as number)) ? (state & ~7) | Lock.held : Lock.unknown);
      else if (kind === (Lock.heldIfZero as number) && may === (May.zero | May.positive))
        machine.setLock(lock, (state & ~7) | Lock.held);
    }
  }
}

/** How a function was left. */
export interface ReturnState {
  node: number;
  /** Bits of `May` of the result. */
  result: number;
  /** Family of the returned object if it is owned. */
  gives: string;
  fails: 'null' | 'error' | 'either' | undefined;
  /** Parameters that were freed on the way: position and call. */
  freed: ReadonlyMap<number, number>;
  /** Lock states. */
  locks: Int32Array;
}
