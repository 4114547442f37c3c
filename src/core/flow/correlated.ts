import { Known, Op, STEP, Test, type Block, type FlowFunction } from './ir';
import { SlotKind } from './paths';

/**
 * Whether a variable is set under one condition and used under another one that speaks of the same variables: then the way on
 * which it is not set may be none. `use`: the block that uses it.
 */
export function correlated(f: FlowFunction, variable: number, use: number): boolean {
  const after = conditionsOver(f, use, 0);
  for (let number = 0; number < use; number++) {
    if (!sets(f, f.blocks[number]!, variable)) continue;
    const between = conditionsOver(f, use, number).concat(after);
    for (const control of conditionsOver(f, number, 0)) {
      const said = speaksOf(f, f.blocks[control]!);
      if (said.length === 0) continue;
      for (const other of between)
        if (other !== control && speaksOf(f, f.blocks[other]!).some((slot) => said.includes(slot))) return true;
    }
  }
  return false;
}

/** Blocks from `first` on, before `block`, that end in a choice which can pass `block` by. */
function conditionsOver(f: FlowFunction, block: number, first: number): number[] {
  const over: number[] = [];
  for (let number = first; number < block; number++) {
    const { test, whenTrue, whenFalse, targets } = f.blocks[number]!;
    if (test === Test.none) continue;
    if (targets ? targets.some((target) => target > block) || number >= first : Math.max(whenTrue, whenFalse) > block)
      over.push(number);
  }
  return over;
}

function sets(f: FlowFunction, block: Block, variable: number): boolean {
  const { code, slots } = f;
  for (let at = block.first; at < block.end; at += STEP) {
    switch (code[at] as Op) {
      case Op.assign:
      case Op.fresh:
      case Op.combine:
        if (code[at + 1] === variable) return true;
        break;
      case Op.call:
        for (const slot of f.calls[code[at + 1]!]!.slots)
          if (slot === variable || (slots.kinds[slot] === (SlotKind.address as number) && slots.bases[slot] === variable))
            return true;
        break;
      default:
    }
  }
  return false;
}

/** The variables that a block's test speaks of. */
function speaksOf(f: FlowFunction, block: Block): readonly number[] {
  const { slots } = f;
  if (block.equal) return [block.equal[0]];
  if (block.slot < (Known.count as number)) return [];
  if (slots.kinds[block.slot] === (SlotKind.temporary as number))
    return f.calls.find((call) => call.result === block.slot)?.slots.filter((slot) => slot >= (Known.count as number)) ?? [];
  const of = slots.kinds[block.slot] === (SlotKind.condition as number) ? (slots.operands.get(block.slot) ?? []) : [block.slot];
  return of;
}
