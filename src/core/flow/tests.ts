import { Trait } from './call-traits';
import { STEP, Test, type Block } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { Fact, May, siteOf } from './state';
import { isOneStatement, isPlainTest } from './late-tests';

/** A value is tested: is it tested for what its origin can give, and has it been followed before? */
export function tested(run: Run, block: Block, value: number, fact: number): void {
  const { test, node } = block;
  const site = siteOf(fact);
  if (test === Test.error || test === Test.errorOrNull) {
    if (site >= 0) run.errorTested.add(site);
    const call = run.f.calls[site];
    if (
      test === Test.error &&
      call?.api?.fails === 'null' &&
      !(fact & Fact.resource & ~Fact.owned) &&
      (fact & May.any) === (May.zero | May.positive)
    )
      run.say('null-tested-as-error-pointer', node, run.nameOf(block.slot), call.name, [
        { node: call.node, message: `${call.name}() returns NULL if it fails` },
      ]);
    return;
  }
  if (test !== Test.truth) return;
  if (!block.isLoop) testedAfterUse(run, block, fact, value);
  if (fact & Fact.dereferenced) return;
  const call = run.f.calls[site];
  if (call?.api?.fails === 'error' && (fact & May.any) === (May.negative | May.positive) && isPlainTest(run.tree, node))
    run.candidates.push({
      kind: 'error-tested',
      site,
      key: 0,
      node,
      result: 0,
      name: run.nameOf(block.slot),
      block: run.block,
    });
}

/** Notes whether the tested pointer has been followed before: on all ways that lead to the test, or it is no matter. */
function testedAfterUse(run: Run, block: Block, fact: number, value: number): void {
  const first = run.machine.aux(value);
  const followed = fact & Fact.dereferenced && run.f.code[first + 1] === block.slot;
  if (!followed) run.usedBefore.set(block, -1);
  else if (!run.usedBefore.has(block)) run.usedBefore.set(block, first);
}

/** Reports the tests that come too late. */
export function reportLateTests(run: Run): void {
  for (const [{ slot, node }, first] of run.usedBefore) {
    const name = run.nameOf(slot);
    // An array at the end of the structure: its address is taken, nothing is read.
    if (first >= 0 && /->drv_priv\b/.test(run.tree.textOf(run.f.code[first + STEP - 1]!))) continue;
    if (isOfClosing(run, node) || (run.f.slots.kinds[slot] === (SlotKind.field as number) && callsSince(run, first, node)))
      continue;
    if (first < 0 || name === '' || !run.complete || run.capped || !isPlainTest(run.tree, node)) continue;
    if (isOneStatement(run.tree, run.f.code[first + STEP - 1]!, node)) continue;
    run.say('dereference-before-check', node, name, '', [
      { node: run.f.code[first + STEP - 1]!, message: `${name} is followed here` },
    ]);
  }
}

/** `if (p) kfree(p)`: the test is for other ways that lead to the label. */
function isOfClosing(run: Run, node: number): boolean {
  const branch = run.tree.parents[run.tree.parents[node]!]!;
  return /^if\s*\(!?\w+\)\s*\{?\s*\w*(?:free|put|release|destroy)\w*\s*\(/.test(run.tree.textOf(branch));
}

/** Whether a call between an instruction and a test may have changed what is tested. */
function callsSince(run: Run, first: number, node: number): boolean {
  return run.f.calls.some(
    (call) =>
      !call.cleanup &&
      (!call.api || call.api.lock?.does === 'give') &&
      !(call.traits & Trait.looksOnly) &&
      call.node > run.f.code[first + STEP - 1]! &&
      call.node < node,
  );
}
