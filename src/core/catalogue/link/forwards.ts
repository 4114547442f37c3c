import type { HeaderFacts } from '../c/header';
import type { HelperFact } from '../c/helpers';
import { wordsOf } from './names';

/** Words that do not change what a name does: `__mutex_init` does the work of `mutex_init`. */
const EMPTY_WORDS = new Set([
  'on',
  'key',
  'with',
  'hooks',
  'alloc',
  'generic',
  'nested',
  'indexed',
  'attrs',
  'full',
  'range',
  'ns',
  'driver',
  'cpu',
  'noprof',
  'dev',
  'device',
  'and',
  'or',
]);

/**
 * C macros and inline functions that do no more than call one other function: `#define mutex_init(m) … __mutex_init(…)`,
 * `queue_work` → `queue_work_on`. What Rust has for the callee then does for the name too.
 * @param known C names that Rust has something for
 * @returns name → the known name that it comes to
 */
export function linkForwards(
  headers: readonly HeaderFacts[],
  helpers: readonly HelperFact[],
  known: (name: string) => boolean,
): Map<string, string> {
  const direct = new Map<string, string[]>();
  for (const header of headers) {
    for (const forward of header.forwards) {
      if (forward.size > 4 || forward.calls.length === 0 || forward.calls.length > 4 || direct.has(forward.name)) continue;
      const callee = forward.calls.filter((call) => related(forward.name, call));
      if (callee.length > 0) direct.set(forward.name, callee);
    }
  }
  const found = new Map<string, string>();
  // A helper under another name than what it wraps: the wrapped name is what C code says.
  for (const { name, calls } of helpers) {
    if (!known(name)) continue;
    for (const call of calls)
      if (call !== name && !known(call) && (calls.length === 1 || related(name, call)) && !found.has(call)) found.set(call, name);
  }
  for (const [name, callees] of direct) {
    if (known(name) || found.has(name)) continue;
    const target = follow(callees, direct, known, found, 0);
    if (target !== undefined && target !== name) found.set(name, target);
  }
  return found;
}

function follow(
  callees: readonly string[],
  direct: Map<string, string[]>,
  known: (name: string) => boolean,
  found: Map<string, string>,
  depth: number,
): string | undefined {
  for (const callee of callees) {
    if (known(callee)) return callee;
    const other = found.get(callee);
    if (other !== undefined) return other;
  }
  if (depth > 3) return undefined;
  for (const callee of callees) {
    const next = direct.get(callee);
    const target = next && follow(next, direct, known, found, depth + 1);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** Whether two names share their words but for empty ones: one of them must have all words of the other. */
function related(name: string, callee: string): boolean {
  const a = new Set(wordsOf(name).filter((word) => !EMPTY_WORDS.has(word)));
  const b = new Set(wordsOf(callee).filter((word) => !EMPTY_WORDS.has(word)));
  if (a.size === 0 || b.size === 0) return false;
  const inOther = (one: Set<string>, other: Set<string>): boolean => [...one].every((word) => other.has(word));
  if (inOther(a, b) || inOther(b, a)) return true;
  return false;
}

/** Words that a forwarding name has beyond its callee's: `interruptible` of `wake_up_interruptible`. They are a promise Rust may not keep. */
export function extraWords(name: string, callee: string): string[] {
  const b = new Set(wordsOf(callee));
  return wordsOf(name).filter((word) => !b.has(word) && !EMPTY_WORDS.has(word));
}
