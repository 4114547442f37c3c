import { Op, STEP, Test, Known, type Block } from './ir';
import { applyCall } from './calls';
import type { Run } from './run';
import { Fact, May, siteOf } from './state';
import { atCursor, atExhausted, atReturn } from './ends';
import { SlotKind } from './paths';

/** Bounds of the work on one function: states at the start of a block, and numbers of all states that are gone through. */
const MAX_STATES_PER_BLOCK = 8;
const MAX_WORK = 3_000_000;

/** Follows the paths of `run.f`, states equal at a block's start joined, and reports what it sees to `run`. */
export function explore(run: Run): void {
  const { f, machine } = run;
  const blocks = f.blocks;
  const waiting: (Int32Array[] | undefined)[] = new Array<Int32Array[] | undefined>(blocks.length);
  const seen: (Set<number> | undefined)[] = new Array<Set<number> | undefined>(blocks.length);
  const joins = joinsOf(blocks);
  const counts = new Uint8Array(blocks.length);
  waiting[0] = [machine.s];
  let work = 0;
  let lowest = 0;

  // Takes the machine's state over; whoever needs it further makes a copy before.
  const send = (target: number): void => {
    if (target < 0) {
      machine.discard(machine.s);
      return;
    }
    if (joins[target]! > 1) {
      machine.dropDead(target);
      const known = (seen[target] ??= new Set());
      if (known.size >= MAX_STATES_PER_BLOCK) {
        run.capped = true;
        machine.discard(machine.s);
        return;
      }
      const hash = machine.hash();
      if (known.has(hash)) {
        machine.discard(machine.s);
        return;
      }
      known.add(hash);
    } else if (++counts[target]! > 2 * MAX_STATES_PER_BLOCK) {
      run.capped = true;
      machine.discard(machine.s);
      return;
    }
    (waiting[target] ??= []).push(machine.s);
    if (target < lowest) lowest = target;
  };

  while (lowest < blocks.length) {
    const state = waiting[lowest]?.pop();
    if (!state) {
      lowest++;
      continue;
    }
    const number = lowest;
    const block = blocks[number]!;
    work += machine.size + block.end - block.first;
    if (work > MAX_WORK) {
      run.complete = false;
      return;
    }
    machine.s = state;
    run.block = number;
    if (!runBlock(run, block)) {
      machine.discard(machine.s);
      continue;
    }
    if (block.test === Test.none) send(block.whenTrue);
    else if (block.test === Test.choice) {
      const before = machine.s;
      for (const target of block.targets!) {
        machine.s = before;
        machine.s = machine.copy();
        send(target);
      }
      machine.discard(before);
    } else branch(run, block, number, send);
  }
}

/** How many ways lead to each block. */
function joinsOf(blocks: readonly Block[]): Uint16Array {
  const joins = new Uint16Array(blocks.length);
  for (const { test, whenTrue, whenFalse, targets } of blocks) {
    if (targets) for (const target of targets) joins[target]!++;
    if (whenTrue >= 0) joins[whenTrue]!++;
    if (test !== Test.none && whenFalse >= 0) joins[whenFalse]!++;
  }
  return joins;
}

/** Runs the instructions of a block on the machine's state; false if the path ends here. */
function runBlock(run: Run, block: Block): boolean {
  const { machine, f } = run;
  const { code } = f;
  for (let at = block.first; at < block.end; at += STEP) {
    const a = code[at + 1]!;
    const b = code[at + 2]!;
    run.at = at;
    switch (code[at] as Op) {
      case Op.assign:
        assign(run, a, b, code[at + 3] === 1);
        break;
      case Op.fresh:
        machine.fresh(a);
        run.forgetLocks(a);
        break;
      case Op.unset:
        machine.fresh(a, b === 0 ? May.any | Fact.unset : b === 2 ? May.positive : May.any);
        break;
      case Op.dereference:
        if (!dereference(run, a, code[at + 4]!)) return false;
        break;
      case Op.call:
        if (!applyCall(run, a)) return false;
        break;
      case Op.combine:
        combine(run, a, b, code[at + 3]!);
        break;
      case Op.checked:
        checked(run, a);
        break;
      case Op.index:
        if (code[at + 3] === 1 && !dereference(run, a, code[at + 4]!)) return false;
        run.index(a, b, code[at + 4]!, code[at + 3] === 1);
        break;
      case Op.return:
        atReturn(run, a, b === 1, code[at + 4]!);
        return false;
      case Op.settled:
        settle(run, f.loopUses[b]!);
        break;
      case Op.cursor:
        atCursor(run, a, b);
        break;
      case Op.enter:
        machine.flags &= ~(2 << (a % 24));
        break;
      case Op.exhausted:
        atExhausted(run, a, b);
        break;
      case Op.bounded:
        bounded(run, a, b);
        break;
      default:
    }
  }
  return true;
}

function assign(run: Run, to: number, from: number, declares: boolean): void {
  const { machine, f } = run;
  if (from >= (Known.count as number)) {
    const value = machine.value(from);
    const fact = machine.fact(value);
    if (!declares && f.slots.kinds[value] === (SlotKind.parameter as number) && !run.keepsOwnership(to))
      run.keep(f.parameters.indexOf(value));
    if (!declares && fact & Fact.owned && !run.keepsOwnership(to)) run.escape(value);
    if (!declares && f.slots.kinds[value] === (SlotKind.address as number) && !run.keepsOwnership(to)) run.escapeAround(value);
    if (f.slots.kinds[value] === (SlotKind.address as number) && f.slots.kinds[to] === (SlotKind.field as number))
      machine.fresh(f.slots.bases[value]!);
    if (declares && fact & Fact.unset) machine.setFact(value, fact & ~Fact.unset);
  }
  machine.assign(to, from);
  run.forgetLocks(to);
  if (f.slots.kinds[to] === (SlotKind.field as number)) run.touched(to);
}

/** Arithmetic: the result is from outside if an operand is. */
function combine(run: Run, to: number, left: number, right: number): void {
  const { machine } = run;
  let source = 0;
  let fact: number = May.any;
  if (right !== (Known.zero as number))
    for (const slot of [left, right]) {
      if (slot < (Known.count as number)) continue;
      const value = machine.value(slot);
      if (machine.fact(value) & Fact.owned) run.escape(value);
      if (machine.fact(value) & Fact.outside) {
        fact |= Fact.outside;
        source = machine.aux(value);
      }
    }
  machine.fresh(to, fact, source);
  run.forgetLocks(to);
}

/** The value was compared with a bound: it, and all that was computed from the same source, is a checked number now. */
function checked(run: Run, slot: number): void {
  const { machine } = run;
  const value = machine.value(slot);
  if (value < (Known.count as number)) return;
  const fact = machine.fact(value);
  machine.setFact(value, fact | Fact.checked);
  if (!(fact & Fact.outside)) return;
  const source = machine.aux(value);
  for (let other = Known.count as number; other < machine.n; other++) {
    const of = machine.fact(other);
    // Another field that the same call has filled is another number.
    const isOther = other !== value && run.f.slots.kinds[other] === (SlotKind.field as number);
    if (of & Fact.outside && !isOther && machine.aux(other) === source)
      machine.setFact(other, (of & ~Fact.outside) | Fact.checked);
  }
}

function bounded(run: Run, counter: number, bound: number): void {
  const { machine } = run;
  const value = machine.value(bound);
  const fact = machine.fact(value);
  if (fact & Fact.outside) machine.fresh(counter, May.any | Fact.outside, machine.aux(value));
}

/** Ways that only look possible: nothing is taken for unset on them, and what the loop used may have been passed on. */
function settle(run: Run, uses: readonly number[]): void {
  const { machine } = run;
  for (let value = Known.count as number; value < machine.n; value++) {
    const fact = machine.fact(value);
    if (fact & Fact.unset) machine.setFact(value, fact & ~Fact.unset);
  }
  for (const slot of uses) {
    const value = machine.value(slot);
    if (machine.fact(value) & Fact.owned) run.escape(value);
  }
}

/** The pointer in `slot` is followed at `node`; false if the path is at its end since that cannot work. */
export function dereference(run: Run, slot: number, node: number): boolean {
  const { machine } = run;
  const value = machine.value(slot);
  if (value < (Known.count as number)) return true;
  const fact = machine.fact(value);
  if (fact & Fact.freed) {
    run.useAfterFree(slot, fact, node, '');
    machine.setFact(value, May.positive);
    return true;
  }
  if ((fact & Fact.resource) === (Fact.dropped as number)) {
    run.cursorAfterLoop(slot, machine.aux(value), node);
    machine.setFact(value, May.positive);
    return true;
  }
  if (fact & Fact.unset) {
    run.uninitialised(slot, value, node, 'dereferenced');
    machine.setFact(value, May.positive);
    return true;
  }
  const may = fact & May.any;
  if (may === May.positive) return true;
  const site = siteOf(fact);
  if (may === May.zero) {
    run.nullDereference(slot, value, fact, node);
    return false;
  }
  if (may === May.negative) {
    run.errorDereference(slot, value, fact, node);
    return false;
  }
  if (site >= 0) run.unchecked(slot, fact, site, node, '');
  let next = (fact & ~May.any) | May.positive;
  if (site < 0 && may & May.zero && !(fact & (Fact.outside | Fact.dereferenced))) {
    next |= Fact.dereferenced;
    machine.setAux(value, run.at);
  }
  machine.setFact(value, next);
  return true;
}

/** What is left of a value on either side of a test. */
const TRUE_SIDE: Readonly<Record<number, number>> = {
  [Test.truth]: May.negative | May.positive,
  [Test.negative]: May.negative,
  [Test.positive]: May.positive,
  [Test.error]: May.negative,
  [Test.errorOrNull]: May.negative | May.zero,
};

/** Whether the condition is `p == q` with a pointer that was just allocated: it equals nothing that was there before. */
function comparesOwned(run: Run, slot: number): boolean {
  const { slots } = run.f;
  if (slots.kinds[slot] !== (SlotKind.condition as number) || !slots.names[slot]!.includes('==')) return false;
  const operands = slots.operands.get(slot);
  return operands?.length === 2 && operands.some((of) => (run.machine.fact(run.machine.value(of)) & Fact.owned) !== 0);
}

function branch(run: Run, block: Block, number: number, send: (target: number) => void): void {
  const { machine } = run;
  const { slot, test, equal, shadow } = block;
  const remembered = shadow > 0 ? machine.fact(machine.value(shadow)) & May.any : May.any;
  if (equal) {
    const compared = machine.value(equal[0]);
    if (machine.isConstant(compared)) {
      send(compared === equal[1] ? block.whenTrue : block.whenFalse);
      return;
    }
  }
  if (comparesOwned(run, slot)) {
    send(block.whenFalse);
    return;
  }
  const value = machine.value(slot);
  if (value < (Known.count as number) && slot === (Known.unknown as number)) {
    const before = machine.s;
    machine.s = machine.copy();
    if (equal) machine.becomes(machine.value(equal[0]), equal[1]);
    send(block.whenTrue);
    machine.s = before;
    send(block.whenFalse);
    return;
  }
  const fact = machine.fact(value);
  if (fact & Fact.unset) {
    run.uninitialised(slot, value, block.node, 'tested');
    machine.setFact(value, fact & ~Fact.unset);
  }
  run.tested(block, value, machine.fact(value));
  const yes = TRUE_SIDE[test]!;
  const may = machine.fact(value);
  const canHold = remembered !== May.zero && (may & yes) !== 0;
  const canFail = remembered !== May.positive && (may & May.any & ~yes) !== 0;
  const before = machine.s;
  if (canHold) {
    if (canFail) machine.s = machine.copy();
    machine.narrow(value, yes, number);
    if (shadow > 0) machine.setFact(machine.value(shadow), May.positive);
    if (equal) machine.becomes(machine.value(equal[0]), equal[1]);
    run.resolveLocks(value);
    run.resolveError(value);
    send(block.whenTrue);
    if (!canFail) return;
  }
  machine.s = before;
  if (!canFail) {
    machine.discard(before);
    return;
  }
  machine.narrow(value, May.any & ~yes, number);
  if (shadow > 0) machine.setFact(machine.value(shadow), May.zero);
  run.resolveLocks(value);
  run.resolveError(value);
  send(block.whenFalse);
}
