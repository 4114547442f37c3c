import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const GRAMMAR = 'grammars/kernel-c';

describe('kernel C sources', () => {
  const provenance = JSON.parse(readFileSync(join(GRAMMAR, 'PROVENANCE.json'), 'utf8')) as {
    wasm: { sha256: string; bytes: number; gzipped: number };
    sources: { sha256: string };
    parser: { abi: number };
    base: { package: string; version: string; license: string };
  };
  const wasm = readFileSync('grammars/kernel-c.wasm');

  it('the wasm is the file that PROVENANCE.json describes', () => {
    expect(createHash('sha256').update(wasm).digest('hex')).to.equal(provenance.wasm.sha256);
    expect(wasm.length).to.equal(provenance.wasm.bytes);
  });

  it('the wasm was built from these sources (npm run build:grammar)', async () => {
    const script = (await import(resolve('scripts/build-grammar.mjs'))) as { hashOfSources(): string };
    expect(script.hashOfSources()).to.equal(provenance.sources.sha256);
  });

  it('is small enough: 2 MB, 200 KB compressed', () => {
    expect(provenance.wasm.bytes).to.be.at.most(2_000_000);
    expect(provenance.wasm.gzipped).to.be.at.most(200_000);
  });

  it('extends the pinned tree-sitter-c', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };
    expect(provenance.base.version).to.equal(devDependencies['tree-sitter-c']);
    expect(provenance.base.license).to.equal('MIT');
  });

  it('the scanner’s word lists are sorted, as its binary search needs them', () => {
    const lists = [...readFileSync(join(GRAMMAR, 'src/words.h'), 'utf8').matchAll(/\b([A-Z_]+)\[\] = \{([^}]*)\}/g)];
    expect(lists.map(([, name]) => name)).to.include.members(['KEYWORDS', 'STATEMENT_KEYWORDS', 'TYPE_KEYWORDS']);
    for (const [, name, body] of lists) {
      const words = [...body!.matchAll(/"(\w+)"/g)].map(([, word]) => word!);
      expect(words, name).to.deep.equal([...new Set(words)].sort());
    }
  });

  it('the scanner’s tokens are the grammar’s externals, in the same order', () => {
    const scanner = /enum Token \{([\s\S]*?)\};/.exec(readFileSync(join(GRAMMAR, 'src/scan.h'), 'utf8'))![1]!;
    const grammar = /externals: [\s\S]*?\[([\s\S]*?)\]/.exec(readFileSync(join(GRAMMAR, 'grammar.js'), 'utf8'))![1]!;
    const tokens = [...scanner.replace(/\/\/.*/g, '').matchAll(/[A-Z_]+/g)].map(([token]) => token.toLowerCase());
    const externals = [...grammar.replace(/\/\/.*/g, '').matchAll(/\$\.(\w+)/g)].map(([, name]) => name!.replace(/^_/, ''));
    expect(tokens).to.deep.equal(externals);
  });

  it('no annotation is a literal elsewhere in the grammar: keyword extraction would fail silently', async () => {
    const vocabulary = (await import(resolve(GRAMMAR, 'vocabulary.js'))) as { plain: string[]; withArguments: string[] };
    const annotations = new Set([...vocabulary.plain, ...vocabulary.withArguments]);
    expect(annotations.size).to.equal(vocabulary.plain.length + vocabulary.withArguments.length);
    for (const file of readdirSync(join(GRAMMAR, 'grammar')))
      for (const [, word] of readFileSync(join(GRAMMAR, 'grammar', file), 'utf8').matchAll(/'(\w+)'/g))
        expect(annotations, `${file}: ${word}`).not.to.include(word);
  });
});
