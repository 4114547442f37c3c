import type { ApiUse, DriverModel, EntryPoint, FunctionDefinition } from './model';

/** The kernel names that a file uses, and where. */
export class NamesUsed {
  /** Index of the first use of each name. */
  readonly #first = new Map<string, number>();
  /** Index of the next use of the same name; 0 after the last. */
  readonly #next: Int32Array;

  constructor(private readonly apis: readonly ApiUse[]) {
    this.#next = new Int32Array(apis.length);
    for (let i = apis.length - 1; i >= 0; i--) {
      this.#next[i] = this.#first.get(apis[i]!.name) ?? 0;
      this.#first.set(apis[i]!.name, i);
    }
  }

  get names(): Iterable<string> {
    return this.#first.keys();
  }

  hasAny(names: ReadonlySet<string>): boolean {
    if (names.size > this.#first.size) {
      for (const name of this.#first.keys()) if (names.has(name)) return true;
    } else for (const name of names) if (this.#first.has(name)) return true;
    return false;
  }

  /** The uses of one name, in text order. */
  of(name: string): ApiUse[] {
    const uses: ApiUse[] = [];
    const first = this.#first.get(name);
    if (first === undefined) return uses;
    uses.push(this.apis[first]!);
    for (let i = this.#next[first]!; i !== 0; i = this.#next[i]!) uses.push(this.apis[i]!);
    return uses;
  }

  /** The uses of any of `names`, in text order. */
  ofAny(names: ReadonlySet<string>): ApiUse[] {
    const uses: ApiUse[] = [];
    if (names.size < this.#first.size) for (const name of names) uses.push(...this.of(name));
    else for (const name of this.#first.keys()) if (names.has(name)) uses.push(...this.of(name));
    return uses.sort((a, b) => a.start - b.start);
  }
}

const namesUsed = new WeakMap<DriverModel, NamesUsed>();

/** The kernel names that a file uses; made once for a model. */
export function namesUsedIn(model: DriverModel): NamesUsed {
  let known = namesUsed.get(model);
  if (!known) namesUsed.set(model, (known = new NamesUsed(model.apis)));
  return known;
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
