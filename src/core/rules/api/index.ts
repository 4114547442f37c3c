import { boundsApis } from './bounds';
import { callApis } from './calls';
import { memoryApis } from './memory';
import type { Api } from './model';

export type { Api, Failure, Family, LockKind } from './model';

let known: Map<string, Api> | undefined;

/** What is known of the kernel's functions and macros, by name. */
export function kernelApis(): ReadonlyMap<string, Api> {
  if (known) return known;
  known = new Map();
  for (const api of [...memoryApis(), ...callApis(), ...boundsApis()]) known.set(api.name, { ...known.get(api.name), ...api });
  return known;
}
