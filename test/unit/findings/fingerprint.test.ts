import { assert } from 'chai';
import { analyse, baselineText, readBaseline, toAnnotations, type Syntax } from '../../../src/core';
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
	if (a->x)
		return a->x;
	kfree(a);
	return a->x;
}
`;

describe('fingerprints', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));
  const findings = (text: string) =>
    toAnnotations('x.c', 0, analyse(syntax.parse('c', text), stubCatalogue()), { parse: 0, total: 0 }).findings;

  it('stay when lines move and are indented, and differ within a file', () => {
    const now = findings(TEXT).map(({ fingerprint }) => fingerprint);
    assert.isAbove(now.length, 2);
    assert.lengthOf(new Set(now), now.length);
    const moved = findings(`/* more */\nint z;\n\n${TEXT.replaceAll('\t', '        ')}`).map(({ fingerprint }) => fingerprint);
    assert.deepEqual(moved, now);
  });

  it('are what a baseline knows findings by: new ones stand out', () => {
    const known = findings(TEXT.slice(0, TEXT.indexOf('static int acme_b')));
    const baseline = readBaseline(baselineText([{ path: 'x.c', findings: known }]));
    assert.deepEqual(
      findings(TEXT).map(({ fingerprint, function: name }) => baseline.has('x.c', fingerprint) === (name === 'acme_a')),
      findings(TEXT).map(() => true),
    );
    assert.isFalse(baseline.has('y.c', known[0]!.fingerprint));
    assert.throws(() => readBaseline('[]'), /no baseline/);
  });
});
