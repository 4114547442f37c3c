import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Parser } from 'web-tree-sitter';
import { kernelParser, withTree } from './parser';

const DIRECTORY = 'grammars/kernel-c/test/corpus';

interface Case {
  name: string;
  code: string;
  tree: string;
}

/** The cases of a file in the format of `tree-sitter test`. */
function casesOf(file: string): Case[] {
  const text = readFileSync(join(DIRECTORY, file), 'utf8');
  return [...text.matchAll(/^={3,}\n(.*)\n={3,}\n([\s\S]*?)\n---\n([\s\S]*?)(?=\n={3,}\n|$(?![\s\S]))/gm)].map(
    ([, name, code, tree]) => ({
      name: name!,
      code: code!,
      tree: tree!.replace(/\s+/g, ' ').trim(),
    }),
  );
}

describe('kernel C corpus', () => {
  let parser: Parser;
  before(async () => {
    parser = await kernelParser();
  });
  after(() => parser.delete());

  for (const file of readdirSync(DIRECTORY)) {
    describe(file.replace('.txt', ''), () => {
      const cases = casesOf(file);
      it('has cases', () => expect(cases).not.to.be.empty);
      for (const { name, code, tree } of cases)
        it(name, () => {
          expect(withTree(parser, code, ({ rootNode }) => rootNode.toString())).to.equal(tree);
        });
    });
  }
});
