import { Known, Test, type Block } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { uninitialised } from './sightings';
import { Fact, May } from './state';
import { tested } from './tests';

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

/** Goes on with either side of a test that the state allows. */
export function branch(run: Run, block: Block, number: number, send: (target: number) => void): void {
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
  if (equal) run.forgetFrees(machine.value(equal[0]));
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
    uninitialised(run, slot, value, block.node, 'tested');
    machine.setFact(value, fact & ~Fact.unset);
  }
  tested(run, block, value, machine.fact(value));
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
    run.resolveFrees(value);
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
  run.resolveFrees(value);
  run.resolveError(value);
  send(block.whenFalse);
}
