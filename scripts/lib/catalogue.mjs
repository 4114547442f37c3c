// The catalogue for scripts: bundles the core once and opens a kernel tree, a snapshot file or a shipped version.
import { build } from 'esbuild';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);

/** What src/core exports, and the curated entries, bundled for this process. */
export async function loadCore() {
  const outfile = join(root, 'out/scripts/core.cjs');
  await build({
    stdin: {
      contents: "export * from './src/core'; export { curatedEntries } from './src/core/catalogue/curated';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    outfile,
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  return require(outfile);
}

/** The parsers, for indexing. */
export async function loadSyntax(core) {
  return core.Syntax.create({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    rust: readFileSync(require.resolve('tree-sitter-rust/tree-sitter-rust.wasm')),
    c: readFileSync(join(root, 'grammars/kernel-c.wasm')),
  });
}

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
