// The catalogue for scripts: bundles the core once and opens a kernel tree, a snapshot file or a shipped version.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.mjs';
import { loadSources, loadSyntax } from './sources.mjs';

/** What src/core exports, and the curated entries, bundled for this process. */
export const loadCore = () =>
  loadSources("export * from './src/core'; export { curatedEntries } from './src/core/catalogue/curated';");

export { loadSyntax };

/** A reader of the tree in `dir`, as the indexer wants it. */
export function treeReader(dir) {
  return {
    read: (path) => readFile(join(dir, path), 'utf8').catch(() => undefined),
    list: (path) =>
      readdir(join(dir, path), { withFileTypes: true }).then(
        (entries) => entries.map((entry) => ({ name: entry.name, directory: entry.isDirectory() })),
        () => [],
      ),
  };
}

/** Opens a kernel tree, a file that `r4l index` wrote, or the shipped snapshot of a release (`7.3`). */
export async function loadCatalogue(kernel) {
  const core = await loadCore();
  if (existsSync(kernel) && statSync(kernel).isDirectory())
    return core.openCatalogue(await core.indexTree(treeReader(kernel), await loadSyntax(core)), 'tree');
  if (existsSync(kernel)) return core.openCatalogue(await core.decodeSnapshot(readFileSync(kernel)), 'snapshot');
  return core.openCatalogue(await core.readSnapshot((name) => readFile(join(root, 'snapshots', name)), kernel), 'snapshot');
}
