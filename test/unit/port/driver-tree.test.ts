import { assert } from 'chai';
import { analyse, contentsOf, driverLine, factsOfTree, reportDriver, type DriverGroup } from '../../../src/core';
import { rustItem, stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const catalogue = stubCatalogue([
  { name: 'kzalloc', status: 'safe', rust: [rustItem('kernel::alloc::KBox')] },
  { name: 'acme_bus_write', status: 'none', rust: [] },
]);

const SOURCE = `#include <linux/platform_device.h>
static int acme_probe(struct platform_device *pdev)
{
	char *name = kzalloc(8, GFP_KERNEL);

	acme_bus_write(name);
	name[0] = 0;
	strcpy(name, pdev->name);
	acme_bus_write(name);
	return 0;
}
static struct platform_driver acme_driver = { .probe = acme_probe };
module_platform_driver(acme_driver);
EXPORT_SYMBOL_GPL(acme_probe);
`;
const PATH = 'drivers/acme/acme.c';

describe('the tree of a driver', () => {
  async function driverOf(text: string) {
    const tree = (await syntaxForTests()).parse('c', text);
    const report = reportDriver(
      { name: 'acme', configs: [], always: false, built: false, files: [{ path: PATH, facts: factsOfTree(tree, text.length) }] },
      { catalogue, index: undefined, kconfig: undefined, architectures: undefined, maintainers: undefined },
    );
    return { report, files: [{ path: PATH, analysis: analyse(tree, catalogue) }] };
  }
  const labels = (group: DriverGroup | undefined): string[] => group?.places.map(({ label }) => label) ?? [];
  const groupOf = (groups: readonly DriverGroup[], start: string): DriverGroup | undefined =>
    groups.find(({ label }) => label.startsWith(start));

  it('has entry points where they are registered, but what is exported is none', async () => {
    const { report, files } = await driverOf(SOURCE);
    const points = groupOf(contentsOf(report, files), 'Entry points')!;
    assert.include(labels(points), 'acme_probe');
    const probe = points.places.find(({ label }) => label === 'acme_probe')!;
    assert.deepEqual([probe.path, probe.line], [PATH, 11]);
    assert.match(probe.tooltip, /^platform_driver\.probe: /);
    assert.equal(points.label, `Entry points (${points.places.length})`);
    assert.isFalse(points.places.some(({ tooltip }) => tooltip.includes('EXPORT_SYMBOL')));
  });

  it('leads from a missing name to its first use', async () => {
    const { report, files } = await driverOf(SOURCE);
    const missing = groupOf(contentsOf(report, files), 'Missing abstractions')!;
    const names = missing.groups.flatMap(({ places }) => places);
    const write = names.find(({ label }) => label === 'acme_bus_write')!;
    assert.equal(write.line, 5);
    assert.equal(write.description, '2 uses');
  });

  it('has suspects before hazards, without what is allowed', async () => {
    const { report, files } = await driverOf(SOURCE);
    const found = groupOf(contentsOf(report, files), 'What Rust would check')!;
    assert.equal(found.places[0]!.icon, 'warning');
    assert.match(found.places[0]!.description, /^unchecked-allocation · CWE-\d+$/);
    assert.equal(found.places[0]!.line, 6);
    const icons = found.places.map(({ icon }) => icon);
    assert.deepEqual(icons, [...icons].sort().reverse());
    const { report: allowed, files: read } = await driverOf(
      SOURCE.replace('name[0] = 0;', 'name[0] = 0; /* r4l: allow(unchecked-allocation): of 8 bytes */'),
    );
    const left = groupOf(contentsOf(allowed, read), 'What Rust would check');
    assert.isFalse(left?.places.some(({ description }) => description.startsWith('unchecked-allocation')) ?? false);
  });

  it('has no group that is empty', async () => {
    const { report, files } = await driverOf('static int acme;\n');
    assert.deepEqual(contentsOf(report, files), []);
  });

  it('says score, bus and what is missing in a line, and each part in the tooltip', async () => {
    const { report } = await driverOf(SOURCE);
    const line = driverLine({ ...report, score: 61 });
    assert.match(line.description, /^61 · platform · \d+ missing$/);
    assert.match(line.tooltip, /^drivers\/acme\/acme\.c: 61 of 100\nAPI coverage /);
    assert.match(line.spoken, /^acme, score 61 of 100, \d+ missing abstractions$/);
    assert.deepEqual(
      [60, 59, 40, 39].map((score) => driverLine({ ...report, score }).worth),
      ['good', 'fair', 'fair', 'poor'],
    );
  });
});
