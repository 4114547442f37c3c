import {
  askedAround,
  isConditional,
  isInLoopBefore,
  isMisaligned,
  locksForCaller,
  returnsForm,
  returnsParameter,
} from './certain';
import type { Diagnosis } from './diagnosis';
import { Op, STEP, Test } from './ir';
import { CKind } from '../syntax';
import type { FlowCall } from './ir';
import { isForgotten, isOnlyAnchored } from './forgotten';
import type { Candidate, Run } from './run';
import { Lock } from './run';
import { lastName } from './summaries';
import { May } from './state';

/** An error return by what is returned: a negative number or error pointer, or NULL from a function that returns a pointer. */
const isError = (run: Run, result: number): boolean =>
  run.f.returnsPointer ? result === May.negative || result === May.zero : (result & (May.negative | May.zero)) === May.negative;

/** Reports what the whole function confirms of the candidates that single paths gave. */
export function confirm(run: Run): void {
  const said = new Map<string, Diagnosis>();
  for (const candidate of run.candidates) {
    if (candidate.kind === 'leak') confirmLeak(run, candidate, said);
    else if (candidate.kind === 'error-tested') confirmErrorTested(run, candidate);
    else confirmLock(run, candidate, said);
  }
}

function confirmLeak(run: Run, { site, key, node, result, name, block, isGone }: Candidate, said: Map<string, Diagnosis>): void {
  if (name === '' || excusesLeaks(run) || returnsParameter(run.tree, run.f, node)) return;
  const call = run.f.calls[site]!;
  if (call.name === 'dma_alloc_coherent' && isMisaligned(run.tree, run.f, node, name)) return;
  const released = run.releasedSites.has(site);
  if (isOnlyAnchored(run, call, key, name)) {
    run.say('leak', node, name, call.name, [{ node: call.node, message: `${call.name}() gives it here` }], 'urb');
    return;
  }
  const isLoop = run.f.loops.some((loop) => loop.site === site);
  if (run.f.returnsPointer && returnsForm(run.tree, node, name)) return;
  // Who breaks off a loop has its reference, whatever he returns then.
  if (
    !isLoop &&
    !isError(run, result) &&
    (run.f.returnsValue || !released || isGone) &&
    (released || !isForgotten(run, call, key, node, name))
  )
    return;
  const isLeft = (key & May.zero) === 0 && run.leftOnFailure.has((key >> 3) - 1);
  if (isGone && !isLeft && (released || !isForgotten(run, call, key, node, name))) return;
  if (key !== 0 && (!isError(run, result) || !(isLeft || (!isGone && run.released.has(site * 65536 + key))))) return;
  if (
    key !== 0 &&
    passesBy(
      run,
      block,
      (at) =>
        run.f.calls[at]!.api?.takes !== undefined &&
        run.nameOf(run.f.calls[at]!.slots[run.f.calls[at]!.api.takes.argument] ?? 0) === name,
    )
  )
    return;
  if (isGivenUp(run, node)) return;
  sayOnce(run, said, `leak ${site}`, node, 'this way out does not give it back, either', () =>
    run.say(
      isLoop ? 'loop-reference-leak' : 'leak',
      node,
      name,
      call.name,
      [{ node: call.node, message: `${call.name}() gives it here` }],
      call.api?.gives ?? '',
    ),
  );
}

/** How many other ways out a report names. */
const MAX_OTHERS = 4;

/** What is lost on several ways out is one fault: the first way out is reported, the others are places of its story. */
function sayOnce(run: Run, said: Map<string, Diagnosis>, key: string, node: number, other: string, say: () => void): void {
  const first = said.get(key);
  if (!first) {
    const before = run.diagnoses.length;
    say();
    if (run.diagnoses.length > before) said.set(key, run.diagnoses.at(-1)!);
  } else if (
    first.node !== node &&
    first.related.every((place) => place.node !== node) &&
    first.related.filter(({ message }) => message === other).length < MAX_OTHERS
  )
    first.related.push({ node, message: other });
}

const STATUS_NAME = /^(?:ret\w*|rv|rc|r|err|error|errno|status|result)$/;

function confirmErrorTested(run: Run, { site, node, name }: Candidate): void {
  // A variable for status has no pointer in it: a function of the same name returns a number.
  if (run.errorTested.has(site) || STATUS_NAME.test(name)) return;
  const call = run.f.calls[site]!;
  run.say('error-pointer-tested-as-null', node, name, call.name, [
    { node: call.node, message: `${call.name}() returns an error pointer if it fails` },
  ]);
}

/** Returned with the lock held, or switched on, while another way out of the same kind gives it back. */
function confirmLock(
  run: Run,
  { kind, site, key: lock, node, result, name, block }: Candidate,
  said: Map<string, Diagnosis>,
): void {
  if (kind === 'pair' && returnsParameter(run.tree, run.f, node)) return;
  if (kind === 'pair' && !run.given.has(lock)) {
    if (isError(run, result)) sayNeverGiven(run, site, lock, node, name, said);
    return;
  }
  // Who is called cmd_read_lock() takes it for his caller.
  if (!run.given.has(lock) || (kind === 'lock' && /(?:^|_)(?:try)?lock(?:_|$)/.test(run.f.name))) return;
  if (passesBy(run, block, (at) => run.f.calls[at]!.lock === lock && run.f.calls[at]!.api?.lock?.does === 'give')) return;
  const call = run.f.calls[site]!;
  if (kind === 'lock' && isMeant(run, call, lock, node)) return;
  if (
    kind === 'pair' &&
    run.f.calls.some((other) => other.lock === lock && gives(other) && isInLoopBefore(run.tree, run.f, other.node, node))
  )
    return;
  if (kind === 'pair' && isSwitchedOnAgain(run, call, lock)) return;
  const error = isError(run, result);
  // true and false, an object and none: two outcomes.
  const isTruth = kind === 'lock' && (result & May.zero) === 0 && (result & May.positive) !== 0;
  const kindOf = (of: number): number =>
    kind === 'lock' && run.f.returnsTruth
      ? of === May.zero
        ? 3
        : of & May.zero
          ? 0
          : 4
      : isTruth && of === May.zero
        ? 3
        : isError(run, of)
          ? 1
          : of & May.negative && of & ~May.negative
            ? 2
            : 0;
  if (kind === 'pair' && !error) return;
  // seq_file's start() and the like: who gets an object gets the lock with it.
  if (run.f.returnsPointer && !error) return;
  // A firmware image in a variable of the function is nobody else's, whatever is returned.
  const isOwn = call.api?.lock?.group === 'firmware' && /^\w+$/.test(name);
  const others = run.returns.filter(
    ({ node: other, locks, result: of }) =>
      other !== node &&
      isGiven(locks[lock]!) &&
      (kindOf(of) === kindOf(result) || kindOf(result) === 2 || !run.f.returnsValue || isOwn || (error && kind === 'lock')),
  );
  const same = run.returns.some(
    ({ node: other, locks, result: of }) => other === node && isGiven(locks[lock]!) && kindOf(of) === kindOf(result),
  );
  if (others.length === 0 && !same) return;
  const related = [{ node: call.node, message: `${call.name}() ${kind === 'pair' ? 'switches it on' : 'takes it'} here` }];
  const first = others[0];
  if (first) related.push({ node: first.node, message: 'this way out gives it back' });
  sayOnce(run, said, `${kind} ${site} ${lock}`, node, 'so does this way out', () =>
    run.say(kind === 'pair' ? 'pair-leak' : 'lock-held-at-return', node, name, call.name, related, call.api?.lock?.group ?? ''),
  );
}

/** Nothing in the function switches it off again: whether that is a fault, what undoes the function tells. */
function sayNeverGiven(run: Run, site: number, lock: number, node: number, name: string, said: Map<string, Diagnosis>): void {
  const call = run.f.calls[site]!;
  const related = [{ node: call.node, message: `${call.name}() switches it on here` }];
  sayOnce(run, said, `pair ${site} ${lock}`, node, 'so does this way out', () =>
    run.say('pair-never-given', node, name, call.name, related, call.api?.lock?.group ?? ''),
  );
}

const isGiven = (state: number): boolean =>
  (state & 7) === (Lock.given as number) || (state & 7) === (Lock.givenBefore as number);

const gives = (call: FlowCall): boolean => call.api?.lock?.does === 'give';

/** Whether what switches off answers another call than this: the same is switched on once more after it, and switched off once in all. */
function isSwitchedOnAgain({ tree, f }: Run, { node: first }: FlowCall, lock: number): boolean {
  const blockOf = (node: number): number => {
    let up = tree.parents[node]!;
    while (up !== f.node && tree.kinds[up] !== (CKind.compound_statement as number)) up = tree.parents[up]!;
    return up;
  };
  const after = f.calls.filter((call) => call.lock === lock && !call.cleanup && call.node > first);
  const again = after.find((call) => call.api?.lock && !gives(call));
  return (
    again !== undefined && blockOf(again.node) === blockOf(first) && after.filter(gives).length === 1 && gives(after.at(-1)!)
  );
}

/** Whether the text says why a lock is held at a return: for the caller, under a condition, or by a call that was told of the lock's owner. */
function isMeant({ tree, f }: Run, call: FlowCall, lock: number, node: number): boolean {
  const calls = f.calls.filter((other) => other.lock === lock && !other.cleanup).map((other) => other.node);
  if (locksForCaller(tree, f) || isConditional(tree, f, call.node, calls, node)) return true;
  // Given back before it is taken anywhere: the caller's.
  const first = f.calls.find((other) => other.lock === lock && !other.cleanup);
  if (first?.api?.lock?.does === 'give') return true;
  // A comment before the return says so.
  if (/\b(?:still|stays?|remains?)\s[^.;]*\b(?:held|locked)\b/.test(tree.text.slice(tree.starts[node]! - 400, tree.starts[node])))
    return true;
  if (isToldOf(tree.text.slice(tree.starts[call.node], tree.starts[node]), lastName(f.locks[lock]!))) return true;
  // rcu_read_lock(); return NULL;
  if (tree.nexts[tree.parents[call.node]!] === node) return true;
  // The status that says that a call could not take the lock again: `if (ret == -ERESTARTSYS) return ret`.
  const around = tree.textOf(
    tree.parents[tree.kinds[tree.parents[node]!] === (CKind.compound_statement as number) ? tree.parents[node]! : node]!,
  );
  return /^if\s*\(\w+\s*==\s*-E(?:RESTARTSYS|INTR|DEADLK|AGAIN)\)/.test(around);
}

/** A comment on the way says that what is called gives the lock back: `acme_finish() always unlocks a->gate`. */
const isToldOf = (way: string, name: string): boolean =>
  name !== '' &&
  (way.match(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g) ?? []).some(
    (comment) => /\b(?:unlocks|releases|drops)\b/.test(comment) && new RegExp(`\\b${name}\\b`).test(comment),
  );

/** Boot code that has nobody to return an error to, tests, and functions whose comments own up to the leak. */
function excusesLeaks({ f, text, file }: Run): boolean {
  return file.isTest || (!f.returnsValue && /\b__init\b/.test(text.slice(0, 200))) || /(?<![-\w])leak/i.test(text);
}

/** `if (reclaim(page)) return`: a function of the file that says of itself that it gives up, and leaks, what it cannot have back. */
function isGivenUp({ file, tree, f }: Run, node: number): boolean {
  return askedAround(tree, f, node).some((asked) => {
    const definition = file.model.functions.find(({ name }) => name === asked);
    if (!definition) return false;
    file.looksAround();
    return /(?<!mem)(?<![-a-z])leak/i.test(tree.text.slice(definition.start, definition.end));
  });
}

/** Whether the way to block `end` may go by a call that gives back, under a condition of its own: `if (taken) give(x); return`. */
function passesBy(run: Run, end: number, gives: (call: number) => boolean): boolean {
  const { blocks, code } = run.f;
  for (const block of blocks) {
    if (block.test === Test.none || block.test === Test.choice) continue;
    for (const [side, other] of [
      [block.whenTrue, block.whenFalse],
      [block.whenFalse, block.whenTrue],
    ] as const) {
      const at = side >= 0 ? blocks[side]! : undefined;
      if (!at || other < 0 || !straightTo(run, other, end)) continue;
      for (let i = at.first; i < at.end; i += STEP)
        if (code[i] === (Op.call as number) && gives(code[i + 1]!)) if (straightTo(run, side, end)) return true;
    }
  }
  return false;
}

/** Whether `from` leads to `to` without a further choice, or over one whose sides meet again at once. */
function straightTo(run: Run, from: number, to: number): boolean {
  const { blocks } = run.f;
  for (let block = from, steps = 0; block >= 0 && steps < 12; steps++) {
    if (block === to) return true;
    const { test, whenTrue, whenFalse } = blocks[block]!;
    if (test === Test.none) block = whenTrue;
    else if (
      test !== Test.choice &&
      whenTrue >= 0 &&
      blocks[whenTrue]!.test === Test.none &&
      blocks[whenTrue]!.whenTrue === whenFalse
    )
      block = whenFalse;
    else if (
      test !== Test.choice &&
      whenFalse >= 0 &&
      blocks[whenFalse]!.test === Test.none &&
      blocks[whenFalse]!.whenTrue === whenTrue
    )
      block = whenTrue;
    else return false;
  }
  return false;
}
