import type { Diagnosis } from './diagnosis';
import type { Summary } from './summaries';

/** What is kept of the analysis of one function; nodes are counted from the function's own. */
export interface Remembered {
  /** Hash of the function's text. */
  text: string;
  diagnoses: readonly Diagnosis[];
  summary: Summary | undefined;
  /** What `keyOf` says of the summary. */
  key: string;
  /** The keys of the functions of the file that it calls, as they were. */
  callees: ReadonlyMap<string, string>;
}

/**
 * What the flow analysis of a document has found so far, function by function: after an edit only those functions are followed again whose
 * text has changed, or whose callees have another summary.
 */
export class FlowMemory {
  /** What of the file as a whole the functions depend on; if it changes, nothing is remembered. */
  facts = '';
  functions: ReadonlyMap<string, Remembered> = new Map();
  /** How many functions the last analysis has followed. */
  followed = 0;
}

/** A text that is equal for summaries which are so to a caller; '' for none. */
export function keyOf(summary: Summary | undefined): string {
  if (!summary) return '';
  const {
    frees,
    mayFree,
    freesIfFailed,
    keeps,
    result,
    gives,
    fails,
    givesErrors,
    mayGiveNothing,
    locks,
    sleeps,
    writes,
    releases,
    gaveBack,
    locksUnclear,
  } = summary;
  const sorted = (set: ReadonlySet<unknown>) => [...set].sort();
  return JSON.stringify([
    [...frees].map(([parameter, { families }]) => [parameter, families]),
    sorted(mayFree),
    sorted(freesIfFailed),
    sorted(keeps),
    result,
    gives,
    fails ?? '',
    givesErrors,
    mayGiveNothing,
    locks,
    sleeps,
    sorted(writes),
    releases,
    sorted(gaveBack),
    locksUnclear,
  ]);
}

/** Diagnoses with their nodes moved by `by`. */
export const movedDiagnoses = (diagnoses: readonly Diagnosis[], by: number): Diagnosis[] =>
  diagnoses.map((diagnosis) => ({
    ...diagnosis,
    node: diagnosis.node + by,
    related: diagnosis.related.map((place) => ({ ...place, node: place.node + by })),
  }));

/** A summary with its nodes moved by `by`. */
export const movedSummary = (summary: Summary, by: number): Summary => ({
  ...summary,
  frees: new Map([...summary.frees].map(([parameter, { families, node }]) => [parameter, { families, node: node + by }])),
});
