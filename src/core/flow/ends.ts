import { CKind, Field, NONE } from '../syntax';
import { Known } from './ir';
import { lockText } from './locks';
import { keyOf } from './release';
import { LOCK_SHIFT, Lock, type Run } from './run';
import { Fact, May, siteOf, withSite } from './state';
import { SlotKind } from './paths';
import { uninitialised } from './sightings';

/** The function is left with the value in `slot`. */
export function atReturn(run: Run, slot: number, hasValue: boolean, node: number): void {
  const { machine, f } = run;
  const value = machine.value(slot);
  const fact = machine.fact(value);
  if (hasValue && fact & Fact.unset) uninitialised(run, slot, value, node, 'returned');
  const parameter = f.parameters.indexOf(value);
  if (hasValue && parameter >= 0) run.keep(parameter);
  const result = hasValue ? (slot === (Known.unknown as number) ? May.any : fact & May.any) : 0;
  const from = f.calls[siteOf(fact)];
  const gives =
    hasValue && fact & Fact.owned && machine.aux(value) === 0
      ? (from?.api?.gives ?? run.file.summaryOf(from?.name ?? '')?.gives ?? '')
      : '';
  if (hasValue && slot >= (Known.count as number)) run.escape(owner(run, slot));
  leaks(run, node, result & May.negative && result & May.positive && !ERROR_NAME.test(run.nameOf(slot)) ? May.any : result);
  locksAtReturn(run, node, result);
  if (!(machine.flags & 1)) run.alwaysSleeps = false;
  run.returns.push({
    node,
    result,
    gives,
    fails: from?.api?.fails === 'negative' ? undefined : from?.api?.fails,
    freed: freedParameters(run),
    locks: f.locks.length === 0 ? NO_LOCKS : machine.s.slice(3 * machine.n, 3 * machine.n + f.locks.length),
  });
}

const NO_LOCKS = new Int32Array(0);
const NONE_FREED: ReadonlyMap<number, number> = new Map<number, number>();

/** Parameters that are freed on this path, with the call that has, and those that are NULL (-1). */
function freedParameters({ machine, f: { parameters } }: Run): ReadonlyMap<number, number> {
  let freed: Map<number, number> | undefined;
  for (let i = 0; i < parameters.length; i++) {
    const of = parameters[i]!;
    if (of < (Known.count as number)) continue;
    const held = machine.fact(machine.value(of));
    if (held & Fact.freed && !(held & Fact.dropped)) (freed ??= new Map<number, number>()).set(i, siteOf(held));
    else if ((held & May.any) === May.zero) (freed ??= new Map<number, number>()).set(i, -1);
  }
  return freed ?? NONE_FREED;
}

/** Names of variables that hold 0 or an error. */
const ERROR_NAME = /^(?:ret\w*|rv|rc|err|error|errno|status|stat|res|result|r|e|rval|rtn|ierr|ecode)$/i;

/** The object that a returned place belongs to: `return &p->x` hands p over. */
function owner(run: Run, slot: number): number {
  const { machine, f } = run;
  const held = machine.value(slot);
  const start = f.slots.kinds[held] === (SlotKind.address as number) ? held : slot;
  for (let at = start; at >= (Known.count as number); at = f.slots.bases[at]!) {
    const value = machine.value(at);
    if (machine.fact(value) & Fact.owned) return value;
  }
  return machine.value(slot);
}

function leaks(run: Run, node: number, result: number): void {
  const { machine, f } = run;
  if (!machine.owns) return;
  for (let value = Known.count as number; value < machine.n; value++) {
    const fact = machine.fact(value);
    if (!(fact & Fact.owned)) continue;
    const site = siteOf(fact);
    const call = f.calls[site];
    if (!call) continue;
    const key = keyOf(run, value);
    let name = holder(run, value);
    const isGone = name === '';
    if (isGone) name = firstName(run, call.node);
    run.candidates.push({ kind: 'leak', site, key, node, result, name, block: run.block, isGone });
  }
}

/** A name under which the object was known: that of a slot which has held it. */
function holder(run: Run, value: number): string {
  const { machine, f } = run;
  for (let slot = Known.count as number; slot < machine.n; slot++)
    if (machine.value(slot) === value && f.slots.kinds[slot] !== (SlotKind.temporary as number) && run.nameOf(slot) !== '')
      return run.nameOf(slot);
  return '';
}

/** The plain variable that a call's result went to first. */
function firstName({ tree }: Run, call: number): string {
  const parent = tree.parents[call]!;
  if (parent === NONE) return '';
  const isDeclared = tree.kinds[parent] === (CKind.init_declarator as number);
  if (!isDeclared && tree.kinds[parent] !== (CKind.assignment_expression as number)) return '';
  const name = tree.textOf(tree.childByField(parent, isDeclared ? Field.declarator : Field.left)).replace(/^\*\s*/, '');
  return /^\w+$/.test(name) ? name : '';
}

function locksAtReturn(run: Run, node: number, result: number): void {
  const { machine, f } = run;
  for (let lock = 0; lock < f.locks.length; lock++) {
    const state = machine.lock(lock);
    if ((state & 7) !== (Lock.held as number)) continue;
    const site = state >>> LOCK_SHIFT;
    const pair = f.calls[site]!.api?.lock?.kind === 'pair';
    run.candidates.push({
      kind: pair ? 'pair' : 'lock',
      site,
      key: lock,
      node,
      result,
      name: lockText(run, lock),
      block: run.block,
    });
  }
}

/** Which reference a loop holds on its cursor; '' for none. */
export function heldByLoop(name: string): string {
  if (name.includes('scoped') || name === 'for_each_child') return '';
  if (
    /^for_each_(?:available_|reserved_)?(?:child|compatible|matching|node_(?:by_(?:name|type)|with_property)|endpoint|of_graph|of_cpu|available_child|of_node)/.test(
      name,
    ) &&
    /node|endpoint|child/.test(name)
  )
    return 'of_node';
  if (
    /^(?:device|fwnode)_for_each_(?:named_)?child_node|^fwnode_for_each_(?:available_)?child_node|^fwnode_graph_for_each_endpoint/.test(
      name,
    )
  )
    return 'fwnode';
  if (name === 'for_each_pci_dev') return 'pcidev';
  return '';
}

/** A macro loop sets its cursor for the next round. */
export function atCursor(run: Run, cursor: number, number: number): void {
  const { machine, f } = run;
  if (cursor < (Known.count as number)) return;
  const loop = f.loops[number]!;
  run.forgetLocks(cursor);
  machine.forgetFields(cursor);
  const value = machine.value(cursor);
  const fact = machine.fact(value);
  const again = (machine.flags >>> 1) & (1 << (number % 24)) ? true : false;
  if (again && fact & Fact.freed && siteOf(fact) >= 0) {
    const call = f.calls[siteOf(fact)]!;
    const related = [
      { node: call.node, message: `${call.name}() ${fact & Fact.dropped ? 'gives back the reference' : 'frees it'} here` },
    ];
    if (fact & Fact.dropped || heldByLoop(loop.name) !== '')
      run.say(
        'loop-cursor-put',
        call.node,
        run.nameOf(cursor),
        call.name,
        [{ node: loop.call, message: `${loop.name}() gives it back itself` }],
        loop.name,
      );
    else if (!/_safe|_rcu/.test(loop.name) && /^list_for_each|^hlist_for_each/.test(loop.name))
      run.say('loop-cursor-freed', loop.call, run.nameOf(cursor), call.name, related, loop.name);
  }
  machine.flags |= 2 << (number % 24);
  if (fact & Fact.owned) machine.setFact(value, fact & ~Fact.owned);
  const family = f.calls[loop.site]?.api?.gives ?? '';
  const isPointer = /entry|child|node|endpoint|pci_dev|for_each_available/.test(loop.name);
  if (family !== '') machine.fresh(cursor, withSite(May.positive | Fact.owned, loop.site));
  else machine.fresh(cursor, isPointer ? May.positive : May.any);
}

/** A macro loop came to its end. */
export function atExhausted(run: Run, cursor: number, number: number): void {
  const { machine, f } = run;
  if (cursor < (Known.count as number)) return;
  const loop = f.loops[number]!;
  machine.flags &= ~(2 << (number % 24));
  const value = machine.value(cursor);
  const fact = machine.fact(value);
  if (fact & Fact.owned) machine.setFact(value, fact & ~Fact.owned);
  if (heldByLoop(loop.name) !== '') machine.fresh(cursor, May.zero);
  else if (/^list_for_each_entry|^hlist_for_each_entry/.test(loop.name) && f.slots.kinds[cursor] === (SlotKind.local as number)) {
    // The cursor of a list that came to its end points to the head, as if it were an entry.
    machine.fresh(cursor, loop.name.startsWith('h') ? May.zero : May.positive | Fact.dropped, number);
  } else machine.fresh(cursor, May.any);
}
