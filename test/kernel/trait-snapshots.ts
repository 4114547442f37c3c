/** Writes the traits of kernel trees to src/core/rewrite/trait-snapshots.json; `scripts/trait-snapshots.mjs` bundles and runs it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { indexTree, openCatalogue } from '../../src/core/catalogue';
import { readTraits, type TraitTable } from '../../src/core/rewrite';
import { Syntax } from '../../src/core/syntax';
import { treeReader } from '../../src/node/tree-reader';

async function main(): Promise<void> {
  const syntax = await Syntax.create({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    c: readFileSync('grammars/kernel-c.wasm'),
    rust: readFileSync('node_modules/tree-sitter-rust/tree-sitter-rust.wasm'),
  });
  const all: Record<string, TraitTable> = {};
  for (const tree of process.argv.slice(2)) {
    const reader = treeReader(tree);
    const data = await indexTree(reader, syntax);
    const catalogue = openCatalogue(data, 'tree');
    const table = await readTraits(reader, syntax, catalogue);
    // Only what C's tables of callbacks can lead to is ever asked for.
    const wanted = new Set(
      catalogue.names().flatMap((name) =>
        catalogue
          .lookup(name)
          .rust.filter(({ relation }) => relation === 'implements')
          .map(({ path, kind }) => (kind === 'trait' ? path : path.slice(0, path.lastIndexOf('::')))),
      ),
    );
    const traits = Object.fromEntries(Object.entries(table.traits).filter(([path, { vtable }]) => vtable || wanted.has(path)));
    all[data.version.split('.').slice(0, 2).join('.')] = { ...table, traits };
  }
  writeFileSync('src/core/rewrite/trait-snapshots.json', `${JSON.stringify(all, null, 1)}\n`);
}

void main();
