import { stat } from 'node:fs/promises';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { makeReport } from '../node/report';
import { writeReport, type ReportFormat } from './report-writer';

export interface ReportCommandOptions {
  kernel?: string;
  format: ReportFormat;
  jobs?: number;
  cache: boolean;
  shard?: { index: number; count: number };
}

/** `r4l report`: how far each driver is from Rust, and what is in the way. */
export async function report(paths: string[], options: ReportCommandOptions, dist: string): Promise<void> {
  for (const path of paths)
    await stat(path).catch(() => {
      throw new UsageError(`${path}: no such file or folder`);
    });
  const catalogue = await resolveCatalogue(options.kernel, paths[0], await loadSyntax(dist), dist);
  const made = await makeReport(paths, {
    catalogue,
    dist,
    jobs: options.jobs,
    cached: options.cache,
    changed: undefined,
    shard: options.shard,
  });
  if (made.drivers.length === 0 && made.skipped.length > 0)
    throw new UsageError(`nothing could be read: ${made.skipped[0]!.path}: ${made.skipped[0]!.reason}`);
  await writeReport(made, options.format);
}

/** `2/5` as of `--shard`. */
export function parseShard(text: string): { index: number; count: number } {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new UsageError(`--shard ${text}: I/N is expected, the first of five is 1/5`);
  return { index, count };
}
