import { CKind, type SyntaxTree } from '../syntax';
import { Trait } from './call-traits';
import { isConditional, isUnderOwnFlag, locksForCaller } from './certain';
import type { FlowCall, FlowFunction } from './ir';
import { LOCK_SHIFT, Lock, type Run } from './run';
import { lastName, type Summary } from './summaries';

export function undoPairs(run: Run): void {
  const { machine, f } = run;
  for (let lock = 0; lock < f.locks.length; lock++) {
    const state = machine.lock(lock);
    if (state !== 0 && f.calls[state >>> LOCK_SHIFT]!.api?.lock?.kind === 'pair') machine.setLock(lock, Lock.unknown);
  }
}

/** The lock of a call changes hands. */
export function applyLock(run: Run, call: FlowCall, number: number): void {
  const { machine } = run;
  const { does, kind, argument } = call.api!.lock!;
  const now = machine.lock(call.lock);
  const state = (now & 7) === (Lock.givenBefore as number) ? Lock.unknown : now;
  if (does === 'give') {
    const before = run.f.calls[state >>> LOCK_SHIFT]!;
    if (
      ((state & 7) === (Lock.given as number) || (state & 7) === (Lock.givenOnly as number)) &&
      kind !== 'pair' &&
      argument >= 0 &&
      !call.cleanup
    ) {
      if (!before.cleanup && before !== call && !isExplained(run, call, before))
        run.say('unlock-without-lock', call.node, lockText(run, call.lock), call.name, [
          { node: before.node, message: `${before.name}() gives it back here already` },
        ]);
    }
    run.given.add(call.lock);
    if (call.name === 'downgrade_write') forgetSame(run, call.lock);
    if ((state & 7) === (Lock.unknown as number)) forgetAliases(run, call.lock);
    if (kind === 'pair' && call.api!.lock!.group.startsWith('clk ')) forgetClock(run, call.lock);
    machine.setLock(call.lock, (number << LOCK_SHIFT) | ((state & 7) === (Lock.unknown as number) ? Lock.givenOnly : Lock.given));
    return;
  }
  // Counted: switched on once more, so what switches it off answers this call, and not the one before.
  if (kind === 'pair' && (state & 7) === (Lock.held as number) && run.f.calls[state >>> LOCK_SHIFT] !== call) {
    machine.setLock(call.lock, Lock.unknown);
    return;
  }
  if (does === 'try') {
    const ifZero = kind === 'pair' || /interruptible|killable/.test(call.name);
    // Nobody asks whether these have failed.
    if (kind === 'pair' && /get_sync$|get_noresume$|^pm_runtime_enable$|^kref_get$|^sock_hold$/.test(call.name))
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
    // Once more at the same place: why a loop comes here only once, its condition may not say.
    if (before !== call && !isExplained(run, call, before))
      run.say('double-lock', call.node, lockText(run, call.lock), call.name, [
        { node: before.node, message: `${before.name}() takes it here already` },
      ]);
  }
  machine.setLock(call.lock, (number << LOCK_SHIFT) | Lock.held);
}

/** Whether the text has a reason for which the second call does not follow the first. */
function isExplained({ tree, f }: Run, call: FlowCall, before: FlowCall): boolean {
  const others = f.calls.filter((other) => other.lock === call.lock && !other.cleanup).map(({ node }) => node);
  // Against the order of the text: a goto back, whose condition says more than is seen.
  return (
    call.node < before.node ||
    locksForCaller(tree, f) ||
    isAfterOthersCall(tree, f, call.node) ||
    isUnderOwnFlag(tree, f, call.node, lockPath(f.locks[call.lock]!)) ||
    isConditional(tree, f, before.node, others, call.node, before.api?.lock?.does === 'give')
  );
}

/** `wait_on(log); spin_lock(&log->lock);`: the function of another file just before it may give the lock back (`__releases`). */
function isAfterOthersCall(tree: SyntaxTree, f: FlowFunction, node: number): boolean {
  const statement = tree.parents[node]!;
  const siblings = tree.children(tree.parents[statement]!, true);
  const previous = siblings[siblings.indexOf(statement) - 1];
  if (previous === undefined || tree.kinds[previous] !== (CKind.expression_statement as number)) return false;
  return f.calls.some(
    (other) => tree.parents[other.node] === previous && !other.api && !other.cleanup && !(other.traits & Trait.looksOnly),
  );
}

/** The lock is held for reading from here on. */
function forgetSame(run: Run, lock: number): void {
  run.f.locks.forEach((_, other) => {
    if (other !== lock && lockText(run, other) === lockText(run, lock)) run.machine.setLock(other, Lock.unknown);
  });
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

export const lockText = (run: Run, lock: number): string => lockPath(run.f.locks[lock]!);

/** A function that is called may give locks back for its caller: what it says of itself, or what its name says. */
export function forgetGivenBack(run: Run, call: FlowCall, summary: Summary | undefined): void {
  const { machine, f } = run;
  const forget = (lock: number): void => {
    const was = machine.lock(lock) & 7;
    machine.setLock(
      lock,
      was === (Lock.given as number) || was === (Lock.givenBefore as number) ? Lock.givenBefore : Lock.unknown,
    );
  };
  if (summary && summary.gaveBack.size > 0)
    for (let lock = 0; lock < f.locks.length; lock++) if (summary.gaveBack.has(lastName(f.locks[lock]!))) forget(lock);
  if (summary && !summary.locksUnclear && !(call.traits & Trait.unlocks)) applySummaryLocks(run, call, summary);
  else if (summary || call.traits & Trait.unlocks)
    for (let lock = 0; lock < f.locks.length; lock++)
      if (summary || call.name.includes('lock')) machine.setLock(lock, Lock.unknown);
      else if (reaches(run, call, lock)) forget(lock);
}

/** Whether a call is handed what a lock is part of: `release(priv)` of `priv->lock`, not `put(priv->owner)`. A lock of the file any function reaches. */
function reaches({ f, tree }: Run, call: FlowCall, lock: number): boolean {
  const path = lockPath(f.locks[lock]!);
  if (/^\w+$/.test(path)) return true;
  // Bottom halves are no part of anything: a counterpart of another file, `acme_grab(a)` and `acme_release(a)`, sees to them.
  if (f.locks[lock]!.startsWith('bh|')) return /release|unlock/.test(call.name);
  return call.nodes.some((node) => {
    const given = tree.textOf(node).replace(/[\s&()*]/g, '');
    const root = /^\w+/.exec(given)?.[0];
    return (
      given !== '' &&
      (path.startsWith(given) ||
        (tree.kinds[node] === (CKind.pointer_expression as number) && root !== undefined && path.startsWith(root)))
    );
  });
}

const lockPath = (lock: string): string => lock.slice(lock.indexOf('|') + 1);

/** Locks that a function of the file takes or gives back for its caller. */
export function applySummaryLocks(run: Run, call: FlowCall, summary: Summary): void {
  for (const { group, parameter, path, does } of summary.locks) {
    const text = parameter < 0 ? path : run.tree.textOf(call.nodes[parameter] ?? call.node).replace(/\s+/g, '') + path;
    const lock = run.f.locks.indexOf(`${group}|${text.replace(/^&(.*?)->/, '$1.')}`);
    if (lock < 0) continue;
    run.machine.setLock(lock, does === 'take' ? Lock.unknown : Lock.unknown);
    if (does === 'give') run.given.add(lock);
  }
}

export function sleeping(run: Run, call: FlowCall, summary: Summary | undefined): void {
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
  else if (
    !call.api &&
    call.nodes.some((node) => tree.kinds[node] === (CKind.identifier as number) && tree.hasText(node, 'GFP_KERNEL'))
  )
    why = call.name;
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
