import { Op, STEP, Test, type Block, type FlowFunction } from './ir';

/**
 * Whether control that takes one side of the test at the end of block `from` gets to block `to` whatever else is the case; a way out
 * that depends on a call made after the test counts as independent of it. So a condition that happens to exclude the other is no matter.
 */
export function inevitable(f: FlowFunction, from: number, to: number, pointer: number): boolean {
  const { whenTrue, whenFalse } = f.blocks[from]!;
  return leads(f, whenTrue, to, pointer, new Map()) || leads(f, whenFalse, to, pointer, new Map());
}

function leads(f: FlowFunction, block: number, to: number, pointer: number, seen: Map<number, boolean>): boolean {
  if (block === to) return true;
  if (block < 0 || block > to) return false;
  const known = seen.get(block);
  if (known !== undefined) return known;
  seen.set(block, false);
  if (seen.size > 200) return false;
  const at = f.blocks[block]!;
  let result: boolean;
  if (at.test === Test.none) result = leads(f, at.whenTrue, to, pointer, seen);
  else if (at.test === Test.choice) result = at.targets!.every((target) => leads(f, target, to, pointer, seen));
  else {
    const yes = leads(f, at.whenTrue, to, pointer, seen);
    const no = leads(f, at.whenFalse, to, pointer, seen);
    result = (yes && no) || ((yes || no) && !at.isLoop && asksNewResult(f, at, pointer));
  }
  seen.set(block, result);
  return result;
}

/** Whether a block tests what a call in it has answered, a call that was not told of the pointer. */
function asksNewResult(f: FlowFunction, block: Block, pointer: number): boolean {
  const results = new Set<number>();
  for (let at = block.first; at < block.end; at += STEP) {
    const a = f.code[at + 1]!;
    if (f.code[at] === (Op.call as number)) {
      if (f.calls[a]!.slots.includes(pointer)) return false;
      results.add(f.calls[a]!.result);
    } else if (f.code[at] === (Op.assign as number) && results.has(f.code[at + 2]!)) results.add(a);
  }
  return results.has(block.slot);
}

/** Whether a call between two blocks may have changed what hangs on its arguments. */
export function callsBetween(f: FlowFunction, from: number, to: number): boolean {
  for (let block = from + 1; block <= to; block++) {
    const { first, end } = f.blocks[block]!;
    for (let at = first; at < end; at += STEP)
      if (f.code[at] === (Op.call as number) && !f.calls[f.code[at + 1]!]!.api?.borrows) return true;
  }
  return false;
}
