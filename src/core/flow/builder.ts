import { kernelApis } from '../rules/api';
import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { Form, calleeOf, type Callee } from './callee';
import { Known, Op, Test, type Block, type FlowCall, type FlowFunction } from './ir';
import { SlotKind, SlotTable } from './paths';

/** What has to be done when a scope is left: the compiler's clean-up of a `__free` variable or of a guard. */
export interface Cleanup {
  function: string;
  slot: number;
  /** Node of the argument, or of the variable. */
  argument: number;
  /** Node of the declaration. */
  node: number;
}

/** A block of the text with its own names and clean-ups. */
interface Scope {
  node: number;
  names: Map<string, number> | undefined;
  cleanups: Cleanup[];
  /** Where break and continue lead, if the scope is a loop or switch; -1: not here. */
  breakTo: number;
  continueTo: number;
}

/** Collects blocks and instructions of one function; the lowering of statements and expressions works on it. */
export class Builder {
  readonly slots = new SlotTable();
  readonly code: number[] = [];
  readonly blocks: Block[] = [];
  readonly calls: FlowCall[] = [];
  readonly loops: FlowFunction['loops'] = [];
  readonly locks: string[] = [];
  /** Variables in the text of a lock: another value, another lock. */
  readonly lockSlots: [slot: number, lock: number][] = [];
  readonly scopes: Scope[] = [];
  /** Block of each label of a goto. */
  readonly labels = new Map<string, number>();
  /** Number of the block in the order of placement, by its number of creation. */
  readonly #order: number[] = [];
  #current = -1;
  readonly apis = kernelApis();
  /** End of the range of slots that a loop's start saw last; see `loopEnd`. */
  placed = 0;
  /** The slots that were assigned or passed on, in order, with repetitions: loops ask for what they used. */
  readonly log: number[] = [];
  readonly loopUses: number[][] = [];

  constructor(
    readonly tree: SyntaxTree,
    /** Whether a name is a function or constant of the file, so no variable. */
    readonly isVariable: (name: string) => boolean,
    /** Whether the file uses `__free` at all. */
    readonly hasFree: boolean,
    /** Macros of the file that return or jump. */
    readonly leavingMacros: ReadonlySet<string>,
  ) {
    for (let i = 0; i < Known.count; i++) this.slots.add(SlotKind.constant, '', -1, NONE);
  }

  /** A block to be placed later. */
  newBlock(): number {
    this.blocks.push({
      first: -1,
      end: -1,
      test: Test.none,
      slot: 0,
      node: NONE,
      whenTrue: -1,
      whenFalse: -1,
      targets: undefined,
      equal: undefined,
      shadow: 0,
      isLoop: false,
    });
    this.#order.push(-1);
    return this.blocks.length - 1;
  }

  /** Ends the open block with a jump to `block` if it is open, and goes on in `block`. */
  place(block: number): void {
    this.jump(block);
    this.blocks[block]!.first = this.code.length;
    this.#order[block] = this.placed++;
    this.#current = block;
  }

  /** Whether the code being lowered can be reached. */
  get open(): boolean {
    return this.#current >= 0;
  }

  /** Number of the current block in the order of the text. */
  get position(): number {
    return Math.max(0, this.placed - 1);
  }

  jump(target: number): void {
    if (this.#current < 0) return;
    const block = this.blocks[this.#current]!;
    block.end = this.code.length;
    block.whenTrue = target;
    this.#current = -1;
  }

  branch(
    test: Test,
    slot: number,
    node: number,
    whenTrue: number,
    whenFalse: number,
    equal?: readonly [number, number],
    shadow = 0,
  ): void {
    if (this.#current < 0) return;
    const block = this.blocks[this.#current]!;
    this.touch(slot);
    if (equal) this.touch(equal[0]);
    this.touch(shadow);
    block.end = this.code.length;
    block.test = test;
    block.slot = slot;
    block.node = node;
    block.whenTrue = whenTrue;
    block.whenFalse = whenFalse;
    block.equal = equal;
    block.shadow = shadow;
    this.#current = -1;
  }

  choose(targets: number[], node: number, slot: number = Known.unknown): void {
    if (this.#current < 0) return;
    const block = this.blocks[this.#current]!;
    block.end = this.code.length;
    block.test = Test.choice;
    block.slot = slot;
    block.node = node;
    block.targets = targets;
    this.#current = -1;
  }

  /** The tests of a loop's condition say when the loop ends, no more. */
  markLoop(head: number, first: number): void {
    this.blocks[head]!.isLoop = true;
    for (let block = first; block < this.blocks.length; block++) this.blocks[block]!.isLoop = true;
  }

  /** A block that leads nowhere: for what cannot be. */
  deadEnd(): number {
    return -1;
  }

  /** What follows cannot be reached from here. */
  stop(): void {
    if (this.#current < 0) return;
    this.blocks[this.#current]!.end = this.code.length;
    this.#current = -1;
  }

  /** A loop's condition is being lowered: it bounds its counter, not what the counter is compared with. */
  inLoopCondition = false;

  emit(op: Op, a: number, b: number, c: number, node: number): void {
    if (op === Op.checked && this.inLoopCondition) return;
    if (this.#current < 0) {
      // Unreachable unless a label follows; it gets a block of its own so that nothing is lost.
      this.place(this.newBlock());
    }
    this.code.push(op, a, b, c, node);
    if (op !== Op.call && op !== Op.enter) this.touch(a);
    if (op === Op.assign && b >= (Known.count as number)) this.log.push(b);
    if (op === Op.assign || op === Op.combine || op === Op.index || op === Op.bounded) this.touch(b);
    if (op === Op.combine) this.touch(c);
  }

  /** Notes that the slot is used in the current block, and what it hangs on with it. */
  touch(slot: number): void {
    const { lastUses, bases } = this.slots;
    const now = this.position;
    for (let up = slot; up >= (Known.count as number) && lastUses[up]! < now; up = bases[up]!) lastUses[up] = now;
  }

  /** What is used since block `head` stays of use until here: the loop may come again. */
  loopEnd(head: number): void {
    const { lastUses, size } = this.slots;
    const now = this.position;
    for (let slot = Known.count; slot < size; slot++) if (lastUses[slot]! >= head) lastUses[slot] = now;
  }

  /** Number of the list of slots that were used since `start` of the log. */
  usedSince(start: number): number {
    return this.loopUses.push([...new Set(this.log.slice(start))]) - 1;
  }

  temporary(node: number): number {
    return this.slots.add(SlotKind.temporary, '', -1, node);
  }

  /** The slot of a name: local variable, parameter, variable of the file, or unknown for functions and constants. */
  slotOfName(name: string, node: number): number {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const slot = this.scopes[i]!.names?.get(name);
      if (slot !== undefined) return slot;
    }
    if (name !== '' && !this.isVariable(name)) return Known.unknown;
    const slot = this.slots.add(SlotKind.global, name, -1, node);
    (this.scopes[0]!.names ??= new Map()).set(name, slot);
    return slot;
  }

  declare(name: string, kind: SlotKind, node: number): number {
    // Declared twice in one scope: on either side of an #else.
    const other = this.scopes.at(-1)!.names?.get(name);
    if (other !== undefined && this.slots.kinds[other] === kind) return other;
    const slot = this.slots.add(kind, name, -1, node);
    (this.scopes.at(-1)!.names ??= new Map()).set(name, slot);
    return slot;
  }

  openScope(node: number, breakTo = -1, continueTo = -1): void {
    this.scopes.push({ node, names: undefined, cleanups: [], breakTo, continueTo });
  }

  closeScope(): void {
    if (this.open) this.runCleanups(this.scopes.length - 1);
    this.scopes.pop();
  }

  /** Emits the clean-ups of the scopes from the innermost out to number `outermost`. */
  runCleanups(outermost: number): void {
    for (let i = this.scopes.length - 1; i >= outermost; i--)
      for (let j = this.scopes[i]!.cleanups.length - 1; j >= 0; j--) this.cleanup(this.scopes[i]!.cleanups[j]!);
  }

  private cleanup({ function: name, slot, argument, node }: Cleanup): void {
    this.call(calleeOf(name), node, [slot], [argument], true);
  }

  /** Emits a call and returns the slot of its result. */
  call(callee: Callee, node: number, slots: number[], nodes: number[], cleanup = false): number {
    const { name, traits, api, fails } = callee;
    const result = this.temporary(node);
    let lock = -1;
    if (api?.lock) lock = this.lockNumber(api.lock.group, api.lock.argument < 0 ? '' : (nodes[api.lock.argument] ?? NONE));
    this.calls.push({ name, traits, node, slots, nodes, result, api, fails, cleanup, lock });
    for (const slot of slots) {
      this.touch(slot);
      if (slot >= (Known.count as number))
        this.log.push(this.slots.kinds[slot] === (SlotKind.address as number) ? this.slots.root(slot) : slot);
    }
    this.emit(Op.call, this.calls.length - 1, result, 0, node);
    this.touch(result);
    if (callee.form & Form.leaves || this.leavingMacros.has(name)) this.stop();
    return result;
  }

  /** A call that stands for what a macro loop acquires for its cursor. */
  loopCall(name: string, node: number, cursor: number, family: string): number {
    const api = { name, source: 'include/linux/of.h', gives: family };
    return (
      this.calls.push({
        name,
        traits: calleeOf(name).traits,
        node,
        slots: [],
        nodes: [],
        result: cursor,
        api,
        fails: undefined,
        cleanup: false,
        lock: -1,
      }) - 1
    );
  }

  private lockNumber(group: string, argument: number | ''): number {
    let text =
      argument === '' || argument === NONE
        ? ''
        : this.tree
            .textOf(argument)
            .replace(/\s+/g, '')
            .replace(/^\(+|\)+$/g, (m) => (m.startsWith('(') ? '' : m));
    if (text.startsWith('&')) text = text.slice(1);
    if (/^\([^()]*\)$/.test(text)) text = text.slice(1, -1);
    const key = `${group}|${text}`;
    const known = this.locks.indexOf(key);
    if (known !== -1) return known;
    const number = this.locks.push(key) - 1;
    if (typeof argument === 'number' && argument !== NONE)
      for (const name of new Set(text.match(/[A-Za-z_]\w*/g) ?? [])) {
        const slot = this.slotOfName(name, argument);
        if (slot >= (Known.count as number) && this.slots.kinds[slot] !== (SlotKind.global as number))
          this.lockSlots.push([slot, number]);
      }
    return number;
  }

  /** Orders the blocks as they were placed, and drops those that never were. */
  finish(): Block[] {
    // A label that stands twice (in two sides of an #if) places its block twice: the numbers may have gaps.
    const order = this.#order;
    const inOrder: number[] = [];
    for (let place = 0; place < this.placed; place++) inOrder.push(-1);
    for (let block = 0; block < order.length; block++) if (order[block]! >= 0) inOrder[order[block]!] = block;
    const placed: Block[] = [];
    const rank: number[] = [];
    for (let block = 0; block < order.length; block++) rank.push(-1);
    for (const block of inOrder) if (block >= 0) rank[block] = placed.push(this.blocks[block]!) - 1;
    const renumber = (block: number) => (block < 0 ? -1 : rank[block]!);
    for (const block of placed) {
      block.whenTrue = renumber(block.whenTrue);
      block.whenFalse = renumber(block.whenFalse);
      if (block.targets) block.targets = block.targets.map(renumber).filter((target) => target >= 0);
    }
    return placed;
  }

  /** The node of a call's function if it is plainly named, as text; else ''. */
  calleeName(call: number): string {
    const callee = this.tree.childByField(call, Field.function);
    return callee !== NONE && this.tree.kinds[callee] === (CKind.identifier as number) ? this.tree.nameOf(callee) : '';
  }
}
