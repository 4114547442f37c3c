import { parentPort, workerData } from 'node:worker_threads';
import { factsOfTree } from '../../core';
import { loadSyntax } from '../assets';

/** What the pool sends: a file's bytes. */
export interface Job {
  id: number;
  bytes: Uint8Array;
}

/** What a worker answers: facts as JSON, or why there are none. */
export type Answer = { id: number; facts: string } | { id: number; reason: string };

/** How a worker is told from the main program: they are the same bundle. */
export interface WorkerData {
  r4lReport: true;
  dist: string;
}

export const isWorkerData = (data: unknown): data is WorkerData => (data as WorkerData | null)?.r4lReport === true;

/** The main function of a worker: facts of each file that it is sent. */
export async function runWorker(): Promise<void> {
  const { dist } = workerData as WorkerData;
  const syntax = await loadSyntax(dist);
  const decoder = new TextDecoder();
  parentPort!.on('message', ({ id, bytes }: Job) => {
    let answer: Answer;
    try {
      answer = { id, facts: JSON.stringify(factsOfTree(syntax.parse('c', decoder.decode(bytes)), bytes.length)) };
    } catch (error) {
      // A bug of ours in one file must not cost the other 50,000.
      const what = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 2).join(' ') : String(error);
      answer = { id, reason: `internal error, please report it: ${what}` };
    }
    parentPort!.postMessage(answer);
  });
}
