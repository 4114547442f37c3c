import type { ApiUse, DriverModel, EntryPoint, FunctionDefinition } from './model';

const usesByName = new WeakMap<DriverModel, ReadonlyMap<string, readonly ApiUse[]>>();

/** The uses of each kernel name of a file, in text order; made once for a model. */
export function usesOf(model: DriverModel): ReadonlyMap<string, readonly ApiUse[]> {
  const known = usesByName.get(model);
  if (known) return known;
  const uses = new Map<string, ApiUse[]>();
  for (const use of model.apis) {
    const same = uses.get(use.name);
    if (same) same.push(use);
    else uses.set(use.name, [use]);
  }
  usesByName.set(model, uses);
  return uses;
}

/** The function whose definition covers `offset`; the innermost one in broken code that nests them. */
export function functionAt(model: DriverModel, offset: number): FunctionDefinition | undefined {
  const { functions } = model;
  for (let i = firstFrom(functions, offset + 1) - 1; i >= 0; i--) if (offset < functions[i]!.end) return functions[i];
  return undefined;
}

/** All ways in which the kernel enters the function named `name`. */
export function entryPointsOf(model: DriverModel, name: string): EntryPoint[] {
  return model.entryPoints.filter((point) => point.function === name);
}

/** The uses of kernel names that start from `start` on and before `end`. */
export function apisIn(model: DriverModel, start: number, end: number): ApiUse[] {
  return model.apis.slice(firstFrom(model.apis, start), firstFrom(model.apis, end));
}

/** The same as indices into `model.apis`: the first, and the one after the last. */
export function apiRange(model: DriverModel, start: number, end: number): [first: number, last: number] {
  return [firstFrom(model.apis, start), firstFrom(model.apis, end)];
}

/** Index of the first element that starts at `offset` or later. */
function firstFrom(sorted: readonly { start: number }[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
