import { assert } from 'chai';
import { describeDriver, type DriverModel } from '../../../src/core/driver';
import { modelOf, parse } from './expect';

const DRIVER = `#include <linux/module.h>
#define OPS(x) .open = x##_open
struct priv { struct device *dev; struct timer_list timer; };
static irqreturn_t handler(int irq, void *data) { return IRQ_HANDLED; }
static int thing_open(struct inode *i, struct file *f) { return 0; }
static int probe(struct platform_device *pdev)
{
	struct priv *p = devm_kzalloc(&pdev->dev, sizeof(*p), GFP_KERNEL);

	p->ops.open = thing_open;
	timer_setup(&p->timer, (void *)handler, 0);
	return devm_request_irq(&pdev->dev, 3, handler, 0, "x", p);
}
static const struct file_operations fops = { OPS(thing), .read = (read_t)&thing_open, };
static DEVICE_ATTR_RW(level);
static struct platform_driver driver = { .probe = probe, .driver = { .name = "x" } };
module_platform_driver(driver);
MODULE_DEVICE_TABLE(of, ids);
`;

/** A small seeded generator: the same texts in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function checkModel(source: string, model: DriverModel): void {
  for (const { start, end } of [...model.functions, ...model.entryPoints, ...model.apis])
    assert.isTrue(0 <= start && start <= end && end <= source.length);
  for (const list of [model.functions, model.entryPoints, model.apis])
    for (let i = 1; i < list.length; i++) assert.isAtMost(list[i - 1]!.start, list[i]!.start);
  for (const { function: name, definition } of model.entryPoints)
    if (definition !== null) assert.isTrue(name !== null && source.startsWith(name, definition));
}

describe('driver model of any text', function () {
  this.timeout(20_000);

  it('is empty of an empty file', () => {
    assert.deepEqual(modelOf(''), { functions: [], entryPoints: [], apis: [] });
  });

  it('does not throw on half-typed code, and what it says lies in the text', () => {
    for (let length = 0; length <= DRIVER.length; length++) {
      const source = DRIVER.slice(0, length);
      checkModel(source, modelOf(source));
    }
  });

  it('does not throw on damaged code', () => {
    const next = random(7);
    const junk = [
      '(',
      ')',
      '{',
      '}',
      ';',
      ',',
      '#',
      '##',
      '"',
      "'",
      '/*',
      '*/',
      '\\',
      '=',
      '.',
      '->',
      '&',
      'struct ',
      '\n#if X\n',
      '\u{1f980}',
      '\0',
    ];
    for (let round = 0; round < 500; round++) {
      let source = DRIVER;
      for (let edits = 1 + Math.floor(next() * 4); edits > 0; edits--) {
        const at = Math.floor(next() * source.length);
        source = source.slice(0, at) + junk[Math.floor(next() * junk.length)]! + source.slice(at + Math.floor(next() * 30));
      }
      checkModel(source, modelOf(source));
    }
  });

  it('survives macros that expand to themselves and to each other', () => {
    const source =
      '#define A(x) B(x##_y)\n#define B(x) A(x##_z), C\n#define C A(q)\nstruct ops o = { A(f), C };\nstatic int f_y(void) { return 0; }\nA(f);\n';
    checkModel(source, modelOf(source));
  });

  it('survives deep nesting', () => {
    for (const source of [
      `int x = ${'('.repeat(3000)}f${')'.repeat(3000)};\nint f(void) { return 0; }`,
      `struct s o = ${'{'.repeat(2000)}f${'}'.repeat(2000)};\nint f(void) { return 0; }`,
      `int f(void) { return 0; }\nvoid g(void) { ${'a->'.repeat(3000)}b = f; }`,
      `int f(void) { return 0; }\nstruct s o = ${'{ M(.a = '.repeat(500)}f${')}'.repeat(500)};`,
      `${'struct { '.repeat(500)}int x;${'};'.repeat(500)}\nint f(struct a *p) { p->q.r = f; }`,
      Array.from({ length: 500 }, (_, i) => `#define M${i}(x) M${i + 1}(x##_a) M${i + 1}(x)`).join('\n') +
        '\nint x_a(void) { return 0; }\nM0(x);',
      `int f(void) { return 0; }\nvoid g(void) { void *p; ${'p = f; p = p ? f : p; '.repeat(400)} }`,
    ])
      checkModel(source, modelOf(source));
  });

  it('is the same each time, and a file leaves nothing behind for the next', () => {
    const tree = parse(DRIVER);
    const first = describeDriver(tree);
    modelOf('int handler(void) { return g(); }\n'.repeat(500));
    assert.deepEqual(describeDriver(tree), first);
  });
});
