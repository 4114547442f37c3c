import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  gatherDriver,
  openKernelApi,
  rewriteDriver,
  type Candidate,
  type Catalogue,
  type DriverFile,
  type Syntax,
} from '../core';
import { resolveCatalogue, resolveTree, treeAround, UsageError } from './kernels';

/**
 * A Rust candidate for the driver of some C files.
 * @param kernel as of `--kernel`; left out, the tree around the first file
 * @returns the candidate, what it was made from, and the kernel
 * @throws UsageError if a file or the kernel cannot be read
 */
export async function candidateOf(
  paths: readonly string[],
  kernel: string | undefined,
  syntax: Syntax,
  dist: string,
): Promise<{ candidate: Candidate; files: DriverFile[]; catalogue: Catalogue }> {
  const sources = await Promise.all(
    paths.map(async (path) => {
      if ((await stat(path).catch(() => undefined))?.isFile() !== true) throw new UsageError(`${path}: no such file`);
      return { path: resolve(path), tree: syntax.parse('c', await readFile(path, 'utf8')) };
    }),
  );
  const catalogue = await resolveCatalogue(kernel, paths[0], syntax, dist);
  const tree = await resolveTree(kernel, paths[0]);
  const around = tree ?? (await treeAround(paths[0]!)) ?? null;
  const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
  const files = await gatherDriver(sources, around, read, syntax);
  return { candidate: rewriteDriver(files, openKernelApi(catalogue)), files, catalogue };
}
