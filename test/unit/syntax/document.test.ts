import { assert } from 'chai';
import * as fc from 'fast-check';
import { type Syntax, type SyntaxDocument, type SyntaxTree, type TextChange, sameTree } from '../../../src/core/syntax';
import { readTreeWithCursor } from '../../../src/core/syntax/cursor';
import { syntaxForTests } from '../syntax-host';

const SEED = Number(process.env.R4L_SEED ?? 20261121);

const DRIVER = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#define ACME_REG(n)	((n) * 4)
struct acme { struct mutex lock; u32 __iomem *base; /* “quoted” 🦀 */ };
static int acme_probe(struct platform_device *pdev)
{
	struct acme *a = devm_kzalloc(&pdev->dev, sizeof(*a), GFP_KERNEL);

	if (!a)
		return -ENOMEM;
#ifdef CONFIG_PM
	scoped_guard(mutex, &a->lock) {
		list_for_each_entry(x, &a->list, node)
			writel(1, a->base + ACME_REG(2));
	}
#endif
	return 0;
}
static struct platform_driver acme_driver = {
	.probe = acme_probe,
	.driver = { .name = "acme" },
};
module_platform_driver(acme_driver);
MODULE_LICENSE("GPL");
`;

/** Pieces that edits insert: whole constructs, halves of constructs, line ends of both kinds, surrogate pairs, halves of comments. */
const PIECES = [
  '',
  'x',
  '{',
  '}',
  '(',
  ')',
  ';',
  '"',
  '/*',
  '*/',
  '//',
  '\n',
  '\r\n',
  '\r',
  '🦀',
  '\ud83d',
  '#if A\n',
  '#endif\n',
  '#else',
  'if (a)\n\tb();\n',
  'static int f(void)\n{\n}\n',
  '\tlist_for_each(p, q)\n',
  'ä',
  ', ',
  '__init ',
];

/** Makes the document parse its present text. */
const parse = (document: SyntaxDocument): SyntaxTree => document.tree;

/** Applies `changes`, sorted from end to start as VS Code sends them. */
function apply(text: string, changes: readonly TextChange[]): string {
  for (const { rangeOffset, rangeLength, text: inserted } of changes)
    text = text.slice(0, rangeOffset) + inserted + text.slice(rangeOffset + rangeLength);
  return text;
}

/** One edit of one to three cursors, drawn as fractions of the text's length so that it fits any text. */
const edit = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(40), text: fc.constantFrom(...PIECES) }),
  { minLength: 1, maxLength: 3 },
);

function changesFor(text: string, cursors: readonly { at: number; length: number; text: string }[]): TextChange[] {
  const changes: TextChange[] = [];
  let end = text.length;
  for (const { at, length, text: inserted } of [...cursors].sort((a, b) => b.at - a.at)) {
    const rangeOffset = Math.min(Math.floor(at * text.length), end);
    const rangeLength = Math.min(length, end - rangeOffset);
    changes.push({ rangeOffset, rangeLength, text: inserted });
    end = rangeOffset;
  }
  return changes;
}

describe('syntax document', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  it('has, after any series of edits, the tree of a fresh parse', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        fc.constantFrom(DRIVER, DRIVER.replace(/\n/g, '\r\n'), ''),
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (start, edits, readBetween) => {
          const document = syntax.open(start);
          try {
            parse(document);
            let text = start;
            for (const cursors of edits) {
              const changes = changesFor(text, cursors);
              text = apply(text, changes);
              document.update(text, changes);
              if (readBetween) assert.isTrue(sameTree(document.tree, syntax.parse('c', text)), JSON.stringify(text));
            }
            assert.isTrue(sameTree(document.tree, syntax.parse('c', text)), JSON.stringify(text));
          } finally {
            document.dispose();
          }
        },
      ),
      { seed: SEED, numRuns: Number(process.env.R4L_RUNS ?? 150) },
    );
  });

  it('parses afresh when the whole text is replaced or the changes do not lead to the text', () => {
    const document = syntax.open(DRIVER);
    parse(document);
    document.update('int a;\n', [{ rangeOffset: 0, rangeLength: DRIVER.length, text: 'int a;\n' }]);
    assert.isTrue(sameTree(document.tree, syntax.parse('c', 'int a;\n')));
    document.update('int b;\nint c;\n', [{ rangeOffset: 1, rangeLength: 1, text: '?' }]);
    assert.isTrue(sameTree(document.tree, syntax.parse('c', 'int b;\nint c;\n')));
    document.dispose();
  });

  it('parses a large text in slices to the same tree, and gives none when the text changes meanwhile', async function () {
    this.timeout(30_000);
    const large = DRIVER.repeat(400);
    const document = syntax.open(large);
    const tree = await document.ready();
    assert.isTrue(tree !== undefined && sameTree(tree, syntax.parse('c', large)));
    document.dispose();

    const edited = syntax.open(large);
    const pending = edited.ready();
    edited.update(large + ';', [{ rangeOffset: large.length, rangeLength: 0, text: ';' }]);
    assert.isUndefined(await pending);
    assert.isTrue(sameTree(edited.tree, syntax.parse('c', large + ';')));
    edited.dispose();
  });

  it('keeps nothing over 10,000 cycles of open, edit and close', function () {
    this.timeout(120_000);
    const text = DRIVER;
    const cycle = () => {
      const document = syntax.open(text);
      parse(document);
      document.update(text + '\n', [{ rangeOffset: text.length, rangeLength: 0, text: '\n' }]);
      parse(document);
      document.dispose();
    };
    for (let i = 0; i < 500; i++) cycle();
    const before = syntax.memoryBytes;
    for (let i = 0; i < 10_000; i++) cycle();
    assert.equal(syntax.memoryBytes, before);
  });

  it('reads from memory what the cursor reads, on broken texts too', () => {
    const internals = syntax as unknown as {
      reparse: Syntax['reparse'];
      grammars: Parameters<typeof readTreeWithCursor>[0][] & { c: Parameters<typeof readTreeWithCursor>[0] };
    };
    for (let cut = 0; cut < DRIVER.length; cut += 7) {
      const text = DRIVER.slice(0, cut) + DRIVER.slice(cut + 5);
      const parsed = internals.reparse(text, undefined);
      try {
        assert.isTrue(sameTree(syntax.read('c', parsed, text), readTreeWithCursor(internals.grammars.c, parsed, text)), text);
      } finally {
        parsed.delete();
      }
    }
  });
});
