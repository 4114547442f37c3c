import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  addShippedHistory,
  decodeSnapshot,
  encodeSnapshot,
  indexTree,
  openCatalogue,
  readSnapshot,
  releaseOf,
  shippedKernels,
  versionOfMakefile,
  type Catalogue,
  type Syntax,
} from '../core';
import { snapshotReader } from './assets';
import { indexedFiles, treeReader } from './tree-reader';

/** A wrong or unreadable input: the message says what it is and what to do. */
export class UsageError extends Error {}

/** The kernel tree that holds `path`; undefined if none does. */
export async function treeAround(path: string): Promise<string | undefined> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (await isKernelTree(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The kernel tree that `resolveCatalogue` reads for the same arguments; undefined where it reads a snapshot or an index. */
export async function resolveTree(kernel: string | undefined, near: string | undefined): Promise<string | undefined> {
  const tree =
    kernel === undefined
      ? near && (await treeAround(near))
      : (await stat(kernel).catch(() => undefined))?.isDirectory()
        ? kernel
        : undefined;
  return tree && (await hasRust(tree)) ? resolve(tree) : undefined;
}

async function isKernelTree(folder: string): Promise<boolean> {
  try {
    if (versionOfMakefile(await readFile(join(folder, 'Makefile'), 'utf8')) === undefined) return false;
    return (await stat(join(folder, 'Kconfig'))).isFile();
  } catch {
    return false;
  }
}

/**
 * The catalogue for `--kernel`: a kernel tree, a version of a shipped snapshot, or a file that `r4l index` wrote; left out, the tree that
 * holds `near`, else the newest snapshot.
 * @throws UsageError if there is no such kernel
 */
export async function resolveCatalogue(
  kernel: string | undefined,
  near: string | undefined,
  syntax: Syntax,
  dist: string,
): Promise<Catalogue> {
  if (kernel === undefined) {
    const tree = near === undefined ? undefined : await treeAround(near);
    if (tree !== undefined && (await hasRust(tree))) return catalogueOfTree(tree, syntax, dist);
    const version = tree === undefined ? undefined : versionOfMakefile(await readFile(join(tree, 'Makefile'), 'utf8'));
    return catalogueOfSnapshot(dist, version);
  }
  const found = await stat(kernel).catch(() => undefined);
  if (found?.isDirectory()) {
    if (!(await isKernelTree(kernel)))
      throw new UsageError(`${kernel} is no kernel tree: its Makefile and Kconfig are expected there`);
    if (!(await hasRust(kernel))) throw new UsageError(`${kernel} has no rust/kernel: name a snapshot instead (--kernel 7.3)`);
    return catalogueOfTree(kernel, syntax, dist);
  }
  if (found?.isFile()) return catalogueOfFile(kernel);
  if (!/^\d+\.\d+/.test(kernel))
    throw new UsageError(
      `--kernel ${kernel}: no such tree, index file or version; shipped are ${(await versions(dist)).join(', ')}`,
    );
  const exact = (await versions(dist)).find((version) => version === kernel || releaseOf(version) === kernel);
  if (exact === undefined)
    throw new UsageError(
      `no snapshot of ${kernel} is shipped, only of ${(await versions(dist)).join(', ')}: name one of them, or a kernel tree`,
    );
  return catalogueOfSnapshot(dist, exact);
}

const versions = async (dist: string): Promise<string[]> =>
  (await shippedKernels(snapshotReader(dist))).kernels.map(({ version }) => version);

const hasRust = (tree: string): Promise<boolean> =>
  stat(join(tree, 'rust/kernel/lib.rs')).then(
    (found) => found.isFile(),
    () => false,
  );

async function catalogueOfSnapshot(dist: string, wanted: string | undefined): Promise<Catalogue> {
  return openCatalogue(await readSnapshot(snapshotReader(dist), wanted), 'snapshot');
}

async function catalogueOfFile(file: string): Promise<Catalogue> {
  try {
    return openCatalogue(await decodeSnapshot(await readFile(file)), 'snapshot');
  } catch {
    throw new UsageError(`${file} is no index: make one with \`r4l index TREE -o ${file}\``);
  }
}

/** What the catalogues of trees were made of, in a word. */
const states = new WeakMap<Catalogue, string>();

/** A word that is another one when the tree, or the build, that a catalogue was made of is; undefined for catalogues that are of no tree. */
export const stateOfCatalogue = (catalogue: Catalogue): string | undefined => states.get(catalogue);

function opened(data: Parameters<typeof openCatalogue>[0], state: string): Catalogue {
  const catalogue = openCatalogue(data, 'tree');
  states.set(catalogue, state);
  return catalogue;
}

/** The catalogue of a kernel tree: from the cache if none of the files that the index reads has changed, else indexed now. */
export async function catalogueOfTree(tree: string, syntax: Syntax, dist: string): Promise<Catalogue> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'r4l');
  // Another build may index otherwise: its bundle is part of the key.
  const bundle = await stat(join(dist, 'r4l.js')).catch(() => undefined);
  const key = createHash('sha256').update(`${process.env.R4L_VERSION ?? ''} ${bundle?.size ?? 0} ${bundle?.mtimeMs ?? 0}\n`);
  for (const { path, size, modified } of await indexedFiles(tree)) key.update(`${path}\0${size}\0${modified}\n`);
  const file = join(cache, `${key.digest('hex').slice(0, 32)}.json.gz`);
  const cached = await readFile(file).catch(() => undefined);
  if (cached) {
    try {
      return opened(await decodeSnapshot(cached), file);
    } catch {
      // written by a version with another layout, or cut short: made anew below
    }
  }
  const data = await indexTree(treeReader(tree), syntax);
  await addShippedHistory(data, snapshotReader(dist));
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(`${file}.${process.pid}`, await encodeSnapshot(data));
    await rename(`${file}.${process.pid}`, file);
  } catch {
    // a home folder that cannot be written to costs time, nothing else
  }
  return opened(data, file);
}
