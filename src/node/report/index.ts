import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative, isAbsolute } from 'node:path';
import { totalsOf, type Catalogue, type DriverReport, type FindingFact, type Report } from '../../core';
import { stateOfCatalogue, treeAround } from '../kernels';
import { FactsCache } from './cache';
import { runPlan } from './run';
import { planOf, type Planned } from './selection';
import { surroundingsOf } from './surroundings';

export { isWorkerData, runWorker } from './worker';

export interface ReportOptions {
  catalogue: Catalogue;
  /** Folder of the bundle. */
  dist: string;
  jobs: number | undefined;
  cached: boolean;
  /** Only drivers with a file of which this is true, by its absolute path; undefined for all. */
  changed: ((path: string) => boolean) | undefined;
  shard: { index: number; count: number } | undefined;
  progress?: (done: number, total: number) => void;
  findings?: (path: string, findings: readonly FindingFact[]) => void;
  /** Stops the run: `makeReport` then throws the signal's reason. */
  signal?: AbortSignal;
}

/** The report on the drivers that have a file among `paths`. Paths in it are as `paths` are: relative, or absolute if the first one is. */
export async function makeReport(paths: readonly string[], options: ReportOptions): Promise<Report> {
  const { catalogue, dist, shard, changed } = options;
  const tree = await treeAround(paths[0]!);
  const version = await engineVersion(dist);
  const [plan, around] = await Promise.all([planOf(paths, tree), surroundingsOf(tree, catalogue, version)]);
  if (changed) plan.drivers = plan.drivers.filter(({ files }) => files.some((file) => changed(join(plan.root, file))));
  if (shard) plan.drivers = plan.drivers.filter((driver) => shardOf(driver, shard.count) === shard.index);
  const cache = options.cached ? FactsCache.open('facts', version) : FactsCache.none();
  const state = stateOfCatalogue(catalogue);
  const known = options.cached && state !== undefined && around.state !== undefined;
  const { drivers, skipped } = await runPlan(plan, around, {
    jobs: options.jobs,
    cache,
    reports: known ? FactsCache.open('drivers', `${state} ${around.state}`) : FactsCache.none(),
    dist,
    ...(options.progress && { progress: options.progress }),
    ...(options.findings && { findings: (path, found) => options.findings!(join(plan.root, path), found) }),
    ...(options.signal && { signal: options.signal }),
  });
  const shown = (path: string): string => {
    const whole = join(plan.root, path);
    return isAbsolute(paths[0]!) ? whole : relative(process.cwd(), whole);
  };
  const renamed = drivers.map((driver): DriverReport => ({
    ...driver,
    path: shown(driver.path),
    files: driver.files.map(shown),
  }));
  return {
    schemaVersion: 1,
    kernel: catalogue.kernel,
    ...(shard && { shard }),
    totals: totalsOf(renamed),
    drivers: renamed,
    skipped: skipped.map(({ path, reason }) => ({ path: shown(path), reason })),
  };
}

/** The shard, from 1 on, that a driver is in: by its first file, so that it does not depend on what else is reported. */
function shardOf({ files, name }: Planned, count: number): number {
  const digest = createHash('sha256').update(`${files[0]}\0${name}`).digest();
  return (digest.readUInt32BE(0) % count) + 1;
}

/** What facts depend on beside a file's content: this build and its grammar. */
async function engineVersion(dist: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['r4l.js', 'wasm/kernel-c.wasm']) hash.update(await readFile(join(dist, file)));
  return hash.digest('hex');
}
