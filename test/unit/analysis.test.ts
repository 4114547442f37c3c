import { assert } from 'chai';
import { addFlow, analyse, carryFindings, type Syntax } from '../../src/core';
import { stubCatalogue } from './stub-catalogue';
import { syntaxForTests } from './syntax-host';

const FREED = `static int acme_a(struct acme *a)
{
	kfree(a);
	return a->x;
}
`;
const OTHER = 'static int acme_b(void)\n{\n\treturn 0;\n}\n';

describe('analysis', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));
  const quick = (text: string) => analyse(syntax.parse('c', text), stubCatalogue(), false);

  it('follows the paths of functions only where asked to', () => {
    assert.deepEqual(quick(FREED).findings, []);
    const followed = addFlow(quick(FREED));
    assert.deepEqual(
      followed.findings.map(({ rule }) => rule),
      ['use-after-free'],
    );
    assert.strictEqual(addFlow(followed), followed);
  });

  it('looks for no suspect while one types, also not for those that need no path', () => {
    const text = `static const int acme_rates[4];
static int acme_find(int rate)
{
	int i;

	for (i = 0; i <= ARRAY_SIZE(acme_rates); i++)
		if (acme_rates[i] == rate)
			return i;
	return -EINVAL;
}
`;
    assert.deepEqual(quick(text).findings, []);
    assert.deepEqual(
      addFlow(quick(text)).findings.map(({ rule }) => rule),
      ['off-by-one'],
    );
  });

  it('keeps what was found in functions that an edit did not touch, at their new place', () => {
    const followed = addFlow(quick(FREED + OTHER));
    const now = `${OTHER.replace('acme_b', 'acme_c')}${FREED}${OTHER.replace('0', '1')}`;
    const [finding] = carryFindings(followed, quick(now)).findings;
    assert.equal(finding?.rule, 'use-after-free');
    assert.equal(now.slice(finding!.start, finding!.end), FREED.slice(followed.findings[0]!.start, followed.findings[0]!.end));
    for (const { start, end } of finding!.related) assert.include(FREED, now.slice(start, end));
  });

  it('forgets what was found in a function that was edited', () => {
    const followed = addFlow(quick(FREED));
    assert.deepEqual(carryFindings(followed, quick(FREED.replace('kfree(a)', 'keep(a)'))).findings, []);
  });
});

describe('flow over odd text', () => {
  it('a label that stands in both sides of an #if is no exception', async () => {
    const syntax = await syntaxForTests();
    const text = `static int acme_clock(void)
{
	int a = 0;

again:
	if (acme_busy())
		goto again;
#ifdef CONFIG_64BIT
again:
	a = 1;
#else
	a = 2;
#endif
	return a;
}
`;
    assert.deepEqual(analyse(syntax.parse('c', text), stubCatalogue()).findings, []);
  });
});
