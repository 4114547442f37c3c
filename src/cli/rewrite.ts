import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Catalogue, Syntax } from '../core';
import { gatherDriver, openKernelApi, readTraits, rewriteDriver, shippedTraits, type KernelApi } from '../core/rewrite';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue, resolveTree, treeAround, UsageError } from '../node/kernels';
import { treeReader } from '../node/tree-reader';
import { write } from './output';

/** Exit status of the contract: there is no candidate. */
const NO_CANDIDATE = 3;

/** `r4l rewrite`: a Rust module for a driver, of one file or of several. */
export async function rewrite(
  paths: string[],
  options: { kernel?: string; output?: string; format: 'rust' | 'json' },
  dist: string,
): Promise<void> {
  const syntax = await loadSyntax(dist);
  const sources = await Promise.all(
    paths.map(async (path) => {
      if ((await stat(path).catch(() => undefined))?.isFile() !== true) throw new UsageError(`${path}: no such file`);
      return { path: resolve(path), tree: syntax.parse('c', await readFile(path, 'utf8')) };
    }),
  );
  const catalogue = await resolveCatalogue(options.kernel, paths[0], syntax, dist);
  const tree = await resolveTree(options.kernel, paths[0]);
  const around = tree ?? (await treeAround(paths[0]!)) ?? null;
  const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
  const files = await gatherDriver(sources, around, read, syntax);
  const candidate = rewriteDriver(files, await kernelApi(catalogue, tree, syntax));
  if (candidate.reason !== undefined) {
    const nearest = candidate.nearest.length > 0 ? `; nearest: ${candidate.nearest.join(', ')}` : '';
    process.stderr.write(`r4l: no candidate for ${paths.join(' ')}: ${candidate.reason}${nearest}\n`);
    process.exitCode = NO_CANDIDATE;
    return;
  }
  const text =
    options.format === 'rust'
      ? candidate.text
      : `${JSON.stringify({
          schemaVersion: 1,
          kernel: catalogue.kernel,
          files: files.filter(({ role }) => role !== 'kernel').map(({ path }) => path),
          ...candidate,
        })}\n`;
  if (options.output === undefined) await write(text);
  else await writeFile(options.output, text);
}

async function kernelApi(catalogue: Catalogue, tree: string | undefined, syntax: Syntax): Promise<KernelApi> {
  const table =
    tree === undefined ? shippedTraits(catalogue.kernel.version) : await readTraits(treeReader(tree), syntax, catalogue);
  return openKernelApi(catalogue, table);
}
