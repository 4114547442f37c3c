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
import { readBytes } from '../source-files';
import { keyOf, stateOf, type FactsCache } from './cache';
import { LocalHeaders } from './local-headers';
import { FactsPool } from './pool';
import type { Plan, Planned } from './selection';

export interface RunOptions {
  /** Worker threads; left out, one for each processor. */
  jobs: number | undefined;
  cache: FactsCache;
  /** Where the bundle lies: the workers' program. */
  dist: string;
  /** Told after each file. */
  progress?: (done: number, total: number) => void;
  /** Told of the findings of each file, in no order. */
  findings?: (path: string, findings: readonly FindingFact[]) => void;
  /** Stops the run before the next file; what is done is in the cache. The run then throws the signal's reason. */
  signal?: AbortSignal;
}

/** A driver while its files come in. */
interface Open {
  plan: Planned;
  facts: Map<string, string>;
  left: number;
}

/** Files that are read at the same time. */
const READERS = 8;

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
  private readonly unclaimed = new Map<string, { open: Open; facts: string | undefined }>();
  private readonly owned = new Set<string>();
  private readonly queue: string[] = [];
  private readonly headers: LocalHeaders;
  private readonly pool: FactsPool;
  private done = 0;
  private total = 0;

  constructor(
    private readonly plan: Plan,
    private readonly around: Surroundings,
    private readonly options: RunOptions,
  ) {
    this.skipped = [...plan.skipped];
    this.headers = new LocalHeaders(plan.root, options.cache);
    this.pool = new FactsPool(options.jobs ?? availableParallelism(), options.dist);
    for (const planned of plan.drivers) {
      const open: Open = { plan: { ...planned, files: [...planned.files] }, facts: new Map(), left: planned.files.length };
      for (const file of planned.files) {
        if (planned.built) this.owned.add(file);
        else this.unclaimed.set(file, { open, facts: undefined });
        this.wait(file, open);
      }
    }
  }

  async all(): Promise<{ drivers: DriverReport[]; skipped: Plan['skipped'] }> {
    try {
      await Promise.all(Array.from({ length: READERS }, () => this.reader()));
      for (const { open } of this.unclaimed.values()) await this.finish(open);
    } finally {
      this.options.cache.flush();
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
    const facts = await this.factsOf(file);
    this.options.progress?.(++this.done, this.total);
    const waiting = this.waiting.get(file) ?? [];
    this.waiting.set(file, []);
    if (facts !== undefined) {
      if (this.options.findings) this.options.findings(file, (await this.parsed(file, facts))?.findings ?? []);
      for (const open of waiting) open.facts.set(file, facts);
      await this.claimIncluded(file, facts, waiting);
    }
    for (const open of waiting) {
      open.left--;
      if (open.plan.built && open.left === 0) await this.finish(open);
    }
    const kept = this.unclaimed.get(file);
    if (kept) kept.facts = facts;
  }

  /** The facts of a file as JSON; undefined if there are none, and then the reason is noted. */
  private async factsOf(file: string): Promise<string | undefined> {
    const path = join(this.plan.root, file);
    const { cache } = this.options;
    const state = await stateOf(path);
    const before = state && cache.contentOf(state);
    const kept = before === undefined ? undefined : cache.get(before);
    if (kept !== undefined) return kept;
    const bytes = await readBytes(path);
    if (typeof bytes === 'string') {
      this.skip(file, bytes);
      return undefined;
    }
    const key = keyOf(bytes);
    if (state !== undefined) cache.putContent(state, key);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const answer = await this.pool.facts(bytes);
    if ('reason' in answer) {
      this.skip(file, answer.reason);
      return undefined;
    }
    cache.put(key, answer.facts);
    return answer.facts;
  }

  private skip(path: string, reason: string): void {
    this.skipped.push({ path, reason });
  }

  /** A C file that a driver's file includes, and that no makefile names, is part of that driver. */
  private async claimIncluded(file: string, facts: string, drivers: readonly Open[]): Promise<void> {
    for (const name of includedSources(facts)) {
      const path = normalise(`${dirname(file)}/${name}`);
      if (path === file || this.owned.has(path) || !existsSync(join(this.plan.root, path))) continue;
      if ((await this.plan.kbuild?.modulesOf(path))?.length) continue;
      const alone = this.unclaimed.get(path);
      for (const open of drivers) {
        if (open.plan.files.includes(path) || !open.plan.built) continue;
        this.unclaimed.delete(path);
        open.plan.files.push(path);
        if (alone?.facts !== undefined) open.facts.set(path, alone.facts);
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
    const bytes = await readBytes(join(this.plan.root, path));
    const answer = typeof bytes === 'string' ? { reason: bytes } : await this.pool.facts(bytes);
    if ('facts' in answer) return JSON.parse(answer.facts) as FileFacts;
    this.skip(path, answer.reason);
    return undefined;
  }

  private async finish({ plan, facts }: Open): Promise<void> {
    const files: { path: string; facts: FileFacts }[] = [];
    for (const path of plan.files) {
      const known = facts.get(path);
      const parsed = known === undefined ? undefined : await this.parsed(path, known);
      if (parsed) files.push({ path, facts: parsed });
    }
    facts.clear();
    if (files.length === 0) return;
    const declared = new Map<string, string>();
    for (const { path, facts: known } of files) {
      const local = known.local.filter((name) => name.endsWith('.h'));
      const paths = local.length > 0 ? ((await this.plan.kbuild?.includePathsOf(path)) ?? []) : [];
      for (const name of local) await this.headers.declaredIn(path, name, paths, declared);
    }
    this.drivers.push(reportDriver({ ...plan, files, declared }, this.around));
  }
}

/** The C files among what a file includes in quotes: `local` is the last field of its facts. */
function includedSources(facts: string): string[] {
  const tail = facts.slice(facts.lastIndexOf('"local":'));
  return tail.includes('.c"') ? [...tail.matchAll(/"([^"\\]+\.c)"/g)].map((match) => match[1]!) : [];
}
