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

      it('has no dead places: each item, use and piece of evidence is on the line that it is said to be on', async () => {
        const texts = new Map<string, string[]>();
        const lineAt = async (file: number, line: number): Promise<string> => {
          const name = data.files[file]!;
          let lines = texts.get(name);
          if (!lines) texts.set(name, (lines = (await readFile(join(tree, name), 'utf8')).split('\n')));
          assert.isAtMost(line, lines.length, name);
          return lines[line - 1]!;
        };
        // Names that a macro pastes together, or that `use … as` gives, stand nowhere: the place is the macro's then.
        const pasted = { items: 0, uses: 0, evidence: 0 };
        let evidence = 0;
        for (const [path, , file, line, , , , , uses] of data.items) {
          const name = path.slice(path.lastIndexOf('::') + 2);
          if (!(await lineAt(file, line)).includes(name)) pasted.items++;
          for (let i = 0; i + 1 < uses.length; i += 2)
            if (!new RegExp(`${name}|\\bself\\b`).test(await lineAt(uses[i]!, uses[i + 1]!))) pasted.uses++;
        }
        for (const [name, rows] of [...Object.entries(data.names), ...Object.entries(data.fields)]) {
          for (const [, , , proofs] of rows) {
            for (const [, file, line, other] of proofs) {
              evidence++;
              if (!(await lineAt(file, line)).includes((other ?? name).replace(/^\w+\./, ''))) pasted.evidence++;
            }
          }
        }
        assert.isAtMost(pasted.uses, 2);
        assert.isAtMost(pasted.items, data.items.length / 30);
        assert.isAtMost(pasted.evidence, evidence / 10);
      });
    });
  }
});
