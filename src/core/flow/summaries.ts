import { lockText } from './locks';
import { Lock, type Run } from './run';
import { May } from './state';
import { mayGiveNothing } from './gives-nothing';

/** What a caller in the same file needs to know of a function. Numbers are positions of parameters. */
export interface Summary {
  /** Parameters that every path which returns has freed, and the family. */
  frees: Map<number, { families: readonly string[]; node: number }>;
  /** Parameters that some path frees. */
  mayFree: ReadonlySet<number>;
  /** Parameters that every way which says that it failed has freed, and no other way. */
  freesIfFailed: ReadonlySet<number>;
  /** Parameters that are kept beyond the call, or passed to where that is not known. */
  keeps: ReadonlySet<number>;
  /** What the result may be: bits of `May`; 0 for none. */
  result: number;
  /** The family of what the result must be given back as; '' if nothing or unknown. */
  gives: string;
  /** How the result says failure. */
  fails: 'null' | 'error' | 'either' | undefined;
  /** Some way out returns an error pointer, and no way returns NULL. */
  givesErrors: boolean;
  /** It makes something, by its name, and returns NULL on some way out. */
  mayGiveNothing: boolean;
  /** Locks that every return leaves held, or given back: group and path below a parameter (-1: none). */
  locks: { group: string; parameter: number; path: string; does: 'take' | 'give' }[];
  /** Every path sleeps: the call that does. */
  sleeps: string;
  /** Parameters whose fields are written or may be by a callee. */
  writes: ReadonlySet<number>;
  /** It gives something back, somewhere. */
  releases: boolean;
  /** Last names of the locks and switches that it gives back anywhere, and its callees in the file: `mutex|lock`. */
  gaveBack: ReadonlySet<string>;
  /** It leaves locks in a way that this summary does not say. */
  locksUnclear: boolean;
}

/** Sums up a finished analysis. */
export function summaryOf(run: Run): Summary {
  const { f, returns } = run;
  const frees: Summary['frees'] = new Map();
  const mayFree = new Set<number>();
  let result = 0;
  let gives: string | undefined;
  let fails: Summary['fails'];
  for (const [i, way] of returns.entries()) {
    result |= way.result;
    if (way.gives !== '') {
      gives = gives === undefined || gives === way.gives ? way.gives : '';
      fails = way.fails;
    } else if (way.result & 4) gives = '';
    for (const [parameter, site] of way.freed) if (site >= 0) mayFree.add(parameter);
    if (i === 0) {
      for (const [parameter, site] of way.freed) {
        frees.set(parameter, { families: familiesOf(run, site), node: f.calls[site]?.node ?? f.node });
      }
    } else for (const parameter of [...frees.keys()]) if (!way.freed.has(parameter)) frees.delete(parameter);
  }
  for (const parameter of [...frees.keys()]) {
    if (!mayFree.has(parameter)) frees.delete(parameter);
    else if (frees.get(parameter)!.families.length === 0)
      frees.set(parameter, { ...frees.get(parameter)!, families: familiesOf(run, siteFor(run, parameter)) });
  }
  if (!run.complete || returns.length === 0) {
    frees.clear();
    result = 0;
    gives = '';
  }
  const { locks, unclear } = lockSummary(run);
  return {
    frees,
    mayFree,
    freesIfFailed: freedIfFailed(run, mayFree, frees),
    keeps: run.complete ? run.kept : new Set(f.parameters.keys()),
    result,
    gives: gives ?? '',
    fails,
    givesErrors:
      f.returnsPointer && returns.some((way) => way.result === May.negative) && returns.every((way) => way.result !== May.zero),
    mayGiveNothing: mayGiveNothing(run),
    locks,
    sleeps: run.alwaysSleeps && returns.length > 0 && run.complete ? run.slept : '',
    writes: new Set([...run.writes, ...run.kept]),
    releases: f.calls.some(
      (call) =>
        call.api?.takes !== undefined || (call.name !== f.name && !call.api && run.file.summaryOf(call.name)?.releases === true),
    ),
    gaveBack: givenAnywhere(run),
    locksUnclear: unclear,
  };
}

/** Whether a way out says that the function has failed, or that it has not; undefined if it may be either. */
function hasFailed(result: number): boolean | undefined {
  // `if (ret) return ret`: nobody returns a number above zero there.
  if (result === (May.negative as number) || result === (May.negative | May.positive)) return true;
  return result !== 0 && (result & May.negative) === 0 ? false : undefined;
}

function freedIfFailed(run: Run, mayFree: ReadonlySet<number>, always: ReadonlyMap<number, unknown>): Set<number> {
  const found = new Set<number>();
  if (!run.complete || run.capped || !run.f.returnsValue || run.f.returnsPointer) return found;
  const known = run.returns.map(({ result }) => hasFailed(result));
  if (known.includes(undefined) || !known.includes(false)) return found;
  for (const parameter of mayFree)
    if (!always.has(parameter) && run.returns.every(({ freed }, i) => known[i] === (freed.get(parameter) ?? -1) >= 0))
      found.add(parameter);
  return found;
}

/** The families of what the call frees. */
function familiesOf(run: Run, site: number): readonly string[] {
  const call = run.f.calls[site];
  return (
    call?.api?.takes?.families ??
    run.file
      .summaryOf(call?.name ?? '')
      ?.frees.values()
      .next().value?.families ??
    []
  );
}

/** The call that frees a parameter on some path. */
function siteFor(run: Run, parameter: number): number {
  for (const way of run.returns) {
    const site = way.freed.get(parameter) ?? -1;
    if (site >= 0) return site;
  }
  return -1;
}

function lockSummary(run: Run): { locks: Summary['locks']; unclear: boolean } {
  const { f, returns } = run;
  const locks: Summary['locks'] = [];
  let unclear = false;
  for (let lock = 0; lock < f.locks.length; lock++) {
    const kinds = new Set(returns.map((way) => stateAtEnd(way.locks[lock]!)));
    const first = firstUse(run, lock);
    if (kinds.size === 1 && kinds.has(Lock.given)) continue;
    if (kinds.size === 1 && kinds.has(Lock.unknown)) continue;
    const does =
      kinds.size === 1 && kinds.has(Lock.held) ? 'take' : kinds.size === 1 && kinds.has(Lock.givenOnly) ? 'give' : undefined;
    if (!does) {
      if ([...kinds].every((kind) => kind === (Lock.given as number) || kind === (Lock.unknown as number)) && first === 'take')
        continue;
      unclear = true;
      continue;
    }
    const text = lockText(run, lock);
    const group = f.locks[lock]!.slice(0, f.locks[lock]!.indexOf('|'));
    const parameter = f.parameters.findIndex((slot) => slot > 3 && new RegExp(`^${f.slots.names[slot]!}\\b`).test(text));
    locks.push({
      group,
      parameter,
      path: parameter < 0 ? text : text.slice(f.slots.names[f.parameters[parameter]!]!.length),
      does,
    });
  }
  return { locks, unclear };
}

/** The state of a lock as a caller sees it. */
const stateAtEnd = (state: number): Lock => ((state & 7) === (Lock.givenBefore as number) ? Lock.unknown : state & 7);

function givenAnywhere(run: Run): Set<string> {
  const given = new Set<string>();
  for (const call of run.f.calls) {
    if (call.api?.lock?.does === 'give') given.add(lastName(run.f.locks[call.lock]!));
    else if (!call.api && call.name !== run.f.name)
      for (const name of run.file.summaryOf(call.name)?.gaveBack ?? []) given.add(name);
  }
  return given;
}

/** `spin|priv->lock` as `spin|lock`. */
export const lastName = (lock: string): string => lock.slice(0, lock.indexOf('|') + 1) + (/\w*$/.exec(lock)?.[0] ?? '');

/** Whether a function takes a lock before it gives it back. */
function firstUse(run: Run, lock: number): 'take' | 'give' | undefined {
  for (const call of run.f.calls) if (call.lock === lock) return call.api?.lock?.does === 'give' ? 'give' : 'take';
  return undefined;
}
