import { readFile } from 'node:fs/promises';
import { mergeReports, type Report } from '../core';
import { UsageError } from '../node/kernels';
import { writeReport, type ReportFormat } from './report-writer';

/** `r4l merge`: one report out of those of shards or folders. */
export async function merge(files: string[], { format }: { format: ReportFormat }): Promise<void> {
  const reports: Report[] = [];
  for (const file of files) reports.push(await readReport(file));
  const count = reports.find(({ shard }) => shard)?.shard?.count;
  if (count !== undefined) {
    const there = new Set(reports.map(({ shard }) => shard?.index));
    const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !there.has(index));
    if (missing.length > 0) process.stderr.write(`r4l: of ${count} shards these are missing: ${missing.join(', ')}\n`);
  }
  let merged: Report;
  try {
    merged = mergeReports(reports);
  } catch (error) {
    throw new UsageError(`the reports cannot be merged: ${error instanceof Error ? error.message : String(error)}`);
  }
  await writeReport(merged, format);
}

async function readReport(file: string): Promise<Report> {
  let report: Partial<Report>;
  try {
    report = JSON.parse(await readFile(file, 'utf8')) as Partial<Report>;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (report.schemaVersion !== 1 || !Array.isArray(report.drivers) || report.kernel === undefined)
    throw new UsageError(`${file} is no report: \`r4l report --format json\` makes them`);
  return { ...(report as Report), skipped: report.skipped ?? [] };
}
