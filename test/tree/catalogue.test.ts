import { assert } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexTree, openCatalogue, readSnapshot, type CatalogueData } from '../../src/core';
import { treeReader } from '../../src/node/tree-reader';
import { missingPaths } from '../unit/catalogue/curated-paths';
import { syntaxForTests } from '../unit/syntax-host';
import { treeOf } from './trees';

const readShipped = (name: string) => readFile(join('snapshots', name));

/** What of the items does not depend on other kernels: path, kind, file, line, unsafe, signature, config, alias, uses. */
const ownFacts = (data: CatalogueData) => data.items.map((row) => row.slice(0, 9));

describe('catalogue of a kernel tree', function () {
  this.timeout(60_000);
  for (const release of ['6.1', '6.12', '7.2', '7.3']) {
    describe(release, () => {
      const tree = treeOf(release);
      const reader = treeReader(tree);
      let data: CatalogueData;
      before(async () => (data = await indexTree(reader, await syntaxForTests())));

      it('has every Rust path that curated entries name for it', () => {
        assert.deepEqual(missingPaths(openCatalogue(data, 'tree')), []);
      });

      it('is what the shipped snapshot has, if that is of the same version', async () => {
        const shipped = await readSnapshot(readShipped, release);
        if (shipped.version !== data.version) return; // Debian has moved on: `npm run snapshots` is due
        assert.deepEqual(ownFacts(data), ownFacts(shipped));
        assert.deepEqual(data.names, shipped.names);
      });

      it('has no dead places: each item’s line exists', async () => {
        const lines = new Map<string, number>();
        for (const [path, , file, line] of data.items) {
          const name = data.files[file]!;
          let count = lines.get(name);
          if (count === undefined) lines.set(name, (count = (await readFile(join(tree, name), 'utf8')).split('\n').length));
          assert.isAtMost(line, count, `${path} at ${name}:${line}`);
        }
      });
    });
  }
});
