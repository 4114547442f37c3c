import { countsReferences, isBranchOfItsOwn, isSetAnew, isStepped } from './certain';
import { Trait } from './call-traits';
import { Known, type FlowCall } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { Fact, May, siteOf, withSite } from './state';

/** They leave an error pointer alone. Sources: include/linux/skbuff.h, mm/percpu.c, crypto/api.c (crypto_destroy_tfm()). */
const IGNORES_ERRORS = /dev_kfree|free_percpu|^crypto_free_(?:shash|ahash|skcipher|aead)$/;

/** Whether a call before `number` has taken another reference to what a slot points to: `skb_get(skb)`. */
export const hasAnotherReference = ({ calls }: Run['f'], number: number, slot: number): boolean =>
  calls.some((other, i) => i < number && (other.traits & Trait.takesAnother) !== 0 && other.slots[0] === slot);

/** Argument `argument` is given back. */
export function release(
  run: Run,
  call: FlowCall,
  number: number,
  argument: number,
  families: readonly string[],
  frees: boolean,
): void {
  const { machine, f } = run;
  let slot = call.slots[argument] ?? Known.unknown;
  if (slot < (Known.count as number)) return;
  if (hasAnotherReference(f, number, slot)) {
    // One of two references: which of them it was, nobody can say.
    run.escape(machine.value(slot));
    return;
  }
  if (f.slots.kinds[machine.value(slot)] === (SlotKind.address as number)) {
    slot = machine.value(slot);
    // The first member of an object, or one of which it is told: the whole is gone with it.
    if (call.name !== 'put_device') {
      if (frees) run.escapeAround(slot);
      return;
    }
    run.escapeOthers(slot, families);
    slot = f.slots.root(slot);
    const family = f.calls[siteOf(machine.fact(machine.value(slot)))]?.api?.gives ?? '';
    if (!families.includes(family)) return;
  }
  const value = machine.value(slot);
  const fact = machine.fact(value);
  if (fact & Fact.freed) {
    const first = f.calls[siteOf(fact)];
    const name = run.nameOf(slot);
    // A step of a walk gives back what it is handed, and gives the next: `p = of_get_next_parent(p)`.
    if (first === call && (f.slots.kinds[slot] === (SlotKind.field as number) || call.api?.gives !== undefined)) return;
    if (
      first &&
      name !== '' &&
      (!call.cleanup || !first.cleanup) &&
      !isBranchOfItsOwn(run.tree, f, name, call.node, first.node) &&
      !isStepped(run.tree, f, name, call.node, first.node) &&
      !countsReferences(f) &&
      !isSetAnew(run.tree, f, name, first.node) &&
      !(fact & Fact.dropped && !frees && families.includes('device'))
    )
      run.say('double-free', call.node, name, call.name, [
        { node: first.node, message: `${first.name}() ${fact & Fact.dropped ? 'gives it back' : 'frees it'} here already` },
      ]);
    return;
  }
  const freed = fact & Fact.pending ? f.calls[machine.aux(value) - 1] : undefined;
  if (freed && frees && !call.cleanup && run.nameOf(slot) !== '') {
    run.say('double-free', call.node, run.nameOf(slot), call.name, [
      { node: freed.node, message: `${freed.name}() frees it here if it fails, and nobody asks` },
    ]);
    machine.setFact(value, fact & ~(Fact.pending as number));
  }
  const may = fact & May.any;
  if (may === May.zero) return;
  if (may === May.negative) {
    if (frees && !call.cleanup && fact & Fact.byTest && !IGNORES_ERRORS.test(call.name)) {
      const test = f.blocks[machine.aux(value)];
      const name = run.nameOf(slot);
      if (test && name !== '')
        run.say('error-pointer-freed', call.node, name, call.name, [
          { node: test.node, message: `${name} is an error pointer after this test` },
        ]);
    }
    return;
  }
  if (fact & Fact.owned) {
    const site = siteOf(fact);
    const from = f.calls[site];
    run.released.add(site * 65536 + keyOf(run, value));
    run.releasedSites.add(site);
    const family = from?.api?.gives ?? run.file.summaryOf(from?.name ?? '')?.gives ?? '';
    if (
      family !== '' &&
      from &&
      frees &&
      families.length > 0 &&
      !families.includes(family) &&
      !call.cleanup &&
      !asksWhichMemory(run) &&
      !isOfItsOwn(run, call, family)
    )
      run.say(
        'wrong-release',
        call.node,
        run.nameOf(slot),
        call.name,
        [{ node: from.node, message: `${from.name}() allocates it here` }],
        family,
      );
    // What hangs on it and was not given back is lost.
    if (frees && call.api) lostFields(run, value, call);
    else if (frees) escapeFields(run, value);
  } else if (siteOf(fact) >= 0) {
    const from = f.calls[siteOf(fact)];
    if (from?.name.startsWith('devm_') && frees && /alloc|dup|printf/.test(from.name) && /^k?v?free$|^kfree_/.test(call.name))
      run.say(
        'wrong-release',
        call.node,
        run.nameOf(slot),
        call.name,
        [{ node: from.node, message: `${from.name}() allocates it here; it is freed with the device` }],
        'devm',
      );
  }
  if (frees) machine.setFact(value, withSite(May.positive | May.zero | Fact.freed, number));
  else if (fact & Fact.owned) machine.setFact(value, withSite(May.positive | Fact.freed | Fact.dropped, number));
}

/** `if (is_vmalloc_addr(p)) vfree(p);`: which allocator it was is found out. */
const asksWhichMemory = ({ text }: Run): boolean => text.includes('is_vmalloc_addr');

/**
 * Whether the file has made the allocator what it is: it defines the function that gives back, or a pool whose elements come of that very
 * memory, so one that was allocated beside the pool may go into it (mm/mempool.c, mempool_kfree() and mempool_free_slab()).
 */
function isOfItsOwn({ file, tree }: Run, { name }: FlowCall, family: string): boolean {
  if (name !== 'mempool_free' || family !== 'slab') return file.summaryOf(name) !== undefined;
  file.looksAround();
  return /\bmempool_(?:init|create)_(?:kmalloc|slab)_pool\b/.test(tree.text);
}

/** The objects in fields of a freed object that are still owned here: nobody can give them back any more. */
function lostFields(run: Run, value: number, call: FlowCall): void {
  const { machine, f } = run;
  const { slots } = f;
  for (let slot = Known.count as number; slot < machine.n; slot++) {
    if (slots.kinds[slot] !== (SlotKind.field as number) || machine.value(slots.bases[slot]!) !== value) continue;
    const held = machine.value(slot);
    const fact = machine.fact(held);
    if (!(fact & Fact.owned) || held === value) continue;
    const site = siteOf(fact);
    let elsewhere = false;
    for (let other = Known.count as number; other < machine.n; other++)
      if (machine.value(other) === held && !isBelow(run, other, value) && slots.kinds[other] !== (SlotKind.temporary as number))
        elsewhere = true;
    if (!elsewhere) {
      run.candidates.push({
        kind: 'leak',
        site,
        key: keyOf(run, held),
        node: call.node,
        result: May.negative,
        name: run.nameOf(slot),
        block: run.block,
      });
      machine.setFact(held, fact & ~Fact.owned);
    }
  }
}

function isBelow(run: Run, slot: number, value: number): boolean {
  const base = run.f.slots.bases[slot]!;
  return base >= 0 && run.machine.value(base) === value;
}

/** The last call that may have taken the object over, with what it answered. */
export function keyOf(run: Run, object: number): number {
  const { machine, f } = run;
  const soft = machine.aux(object);
  if (soft <= 0) return 0;
  const call = f.calls[soft - 1];
  if (!call) return 0;
  // What it answered counts as long as a variable holds it, or right after it was tested.
  const value = machine.value(call.result);
  let known = f.blocks.some(
    (block) => block.slot === call.result && (block.whenTrue === run.block || block.whenFalse === run.block),
  );
  for (let slot = Known.count as number; slot < machine.n && !known; slot++)
    known = slot !== call.result && machine.value(slot) === value;
  return soft * 8 + (known ? machine.fact(value) & May.any : May.any);
}

/** Objects in fields of what is passed can be found by the callee. */
export function escapeFields(run: Run, value: number): void {
  const { machine, f } = run;
  if (!machine.owns) return;
  for (let slot = Known.count as number; slot < machine.n; slot++) {
    if (f.slots.kinds[slot] !== (SlotKind.field as number) || machine.value(f.slots.bases[slot]!) !== value) continue;
    const held = machine.value(slot);
    if (held !== value && machine.fact(held) & Fact.owned) run.escape(held);
  }
}
