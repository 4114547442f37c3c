import { boundsApis } from './bounds';
import { callApis } from './calls';
import { memoryApis } from './memory';
import derived from './failures.derived.json';
import keepers from './keepers.derived.json';
import type { Api, Failure } from './model';

export type { Api, Failure, Family, LockKind } from './model';

let known: Map<string, Api> | undefined;

/** What is known of the kernel's functions and macros, by name. */
export function kernelApis(): ReadonlyMap<string, Api> {
  if (known) return known;
  known = new Map();
  for (const name of derived.noreturn.split(' '))
    known.set(name, { name, source: 'tools/objtool/noreturns.h, __noreturn', noreturn: true });
  for (const api of [...memoryApis(), ...callApis(), ...boundsApis()]) known.set(api.name, { ...known.get(api.name), ...api });
  return known;
}

let failures: Map<string, Failure> | undefined;

/**
 * How functions say that they failed, of which nothing else is known: nearly all that call them in the kernel ask for it.
 * Made by scripts/derive-failures.mjs; a function of the file itself may have the same name.
 */
export function derivedFailures(): ReadonlyMap<string, Failure> {
  if (failures) return failures;
  failures = new Map();
  for (const name of derived.error.split(' ')) failures.set(name, 'error');
  for (const name of derived.null.split(' ')) failures.set(name, 'null');
  return failures;
}

let left: Map<string, 'failed' | 'never'> | undefined;

/**
 * Whether a function of another file leaves the object that it is handed as `argument` to its caller: if it has failed, or whatever becomes of
 * it. Undefined if nothing is known, and it may keep it. Made by scripts/derive-keepers.mjs: nearly all callers then give the object back.
 */
export function leavesToCaller(name: string, argument: number): 'failed' | 'never' | undefined {
  if (!left) {
    left = new Map();
    for (const kind of ['failed', 'never'] as const) for (const one of keepers[kind].split(' ')) left.set(one, kind);
  }
  return left.get(`${name}:${argument}`);
}
