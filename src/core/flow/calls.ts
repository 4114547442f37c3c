import { CKind } from '../syntax';
import { Known, type FlowCall } from './ir';
import { SlotKind } from './paths';
import { LOCK_SHIFT, Lock, type Run } from './run';
import { Fact, May, siteOf, withSite } from './state';
import { dereference } from './engine';
import { lastName, type Summary } from './summaries';

/** Prints and the like: they take pointers, and look at the value alone. */
const LOOKS_ONLY =
  /(?:^|_)(?:printk|emerg|alert|crit|err|error|warn|warning|notice|info|dbg|debug|trace|log|msg)\w*$|^trace_|^WARN|^BUG|^kmemleak|^[A-Z_0-9]+$|^(?:sizeof|ARRAY_SIZE|typeof|offsetof|container_of|list_entry|IS_ERR|PTR_ERR)/;

/** Names of functions that let go of a lock for their caller. */
const UNLOCKS = /unlock|release|_put$|^put_|complete|finish|done|end$/;

/** The effect of call number `number`; false if the path ends here. */
export function applyCall(run: Run, number: number): boolean {
  const { machine, f } = run;
  const call = f.calls[number]!;
  const { api, name } = call;
  if (errorConversion(run, call)) return true;
  if (UNDOES.test(name) && !api) undoPairs(run);
  const summary = api ? undefined : run.file.summaryOf(name);
  sleeping(run, call, summary);
  if (!checkArguments(run, call)) return false;
  validated(run, call);
  if (TAKES_ANOTHER.test(name)) run.escape(machine.value(call.slots[0] ?? 0));
  if (api?.lock) applyLock(run, call, number);
  else if (!api) {
    if (summary && summary.gaveBack.size > 0)
      for (let lock = 0; lock < f.locks.length; lock++)
        if (summary.gaveBack.has(lastName(f.locks[lock]!))) machine.setLock(lock, Lock.unknown);
    if (summary && !summary.locksUnclear) applySummaryLocks(run, call, summary);
    else if (summary || UNLOCKS.test(name)) for (let lock = 0; lock < f.locks.length; lock++) machine.setLock(lock, Lock.unknown);
  }
  if (api?.takes && !api.takes.onFailureOnly) release(run, call, number, api.takes.argument, api.takes.families, api.takes.frees);
  if (summary) for (const [argument, { families }] of summary.frees) release(run, call, number, argument, families, true);
  pass(run, call, number, summary);
  result(run, call, number, summary);
  return true;
}

/** Functions that by their names may switch off what this function switched on, or see to it that it will be. */
const UNDOES =
  /disable|off|stop|exit|release|put|free|remove|destroy|clean|uninit|deinit|fini|unregister|close|teardown|shutdown|abort|error|fail|unprepare|undo|suspend|devm_add_action|power|detach|down/;

function undoPairs(run: Run): void {
  const { machine, f } = run;
  for (let lock = 0; lock < f.locks.length; lock++) {
    const state = machine.lock(lock);
    if (state !== 0 && f.calls[state >>> LOCK_SHIFT]!.api?.lock?.kind === 'pair') machine.setLock(lock, Lock.unknown);
  }
}

/** PTR_ERR and its relatives; true if the call is one. */
function errorConversion(run: Run, call: FlowCall): boolean {
  const { machine } = run;
  const slot = call.slots[0] ?? Known.unknown;
  const fact = machine.fact(machine.value(slot));
  const may = fact & May.any;
  switch (call.name) {
    case 'PTR_ERR':
      if (may === May.zero && slot >= (Known.count as number) && fact & Fact.byTest) {
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

/** A second reference: one may be given back, and one be kept. */
const TAKES_ANOTHER = /^(?:of_node_get|fwnode_handle_get|get_device|pci_dev_get|dev_hold|get_task_struct|skb_get|kobject_get)$/;

/** Functions that look whether their argument is a valid pointer, and fail or answer no if it is not. */
const VALIDATES = /^devm_ioremap_resource|^devm_pci_remap_cfg|_has_|^has_|_is_|^is_|valid|^KUNIT_ASSERT_NOT|check/;

function validated(run: Run, call: FlowCall): void {
  const { machine } = run;
  if (!VALIDATES.test(call.name)) return;
  for (const slot of call.slots) {
    const value = machine.value(slot);
    const fact = machine.fact(value);
    const site = siteOf(fact);
    if (value < (Known.count as number) || site < 0 || fact & Fact.freed || !(fact & May.positive)) continue;
    run.errorTested.add(site);
    machine.setFact(value, (fact & ~May.any) | May.positive);
  }
}

/** Freed, unset or unchecked pointers that are passed; false if the path ends. */
function checkArguments(run: Run, call: FlowCall): boolean {
  const { machine, f } = run;
  const { api, name } = call;
  const looksOnly =
    LOOKS_ONLY.test(name) || (!api && call.nodes.some((node) => run.tree.kinds[node] === (CKind.type_descriptor as number)));
  for (let i = 0; i < call.slots.length; i++) {
    const slot = call.slots[i]!;
    if (slot < (Known.count as number)) continue;
    const taken = api?.takes?.argument === i;
    const value = machine.value(slot);
    const kind = f.slots.kinds[slot] as SlotKind;
    if (f.slots.kinds[value] === (SlotKind.address as number)) {
      // &p->list: inside of what p points to.
      if (!looksOnly) insideFreed(run, value, call, i);
      continue;
    }
    const fact = machine.fact(value);
    if (api?.reads?.includes(i) && kind !== SlotKind.constant) {
      if (fact & Fact.freed || (fact & May.any) !== May.positive)
        if (!dereference(run, slot, call.nodes[i] ?? call.node)) return false;
      continue;
    }
    if (fact & Fact.freed && !taken && !looksOnly && !(fact & Fact.dropped) && !(api?.borrows && !api.lock) && !call.cleanup) {
      if (!run.file.summaryOf(name)?.frees.has(i)) {
        run.useAfterFree(slot, fact, call.nodes[i] ?? call.node, name);
        machine.setFact(value, May.positive);
      }
    } else if (fact & Fact.unset && taken && !call.cleanup) {
      run.uninitialised(slot, value, call.nodes[i] ?? call.node, `passed to ${name}()`);
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
    if (fact & Fact.freed && !(fact & Fact.dropped)) {
      run.useAfterFree(base, fact, call.nodes[i] ?? call.node, call.name);
      machine.setFact(value, May.positive);
    }
    return;
  }
}

/** Argument `argument` is given back. */
function release(run: Run, call: FlowCall, number: number, argument: number, families: readonly string[], frees: boolean): void {
  const { machine, f } = run;
  let slot = call.slots[argument] ?? Known.unknown;
  if (slot < (Known.count as number)) return;
  if (f.slots.kinds[machine.value(slot)] === (SlotKind.address as number)) {
    slot = machine.value(slot);
    if (call.name !== 'put_device') return;
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
    if (first === call && f.slots.kinds[slot] === (SlotKind.field as number)) return;
    if (
      first &&
      name !== '' &&
      (!call.cleanup || !first.cleanup) &&
      !(fact & Fact.dropped && !frees && families.includes('device'))
    )
      run.say('double-free', call.node, name, call.name, [
        { node: first.node, message: `${first.name}() ${fact & Fact.dropped ? 'gives it back' : 'frees it'} here already` },
      ]);
    return;
  }
  const may = fact & May.any;
  if (may === May.zero) return;
  if (may === May.negative) {
    if (frees && !call.cleanup && fact & Fact.byTest && !/dev_kfree|free_percpu/.test(call.name)) {
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
    if (family !== '' && from && frees && families.length > 0 && !families.includes(family) && !call.cleanup)
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
        machine.fresh(target, api?.outside === 'argument' && api.fills?.[0] === i ? May.any | Fact.outside : May.any, number);
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
      if (!summary || summary.keeps.has(i) || summary.releases) escapeFields(run, value);
      if (!summary || summary.writes.has(i)) {
        machine.forgetFields(slot);
        aliasesForget(run, slot, value);
      }
      if (api?.outside === 'argument' && api.fills?.[0] === i) taintFields(run, slot, number);
    }
  }
  if (/list|_del|remove|dequeue|unlink|pop/.test(call.name)) for (const link of run.file.linksOf(f)) machine.fresh(link);
  if (!api) for (const global of run.file.globalsOf(f)) machine.fresh(global);
}

/** Objects in fields of what is passed can be found by the callee. */
function escapeFields(run: Run, value: number): void {
  const { machine, f } = run;
  for (let slot = Known.count as number; slot < machine.n; slot++) {
    if (f.slots.kinds[slot] !== (SlotKind.field as number) || machine.value(f.slots.bases[slot]!) !== value) continue;
    const held = machine.value(slot);
    if (held !== value && machine.fact(held) & Fact.owned) run.escape(held);
  }
}

/** Fields of other names of the same object may have changed, too. */
function aliasesForget(run: Run, slot: number, value: number): void {
  const { machine } = run;
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
  if (GIVES_BACK.test(call.name)) run.escape(machine.value(slot));
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
  const from = run.f.calls[siteOf(fact)];
  const family = from?.api?.gives ?? '';
  if (
    REFERENCE_FAMILIES.has(family) &&
    !call.name.includes('set') &&
    !call.name.includes('add') &&
    !call.name.includes('register')
  )
    return;
  if (
    LOOKS_ONLY.test(call.name) &&
    (!/^[A-Z_0-9]+$/.test(call.name) || /WARN|BUG|DBG|ERR|PRINT|LOG|TRACE|INFO|DEBUG|_P$/.test(call.name))
  )
    return;
  if (!STORES.test(call.name) && run.file.releasedLater(run.f, slot, run.at)) machine.setAux(value, number + 1);
  else run.escape(value);
}

/** Functions that by their names keep what they are given. */
const STORES =
  /^h?list_add|^list_move|^rb_(?:link|insert)|^xa_(?:store|insert|alloc)|^idr_|^rcu_assign|^llist_add|^kref|_enqueue|^hash_add|^rhashtable_insert|^skb_queue|drvdata$|intfdata$|clientdata$|devm_add_action/;

/** Functions that by their names give their argument back. */
const GIVES_BACK = /free|release|destroy|(?:^|_)put(?:_|$)|cleanup|delete|dispose|drop|unref/;

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
  let fact: number = May.any;
  let aux = 0;
  if (api?.fails === 'null') fact = May.zero | May.positive;
  else if (api?.fails === 'error') fact = May.negative | May.positive;
  else if (summary) fact = summary.result || May.any;
  if (api?.gives) fact |= Fact.owned;
  else if (summary && summary.gives !== '') fact |= Fact.owned;
  if (api?.outside === 'result' && run.file.bounds.isSource(call)) {
    fact |= Fact.outside;
    aux = number;
  }
  machine.fresh(call.result, fact & Fact.outside ? fact : withSite(fact, number), aux);
  if (summary?.fails && f.calls[number]) machine.setFact(call.result, withSite(fact, number));
}

/** The lock of a call changes hands. */
function applyLock(run: Run, call: FlowCall, number: number): void {
  const { machine } = run;
  const { does, kind, argument } = call.api!.lock!;
  const state = machine.lock(call.lock);
  if (does === 'give') {
    const before = run.f.calls[state >>> LOCK_SHIFT]!;
    if (
      ((state & 7) === (Lock.given as number) || (state & 7) === (Lock.givenOnly as number)) &&
      kind !== 'pair' &&
      argument >= 0 &&
      !call.cleanup
    ) {
      if (!before.cleanup)
        run.say('unlock-without-lock', call.node, lockText(run, call.lock), call.name, [
          { node: before.node, message: `${before.name}() gives it back here already` },
        ]);
    }
    run.given.add(call.lock);
    if ((state & 7) === (Lock.unknown as number)) forgetAliases(run, call.lock);
    if (kind === 'pair' && call.api!.lock!.group.startsWith('clk ')) forgetClock(run, call.lock);
    machine.setLock(call.lock, (number << LOCK_SHIFT) | ((state & 7) === (Lock.unknown as number) ? Lock.givenOnly : Lock.given));
    return;
  }
  if (does === 'try') {
    const ifZero = kind === 'pair' || /interruptible|killable/.test(call.name);
    if (kind === 'pair' && /get_sync$|get_noresume$/.test(call.name))
      machine.setLock(call.lock, (number << LOCK_SHIFT) | Lock.held);
    else machine.setLock(call.lock, (number << LOCK_SHIFT) | (ifZero ? Lock.heldIfZero : Lock.heldIfNonzero));
    return;
  }
  if (
    (state & 7) === (Lock.held as number) &&
    argument >= 0 &&
    !call.name.includes('nested') &&
    !kind.endsWith('read') &&
    !call.cleanup
  ) {
    const before = run.f.calls[state >>> LOCK_SHIFT]!;
    run.say('double-lock', call.node, lockText(run, call.lock), call.name, [
      { node: before.node, message: `${before.name}() takes it here already` },
    ]);
  }
  machine.setLock(call.lock, (number << LOCK_SHIFT) | Lock.held);
}

/** A lock is given back that was not taken by this name: one of the same kind and last name may be the same lock. */
function forgetAliases(run: Run, lock: number): void {
  const { locks } = run.f;
  for (let other = 0; other < locks.length; other++)
    if (other !== lock && lastName(locks[other]!) === lastName(locks[lock]!)) run.machine.setLock(other, Lock.unknown);
}

/** clk_disable() and clk_unprepare() undo clk_prepare_enable() in two steps. */
function forgetClock(run: Run, lock: number): void {
  run.f.locks.forEach((name, other) => {
    if (other !== lock && name.startsWith('clk ') && lockText(run, other) === lockText(run, lock))
      run.machine.setLock(other, Lock.unknown);
  });
}

export const lockText = (run: Run, lock: number): string => run.f.locks[lock]!.slice(run.f.locks[lock]!.indexOf('|') + 1);

/** Locks that a function of the file takes or gives back for its caller. */
function applySummaryLocks(run: Run, call: FlowCall, summary: Summary): void {
  for (const { group, parameter, path, does } of summary.locks) {
    const text = parameter < 0 ? path : run.tree.textOf(call.nodes[parameter] ?? call.node).replace(/\s+/g, '') + path;
    const lock = run.f.locks.indexOf(`${group}|${text.replace(/^&(.*?)->/, '$1.')}`);
    if (lock < 0) continue;
    run.machine.setLock(lock, does === 'take' ? Lock.unknown : Lock.unknown);
    if (does === 'give') run.given.add(lock);
  }
}

function sleeping(run: Run, call: FlowCall, summary: Summary | undefined): void {
  const { machine, f, tree } = run;
  let why = '';
  const { sleeps } = call.api ?? {};
  if (sleeps === 'always') why = call.name;
  else if (sleeps) {
    const flags = call.nodes[sleeps.flags];
    if (
      flags === undefined ||
      !/\bGFP_(?:KERNEL|USER|NOIO|NOFS|KERNEL_ACCOUNT)\b/.test(tree.textOf(flags)) ||
      tree.textOf(flags).includes('?')
    )
      return;
    why = call.name;
  } else if (summary && summary.sleeps !== '') why = summary.sleeps;
  if (why === '') return;
  for (let lock = 0; lock < f.locks.length; lock++) {
    const state = machine.lock(lock);
    if ((state & 7) !== (Lock.held as number)) continue;
    const taken = f.calls[state >>> LOCK_SHIFT]!;
    if (!taken.api?.lock?.atomic || summary?.gaveBack.has(lastName(f.locks[lock]!))) continue;
    run.say(
      'sleep-in-atomic',
      call.node,
      lockText(run, lock),
      call.name,
      [{ node: taken.node, message: `${taken.name}() forbids sleeping from here on` }],
      why,
    );
  }
  if (run.atomicBecause !== '')
    run.say(
      'sleep-in-atomic',
      call.node,
      '',
      call.name,
      [],
      why === call.name ? run.atomicBecause : `${run.atomicBecause}; it calls ${why}()`,
    );
  run.slept ||= why;
  machine.flags |= 1;
}
