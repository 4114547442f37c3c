import type { FindingJson } from '../ide';
import type { Severity } from '../rules';
import type { Baseline } from './baseline';
import { touches, type LineRanges } from './changed-lines';

/** Severities, the gravest first. */
export const SEVERITIES = ['warning', 'information', 'hint'] as const satisfies readonly Severity[];

/** What a run is to look at, of all that is found. */
export interface Selection {
  baseline?: Baseline | undefined;
  /** Touched lines by path; files that are not in it were not touched. Undefined: everything counts. */
  changed?: ReadonlyMap<string, LineRanges> | undefined;
}

/**
 * The findings of a file that are on touched lines, with `known` set at those that the baseline has.
 * @param path relative to the root, with `/`
 */
export function select(path: string, findings: readonly FindingJson[], { baseline, changed }: Selection): FindingJson[] {
  const ranges = changed?.get(path);
  const shown = changed ? findings.filter((finding) => ranges && touches(ranges, finding)) : [...findings];
  return baseline ? shown.map((finding) => ({ ...finding, known: baseline.has(path, finding.fingerprint) })) : shown;
}

/** Whether a finding is one to speak of: neither allowed somewhere nor in the baseline. */
export const isOpen = ({ suppressed, known }: Pick<FindingJson, 'suppressed' | 'known'>): boolean =>
  suppressed === undefined && known !== true;

/** Whether a finding makes a run fail that is to fail at `level`. */
export function fails(finding: FindingJson, level: Severity): boolean {
  return isOpen(finding) && SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(level);
}
