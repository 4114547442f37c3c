import { Known } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { cursorAfterLoop, errorDereference, nullDereference, unchecked, uninitialised, useAfterFree } from './sightings';
import { Fact, May, siteOf } from './state';

/** `to := from`; `declares`: in the declaration of `to`. */
export function assign(run: Run, to: number, from: number, declares: boolean): void {
  const { machine, f } = run;
  if (from >= (Known.count as number)) {
    const value = machine.value(from);
    const fact = machine.fact(value);
    // What hangs on something that the function has made goes where that goes.
    if (
      !declares &&
      f.slots.kinds[value] === (SlotKind.parameter as number) &&
      (f.slots.kinds[to] === (SlotKind.field as number) || !run.keepsOwnership(to))
    )
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
export function combine(run: Run, to: number, left: number, right: number): void {
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
export function checked(run: Run, slot: number): void {
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

/** A loop counts `counter` up to a number from outside: then it may be as big. */
export function bounded(run: Run, counter: number, bound: number): void {
  const { machine } = run;
  const value = machine.value(bound);
  const fact = machine.fact(value);
  if (fact & Fact.outside) machine.fresh(counter, May.any | Fact.outside, machine.aux(value));
}

/** Ways that only look possible: nothing is taken for unset on them, and what the loop used may have been passed on. */
export function settle(run: Run, uses: readonly number[]): void {
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
    useAfterFree(run, slot, fact, node, '');
    machine.setFact(value, May.positive);
    return true;
  }
  if ((fact & Fact.resource) === (Fact.dropped as number)) {
    cursorAfterLoop(run, slot, machine.aux(value), node);
    machine.setFact(value, May.positive);
    return true;
  }
  if (fact & Fact.unset) {
    uninitialised(run, slot, value, node, 'dereferenced');
    machine.setFact(value, May.positive);
    return true;
  }
  const may = fact & May.any;
  if (may === May.positive) return true;
  const site = siteOf(fact);
  if (may === May.zero) {
    nullDereference(run, slot, value, fact, node);
    return false;
  }
  if (may === May.negative) {
    errorDereference(run, slot, value, fact, node);
    return false;
  }
  if (site >= 0) unchecked(run, slot, fact, site, node, '');
  let next = (fact & ~May.any) | May.positive;
  if (site < 0 && may & May.zero && !(fact & (Fact.outside | Fact.dereferenced | Fact.pending))) {
    next |= Fact.dereferenced;
    machine.setAux(value, run.at);
  }
  machine.setFact(value, next);
  return true;
}
