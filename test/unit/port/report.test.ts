import { assert } from 'chai';
import {
  ApiIndexBuilder,
  factsOfTree,
  mergeReports,
  openApiIndex,
  reportCsv,
  reportDriver,
  reportHtml,
  reportMarkdown,
  reportText,
  scanHeader,
  totalsOf,
  WEIGHTS,
  type DriverReport,
  type Report,
  type Surroundings,
} from '../../../src/core';
import { scoreOf } from '../../../src/core/port/score';
import { rustItem, stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const catalogue = stubCatalogue([
  { name: 'acme_get', status: 'safe', rust: [rustItem('kernel::acme::get')] },
  { name: 'acme_half', status: 'partial', rust: [rustItem('kernel::acme::half')] },
  { name: 'acme_driver', kind: 'struct', status: 'safe', rust: [rustItem('kernel::acme::Driver')] },
  {
    name: 'acme_driver.probe',
    kind: 'field',
    status: 'safe',
    rust: [rustItem('kernel::acme::Driver::probe', { relation: 'implements' })],
  },
]);

/** The index of these headers. */
function indexOf(headers: Record<string, string>): Surroundings['index'] {
  const builder = new ApiIndexBuilder();
  for (const [path, text] of Object.entries(headers)) builder.add(path, text, scanHeader(path, text));
  return openApiIndex(builder.finish());
}

async function driver(
  files: Record<string, string>,
  headers?: Record<string, string>,
  order = Object.keys(files),
): Promise<DriverReport> {
  const parser = await syntaxForTests();
  return reportDriver(
    {
      name: 'acme',
      configs: [],
      always: false,
      built: headers !== undefined,
      files: order.map((path) => ({ path, facts: factsOfTree(parser.parse('c', files[path]!), files[path]!.length) })),
    },
    { catalogue, index: headers && indexOf(headers), kconfig: undefined, architectures: undefined, maintainers: undefined },
  );
}

const HEADERS = {
  'linux/acme.h': 'struct acme_driver { int (*probe)(void *p); };\nvoid acme_get(void);\nvoid acme_half(void);\n',
  'linux/bcd.h': '#define bcd_low(x) ((x) & 15)\n',
  'linux/ring.h':
    '#include <linux/acme.h>\nstruct ring;\nstruct ring_ops { int (*start)(struct ring *r); };\nint ring_get(struct ring *r);\n',
  'linux/ring/more.h': 'int ring_more(int a);\n',
};
const FILES = {
  'd/main.c':
    'static int start(struct ring *r)\n{\n\tacme_get();\n\tacme_half();\n\tring_get(r);\n\tring_more(bcd_low(1));\n\treturn acme_help();\n}\nstatic const struct ring_ops ops = { .start = start };\nstatic int probe(void *p)\n{\n\tacme_get();\n\treturn 0;\n}\nstatic struct acme_driver drv = { .probe = probe };\nmodule_acme_driver(drv);\n',
  'd/help.c': 'int acme_help(void)\n{\n\treturn own_thing() + OWN_CONSTANT;\n}\n',
};

describe('port: the report on a driver', () => {
  it('counts what the kernel declares, by state; what files of the driver define for each other is no API', async () => {
    const { coverage, uses, missing, buses, path, lines } = await driver(FILES, HEADERS);
    assert.deepEqual(coverage, { safe: 3, partial: 1, raw: 0, none: 6 });
    assert.equal(uses.safe, 4);
    assert.sameMembers(missing, ['ring', 'ring_get', 'ring_more', 'ring_ops', 'ring_ops.start', 'bcd_low']);
    assert.deepEqual(buses, ['acme']);
    assert.equal(path, 'd/main.c');
    assert.equal(lines, 20);
  });

  it('missing names are put together by header, helpers apart, what others build on first', async () => {
    const { blockers } = await driver(FILES, HEADERS);
    assert.deepEqual(
      blockers.map(({ group, level, helpers, after }) => [group, level, helpers, after.join()]),
      [
        ['linux/bcd', 'core', true, ''],
        ['linux/ring', 'class', false, ''],
      ],
    );
  });

  it('does not depend on the order of the files', async () => {
    assert.deepEqual(await driver(FILES, HEADERS, Object.keys(FILES).reverse()), await driver(FILES, HEADERS));
  });

  it('the score is the sum of its parts over what is known', async () => {
    for (const report of [await driver(FILES, HEADERS), await driver({ 'x.c': 'int a;\n' }), await driver({ 'x.c': '' })]) {
      const parts = Object.values(report.scoreParts).filter(({ points }) => points !== null);
      const sum = parts.reduce((all, { points }) => all + points!, 0);
      const max = parts.reduce((all, part) => all + part.max, 0);
      assert.equal(report.score, Math.round((100 * sum) / max));
      for (const { points, max: most } of parts) assert.isTrue(points! >= 0 && points! <= most);
    }
    assert.equal(
      Object.values(WEIGHTS).reduce((sum, { max }) => sum + max, 0),
      100,
    );
  });

  it('abstractions count for nothing where no architecture of the driver has Rust, and the report says so', async () => {
    const { scoreParts, ...rest } = await driver(FILES, HEADERS);
    assert.isAbove(scoreParts.coverage.points ?? 0, 0);
    const input = { coverage: 0.9, registered: [{ struct: 'acme_driver', value: 1 }], callbacks: [] };
    const on = (built: string[], rust: string[]) => scoreOf({ ...rest, architectures: { built, rust } }, input);
    const [here, nowhere] = [on(['arm64', 'm68k'], ['arm64']), on(['m68k'], [])];
    assert.isBelow(nowhere.score, here.score / 2);
    for (const part of ['coverage', 'bus', 'missing'] as const) assert.equal(nowhere.parts[part].points, 0, part);
    assert.equal(nowhere.parts.missing.text, 'runs on m68k, none with Rust in this kernel');
    assert.equal(here.parts.bus.points, here.parts.bus.max);
  });

  it('registration is half what the driver registers with, half the callbacks that Rust has a place for', async () => {
    const rest = await driver(FILES, HEADERS);
    const bus = (callbacks: { name: string; value: number }[], registered = [{ struct: 'acme_driver', value: 1 }]) =>
      scoreOf(rest, { coverage: 1, registered, callbacks }).parts.bus;
    const [one, none] = [
      { name: 'acme_ops.open', value: 1 },
      { name: 'acme_ops.close', value: 0 },
    ];
    assert.equal(bus([]).value, 1);
    assert.equal(bus([one, none]).value, 0.75);
    assert.equal(bus([none], []).value, 0);
    assert.isNull(bus([], []).points);
    assert.equal(
      bus([one, none]).text,
      'acme_driver: has a trait; 1 of 2 other callbacks without a place in Rust: acme_ops.close',
    );
    assert.equal(bus([one]).text, 'acme_driver: has a trait; 1 other callback with a place in Rust');
    assert.equal(bus([none], []).text, '1 other callback without a place in Rust: acme_ops.close');
  });

  it('of a loose file nothing is invented: no Kconfig, no maintainers, no part for them', async () => {
    const { kconfig, maintainers, dependents, scoreParts, kind } = await driver({ 'x.c': FILES['d/main.c'] });
    assert.deepEqual([kconfig, maintainers, dependents, scoreParts.policy.points], [null, null, null, null]);
    assert.equal(kind, 'driver');
  });

  it('a loose file that includes headers of its own has no names from them counted', async () => {
    const text = '#include "own.h"\nint f(void)\n{\n\treturn own_thing(OWN_CONSTANT);\n}\n';
    assert.deepEqual((await driver({ 'x.c': text })).missing, []);
    assert.deepEqual((await driver({ 'x.c': text.replace('#include "own.h"\n', '') })).missing, ['own_thing']);
  });
});

describe('port: reports', () => {
  const report = async (): Promise<Report> => {
    const drivers = [
      await driver(FILES, HEADERS),
      { ...(await driver({ 'e/x.c': '// <b>"1",\nint a;\n' })), name: '=cmd|"</script><b>', kind: 'part' as const },
    ];
    return { schemaVersion: 1, kernel: { version: '7.3.4', source: 'tree' }, totals: totalsOf(drivers), drivers, skipped: [] };
  };

  it('parts put together are the whole', async () => {
    const whole = await report();
    const parts = whole.drivers.map((one) => ({ ...whole, drivers: [one], totals: totalsOf([one]) })).reverse();
    assert.deepEqual(mergeReports(parts), whole);
    assert.deepEqual(mergeReports([...parts, whole]), whole);
    assert.throws(() => mergeReports([whole, { ...whole, kernel: { version: '6.12.1', source: 'tree' } }]), /different kernels/);
    assert.throws(() => mergeReports([]), /no report/);
  });

  it('what unlocks most has a vote of each driver, split among what it lacks', async () => {
    const { unlock } = (await report()).totals;
    assert.deepEqual(
      unlock.map(({ group, drivers, unlocks, weight }) => [group, drivers, unlocks, weight]),
      [['linux/ring', 1, 1, 1]],
    );
  });

  it('HTML needs nothing else and takes no name for markup', async () => {
    const html = [...reportHtml(await report())].join('');
    assert.notMatch(html, /(?:src|href)=|https?:|url\(|@import/);
    assert.match(html, /Content-Security-Policy" content="default-src (?:'|&#39;)none/);
    assert.equal(html.split('</script>').length, 3);
    assert.notInclude(html, '<b>');
    const data = JSON.parse(/id="data">([\s\S]*?)<\/script>/.exec(html)![1]!) as { rows: { cells: unknown[] }[] };
    assert.equal(data.rows[1]!.cells[1], '=cmd|"</script><b>');
  });

  it('Markdown and CSV take no name for markup or a formula', async () => {
    const markdown = [...reportMarkdown(await report())].join('');
    assert.include(markdown, '=cmd\\|"\\</script\\>\\<b\\>');
    const rows = [...reportCsv(await report())];
    assert.match(rows[2]!, /^"'=cmd\|""<\/script><b>",/);
    assert.equal(rows[0]!.split(',').length, rows[1]!.split(',').length);
  });

  it('text explains a driver in full', async () => {
    const text = [...reportText(await report())].join('');
    assert.match(text, /API coverage: .* safe/);
    assert.match(text, /class linux\/ring: ring/);
  });
});
