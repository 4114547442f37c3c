import { branch } from './branch';
import { applyCall } from './calls';
import { atCursor, atExhausted, atReturn } from './ends';
import { Op, STEP, Test, type Block } from './ir';
import type { Run } from './run';
import { index } from './sightings';
import { Fact, May } from './state';
import { newState, reuse } from './state-memory';
import { assign, bounded, checked, combine, dereference, settle } from './steps';

/** Bounds of the work on one function: states at the start of a block, and numbers of all states that are gone through. */
const MAX_STATES_PER_BLOCK = 8;
const MAX_WORK = 3_000_000;
/** Numbers that are kept of the states at the start of a block: two each. */
const SEEN = 2 * MAX_STATES_PER_BLOCK;

/** Follows the paths of `run.f`, states equal at a block's start joined, and reports what it sees to `run`. */
export function explore(run: Run): void {
  const { f, machine } = run;
  const blocks = f.blocks;
  const waiting: (Int32Array[] | undefined)[] = new Array<Int32Array[] | undefined>(blocks.length);
  const seen = newState(blocks.length * SEEN);
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
      const first = target * SEEN;
      const end = first + 2 * counts[target]!;
      if (counts[target] === MAX_STATES_PER_BLOCK) {
        run.capped = true;
        machine.discard(machine.s);
        return;
      }
      const hash = machine.hash();
      for (let at = first; at < end; at += 2)
        if (seen[at] === hash && seen[at + 1] === machine.hash2) {
          machine.discard(machine.s);
          return;
        }
      seen[end] = hash;
      seen[end + 1] = machine.hash2;
      counts[target]!++;
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
  reuse(seen);
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
        // `swap(p->list, list)`: where what it held is now, nobody can say.
        if (machine.owns) run.escape(machine.value(a));
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
        index(run, a, b, code[at + 4]!, code[at + 3] === 1);
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
