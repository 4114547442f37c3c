import { CKind, Field, NONE } from '../syntax';
import { Trait } from './call-traits';
import { Known, type FlowCall } from './ir';
import { SlotKind } from './paths';
import { Lock, type Run } from './run';
import { Fact, May, siteOf, withSite } from './state';
import { dereference } from './steps';
import type { Summary } from './summaries';
import { leavesToCaller } from '../rules/api';
import { applyLock, forgetGivenBack, sleeping, undoPairs } from './locks';
import { hasAnotherReference, escapeFields, release } from './release';
import { hangsOnRequest, sendsRequest } from './requests';
import { uninitialised, useAfterFree } from './sightings';

/** The effect of call number `number`; false if the path ends here. */
export function applyCall(run: Run, number: number): boolean {
  const { machine, f } = run;
  const call = f.calls[number]!;
  const { api, name, traits } = call;
  if (errorConversion(run, call)) return true;
  if (traits & Trait.undoes && !api) undoPairs(run);
  const summary = api ? undefined : run.file.summaryOf(name);
  sleeping(run, call, summary);
  if (!checkArguments(run, call)) return false;
  validated(run, call);
  if (traits & Trait.takesAnother) run.escape(machine.value(call.slots[0] ?? 0));
  if (api?.lock) applyLock(run, call, number);
  else if (!api) forgetGivenBack(run, call, summary);
  if (!api && !name.startsWith('lockdep')) forgetTold(run, call);
  if (api?.takes && !api.takes.onFailureOnly) release(run, call, number, api.takes.argument, api.takes.families, api.takes.frees);
  if (summary) for (const [argument, { families }] of summary.frees) release(run, call, number, argument, families, true);
  pass(run, call, number, summary);
  if (name === 'usb_submit_urb') sendsRequest(run, call, number);
  result(run, call, number, summary);
  return true;
}

/** Who is told of a lock may give it back and take it again. */
function forgetTold({ machine, f, tree }: Run, { nodes }: FlowCall): void {
  if (f.locks.length === 0) return;
  for (const node of nodes) {
    if (tree.kinds[node] !== (CKind.pointer_expression as number)) continue;
    const told = tree.textOf(node).replace(/[\s&()]/g, '');
    f.locks.forEach((lock, i) => {
      if (lock.endsWith(`|${told}`)) machine.setLock(i, Lock.unknown);
    });
  }
}

/** `le16_to_cpu(command)` of a parameter: the caller's number, in another order of bytes. */
const isHandedIn = ({ f }: Run, call: FlowCall): boolean =>
  /_to_cpu$|^ntoh[ls]$/.test(call.name) && f.parameters.includes(call.slots[0] ?? -1);

/**
 * Whether PTR_ERR() of NULL is what is wanted: it is compared with an error (`PTR_ERR(p) == -EAGAIN`), has something for zero
 * (`PTR_ERR(p) ?: -ENOENT`), or comes after `if (p && !IS_ERR(p))`, which knows that there are three outcomes.
 */
function isMeantForNull({ tree, f }: Run, call: FlowCall, test: number): boolean {
  const parent = tree.parents[call.node]!;
  const kind = tree.kinds[parent] as CKind;
  if (kind === CKind.binary_expression) return true;
  if (kind === CKind.conditional_expression && tree.childByField(parent, Field.condition) === call.node) return true;
  const asked = f.blocks[test]?.node ?? NONE;
  return asked !== NONE && /&&\s*!\s*IS_ERR\s*\(/.test(tree.textOf(tree.parents[asked]!));
}

/** PTR_ERR and its relatives; true if the call is one. */
function errorConversion(run: Run, call: FlowCall): boolean {
  const { machine } = run;
  const slot = call.slots[0] ?? Known.unknown;
  const fact = machine.fact(machine.value(slot));
  const may = fact & May.any;
  switch (call.name) {
    case 'PTR_ERR':
      if (
        may === May.zero &&
        slot >= (Known.count as number) &&
        fact & Fact.byTest &&
        !isMeantForNull(run, call, machine.aux(machine.value(slot)))
      ) {
        const name = run.nameOf(slot);
        const test = run.f.blocks[machine.aux(machine.value(slot))];
        if (name !== '' && test)
          run.say('ptr-err-of-null', call.node, name, '', [{ node: test.node, message: `${name} is NULL after this test` }]);
      }
      machine.fresh(call.result, may & May.positive ? May.any : may);
      return true;
    case 'ERR_CAST':
      machine.fresh(call.result, may & May.positive ? May.negative : may);
      return true;
    case 'ERR_PTR':
      machine.fresh(call.result, may === May.zero ? May.zero : may & (May.zero | May.negative) || May.negative);
      return true;
    case 'PTR_ERR_OR_ZERO':
      if (slot >= (Known.count as number) && siteOf(fact) >= 0) run.errorTested.add(siteOf(fact));
      machine.fresh(call.result, may === May.negative ? May.negative : may & May.negative ? May.zero | May.negative : May.zero);
      return true;
    default:
      return false;
  }
}

function validated(run: Run, call: FlowCall): void {
  const { machine } = run;
  if (!(call.traits & Trait.validates)) return;
  for (const slot of call.slots) {
    const value = machine.value(slot);
    const fact = machine.fact(value);
    const site = siteOf(fact);
    if (value < (Known.count as number) || site < 0 || fact & Fact.freed || !(fact & May.positive)) continue;
    run.errorTested.add(site);
    machine.setFact(value, (fact & ~May.any) | May.positive);
  }
}

/** A type, or a text that prints pointers: `"at %p"`. */
function isTypeOrFormat({ tree }: Run, node: number): boolean {
  const kind = tree.kinds[node] as CKind;
  if (kind === CKind.string_literal || kind === CKind.concatenated_string) return /%p(?!\w)|%px|x%px/.test(tree.textOf(node));
  return kind === CKind.type_descriptor;
}

/** A call that only looks at the pointers that it is handed. */
const looksOnly = (run: Run, { traits, api, nodes }: FlowCall): boolean =>
  (traits & Trait.looksOnly) !== 0 || (!api && nodes.some((node) => isTypeOrFormat(run, node)));

/** Freed, unset or unchecked pointers that are passed; false if the path ends. */
function checkArguments(run: Run, call: FlowCall): boolean {
  const { machine, f } = run;
  const { api, name } = call;
  for (let i = 0; i < call.slots.length; i++) {
    const slot = call.slots[i]!;
    if (slot < (Known.count as number)) continue;
    const taken = api?.takes?.argument === i;
    const value = machine.value(slot);
    const kind = f.slots.kinds[slot] as SlotKind;
    if (f.slots.kinds[value] === (SlotKind.address as number)) {
      // &p->list: inside of what p points to.
      insideFreed(run, value, call, i);
      continue;
    }
    const fact = machine.fact(value);
    // memcpy(p, NULL, 0): a length that is not fixed may be 0 just when the pointer is NULL.
    if (
      api?.reads?.includes(i) &&
      api.length &&
      (call.slots[api.length.argument] ?? 0) >= (Known.count as number) &&
      (fact & May.any) === May.zero
    )
      continue;
    if (api?.reads?.includes(i) && kind !== SlotKind.constant) {
      if (fact & Fact.freed || (fact & May.any) !== May.positive)
        if (!dereference(run, slot, call.nodes[i] ?? call.node)) return false;
      continue;
    }
    if (
      fact & Fact.freed &&
      !taken &&
      !(fact & Fact.dropped) &&
      !(api?.borrows && !api.lock) &&
      !call.cleanup &&
      !looksOnly(run, call)
    ) {
      if (!run.file.summaryOf(name)?.frees.has(i)) {
        useAfterFree(run, slot, fact, call.nodes[i] ?? call.node, name);
        machine.setFact(value, May.positive);
      }
    } else if (fact & Fact.unset && taken && !call.cleanup) {
      uninitialised(run, slot, value, call.nodes[i] ?? call.node, `passed to ${name}()`);
      machine.setFact(value, May.any);
    }
  }
  if (api?.length) run.file.bounds.copy(run, call);
  return true;
}

function insideFreed(run: Run, slot: number, call: FlowCall, i: number): void {
  const { machine, f } = run;
  for (let at = f.slots.bases[slot]!; at >= (Known.count as number); at = f.slots.bases[at]!) {
    if (!f.slots.names[at]!.startsWith('->')) continue;
    const base = f.slots.bases[at]!;
    const value = machine.value(base);
    const fact = machine.fact(value);
    if (fact & Fact.freed && !(fact & Fact.dropped) && !looksOnly(run, call)) {
      useAfterFree(run, base, fact, call.nodes[i] ?? call.node, call.name);
      machine.setFact(value, May.positive);
    }
    return;
  }
}

/** What happens to arguments that are passed and not given back. */
function pass(run: Run, call: FlowCall, number: number, summary: Summary | undefined): void {
  const { machine, f } = run;
  const { api } = call;
  for (let i = 0; i < call.slots.length; i++) {
    const slot = call.slots[i]!;
    if (slot < (Known.count as number) || api?.takes?.argument === i || summary?.frees.has(i)) continue;
    const address = machine.value(slot);
    if (f.slots.kinds[address] === (SlotKind.address as number)) {
      const target = f.slots.bases[address]!;
      if (!api?.borrows || api.fills?.includes(i)) {
        const inner = machine.value(target);
        if (machine.fact(inner) & Fact.owned) run.escape(inner);
        const may = api?.storesPointer && api.fills?.[0] === i ? May.zero | May.positive : May.any;
        machine.fresh(target, api?.outside === 'argument' && api.fills?.[0] === i ? may | Fact.outside : may, number);
        if (api?.outside === 'argument' && api.fills?.[0] === i) taintFields(run, target, number);
      } else {
        const inner = machine.value(target);
        machine.setFact(inner, machine.fact(inner) & ~Fact.unset);
      }
      const base = f.slots.root(address);
      if (!api?.borrows && base !== target) {
        for (let at = target; at >= (Known.count as number); at = f.slots.bases[at]!)
          if (f.slots.names[at]!.startsWith('->')) {
            escapeFields(run, machine.value(f.slots.bases[at]!));
            passObject(run, call, number, f.slots.bases[at]!, i, summary);
          }
      }
      continue;
    }
    const value = machine.value(slot);
    const fact = machine.fact(value);
    if (fact & Fact.unset) machine.setFact(value, fact & ~Fact.unset);
    if (!api?.borrows || api.fills?.includes(i)) {
      passObject(run, call, number, slot, i, summary);
      awaitFree(run, number, value, summary?.freesIfFailed.has(i) === true && !hasAnotherReference(run.f, number, slot));
      if (!summary || summary.keeps.has(i) || summary.releases) escapeFields(run, value);
      if (!summary || summary.writes.has(i)) {
        machine.forgetFields(slot);
        aliasesForget(run, slot, value);
      }
      if (api?.outside === 'argument' && api.fills?.[0] === i) taintFields(run, slot, number);
    }
  }
  if (call.traits & Trait.changesLists) for (const link of run.file.linksOf(f)) machine.fresh(link);
  if (!api) for (const global of run.file.globalsOf(f)) machine.fresh(global);
}

/** The object was handed to call `number`, which frees it if it fails, or to one of which that is not known. */
function awaitFree(run: Run, number: number, value: number, isFreedIfFailed: boolean): void {
  const { machine } = run;
  const fact = machine.fact(value);
  if (value < (Known.count as number) || fact & (Fact.freed | Fact.outside)) return;
  if (isFreedIfFailed) {
    run.hasPending = true;
    machine.setFact(value, (fact & May.any) | Fact.pending);
    machine.setAux(value, number + 1);
  } else if (fact & Fact.pending) machine.setFact(value, fact & ~(Fact.pending as number));
}

/** Fields of other names of the same object may have changed, too. */
function aliasesForget(run: Run, slot: number, value: number): void {
  const { machine } = run;
  if (!machine.isShared(value)) return;
  for (let other = Known.count as number; other < machine.n; other++)
    if (other !== slot && machine.value(other) === value && run.f.slots.dependants[other]) machine.forgetFields(other);
}

function passObject(
  run: Run,
  call: FlowCall,
  number: number,
  slot: number,
  argument: number,
  summary: Summary | undefined,
): void {
  const { machine } = run;
  if (call.traits & Trait.givesBack) run.escape(machine.value(slot));
  const parameter = run.f.parameters.indexOf(slot);
  if (parameter >= 0 && !(summary && !summary.keeps.has(argument))) run.keep(parameter);
  const value = machine.value(slot);
  const fact = machine.fact(value);
  if (!(fact & Fact.owned)) return;
  if (summary?.mayFree.has(argument)) {
    run.escape(value);
    return;
  }
  if (summary && !summary.keeps.has(argument)) return;
  const left = run.file.asksWhoKeeps || summary ? undefined : leavesToCaller(call.name, argument);
  if (left === 'never' || hangsOnRequest(run, call, number, argument)) return;
  if (left === 'failed') {
    run.leftOnFailure.add(number);
    machine.setAux(value, number + 1);
    return;
  }
  const from = run.f.calls[siteOf(fact)];
  const family = from?.api?.gives ?? '';
  if (
    REFERENCE_FAMILIES.has(family) &&
    !call.name.includes('set') &&
    !call.name.includes('add') &&
    !call.name.includes('register')
  )
    return;
  if (call.traits & Trait.looksOnly && call.traits & Trait.prints) return;
  if (!(call.traits & Trait.stores) && (run.file.asksWhoKeeps || run.file.releasedLater(run.f, slot, run.at)))
    machine.setAux(value, number + 1);
  else run.escape(value);
}

/** References that functions borrow as a rule. */
const REFERENCE_FAMILIES = new Set(['of_node', 'fwnode']);

function taintFields(run: Run, slot: number, source: number): void {
  const { machine, f } = run;
  const dependants = f.slots.dependants[slot];
  if (!dependants) return;
  for (const field of dependants) {
    if (f.slots.kinds[field] !== (SlotKind.field as number)) continue;
    machine.fresh(field, May.any | Fact.outside, source);
    taintFields(run, field, source);
  }
}

function result(run: Run, call: FlowCall, number: number, summary: Summary | undefined): void {
  const { machine, f } = run;
  const { api } = call;
  if (api?.returns !== undefined) {
    machine.assign(call.result, call.slots[api.returns] ?? Known.unknown);
    return;
  }
  let fact: number = May.any;
  let aux = 0;
  const { fails } = call;
  if (summary && !api) fact = summary.result || May.any;
  else if (fails === 'null') fact = May.zero | May.positive;
  else if (fails === 'error') fact = May.negative | May.positive;
  if (api?.gives) fact |= Fact.owned;
  else if (summary && summary.gives !== '') fact |= Fact.owned;
  if (api?.outside === 'result' && run.file.bounds.isSource(call) && !isHandedIn(run, call)) {
    fact |= Fact.outside;
    aux = number;
  }
  machine.fresh(call.result, fact & Fact.outside ? fact : withSite(fact, number), aux);
  if (summary?.fails && f.calls[number]) machine.setFact(call.result, withSite(fact, number));
}
