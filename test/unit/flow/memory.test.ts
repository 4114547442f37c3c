import { assert } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describeDriver } from '../../../src/core/driver';
import { FlowFile, FlowMemory } from '../../../src/core/flow';
import type { Syntax } from '../../../src/core/syntax';
import { syntaxForTests } from '../syntax-host';

const TWO = `static void acme_drop(struct acme *a)
{
	kfree(a);
}

static int acme_one(struct acme *a)
{
	acme_drop(a);
	return a->x;
}

static int acme_two(int x)
{
	return x;
}
`;

describe('an edit of one function', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));
  const seen = (text: string, memory?: FlowMemory): string[] => {
    const tree = syntax.parse('c', text);
    return new FlowFile(tree, describeDriver(tree), memory)
      .diagnoses()
      .map(({ kind, node, related }) => [kind, tree.starts[node], ...related.map((place) => tree.starts[place.node])].join(' '))
      .sort();
  };

  it('has that one followed again, and those to which it is another now', () => {
    const memory = new FlowMemory();
    seen(TWO, memory);
    assert.equal(memory.followed, 3);
    assert.lengthOf(seen(`/* moved */\n${TWO}`, memory), 1);
    assert.equal(memory.followed, 0);
    seen(TWO.replace('return x', 'return x + 1'), memory);
    assert.equal(memory.followed, 1);
    // What frees its argument no longer does: its caller is followed, too.
    assert.deepEqual(seen(TWO.replace('kfree(a)', 'keep(a)').replace('return x', 'return x + 1'), memory), []);
    assert.equal(memory.followed, 2);
  });

  it('gives what a fresh analysis gives, after any series of edits', function () {
    this.timeout(30_000);
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48271) % 0x7fffffff) % below;
    for (const file of readdirSync('test/fixtures/rules')) {
      const memory = new FlowMemory();
      const lines = readFileSync(`test/fixtures/rules/${file}`, 'utf8').split('\n');
      for (let edit = 0; edit < 12; edit++) {
        const at = random(lines.length);
        if (edit % 3 === 0) lines.splice(at, 0, lines[random(lines.length)]!);
        else if (edit % 3 === 1) lines.splice(at, 1);
        else lines[at] = lines[at]!.replace(/\b[a-z]\b/, 'b');
        const text = lines.join('\n');
        assert.deepEqual(seen(text, memory), seen(text), `${file}, edit ${edit}`);
      }
    }
  });
});
