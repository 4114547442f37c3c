import { assert } from 'chai';
import {
  analyse,
  driverHtml,
  factsOfTree,
  filterText,
  inOrder,
  lifecycleOf,
  passes,
  reportDriver,
  type Analysis,
  type DriverReport,
} from '../../../src/core';
import { rustItem, stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const catalogue = stubCatalogue([
  { name: 'kzalloc', status: 'safe', rust: [rustItem('kernel::alloc::KBox')] },
  { name: 'mutex_lock', status: 'safe', rust: [rustItem('kernel::sync::Mutex')] },
]);

const DRIVER = `
#include <linux/platform_device.h>
struct acme { struct clk *clk; struct clk *bus; char *name; struct work_struct work; };
static void acme_work(struct work_struct *work) { }
static int acme_irq_setup(struct platform_device *pdev, struct acme *acme)
{
	return request_irq(platform_get_irq(pdev, 0), acme_irq, 0, "acme", acme);
}
static int acme_probe(struct platform_device *pdev)
{
	struct acme *acme = kzalloc(sizeof(*acme), GFP_KERNEL);
	void __iomem *regs = devm_platform_ioremap_resource(pdev, 0);
	int ret;

	acme->clk = clk_get(&pdev->dev, NULL);
	acme->bus = clk_get(&pdev->dev, "bus");
	ret = clk_prepare_enable(acme->clk);
	INIT_WORK(&acme->work, acme_work);
	mutex_lock(&acme_lock);
	mutex_unlock(&acme_lock);
	ret = acme_irq_setup(pdev, acme);
	pm_runtime_enable(&pdev->dev);
	return ret;
}
static void acme_remove(struct platform_device *pdev)
{
	struct acme *acme = platform_get_drvdata(pdev);

	free_irq(acme->irq, acme);
	cancel_work_sync(&acme->work);
	clk_disable_unprepare(acme->clk);
	clk_put(acme->bus);
	clk_put(acme->clk);
	kfree(acme);
}
static void acme_never_called(void)
{
	char *text = kzalloc(1, GFP_KERNEL);
}
static struct platform_driver acme_driver = { .probe = acme_probe, .remove = acme_remove, .driver = { .name = "<acme & co>" } };
module_platform_driver(acme_driver);
`;

describe('a driver’s page', () => {
  let analysis: Analysis;
  let driver: DriverReport;
  before(async () => {
    const tree = (await syntaxForTests()).parse('c', DRIVER);
    analysis = analyse(tree, catalogue);
    const files = [{ path: 'acme.c', facts: factsOfTree(tree, DRIVER.length) }];
    driver = reportDriver(
      { name: 'acme', configs: [], always: false, built: false, files },
      { catalogue, index: undefined, kconfig: undefined, architectures: undefined, maintainers: undefined },
    );
  });

  describe('lifecycle', () => {
    const of = (name: string) => lifecycleOf(analysis).filter((one) => one.name === name);
    const back = (name: string, which = 0) => of(name)[which]!.releases.map((one) => `${one.name} in ${one.function}`);

    it('says where what probe acquires is given back, by which call', () => {
      assert.deepEqual(back('kzalloc'), ['kfree in acme_remove']);
      assert.deepEqual(back('clk_prepare_enable'), ['clk_disable_unprepare in acme_remove']);
      assert.deepEqual(back('INIT_WORK'), ['cancel_work_sync in acme_remove']);
    });

    it('follows the functions that probe calls', () => {
      assert.deepEqual(back('request_irq'), ['free_irq in acme_remove']);
      assert.equal(of('request_irq')[0]!.function, 'acme_irq_setup');
    });

    it('tells two objects of a kind apart', () => {
      const lines = DRIVER.split('\n');
      for (const [which, object] of ['acme->clk', 'acme->bus'].entries()) {
        assert.equal(of('clk_get')[which]!.held, object);
        assert.lengthOf(of('clk_get')[which]!.releases, 1);
        assert.include(lines[of('clk_get')[which]!.releases[0]!.line], `clk_put(${object})`);
      }
    });

    it('leaves managed resources to the device', () => {
      assert.deepInclude(of('devm_platform_ioremap_resource')[0], { released: 'device', held: 'regs' });
    });

    it('names the Rust owner, where there is one', () => {
      assert.equal(of('kzalloc')[0]!.owner?.path, 'kernel::alloc::KBox');
      assert.isUndefined(of('clk_get')[0]!.owner);
    });

    it('leaves out what is no acquisition, and what probe does not reach', () => {
      assert.isEmpty(of('mutex_lock'));
      assert.isEmpty(of('platform_get_irq'));
      assert.lengthOf(of('kzalloc'), 1);
    });
  });

  it('holds score, lifecycle, names and entry points, and is one document that asks for nothing else', () => {
    const page = driverHtml({ driver, kernel: catalogue.kernel, files: [{ path: 'acme.c', analysis }] });
    for (const title of ['Score', 'Order of work', 'Lifecycle', 'Kernel names', 'Entry points'])
      assert.match(page, new RegExp(`<h2 id="[a-z]+" tabindex="-1">${title}</h2>`));
    assert.include(page, `<b>${driver.score}</b> of 100`);
    assert.include(page, 'default-src &#39;none&#39;');
    assert.notMatch(page, /<script|<link|https?:|<button/);
  });

  it('never takes text out of sources for markup', () => {
    const name = '<img src=x onerror=alert(1)>';
    const page = driverHtml({
      driver: { ...driver, name, kconfig: name, path: name },
      kernel: catalogue.kernel,
      files: [{ path: name, analysis }],
    });
    assert.notInclude(page, '<img');
  });

  it('in the workbench its places can be chosen', () => {
    const host = {
      policy: "script-src 'nonce-1'",
      nonce: '1',
      script: 'run()',
      actions: [{ title: 'Export…', action: 'export' }],
    };
    const page = driverHtml({ driver, kernel: catalogue.kernel, files: [{ path: 'acme.c', analysis }] }, host);
    assert.include(page, '<script nonce="1">run()</script>');
    assert.match(page, /<button class="link" data-file="acme.c" data-line="11">kzalloc in acme_probe\(\)<\/button>/);
    assert.include(page, 'data-rust="kernel::alloc::KBox"');
    assert.include(page, '<button data-action="export">Export…</button>');
  });
});

describe('drivers in a list', () => {
  const one = (name: string, rest: Partial<DriverReport>): DriverReport =>
    ({
      name,
      path: `drivers/${name}.c`,
      files: [`drivers/${name}.c`],
      kconfig: null,
      buses: [],
      coverage: { safe: 1, partial: 0, raw: 0, none: 0 },
      rules: {},
      blockers: [],
      rewrite: 'no',
      score: 50,
      lines: 10,
      suspects: 0,
      hazards: 0,
      ...rest,
    }) as unknown as DriverReport;
  const lacking = { group: 'linux/regmap', level: 'core', names: [], uses: 1, after: [], helpers: false };
  const drivers = [
    one('a', { score: 10, lines: 500, rules: { 'use-after-free': 1 }, suspects: 1 }),
    one('b', { score: 90, buses: ['i2c'], rewrite: 'supported' }),
    one('c', { score: 90, blockers: [lacking] as never, coverage: { safe: 0, partial: 0, raw: 0, none: 2 } }),
  ];
  const shown = (filter: Parameters<typeof passes>[1]): string =>
    drivers
      .filter((driver) => passes(driver, filter))
      .map(({ name }) => name)
      .join('');

  it('are filtered by words, state, rule, missing abstraction and candidate', () => {
    assert.equal(shown({}), 'abc');
    assert.equal(shown({ text: 'I2C b' }), 'b');
    assert.equal(shown({ text: 'i2c a.c' }), '');
    assert.equal(shown({ status: 'none' }), 'c');
    assert.equal(shown({ rule: 'use-after-free' }), 'a');
    assert.equal(shown({ lacks: 'linux/regmap' }), 'c');
    assert.equal(shown({ rewritable: true }), 'b');
    assert.equal(shown({ rewritable: true, status: 'none' }), '');
  });

  it('say in words what is filtered', () => {
    assert.equal(filterText({}), '');
    assert.equal(filterText({ text: 'i2c', rewritable: true }), '“i2c”, has a candidate');
  });

  it('come in the order that is asked for, equal ones by path', () => {
    const order = (by: Parameters<typeof inOrder>[1]): string =>
      inOrder([...drivers].reverse(), by)
        .map(({ name }) => name)
        .join('');
    assert.equal(order('score'), 'bca');
    assert.equal(order('lines'), 'abc');
    assert.equal(order('findings'), 'abc');
    assert.equal(order('missing'), 'cab');
  });
});
