import { assert } from 'chai';
import { linkTree, openCatalogue, readTree } from '../../src/core';
import { treeReader } from '../../src/node/tree-reader';
import { syntaxForTests } from '../unit/syntax-host';
import { treeOf } from './trees';

/** Least share of the bindings that rust/kernel touches for which the catalogue offers an item; the others have a reason. */
const SHARE: Record<string, number> = { '6.12': 0.85, '7.2': 0.92, '7.3': 0.93 };

describe('bindings that rust/kernel touches', function () {
  this.timeout(60_000);
  for (const [release, share] of Object.entries(SHARE)) {
    it(`${release}: each has its abstraction in the catalogue, or a reason`, async () => {
      const facts = await readTree(treeReader(treeOf(release)), await syntaxForTests());
      const catalogue = openCatalogue(linkTree(facts), 'tree');
      const touched = new Set<string>();
      for (const [path, file] of facts.rust) {
        if (!path.startsWith('rust/kernel/')) continue;
        for (const item of file.items) for (const ref of item.refs?.bindings ?? []) touched.add(ref.name);
      }
      const entries = [...touched].map((name) => catalogue.lookup(name));
      const offered = entries.filter((entry) => entry.status === 'safe' || entry.status === 'partial');
      const unexplained = entries.filter((entry) => !offered.includes(entry) && entry.note === '');
      assert.deepEqual(
        unexplained.map((entry) => entry.name),
        [],
      );
      assert.isAtLeast(offered.length / entries.length, share);
    });
  }
});
