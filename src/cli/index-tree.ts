import { writeFile } from 'node:fs/promises';
import { addShippedHistory, encodeSnapshot, indexTree } from '../core';
import { loadSyntax, snapshotReader } from '../node/assets';
import { treeAround, UsageError } from '../node/kernels';
import { treeReader } from '../node/tree-reader';

/** `r4l index TREE -o FILE`: the catalogue of a kernel tree as a file that `--kernel` takes. */
export async function index(tree: string, { output }: { output: string }, dist: string): Promise<void> {
  const root = await treeAround(tree);
  if (root === undefined)
    throw new UsageError(`${tree} is in no kernel tree: a folder with Makefile, Kconfig and rust/kernel is expected`);
  const data = await indexTree(treeReader(root), await loadSyntax(dist));
  await addShippedHistory(data, snapshotReader(dist));
  await writeFile(output, await encodeSnapshot(data)).catch((error: unknown) => {
    throw new UsageError(`${output} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
}
