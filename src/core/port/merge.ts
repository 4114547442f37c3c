import type { DriverReport, Report } from './model';
import { totalsOf } from './totals';

/**
 * Puts reports of parts of a tree (`--shard`, or of several folders) together: what one run over all of it gives.
 * @throws Error if they are of different kernels, or none is given
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports;
  if (!first) throw new Error('no report');
  const other = reports.find(({ kernel }) => kernel.version !== first.kernel.version || kernel.source !== first.kernel.source);
  if (other)
    throw new Error(
      `they are of different kernels: ${first.kernel.version} (${first.kernel.source}) and ${other.kernel.version} (${other.kernel.source})`,
    );
  const drivers = new Map<string, DriverReport>();
  for (const report of reports) for (const driver of report.drivers) drivers.set(keyOf(driver), driver);
  const skipped = new Map(reports.flatMap((report) => report.skipped.map((one) => [one.path, one])));
  // A source that a driver includes is nothing of its own, though its shard could not know.
  const included = new Set([...drivers.values()].flatMap(({ built, files }) => (built ? files : [])));
  const sorted = [...drivers.values()].filter(({ built, path }) => built || !included.has(path)).sort(byPath);
  return {
    schemaVersion: 1,
    kernel: first.kernel,
    totals: totalsOf(sorted),
    drivers: sorted,
    skipped: [...skipped.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** A file may be the main file of two modules. */
const keyOf = ({ path, name }: DriverReport): string => `${path}\0${name}`;

/** The order of drivers in a report. */
export const byPath = (a: DriverReport, b: DriverReport): number => (keyOf(a) < keyOf(b) ? -1 : 1);
