import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  addShippedHistory,
  decodeSnapshot,
  encodeSnapshot,
  indexTree,
  openCatalogue,
  readSnapshot,
  readTree,
  TreeLinker,
  withFile,
  type Syntax,
} from '../../src/core';
import { snapshotReader } from '../../src/node/assets';
import { indexedFiles, treeReader } from '../../src/node/tree-reader';
import { percentiles } from './percentiles';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

const heap = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
};

async function timed<T>(samples: number[], run: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  samples.push(performance.now() - start);
  return result;
}

/** Prints how quick and how large the catalogue of a kernel tree is: from cold, from cache, after an edit, at a look-up. */
export async function catalogueFigures(tree: string, syntax: Syntax): Promise<void> {
  const reader = treeReader(tree);
  const shipped = snapshotReader('dist');
  const cold: number[] = [];
  for (let i = 0; i < 3; i++) await timed(cold, () => indexTree(reader, syntax));
  percentiles('catalogue: index of the tree from cold', cold);

  const folder = mkdtempSync(join(tmpdir(), 'r4l-bench-'));
  try {
    const file = join(folder, 'index.json.gz');
    await writeFile(file, await encodeSnapshot(await indexTree(reader, syntax)));
    const cached: number[] = [];
    for (let i = 0; i < 20; i++)
      await timed(cached, async () => openCatalogue(await decodeSnapshot(await readFile(file)), 'tree').lookup('mutex_lock'));
    percentiles('catalogue: read from the cache and opened', cached.slice(3));
    const checked: number[] = [];
    for (let i = 0; i < 6; i++) await timed(checked, () => indexedFiles(tree));
    percentiles('catalogue: checking whether the tree has changed', checked.slice(1));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const snapshots: number[] = [];
  for (let i = 0; i < 12; i++)
    await timed(snapshots, async () => openCatalogue(await readSnapshot(shipped), 'snapshot').lookup('mutex_lock'));
  percentiles('catalogue: snapshot read and opened', snapshots.slice(2));

  await editing(tree, syntax);
  await lookingUp();

  async function lookingUp(): Promise<void> {
    const before = heap();
    const catalogue = openCatalogue(await decodeSnapshot(await encodeSnapshot(await indexTree(reader, syntax))), 'tree');
    const opened = heap();
    const names = [...catalogue.names()];
    const samples: number[] = [];
    const fresh = openCatalogue(await decodeSnapshot(await encodeSnapshot(await indexTree(reader, syntax))), 'tree');
    for (const name of names) await timed(samples, () => fresh.lookup(name));
    percentiles('catalogue: look-up, each name for the first time', samples);
    console.log(`catalogue: heap when opened ${(opened - before).toFixed(1)} MB, of ${names.length} names`);
  }
}

/** Changes bodies in files of rust/kernel, as an editor sees it: the one file is read, the tree linked and opened again. */
async function editing(tree: string, syntax: Syntax): Promise<void> {
  const reader = treeReader(tree);
  const shipped = snapshotReader('dist');
  const before = heap();
  const linker = new TreeLinker();
  let facts = await readTree(reader, syntax);
  linker.link(facts);
  console.log(`catalogue: heap of the facts and links of a followed tree ${(heap() - before).toFixed(1)} MB`);
  const steps: Record<'read' | 'link' | 'open' | 'whole', number[]> = { read: [], link: [], open: [], whole: [] };
  const paths = ['rust/kernel/pci.rs', 'rust/kernel/list.rs', 'rust/kernel/clk.rs', 'rust/kernel/time/hrtimer.rs'];
  for (let i = 0; i < 24; i++) {
    const path = paths[i % paths.length]!;
    const text = (await reader.read(path)) ?? '';
    const edited = text.replace(/\bunsafe \{/, `let _edit${i} = 0; unsafe {`);
    await timed(steps.whole, async () => {
      facts = await timed(steps.read, () => withFile(facts, path, edited, syntax));
      const data = await timed(steps.link, () => linker.link(facts));
      await timed(steps.open, async () => {
        await addShippedHistory(data, shipped);
        openCatalogue(data, 'tree').lookup('mutex_lock');
      });
    });
  }
  for (const [step, samples] of Object.entries(steps))
    percentiles(`catalogue: one changed file, ${step}`, samples.slice(paths.length));
}
