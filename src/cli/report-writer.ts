import type { Report } from '../core';
import { write } from './output';

export type ReportFormat = 'text' | 'json';

/** Prints a report. */
export async function writeReport(report: Report, format: ReportFormat): Promise<void> {
  if (format === 'json') return writeJson(report);
  for (const { score, path, name, missing } of [...report.drivers].sort((a, b) => b.score - a.score))
    await write(`${String(score).padStart(3)}  ${path}  ${name}  ${missing.length}\n`);
}

/** A driver on a line: a whole tree's report is never one string. */
async function writeJson({ drivers, ...rest }: Report): Promise<void> {
  await write(`${JSON.stringify(rest).slice(0, -1)},"drivers":[`);
  for (const [i, driver] of drivers.entries()) await write(`${i > 0 ? ',' : ''}\n${JSON.stringify(driver)}`);
  await write(']}\n');
}
