import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import {
  byPath,
  normalise,
  reportDriver,
  type DriverReport,
  type FileFacts,
  type FindingFact,
  type Surroundings,
} from '../../core';
import { readBytesSync } from '../source-files';
import { keyOf, stateOf, type FactsCache } from './cache';
import { LocalHeaders, type Declared } from './local-headers';
import { AHEAD, FactsPool } from './pool';
import type { Plan, Planned } from './selection';

export interface RunOptions {
  /** Worker threads; left out, one for each processor. */
  jobs: number | undefined;
  cache: FactsCache;
  /** Reports on drivers by what they are made of, for these surroundings. */
  reports: FactsCache;
  /** Where the bundle lies: the workers' program. */
  dist: string;
  /** Told after each file. */
  progress?: (done: number, total: number) => void;
  /** Told of the findings of each file, in no order. */
  findings?: (path: string, findings: readonly FindingFact[]) => void;
  /** Stops the run before the next file; what is done is in the cache. The run then throws the signal's reason. */
  signal?: AbortSignal;
}

/** Facts of a file as JSON, and the key of its content. */
interface Found {
  key: string;
  facts: string;
}

/** A driver while its files come in. */
interface Open {
  plan: Planned;
  facts: Map<string, Found>;
  left: number;
}

/** Where headers are looked for in a tree without makefiles. */
const NO_PATHS: readonly string[] = [];

/** Makes the reports of the drivers of a plan; sorted by path, paths relative to the plan's root. */
export async function runPlan(
  plan: Plan,
  around: Surroundings,
  options: RunOptions,
): Promise<{ drivers: DriverReport[]; skipped: Plan['skipped'] }> {
  const run = new Run(plan, around, options);
  return run.all();
}

class Run {
  private readonly drivers: DriverReport[] = [];
  private readonly skipped: Plan['skipped'];
  /** Drivers by the files they wait for. */
  private readonly waiting = new Map<string, Open[]>();
  /** Facts of files that are done; those that no makefile names are kept until it is known whether somebody includes them. */
  private readonly unclaimed = new Map<string, { open: Open; found: Found | undefined }>();
  private readonly owned = new Set<string>();
  private readonly queue: string[] = [];
  private readonly headers: LocalHeaders;
  private readonly pool: FactsPool;
  private readonly jobs: number;
  private done = 0;
  private total = 0;

  constructor(
    private readonly plan: Plan,
    private readonly around: Surroundings,
    private readonly options: RunOptions,
  ) {
    this.skipped = [...plan.skipped];
    this.headers = new LocalHeaders(plan.root, options.cache);
    this.jobs = options.jobs ?? availableParallelism();
    this.pool = new FactsPool(this.jobs, options.dist);
    for (const planned of plan.drivers) {
      const open: Open = { plan: { ...planned, files: [...planned.files] }, facts: new Map(), left: planned.files.length };
      for (const file of planned.files) {
        if (planned.built) this.owned.add(file);
        else this.unclaimed.set(file, { open, found: undefined });
        this.wait(file, open);
      }
    }
  }

  async all(): Promise<{ drivers: DriverReport[]; skipped: Plan['skipped'] }> {
    try {
      await Promise.all(Array.from({ length: this.jobs * AHEAD }, () => this.reader()));
      for (const { open } of this.unclaimed.values()) await this.finish(open);
    } finally {
      this.options.cache.flush();
      this.options.reports.flush();
      await this.pool.close();
    }
    return { drivers: this.drivers.sort(byPath), skipped: this.skipped.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }

  private wait(file: string, open: Open): void {
    const list = this.waiting.get(file);
    if (list) list.push(open);
    else {
      this.waiting.set(file, [open]);
      this.queue.push(file);
      this.total++;
    }
  }

  private active = 0;

  private async reader(): Promise<void> {
    for (;;) {
      await this.pool.ready();
      this.options.signal?.throwIfAborted();
      const file = this.queue.shift();
      if (file === undefined) {
        // Another reader's file may include files that are not in the plan.
        if (this.active === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      this.active++;
      await this.read(file);
      this.active--;
    }
  }

  private async read(file: string): Promise<void> {
    const found = await this.factsOf(file);
    this.options.progress?.(++this.done, this.total);
    const waiting = this.waiting.get(file) ?? [];
    this.waiting.set(file, []);
    if (found) {
      if (this.options.findings) this.options.findings(file, (await this.parsed(file, found.facts))?.findings ?? []);
      for (const open of waiting) open.facts.set(file, found);
      await this.claimIncluded(file, found.facts, waiting);
    }
    for (const open of waiting) {
      open.left--;
      if (open.plan.built && open.left === 0) await this.finish(open);
    }
    const kept = this.unclaimed.get(file);
    if (kept) kept.found = found;
  }

  /** The facts of a file; undefined if there are none, and then the reason is noted. */
  private async factsOf(file: string): Promise<Found | undefined> {
    const path = join(this.plan.root, file);
    const { cache } = this.options;
    const state = stateOf(path);
    const before = state && cache.contentOf(state);
    const kept = before === undefined ? undefined : cache.get(before);
    if (kept !== undefined) return { key: before!, facts: kept };
    const bytes = readBytesSync(path);
    if (typeof bytes === 'string') {
      this.skip(file, bytes);
      return undefined;
    }
    const key = keyOf(bytes);
    if (state !== undefined) cache.putContent(state, key);
    const known = cache.get(key);
    if (known !== undefined) return { key, facts: known };
    const answer = await this.pool.facts(bytes);
    if ('reason' in answer) {
      this.skip(file, answer.reason);
      return undefined;
    }
    cache.put(key, answer.facts);
    return { key, facts: answer.facts };
  }

  private skip(path: string, reason: string): void {
    this.skipped.push({ path, reason });
  }

  /** A C file that a driver's file includes, and that no makefile names, is part of that driver. */
  private async claimIncluded(file: string, facts: string, drivers: readonly Open[]): Promise<void> {
    for (const name of includedIn(facts, 'c')) {
      const path = normalise(`${dirname(file)}/${name}`);
      if (path === file || this.owned.has(path) || !existsSync(join(this.plan.root, path))) continue;
      if ((await this.plan.kbuild?.modulesOf(path))?.length) continue;
      const alone = this.unclaimed.get(path);
      for (const open of drivers) {
        if (open.plan.files.includes(path) || !open.plan.built) continue;
        this.unclaimed.delete(path);
        open.plan.files.push(path);
        if (alone?.found) open.facts.set(path, alone.found);
        else {
          open.left++;
          this.wait(path, open);
        }
      }
    }
  }

  /** Facts out of their JSON; made again if the cache was damaged. */
  private async parsed(path: string, facts: string): Promise<FileFacts | undefined> {
    try {
      const parsed = JSON.parse(facts) as Partial<FileFacts>;
      if (Array.isArray(parsed.local) && Array.isArray(parsed.uses) && Array.isArray(parsed.findings)) return parsed as FileFacts;
    } catch {
      // a disk that lies
    }
    const bytes = readBytesSync(join(this.plan.root, path));
    const answer = typeof bytes === 'string' ? { reason: bytes } : await this.pool.facts(bytes);
    if ('facts' in answer) return JSON.parse(answer.facts) as FileFacts;
    this.skip(path, answer.reason);
    return undefined;
  }

  private async finish({ plan, facts }: Open): Promise<void> {
    const declared: Declared = { functions: new Map(), headers: new Map() };
    const files = plan.files.filter((path) => facts.has(path)).sort();
    for (const path of files) {
      const local = includedIn(facts.get(path)!.facts, 'h');
      const paths = local.length > 0 ? ((await this.plan.kbuild?.includePathsOf(dirname(path))) ?? NO_PATHS) : NO_PATHS;
      for (const name of local) this.headers.declaredIn(dirname(path), name, paths, declared);
    }
    const made = files.map((path) => `${path} ${facts.get(path)!.key}`);
    const key = keyOf(JSON.stringify([{ ...plan, files: made }, [...declared.headers]]));
    const report = parsedReport(this.options.reports.get(key)) ?? (await this.report(plan, facts, declared.functions));
    facts.clear();
    if (!report) return;
    this.drivers.push(report);
    if (!this.options.reports.has(key)) this.options.reports.put(key, JSON.stringify(report));
  }

  private async report(
    plan: Planned,
    facts: ReadonlyMap<string, Found>,
    declared: ReadonlyMap<string, string>,
  ): Promise<DriverReport | undefined> {
    const files: { path: string; facts: FileFacts }[] = [];
    for (const path of plan.files) {
      const known = facts.get(path);
      const parsed = known && (await this.parsed(path, known.facts));
      if (parsed) files.push({ path, facts: parsed });
    }
    return files.length === 0 ? undefined : reportDriver({ ...plan, files, declared }, this.around);
  }
}

/** A report out of the cache; undefined if it has none, or a damaged one. */
function parsedReport(json: string | undefined): DriverReport | undefined {
  try {
    const report = json === undefined ? undefined : (JSON.parse(json) as Partial<DriverReport>);
    return Array.isArray(report?.files) && typeof report.score === 'number' ? (report as DriverReport) : undefined;
  } catch {
    return undefined; // a disk that lies
  }
}

/** The files of an extension among what a file includes in quotes: `local` is the last field of its facts. */
function includedIn(facts: string, extension: 'c' | 'h'): string[] {
  const tail = facts.slice(facts.lastIndexOf('"local":'));
  if (!tail.includes(`.${extension}"`)) return [];
  return [...tail.matchAll(/"([^"\\]+\.(\w))"/g)].flatMap(([, name, one]) => (one === extension ? [name!] : []));
}
