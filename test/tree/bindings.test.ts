import { assert } from 'chai';
import { linkTree, openCatalogue, readTree, type Catalogue, type TreeFacts } from '../../src/core';
import { treeReader } from '../../src/node/tree-reader';
import { syntaxForTests } from '../unit/syntax-host';
import { treeOf } from './trees';

/** Least share of the bindings that rust/kernel touches for which the catalogue offers an item; the others have a reason. */
const SHARE: Record<string, number> = { '6.1': 0.5, '6.12': 0.9, '7.2': 0.94, '7.3': 0.94 };

/** Called alone, and yet only a step: KVec::shrink_to asks where its buffer lies. */
const STEPS = ['is_vmalloc_addr'];

const offers = (catalogue: Catalogue, name: string): boolean => ['safe', 'partial'].includes(catalogue.lookup(name).status);

/** The items of rust/kernel with what they use of bindings, those that a driver can name marked. */
function* itemsOf(facts: TreeFacts, catalogue: Catalogue) {
  const places = new Map(catalogue.items().map((item) => [`${item.file}:${item.line}`, item.path]));
  for (const [path, file] of facts.rust) {
    if (!path.startsWith('rust/kernel/')) continue;
    for (const item of file.items) {
      const refs = item.refs?.bindings ?? [];
      if (refs.length > 0) yield { item, refs, path: places.get(`${path}:${item.line}`), place: `${path}:${item.line}` };
    }
  }
}

describe('bindings that rust/kernel touches', function () {
  this.timeout(60_000);
  for (const [release, share] of Object.entries(SHARE)) {
    describe(release, () => {
      let facts: TreeFacts;
      let catalogue: Catalogue;
      before(async () => {
        facts = await readTree(treeReader(treeOf(release)), await syntaxForTests());
        catalogue = openCatalogue(linkTree(facts), 'tree');
      });

      it('each has its abstraction in the catalogue, or a reason', () => {
        const touched = new Set<string>();
        for (const { refs } of itemsOf(facts, catalogue)) for (const ref of refs) touched.add(ref.name);
        const without = [...touched].filter((name) => !offers(catalogue, name));
        const unexplained = without.filter((name) => catalogue.lookup(name).note === '');
        assert.deepEqual(unexplained, []);
        assert.isAtLeast(1 - without.length / touched.size, share);
      });

      it('each function that a public one calls alone, and each structure that a public type holds, has its abstraction', () => {
        const missing: string[] = [];
        for (const { item, refs, path, place } of itemsOf(facts, catalogue)) {
          if (path === undefined || item.hidden || item.config.some((symbol) => /KUNIT|BENCHMARK/.test(symbol))) continue;
          const callable = (item.kind === 'function' || item.kind === 'method') && item.visibility === 'public';
          const called = new Set(callable ? refs.filter((ref) => ref.use === 'call').map((ref) => ref.name) : []);
          const held = item.kind === 'struct' ? refs.filter((ref) => ref.use === 'type').slice(0, 1) : [];
          for (const name of [...(called.size === 1 ? called : []), ...held.map((ref) => ref.name)])
            if (!offers(catalogue, name) && !STEPS.includes(name)) missing.push(`${name} of ${path} at ${place}`);
        }
        assert.deepEqual(missing, []);
      });
    });
  }
});
