import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { indexTree, openCatalogue, type Catalogue } from '../../src/core/catalogue';
import { describeDriver } from '../../src/core/driver';
import { idiomAt } from '../../src/core/rewrite';
import { treeReader } from '../../src/node/tree-reader';
import { syntaxForTests } from '../unit/syntax-host';
import { failures } from './compile';

const tree = process.env.KERNEL_TREE ?? '';

(tree === '' ? describe.skip : describe)('idioms compile against the kernel crate', () => {
  it('each of the fixture, with both compilers', async () => {
    const syntax = await syntaxForTests();
    const catalogue: Catalogue = openCatalogue(await indexTree(treeReader(tree), syntax), 'tree');
    const parsed = syntax.parse('c', readFileSync('test/fixtures/rewrite/idioms.c', 'utf8'));
    const model = describeDriver(parsed);
    rmSync('out/kernel-idioms', { recursive: true, force: true });
    mkdirSync('out/kernel-idioms', { recursive: true });
    const files: string[] = [];
    const without: string[] = [];
    for (const match of parsed.text.matchAll(/\b(?!sizeof)(\w+) ?\((?=[^\n]*\/\* idiom \*\/)/g)) {
      const idiom = idiomAt(parsed, model, catalogue, match.index);
      if (!idiom) {
        without.push(match[0]);
        continue;
      }
      const file = `out/kernel-idioms/idiom_${files.length}_${match[1]!.toLowerCase()}.rs`;
      writeFileSync(file, idiom.module);
      files.push(file);
    }
    expect(without).to.deep.equal([]);
    expect(files).to.have.length.greaterThan(15);
    expect(failures(files)).to.equal('');
  });
});
