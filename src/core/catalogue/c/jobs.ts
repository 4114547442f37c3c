import { wordsOf } from '../words';

/** Words that a callee may have beyond the name without doing another job: `queue_work` → `queue_work_on`. */
const EMPTY_WORDS = new Set(
  'on key with hooks generic nested indexed attrs full range ns driver cpu noprof dev device and or flags array segment map'.split(
    ' ',
  ),
);
/** Words that a name may have beyond its callee: `wait_queue_head_t`. */
const EMPTY_ENDINGS = new Set(['t', 'var', 'dev', 'device']);

/** Whether `callee` has all words of `name`, and what it has beyond them is empty. */
export function sameJob(name: string, callee: string): boolean {
  const own = new Set(wordsOf(name));
  const more = wordsOf(callee).filter((word) => !own.has(word));
  return extraWords(name, callee).length === 0 && more.every((word) => EMPTY_WORDS.has(word));
}

/** Words that a forwarding name has beyond its callee's: `interruptible` of `wake_up_interruptible`. They are a promise Rust may not keep. */
export function extraWords(name: string, callee: string): string[] {
  const theirs = new Set(wordsOf(callee));
  return wordsOf(name).filter((word) => !theirs.has(word) && !EMPTY_ENDINGS.has(word));
}
