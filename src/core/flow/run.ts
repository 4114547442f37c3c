import type { SyntaxTree } from '../syntax';
import { Trait } from './call-traits';
import type { Diagnosis, DiagnosisKind } from './diagnosis';
import type { FlowFile } from './file';
import { Known, STEP, Test, type Block, type FlowCall, type FlowFunction } from './ir';
import { SlotKind } from './paths';
import { FROM_PARAMETER } from './bounds';
import { countsReferences, isCompared, isCursorExplained, isInMacro, isStepped, mayBeSet } from './certain';
import { correlated } from './correlated';
import { callsBetween, inevitable } from './inevitable';
import { Fact, Machine, May, siteOf } from './state';

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
}
export const LOCK_SHIFT = 3;

/** Look-ups that fail only if the caller's own books are wrong. */
const NOT_EXPECTED =
  /^(?:xa_load|idr_find|usb_ifnum_to_if|ACPI_COMPANION|of_get_parent|of_get_next_parent|nla_nest_start\w*|pinctrl_lookup_state)$/;

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
  /** Locks that are given back somewhere, and whether before an error return. */
  readonly given = new Set<number>();
  /** Sites whose result is tested with IS_ERR. */
  readonly errorTested = new Set<number>();
  readonly returns: ReturnState[] = [];
  readonly #said = new Set<string>();
  readonly #usedBefore = new Map<Block, number>();
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

  nameOf(slot: number): string {
    return this.f.slots.textOf(slot);
  }

  // What the machine sees

  useAfterFree(slot: number, fact: number, node: number, callee: string): void {
    const site = siteOf(fact);
    const call = this.f.calls[site];
    if (!call || call.cleanup) return;
    const name = this.nameOf(slot);
    if (name === '' || isStepped(this.tree, this.f, name, node, call.node)) return;
    if (isCompared(this.tree, this.f.node, name, node, call.node) || countsReferences(this.f)) return;
    // The structure of a page stays.
    if (/^__?free_pages?$/.test(call.name)) return;
    this.say(
      'use-after-free',
      node,
      name,
      call.name,
      [{ node: call.node, message: `${call.name}() ${fact & Fact.dropped ? 'gives back the reference' : 'frees it'} here` }],
      callee,
    );
  }

  nullDereference(slot: number, value: number, fact: number, node: number): void {
    if (!(fact & Fact.byTest)) {
      // Known as NULL by assignment: right, but a loop that sets it may have been cut short.
      return;
    }
    const from = this.machine.aux(value);
    const test = this.f.blocks[from];
    const name = this.nameOf(slot);
    if (this.f.slots.kinds[slot] === (SlotKind.field as number) && callsBetween(this.f, from, this.block - 1)) return;
    // By another name it may be another pointer by now.
    if (test?.test !== Test.truth || test.slot !== slot || test.isLoop || !inevitable(this.f, from, this.block, slot)) return;
    if (name === '' || this.f.slots.kinds[this.f.slots.root(slot)] === (SlotKind.global as number)) return;
    this.say('null-dereference', node, name, '', [{ node: test.node, message: `${name} is NULL after this test` }]);
  }

  /** The cursor of a loop over a list is followed after the list came to its end. */
  cursorAfterLoop(slot: number, number: number, node: number): void {
    const loop = this.f.loops[number];
    const name = this.nameOf(slot);
    const text = this.tree.text.slice(this.tree.starts[this.f.node], this.tree.ends[this.f.node]);
    const compared = new RegExp(
      `is_head\\s*\\(\\s*${name}\\b|&${name}->\\w+\\s*[!=]=|[!=]=\\s*&${name}->|[!=]=\\s*${name}\\b|\\b${name}\\s*[!=]=`,
    );
    // p->list.prev is a link of the head, as it should be; p->list is the head itself.
    const member = /,\s*(\w+)\s*\)$/.exec(loop ? this.tree.textOf(loop.call) : '')?.[1] ?? 'list';
    if (new RegExp(`\\.(?:prev|next)$|->${member}\\b`).test(this.tree.textOf(this.tree.parents[node]!))) return;
    if (
      loop &&
      new RegExp(`\\b${name}\\s*=[^=]|list\\w*\\([^;]*\\b${name},`).test(
        this.tree.text.slice(this.tree.ends[loop.node], this.tree.starts[node]),
      )
    )
      return;
    if (loop && isCursorExplained(this.tree, loop.node, this.tree.textOf(loop.call), node)) return;
    if (loop && /^\w+$/.test(name) && !compared.test(text))
      this.say('cursor-after-loop', node, name, loop.name, [
        { node: loop.call, message: `${loop.name}() may come to the end of the list` },
      ]);
  }

  errorDereference(slot: number, value: number, fact: number, node: number): void {
    if (!(fact & Fact.byTest)) return;
    const test = this.f.blocks[this.machine.aux(value)];
    const name = this.nameOf(slot);
    if (test && name !== '')
      this.say('error-pointer-dereference', node, name, '', [
        { node: test.node, message: `${name} is an error pointer after this test` },
      ]);
  }

  /** A result that may be a failure is used. */
  unchecked(slot: number, fact: number, site: number, node: number, callee: string): void {
    const call = this.f.calls[site];
    const summary = call && !call.api ? this.file.summaryOf(call.name) : undefined;
    const fails = summary ? (summary.givesErrors ? 'error' : summary.mayGiveNothing ? 'null' : undefined) : call?.fails;
    const name = this.nameOf(slot);
    if (
      !call ||
      !fails ||
      name === '' ||
      this.neverFails(call.name, call.nodes) ||
      this.file.isTest ||
      NOT_EXPECTED.test(call.name) ||
      (!call.api && this.isHandedOn(call, slot, node))
    )
      return;
    // Without the property its length stays 0, so that nothing is read.
    if (call.name === 'of_get_property' && !/^(?:NULL)?$/.test(this.tree.textOf(call.nodes[2] ?? 0))) return;
    if (call.name.startsWith('platform_get_resource') && this.file.providesResources(this.f.name)) return;
    const related = [{ node: call.node, message: `${call.name}() may fail here` }];
    if (fails === 'null' && fact & May.zero && !this.asksElsewhere(slot))
      this.say('unchecked-allocation', node, name, call.name, related, callee);
    else if (fails === 'error' && fact & May.negative && !(fact & May.zero) && !this.errorTested.has(site))
      this.say('unchecked-error-pointer', node, name, call.name, related, callee);
  }

  /** What is not known of by hand was handed to a function of the file before it is used: that may have asked, and said so. */
  private isHandedOn(made: FlowCall, slot: number, node: number): boolean {
    return this.f.calls.some(
      (call) =>
        call.node > made.node &&
        call.node < node &&
        !call.api &&
        call.slots.includes(slot) &&
        this.file.summaryOf(call.name) !== undefined,
    );
  }

  /** Some test before this block asks for the pointer, under a condition that this way does not meet. */
  private asksElsewhere(slot: number): boolean {
    for (let block = 0; block < this.block; block++)
      if (this.f.blocks[block]!.slot === slot && this.f.blocks[block]!.test === Test.truth) return true;
    return false;
  }

  private neverFails(name: string, nodes: readonly number[]): boolean {
    if (name === 'mempool_alloc') return !/ATOMIC|NOWAIT/.test(this.tree.textOf(nodes[1] ?? 0));
    return nodes.some((node) => this.tree.textOf(node).includes('NOFAIL'));
  }

  uninitialised(slot: number, value: number, node: number, how: string): void {
    const name = this.nameOf(slot);
    if (this.machine.value(slot) !== slot || correlated(this.f, value, this.block, this.isUnclear)) return;
    const declared = this.f.slots.nodes[value]!;
    if (name === '' || this.f.slots.kinds[value] !== (SlotKind.local as number) || this.isSetByMacro(name, node)) return;
    if (mayBeSet(this.tree, this.f, name, node) || isInMacro(this.tree, this.f, node)) return;
    this.say('uninitialised', node, name, '', [{ node: declared, message: `${name} is declared without a value` }], how);
  }

  /** A macro of the file sets a variable of this name, or one is handed the variable that takes its result: `p = find(p, list, p->x)`. */
  private isSetByMacro(name: string, node: number): boolean {
    const { text, lineStarts } = this.tree;
    const line = text.slice(lineStarts[this.tree.lineAt(this.tree.starts[node]!)], this.tree.starts[node]);
    if (new RegExp(`\\b${name}\\s*=\\s*\\w+\\([^;]*\\b${name}\\b|\\b${name}\\s*=\\s*\\w+\\([^;]*$`).test(line)) return true;
    this.file.looksAround();
    return new RegExp(`#\\s*define\\s(?:[^\\n]*\\\\\\r?\\n)*[^\\n]*(?:&${name}\\b|\\b${name}\\s*=[^=])`).test(text);
  }

  /** A constant of the kernel: what its number is, nobody has said. */
  private readonly isUnclear = (slot: number): boolean => {
    const value = this.machine.value(slot);
    return this.machine.isConstant(value) && /^_*[A-Z]/.test(this.f.slots.names[value]!);
  };

  index(base: number, index: number, node: number, isAccess: boolean): void {
    if (index >= (Known.count as number)) this.file.bounds.index(this, base, index, node, isAccess);
  }

  /** A value is tested: is it tested for what its origin can give, and has it been followed before? */
  tested(block: Block, value: number, fact: number): void {
    const { test, node } = block;
    const site = siteOf(fact);
    if (test === Test.error || test === Test.errorOrNull) {
      if (site >= 0) this.errorTested.add(site);
      const call = this.f.calls[site];
      if (
        test === Test.error &&
        call?.api?.fails === 'null' &&
        !(fact & Fact.resource & ~Fact.owned) &&
        (fact & May.any) === (May.zero | May.positive)
      )
        this.say('null-tested-as-error-pointer', node, this.nameOf(block.slot), call.name, [
          { node: call.node, message: `${call.name}() returns NULL if it fails` },
        ]);
      return;
    }
    if (test !== Test.truth) return;
    if (!block.isLoop) this.testedAfterUse(block, fact, value);
    if (fact & Fact.dereferenced) return;
    const call = this.f.calls[site];
    if (call?.api?.fails === 'error' && (fact & May.any) === (May.negative | May.positive) && this.isPlainTest(node))
      this.candidates.push({
        kind: 'error-tested',
        site,
        key: 0,
        node,
        result: 0,
        name: this.nameOf(block.slot),
        block: this.block,
      });
  }

  /** Notes whether the tested pointer has been followed before: on all ways that lead to the test, or it is no matter. */
  private testedAfterUse(block: Block, fact: number, value: number): void {
    const first = this.machine.aux(value);
    const followed = fact & Fact.dereferenced && this.f.code[first + 1] === block.slot;
    if (!followed) this.#usedBefore.set(block, -1);
    else if (!this.#usedBefore.has(block)) this.#usedBefore.set(block, first);
  }

  /** Reports the tests that come too late. */
  reportLateTests(): void {
    for (const [{ slot, node }, first] of this.#usedBefore) {
      const name = this.nameOf(slot);
      // An array at the end of the structure: its address is taken, nothing is read.
      if (first >= 0 && /->drv_priv\b/.test(this.tree.textOf(this.f.code[first + STEP - 1]!))) continue;
      if (this.isOfClosing(node) || (this.f.slots.kinds[slot] === (SlotKind.field as number) && this.callsSince(first, node)))
        continue;
      if (first < 0 || name === '' || !this.complete || this.capped || !this.isPlainTest(node)) continue;
      this.say('dereference-before-check', node, name, '', [
        { node: this.f.code[first + STEP - 1]!, message: `${name} is followed here` },
      ]);
    }
  }

  /** `if (p) kfree(p)`: the test is for other ways that lead to the label. */
  private isOfClosing(node: number): boolean {
    const branch = this.tree.parents[this.tree.parents[node]!]!;
    return /^if\s*\(!?\w+\)\s*\{?\s*\w*(?:free|put|release|destroy)\w*\s*\(/.test(this.tree.textOf(branch));
  }

  /** Whether a call between an instruction and a test may have changed what is tested. */
  private callsSince(first: number, node: number): boolean {
    return this.f.calls.some(
      (call) =>
        !call.cleanup &&
        (!call.api || call.api.lock?.does === 'give') &&
        !(call.traits & Trait.looksOnly) &&
        call.node > this.f.code[first + STEP - 1]! &&
        call.node < node,
    );
  }

  /** Not the expansion of a macro, and nothing of a clean-up: the text itself asks. */
  private isPlainTest(node: number): boolean {
    return !/^(?:WARN|BUG|IS_ERR)/.test(this.tree.text.slice(this.tree.starts[node], this.tree.starts[node]! + 7));
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
  freed: Map<number, number>;
  /** Lock states. */
  locks: Int32Array;
}
