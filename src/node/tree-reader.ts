import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeReader } from '../core';

/** Reads a kernel tree on disk; paths are relative to it. */
export function treeReader(tree: string): TreeReader {
  return {
    read: (path) => readFile(join(tree, path), 'utf8').catch(() => undefined),
    list: async (path) => {
      const entries = await readdir(join(tree, path), { withFileTypes: true }).catch(() => []);
      return entries.map((entry) => ({ name: entry.name, directory: entry.isDirectory() }));
    },
  };
}

/** Folders of a kernel tree that an index depends on. */
const INDEXED = ['rust', 'samples/rust', 'drivers'];

/** Path, size and modification time of each file that an index may read: Rust sources, the C helpers and the Makefile. */
export async function indexedFiles(tree: string): Promise<{ path: string; size: number; modified: number }[]> {
  const files: { path: string; size: number; modified: number }[] = [];
  const note = async (path: string) => {
    const { size, mtimeMs } = await stat(join(tree, path));
    files.push({ path, size, modified: mtimeMs });
  };
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(tree, folder), { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) await walk(path);
        else if (entry.name.endsWith('.rs') || (folder.startsWith('rust/') && /\.[ch]$/.test(entry.name))) await note(path);
      }),
    );
  };
  await note('Makefile');
  await Promise.all(INDEXED.map(walk));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
