import { assert } from 'chai';
import { analyse, hoverAt, lensesOf, type Analysis, type Catalogue, type Syntax } from '../../../src/core';
import { rustItem, stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const DRIVER = `#include <linux/platform_device.h>
static int acme_probe(struct platform_device *pdev)
{
	mutex_lock(&lock);
	regmap_write(map, 0, 1);
	odd_helper(pdev);
	return 0;
}
static struct platform_driver acme_driver = {
	.probe = acme_probe,
};
module_platform_driver(acme_driver);
`;

const CATALOGUE: Catalogue = stubCatalogue([
  {
    name: 'mutex_lock',
    status: 'safe',
    rust: [
      rustItem('kernel::sync::Mutex::lock', {
        signature: "pub fn lock(&self) -> Guard<'_, T, B>",
        config: ['CONFIG_SMP'],
        since: '7.2',
        absentIn: '6.12',
      }),
      rustItem('kernel::sync::Mutex', { relation: 'replaces', kind: 'type' }),
    ],
    note: 'The guard unlocks <when> it is dropped.',
  },
  { name: 'regmap_write', status: 'none', rust: [rustItem('kernel::io::Io', { relation: 'nearest' })] },
  {
    name: 'platform_driver.probe',
    kind: 'field',
    status: 'safe',
    rust: [rustItem('kernel::platform::Driver::probe', { relation: 'implements' })],
  },
  {
    name: 'platform_driver',
    kind: 'struct',
    status: 'safe',
    rust: [rustItem('kernel::platform::Driver', { relation: 'implements', kind: 'trait' })],
  },
]);

describe('hover', () => {
  let analysis: Analysis;
  let syntax: Syntax;
  before(async () => {
    syntax = await syntaxForTests();
    analysis = analyse(syntax.parse('c', DRIVER), CATALOGUE);
  });
  const at = (text: string, plus = 0) => hoverAt(analysis, DRIVER.indexOf(text) + plus)?.markdown ?? '';

  it('names the equivalent, its signature, its conditions and where it stands', () => {
    const text = at('mutex_lock(');
    assert.include(text, '**Rust for Linux**: safe abstraction');
    assert.include(
      text,
      '[`kernel::sync::Mutex::lock`](https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/rust/kernel/acme.rs?h=v7.3.4#n12) wraps `mutex_lock`',
    );
    assert.include(text, "```rust\npub fn lock(&self) -> Guard<'_, T, B>\n```");
    assert.include(text, '`CONFIG_SMP`');
    assert.include(text, 'in 7.2, not in 6.12');
    assert.include(text, 'https://rust.docs.kernel.org/kernel/?search=Mutex%3A%3Alock');
    assert.include(text, 'Also: [`kernel::sync::Mutex`]');
    assert.include(text, '*Linux 7.3.4, shipped snapshot*');
  });

  it('shows notes as text, not as markup', () => {
    assert.include(at('mutex_lock('), 'The guard unlocks &lt;when\\> it is dropped.');
  });

  it('links into the user’s tree where there is one', () => {
    const hover = hoverAt(analysis, DRIVER.indexOf('mutex_lock('), {
      treeLink: (file, line) => `file:///linux/${file}#L${line ?? 1}`,
      provenance: 'your *tree*',
    });
    assert.include(hover?.markdown, '](file:///linux/rust/kernel/acme.rs#L12)');
    assert.include(hover?.markdown, 'your \\*tree\\*');
  });

  it('never words the nearest thing as an equivalent', () => {
    const text = at('regmap_write');
    assert.include(text, 'no abstraction');
    assert.include(text, 'Nearest, but no equivalent: [`kernel::io::Io`]');
    assert.notInclude(text, 'wraps');
  });

  it('says so where there is nothing', () => {
    assert.include(at('odd_helper'), 'Nothing in the `kernel` crate of 7.3.4 does the job of `odd_helper`.');
  });

  it('covers the callback’s field and the entered function’s name', () => {
    for (const text of [at('probe = acme_probe'), at('acme_probe(struct', 3)]) {
      assert.include(text, 'kernel::platform::Driver::probe');
      assert.include(text, 'takes the place of `platform_driver.probe`');
    }
    assert.include(at('acme_probe(struct'), '1 of 4 kernel names');
  });

  it('a member of a structure says what its type says', () => {
    const text = 'struct acme {\n\tstruct mutex lock;\n\tint plain;\n};\n';
    const catalogue = stubCatalogue([{ name: 'mutex', kind: 'struct', status: 'safe', rust: [rustItem('kernel::sync::Mutex')] }]);
    const members = analyse(syntax.parse('c', text), catalogue);
    assert.include(hoverAt(members, text.indexOf('lock;'))?.markdown, 'kernel::sync::Mutex');
    assert.isUndefined(hoverAt(members, text.indexOf('plain;')));
  });

  it('a pointer to I/O memory says what maps it, at its annotation and at its name', () => {
    const text = 'struct acme {\n\tvoid __iomem *regs;\n\tvoid __percpu *stats;\n};\n';
    const catalogue = stubCatalogue([
      { name: '__iomem', kind: 'macro', status: 'safe', rust: [rustItem('kernel::io::mem::IoMem')] },
    ]);
    const members = analyse(syntax.parse('c', text), catalogue);
    for (const place of ['__iomem', 'regs'])
      assert.include(hoverAt(members, text.indexOf(place))?.markdown, 'kernel::io::mem::IoMem');
    assert.isUndefined(hoverAt(members, text.indexOf('stats;')), 'nothing is known of it');
  });

  it('a function that is handed over says which trait it becomes a method of', () => {
    const text =
      'static irqreturn_t acme_isr(int irq, void *p)\n{\n\treturn IRQ_HANDLED;\n}\nint f(int irq, void *p)\n{\n\treturn request_irq(irq, acme_isr, 0, "acme", p);\n}\n';
    const catalogue = stubCatalogue([
      {
        name: 'request_irq',
        status: 'partial',
        rust: [rustItem('kernel::irq::Registration::new'), rustItem('kernel::irq::Handler', { kind: 'trait' })],
      },
    ]);
    const handed = analyse(syntax.parse('c', text), catalogue);
    assert.match(
      hoverAt(handed, text.indexOf('acme_isr('))!.markdown,
      /`kernel::irq::Handler`.* takes the place of `acme_isr\(\)`/,
    );
    assert.match(
      hoverAt(handed, text.indexOf('request_irq'))!.markdown,
      /`kernel::irq::Registration::new`.* wraps `request_irq`/,
    );
  });

  it('fields of a table that are no callbacks, also of the embedded driver', () => {
    const text = 'static struct pci_driver acme = {\n\t.id_table = ids,\n\t.driver = { .name = "acme" },\n\t.dynids = {},\n};\n';
    const catalogue = stubCatalogue([
      { name: 'pci_driver.id_table', kind: 'field', status: 'safe', rust: [rustItem('kernel::pci::Driver::ID_TABLE')] },
      { name: 'device_driver.name', kind: 'field', status: 'partial', rust: [rustItem('kernel::driver::Registration')] },
    ]);
    const table = analyse(syntax.parse('c', text), catalogue);
    assert.include(hoverAt(table, text.indexOf('id_table'))?.markdown, 'kernel::pci::Driver::ID_TABLE');
    assert.include(hoverAt(table, text.indexOf('name'))?.markdown, 'kernel::driver::Registration');
    assert.isUndefined(hoverAt(table, text.indexOf('dynids')));
  });

  it('a label that error paths jump to says what takes the place of the cleanup', () => {
    const text =
      'int f(void)\n{\n\tif (a())\n\t\tgoto err;\nagain:\n\tif (b())\n\t\tgoto again;\n\treturn 0;\nerr:\n\tkfree(p);\n\treturn 1;\n}\n';
    const catalogue = stubCatalogue([
      { name: 'kfree', status: 'safe', rust: [rustItem('kernel::alloc::KBox', { kind: 'type' })] },
    ]);
    const ladder = analyse(syntax.parse('c', text), catalogue);
    for (const place of ['err;', 'err:']) {
      const markdown = hoverAt(ladder, text.indexOf(place))?.markdown;
      assert.include(markdown, 'cleanup by `goto err` (1 jump)');
      assert.include(markdown, '- `kfree`: [`kernel::alloc::KBox`]');
    }
    assert.isUndefined(hoverAt(ladder, text.indexOf('again:')), 'a jump back is a loop');
  });

  it('says nothing about the driver’s own names, punctuation and comments', () => {
    assert.equal(at('&lock'), '');
    assert.equal(at('return 0'), '');
  });

  it('lenses: the registration and each entered function say what they become and how far they are covered', () => {
    const lenses = lensesOf(analysis);
    const titles = (text: string) => {
      const offset = DRIVER.indexOf(text);
      return lenses.filter(({ start, end }) => start <= offset && offset < end).map(({ title }) => title);
    };
    assert.deepEqual(titles('acme_probe(struct'), ['Rust: platform::Driver::probe', '1 of 4 kernel names in Rust']);
    assert.equal(titles('acme_driver = ')[0], 'Rust: platform::Driver');
    assert.deepEqual(titles('module_platform_driver'), ['Rust: nothing for module_platform_driver()']);
  });

  it('lenses: a function that is entered in several ways says how many more there are, the same way counted once', () => {
    const text =
      'static int f(void *a)\n{\n\treturn 0;\n}\nstatic struct phy_driver d[] = { { .probe = f }, { .probe = f }, { .suspend = f } };\n';
    const [lens] = lensesOf(analyse(syntax.parse('c', text), stubCatalogue())).filter(
      ({ start }) => start === text.indexOf('f(void'),
    );
    assert.equal(lens?.title, 'Rust: nothing for phy_driver.probe (+1)');
  });

  it('answers for a text that cannot be parsed, and for none at all', () => {
    for (const text of ['', '\n', '}}}} static int (', DRIVER.slice(0, 150)]) {
      const broken = analyse(syntax.parse('c', text), CATALOGUE);
      for (let offset = 0; offset <= text.length; offset += 5) hoverAt(broken, offset);
      lensesOf(broken);
    }
  });
});

describe('lenses and findings', () => {
  it('do not count what is allowed in place', async () => {
    const syntax = await syntaxForTests();
    const text = (comment: string) =>
      `static int f(struct device *dev)\n{\n\t${comment}\n\tstruct a *a = dev_get_drvdata(dev);\n\treturn a->x;\n}\nmodule_init(f);\n`;
    const titles = (source: string) => lensesOf(analyse(syntax.parse('c', source), stubCatalogue())).map(({ title }) => title);
    assert.include(titles(text('/* plain */')), '1 hazard');
    assert.notInclude(titles(text('/* r4l: allow(private-data-cast): set in probe */')), '1 hazard');
  });
});
