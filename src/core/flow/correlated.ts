import { Known, Op, STEP, Test, type Block, type FlowFunction } from './ir';
import { SlotKind } from './paths';

/**
 * Whether a variable is set under one condition and used under another one that speaks of the same variables, or of what is set together
 * with it: then the way on which it is not set may be none. Nor need it be if the condition speaks of the counter of the loop that both
 * are in: what holds in the first round is known to the author.
 * @param use the block that uses it
 * @param isUnclear whether a slot holds a constant on this way of which only the name is known
 */
export function correlated(f: FlowFunction, variable: number, use: number, isUnclear: (slot: number) => boolean): boolean {
  const after = conditionsOver(f, use, 0);
  for (let number = 0; number < use; number++) {
    if (!sets(f, f.blocks[number]!, variable)) continue;
    const between = conditionsOver(f, use, number).concat(after);
    const controls = conditionsOver(f, number, 0);
    for (let other = number + 1; other < use; other++)
      if (
        speaksOf(f, f.blocks[other]!).some(
          (slot) => (f.blocks[other]!.test === Test.choice || isUnclear(slot)) && sets(f, f.blocks[number]!, slot),
        )
      )
        return true;
    for (const control of controls) {
      const said = speaksOf(f, f.blocks[control]!);
      if (said.length === 0) continue;
      const isCounted = (head: Block) => head.isLoop && speaksOf(f, head).some((slot) => said.includes(slot));
      if (!f.blocks[control]!.isLoop && controls.some((head) => isCounted(f.blocks[head]!))) return true;
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
  if (slots.kinds[block.slot] === (SlotKind.temporary as number)) {
    for (let at = block.first; at < block.end; at += STEP)
      if (f.code[at] === (Op.combine as number) && f.code[at + 1] === block.slot)
        return [f.code[at + 2]!, f.code[at + 3]!].filter((slot) => slot >= (Known.count as number));
    return f.calls.find((call) => call.result === block.slot)?.slots.filter((slot) => slot >= (Known.count as number)) ?? [];
  }
  const of = slots.kinds[block.slot] === (SlotKind.condition as number) ? (slots.operands.get(block.slot) ?? []) : [block.slot];
  return of;
}
