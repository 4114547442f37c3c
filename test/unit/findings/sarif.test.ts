import Ajv from 'ajv';
import { assert } from 'chai';
import { readFileSync } from 'node:fs';
import type { Log } from 'sarif';
import {
  analyse,
  configured,
  readConfiguration,
  sarifEnd,
  sarifResults,
  sarifStart,
  select,
  toAnnotations,
  type FindingJson,
} from '../../../src/core';
import { stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const TEXT = `static int acme_a(struct acme *a)
{
	kfree(a);
	return a->x;
}
static int acme_b(struct acme *a)
{
	kfree(a);
	return a->x; /* r4l: allow(use-after-free): a test */
}
static void acme_c(struct acme *a)
{
	a->p = kmalloc(8, GFP_KERNEL);
	a->p->x = 1;
}
`;

describe('SARIF', () => {
  let findings: FindingJson[];
  before(async () => {
    const syntax = await syntaxForTests();
    const { configuration } = await readConfiguration('suppress: [{ rules: unchecked-allocation, reason: cannot fail }]');
    const analysis = analyse(syntax.parse('c', TEXT), stubCatalogue());
    findings = configured(toAnnotations('x.c', 0, analysis, { parse: 0, total: 0 }).findings, configuration, 'x.c');
  });
  const log = (...results: string[]): Log =>
    JSON.parse(
      sarifStart({ version: '1.2.3', kernel: { version: '7.3.4', source: 'tree' }, root: 'file:///tree/' }) +
        results.join(',') +
        sarifEnd([{ path: 'y.c', reason: 'binary' }]),
    ) as Log;

  it('is what the official schema says', () => {
    const schema = JSON.parse(
      readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8'),
    ) as Record<string, unknown>;
    // Draft 4 of JSON Schema, of which it uses nothing that draft 7 has otherwise but for these two.
    delete schema.$schema;
    delete schema.id;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    for (const made of [log(), log(...sarifResults('drivers/a b/x.c', findings))])
      assert.isTrue(validate(made), JSON.stringify(validate.errors));
  });

  it('marks what is allowed, and who allows it', () => {
    const { results } = log(...sarifResults('x.c', findings)).runs[0]!;
    const about = results!.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.kind, suppressions?.[0]?.justification]);
    assert.deepEqual(about, [
      ['use-after-free', undefined, undefined],
      ['use-after-free', 'inSource', 'a test'],
      ['unchecked-allocation', 'external', 'cannot fail'],
    ]);
  });

  it('has rules with help, places and fingerprints', () => {
    const run = log(...sarifResults('drivers/a b/x.c', findings)).runs[0]!;
    const result = run.results![0]!;
    const rule = run.tool.driver.rules![result.ruleIndex!]!;
    assert.equal(rule.id, 'use-after-free');
    assert.isNotEmpty(rule.help?.markdown);
    assert.equal(result.locations![0]!.physicalLocation!.artifactLocation!.uri, 'drivers/a%20b/x.c');
    assert.equal(result.locations![0]!.physicalLocation!.region!.startLine, 4);
    assert.equal(result.relatedLocations![0]!.physicalLocation!.region!.startLine, 3);
    assert.match(Object.values(result.partialFingerprints!)[0]!, /^[0-9a-f]{16}$/);
  });

  it('tells new findings from those of the baseline', () => {
    const baseline = { has: (_: string, fingerprint: string) => fingerprint === findings[0]!.fingerprint };
    const { results } = log(...sarifResults('x.c', select('x.c', findings, { baseline }))).runs[0]!;
    assert.deepEqual(
      results!.map(({ baselineState }) => baselineState),
      ['unchanged', 'new', 'new'],
    );
  });
});
