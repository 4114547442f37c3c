import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Job, WorkerData } from './worker';

/** Files that wait in a worker: enough that it never idles while a large driver is put together, few enough that memory holds few. */
export const AHEAD = 16;

/** Room for new objects in a worker: nearly all that a file needs is garbage after it, and a small room would be swept, and kept from, too often. */
const YOUNG_MB = 32;

interface Waiting {
  resolve: (answer: Answer) => void;
  job: Job;
}

/** Worker threads that make facts of files. A file's bytes are handed over, not copied. */
export class FactsPool {
  private readonly workers: { worker: Worker; jobs: Map<number, Waiting> }[] = [];
  private readonly queue: Waiting[] = [];
  private ids = 0;
  private readonly room: (() => void)[] = [];

  constructor(
    private readonly size: number,
    private readonly dist: string,
  ) {}

  /** The facts of a file as JSON, or the reason why there are none. `bytes` are gone afterwards. */
  facts(bytes: Uint8Array): Promise<Answer> {
    return new Promise((resolve) => {
      this.queue.push({ resolve, job: { id: this.ids++, bytes } });
      this.hand();
    });
  }

  /** Waits until a further file would soon be worked on. */
  async ready(): Promise<void> {
    while (this.queue.length >= this.size * AHEAD) await new Promise<void>((resolve) => this.room.push(resolve));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map(({ worker }) => worker.terminate()));
  }

  private hand(): void {
    while (this.queue.length > 0) {
      let least = this.workers.reduce<(typeof this.workers)[number] | undefined>(
        (best, one) => (best === undefined || one.jobs.size < best.jobs.size ? one : best),
        undefined,
      );
      if ((least === undefined || least.jobs.size > 0) && this.workers.length < this.size) least = this.start();
      if (least === undefined || least.jobs.size >= AHEAD) return;
      const waiting = this.queue.shift()!;
      least.jobs.set(waiting.job.id, waiting);
      const { buffer, byteOffset, byteLength } = waiting.job.bytes;
      const own = byteOffset === 0 && byteLength === buffer.byteLength;
      // Node reads small files into memory that others share, and Buffer's own slice() would be a view of that.
      const bytes = own ? waiting.job.bytes : new Uint8Array(waiting.job.bytes);
      least.worker.postMessage({ id: waiting.job.id, bytes } satisfies Job, [bytes.buffer as ArrayBuffer]);
    }
    this.room.shift()?.();
  }

  private start(): (typeof this.workers)[number] {
    const worker = new Worker(join(this.dist, 'r4l.js'), {
      workerData: { r4lReport: true, dist: this.dist } satisfies WorkerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const entry = { worker, jobs: new Map<number, Waiting>() };
    worker.on('message', (answer: Answer) => {
      const waiting = entry.jobs.get(answer.id);
      entry.jobs.delete(answer.id);
      waiting?.resolve(answer);
      this.hand();
    });
    // A worker that dies (out of memory) takes its files along; the others go on.
    worker.on('error', (error: Error) => {
      this.workers.splice(this.workers.indexOf(entry), 1);
      for (const { resolve, job } of entry.jobs.values())
        resolve({ id: job.id, reason: `the worker that had it ended: ${error.message}` });
      entry.jobs.clear();
      this.hand();
    });
    this.workers.push(entry);
    return entry;
  }
}
