import type { Status } from '../catalogue';
import type { DriverReport } from './model';
import { obstacles } from './render/text';

/** What drivers of a report are shown. All that is given must hold. */
export interface DriverFilter {
  /** Words that stand in name, path, Kconfig symbol or bus; case does not matter. */
  text?: string;
  /** Uses names of this state. */
  status?: Status;
  /** Has findings of this rule. */
  rule?: string;
  /** Lacks this abstraction: a group of `blockers`. */
  lacks?: string;
  /** A candidate can be made of it. */
  rewritable?: boolean;
}

/** Orders in which drivers are shown; those that have most come first, but names and paths from A on. */
export const DRIVER_ORDERS = ['score', 'name', 'path', 'lines', 'findings', 'missing'] as const;
export type DriverOrder = (typeof DRIVER_ORDERS)[number];

/** Whether a driver passes a filter. */
export function passes(driver: DriverReport, { text, status, rule, lacks, rewritable }: DriverFilter): boolean {
  if (text !== undefined) {
    const all = [driver.name, ...driver.files, driver.kconfig ?? '', ...driver.buses].join('\n').toLowerCase();
    if (
      !text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => all.includes(word))
    )
      return false;
  }
  if (status !== undefined && driver.coverage[status] === 0) return false;
  if (rule !== undefined && (driver.rules[rule] ?? 0) === 0) return false;
  if (lacks !== undefined && !obstacles(driver).some(({ group }) => group === lacks)) return false;
  return rewritable !== true || driver.rewrite === 'supported';
}

/** The drivers in an order; equal ones by path, then by name. */
export function inOrder(drivers: readonly DriverReport[], order: DriverOrder): DriverReport[] {
  const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const key: Record<DriverOrder, (a: DriverReport, b: DriverReport) => number> = {
    score: (a, b) => b.score - a.score,
    name: (a, b) => compareText(a.name, b.name),
    path: () => 0,
    lines: (a, b) => b.lines - a.lines,
    findings: (a, b) => b.suspects - a.suspects || b.hazards - a.hazards,
    missing: (a, b) => obstacles(b).length - obstacles(a).length,
  };
  return [...drivers].sort((a, b) => key[order](a, b) || compareText(a.path, b.path) || compareText(a.name, b.name));
}

/** A filter in words: empty if everything passes. */
export function filterText({ text, status, rule, lacks, rewritable }: DriverFilter): string {
  return [
    text === undefined ? null : `“${text}”`,
    status === undefined ? null : `uses names with state ${status}`,
    rule === undefined ? null : `has findings of ${rule}`,
    lacks === undefined ? null : `lacks ${lacks}`,
    rewritable === true ? 'has a candidate' : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
