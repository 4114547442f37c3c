import { assert } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rules, type Syntax } from '../../../src/core';
import { describeDriver } from '../../../src/core/driver';
import { findingsOf } from '../../../src/core/rules';
import { stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const FIXTURES = 'test/fixtures/rules';

/** The lines after a marker comment, zero-based, by what the marker says. */
function marked(text: string, marker: 'ruleid' | 'ok', id: string): number[] {
  return text.split('\n').flatMap((line, i) => (line.includes(`/* ${marker}: ${id} */`) ? [i + 1] : []));
}

describe('rules', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  it('each fixture belongs to a rule', () => {
    const ids = rules.map(({ metadata }) => metadata.id);
    for (const file of readdirSync(FIXTURES)) assert.include(ids, file.replace(/\.c$/, ''));
  });

  for (const { metadata } of rules) {
    const file = `${FIXTURES}/${metadata.id}.c`;
    it(`${metadata.id}: speaks where its fixture says, and nowhere else`, () => {
      assert.isTrue(existsSync(file), `${file} is missing`);
      const text = readFileSync(file, 'utf8');
      const tree = syntax.parse('c', text);
      const found = findingsOf(tree, describeDriver(tree), stubCatalogue()).filter(({ rule }) => rule === metadata.id);
      assert.deepEqual(
        found.map(({ start }) => tree.lineAt(start)),
        marked(text, 'ruleid', metadata.id),
      );
      assert.isNotEmpty(marked(text, 'ok', metadata.id), 'a fixture shows what is right, too');
      for (const finding of found) assert.notEqual(finding.function, '');
    });

    it(`${metadata.id}: its metadata is whole`, () => {
      assert.match(metadata.id, /^[a-z]+(-[a-z]+)*$/);
      assert.match(metadata.cwe, /^CWE-\d+$/);
      assert.isNotEmpty(metadata.references);
      assert.isNotEmpty(metadata.falsePositives);
      assert.isNotEmpty(metadata.rust.items);
    });
  }
});
