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
import { contentKey, type FactsCache } from './cache';
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
  private readonly pool: FactsPool;
  private done = 0;
  private total = 0;

  constructor(
    private readonly plan: Plan,
    private readonly around: Surroundings,
    private readonly options: RunOptions,
  ) {
    this.skipped = [...plan.skipped];
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
      for (const { open } of this.unclaimed.values()) this.finish(open);
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
      this.options.findings?.(file, (JSON.parse(facts) as FileFacts).findings);
      for (const open of waiting) open.facts.set(file, facts);
      await this.claimIncluded(file, facts, waiting);
    }
    for (const open of waiting) {
      open.left--;
      if (open.plan.built && open.left === 0) this.finish(open);
    }
    const kept = this.unclaimed.get(file);
    if (kept) kept.facts = facts;
  }

  private async factsOf(file: string): Promise<string | undefined> {
    const path = join(this.plan.root, file);
    const bytes = await readBytes(path);
    if (typeof bytes === 'string') {
      this.skipped.push({ path: file, reason: bytes });
      return undefined;
    }
    const key = contentKey(bytes);
    const known = this.options.cache.get(key);
    if (known !== undefined && isFacts(known)) return known;
    const answer = await this.pool.facts(bytes);
    if ('reason' in answer) {
      this.skipped.push({ path: file, reason: answer.reason });
      return undefined;
    }
    this.options.cache.put(key, answer.facts);
    return answer.facts;
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

  private finish({ plan, facts }: Open): void {
    const files = plan.files.flatMap((path) => {
      const known = facts.get(path);
      return known === undefined ? [] : [{ path, facts: JSON.parse(known) as FileFacts }];
    });
    facts.clear();
    if (files.length > 0) this.drivers.push(reportDriver({ ...plan, files }, this.around));
  }
}

/** Whether a line of the cache is what it should be, cut off nowhere. */
function isFacts(json: string): boolean {
  try {
    return Array.isArray((JSON.parse(json) as FileFacts).local);
  } catch {
    return false;
  }
}

/** The C files among what a file includes in quotes: `local` is the last field of its facts. */
function includedSources(facts: string): string[] {
  const tail = facts.slice(facts.lastIndexOf('"local":'));
  return tail.includes('.c"') ? [...tail.matchAll(/"([^"\\]+\.c)"/g)].map((match) => match[1]!) : [];
}
