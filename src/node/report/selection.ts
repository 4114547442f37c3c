import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { foldersAbove, Kbuild, type Module } from '../../core';

/** A driver whose files are known and not yet read. */
export interface Planned {
  name: string;
  configs: string[];
  always: boolean;
  built: boolean;
  /** Paths relative to the root of the tree; as given without a tree. */
  files: string[];
}

export interface Plan {
  drivers: Planned[];
  /** Where files lie: what paths are joined to. */
  root: string;
  skipped: { path: string; reason: string }[];
  kbuild: Kbuild | undefined;
}

/**
 * The drivers that have a file among `paths`: a named file stands for the whole driver it belongs to, a folder for all that is below.
 * @param tree root of the kernel tree; undefined for loose files, which are a driver each
 */
export async function planOf(paths: readonly string[], tree: string | undefined): Promise<Plan> {
  const skipped: Plan['skipped'] = [];
  const root = tree ?? process.cwd();
  const sources = new Set<string>();
  const inTree = (path: string): string => relative(root, resolve(path)).split(sep).join('/');
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) await walk(root, inTree(path), sources, skipped);
    else sources.add(inTree(path));
  }
  const all = [...sources].sort();
  if (tree === undefined) return { drivers: all.map(loose), root, skipped, kbuild: undefined };
  const kbuild = new Kbuild(
    (path) => readFile(join(tree, path), 'utf8').catch(() => undefined),
    (path) => sources.has(path) || existsSync(join(tree, path)),
  );
  const outside = all.filter((path) => path.startsWith('../') || isAbsolute(path));
  const inside = all.filter((path) => !outside.includes(path));
  const modules = new Map<string, Module>();
  const owned = new Set<string>();
  const take = async (folder: string): Promise<void> => {
    for (const module of await kbuild.modulesIn(folder)) {
      if (!module.sources.some((source) => sources.has(source))) continue;
      modules.set(`${folder}/${module.name}`, module);
      for (const source of module.sources) owned.add(source);
    }
  };
  for (const folder of [...new Set(inside.flatMap((path) => [...foldersAbove(path)]))].sort()) await take(folder);
  await takeBeside(
    tree,
    inside.filter((path) => !owned.has(path)),
    take,
  );
  const drivers = [...modules.values()].map(({ name, configs, always, sources: files }): Planned => ({
    name,
    configs,
    always,
    built: true,
    files: [...files].sort(),
  }));
  const rest = [...inside.filter((path) => !owned.has(path)), ...outside].map(loose);
  return { drivers: [...drivers, ...rest], root, skipped, kbuild };
}

/** Makefiles beside the folders above a file may name it by `../`: asked where those above have not. */
async function takeBeside(tree: string, left: readonly string[], take: (folder: string) => Promise<void>): Promise<void> {
  const seen = new Set<string>();
  for (const path of left)
    for (const folder of foldersAbove(path)) {
      if (seen.has(folder) || folder.split('/').length < 3) continue;
      seen.add(folder);
      for (const entry of await readdir(join(tree, folder), { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const makefile = await readFile(join(tree, folder, entry.name, 'Makefile'), 'utf8').catch(() => '');
        if (makefile.includes('../') || makefile.includes('/..')) await take(`${folder}/${entry.name}`);
      }
    }
}

const loose = (path: string): Planned => ({
  name: path.slice(path.lastIndexOf('/') + 1).replace(/\.[ch]$/, ''),
  configs: [],
  always: false,
  built: false,
  files: [path],
});

/** The `.c` files below a folder, but for hidden folders and symbolic links. */
async function walk(root: string, folder: string, sources: Set<string>, skipped: Plan['skipped']): Promise<void> {
  let entries;
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    skipped.push({ path: folder, reason: error instanceof Error ? error.message : String(error) });
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) await walk(root, path, sources, skipped);
    } else if (entry.isFile() && entry.name.endsWith('.c') && !entry.name.endsWith('.mod.c')) sources.add(path);
  }
}
