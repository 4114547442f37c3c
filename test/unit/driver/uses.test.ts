import { assert } from 'chai';
import { apisIn, functionAt } from '../../../src/core/driver';
import { expectUses, modelOf } from './expect';

describe('uses of kernel names', () => {
  it('headers, calls, macros, structures, fields, constants, in text order', () => {
    expectUses(
      `#include <linux/mutex.h>
#include "own.h"
static DEFINE_MUTEX(lock);
static int probe(struct platform_device *pdev)
{
	struct own *o = devm_kzalloc(&pdev->dev, sizeof(*o), GFP_KERNEL);
	irqreturn_t r;
	u32 n = offsetof(struct device, parent);

	list_for_each_entry(o, &head, list)
		mutex_lock(&lock);
	return -ENOMEM;
}
static struct platform_driver d = { .probe = probe };
module_platform_driver(d);
MODULE_DEVICE_TABLE(of, ids);`,
      [
        'header linux/mutex.h',
        'macro DEFINE_MUTEX',
        'struct platform_device',
        'struct own',
        'function devm_kzalloc',
        'macro GFP_KERNEL',
        'struct irqreturn_t',
        'macro offsetof',
        'struct device',
        'macro list_for_each_entry',
        'function mutex_lock',
        'macro ENOMEM',
        'struct platform_driver',
        'field platform_driver.probe',
        'macro module_platform_driver',
        'macro MODULE_DEVICE_TABLE(of)',
      ],
    );
  });

  it('not what the file defines itself', () => {
    expectUses(
      `#define OWN(x) x
enum { RED, GREEN };
struct own { int a; };
typedef int own_t;
static int own_fn(void (*cb)(int)) { own_t t = OWN(RED); struct own o = { .a = GREEN }; cb(t); return own_fn(cb); }`,
      [],
    );
  });

  it('fields by assignment, where the file tells the type; kernel functions in tables', () => {
    expectUses(
      `struct priv { struct gpio_chip gc; };
static int get(struct gpio_chip *c) { return 0; }
static int f(struct priv *p) { p->gc.get = get; p->other->get = get; return 0; }
static const struct file_operations fops = { .llseek = noop_llseek, .owner = THIS_MODULE };`,
      [
        'struct gpio_chip',
        'struct gpio_chip',
        'field gpio_chip.get',
        'struct file_operations',
        'field file_operations.llseek',
        'function noop_llseek',
        'macro THIS_MODULE',
      ],
    );
  });

  it('not what a macro pastes into a name', () => {
    expectUses(
      `#define READ(base, reg) readl((base) + HOST_##reg)
static int f(void __iomem *b) { return READ(b, CAPA) + FIELD_GET(MASK, EIO); }
static const struct pci_device_id ids[] = { { PCI_VDEVICE(SIIG, PCI_ANY_ID) } };`,
      ['macro FIELD_GET', 'macro MASK', 'macro EIO', 'struct pci_device_id', 'macro PCI_VDEVICE', 'macro PCI_ANY_ID'],
    );
  });

  it('not what only the preprocessor sees', () => {
    expectUses('#ifdef CONFIG_PM\n#if IS_ENABLED(CONFIG_X) && A\nint x;\n#endif\n#endif\n#define A mutex_lock(B)\n', []);
  });

  it('are found by range, functions by offset', () => {
    const source = 'int f(void) { return a(); }\nint g(void) { return b(c()); }\n';
    const model = modelOf(source);
    const [f, g] = model.functions;
    assert.deepEqual([f?.name, g?.name], ['f', 'g']);
    assert.deepEqual(
      apisIn(model, g!.start, g!.end).map(({ name }) => name),
      ['b', 'c'],
    );
    assert.equal(functionAt(model, source.indexOf('b(c'))?.name, 'g');
    assert.isUndefined(functionAt(model, source.indexOf('\n')));
  });
});
