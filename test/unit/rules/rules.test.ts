import { assert } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rules, type Syntax } from '../../../src/core';
import { describeDriver } from '../../../src/core/driver';
import { findingsOf } from '../../../src/core/rules';
import { stubCatalogue } from '../stub-catalogue';
import { syntaxForTests } from '../syntax-host';

const FIXTURES = 'test/fixtures/rules';

/** The lines after a marker comment, zero-based, by what the marker says. */
function marked(text: string, marker: 'ruleid' | 'ok', id: string): number[] {
  return text.split('\n').flatMap((line, i) => (line.includes(`/* ${marker}: ${id} */`) ? [i + 1] : []));
}

/** `rule.c`, `rule-anything.c` */
const belongsTo = (file: string, id: string): boolean => file === `${id}.c` || file.startsWith(`${id}-`);

describe('rules', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  it('each fixture belongs to a rule', () => {
    const ids = rules.map(({ metadata }) => metadata.id);
    for (const file of readdirSync(FIXTURES))
      assert.isTrue(
        ids.some((id) => belongsTo(file, id)),
        file,
      );
  });

  it('say nothing at an error, and are less sure in a function that has one', () => {
    const found = (line: string, call: string) => {
      const text = `int f(struct acme *acme, const char *from)\n{\n\tchar to[8];\n\n\t${call}\n\t${line}\n\treturn 0;\n}\n`;
      const tree = syntax.parse('c', text);
      return findingsOf(tree, describeDriver(tree), stubCatalogue()).map(({ rule, confidence }) => [rule, confidence]);
    };
    const rule = 'unbounded-string-copy';
    const sure = found('acme->x = 1;', 'strcpy(to, from);');
    const unsure = found('acme->x = @;', 'strcpy(to, from);');
    assert.deepEqual(sure, [[rule, 'medium']]);
    assert.deepEqual(unsure, [[rule, 'low']]);
    assert.deepEqual(found('acme->x = 1;', 'strcpy(to, from @);'), []);
  });

  it('report what has one cause once, with all places', () => {
    const found = (text: string) => {
      const tree = syntax.parse('c', text);
      return findingsOf(tree, describeDriver(tree), stubCatalogue()).filter(({ kind }) => kind === 'suspect');
    };
    const [leak, ...otherLeaks] = found(
      'int f(int a)\n{\n\tchar *p = kmalloc(8, GFP_KERNEL);\n\n\tif (!p)\n\t\treturn -ENOMEM;\n\tif (a > 1)\n\t\treturn -EINVAL;\n\tif (a < -1)\n\t\treturn -ERANGE;\n\tkfree(p);\n\treturn 0;\n}\n',
    );
    assert.isEmpty(otherLeaks);
    assert.include(leak!.related.at(-1)!.message, 'either');
    const lookUp = found(
      'int f(struct device *dev)\n{\n\tstruct device_node *np = of_get_child_by_name(dev->of_node, "a");\n\n\tif (!np)\n\t\treturn -ENODEV;\n\tif (of_property_present(np, "b"))\n\t\treturn -EINVAL;\n\treturn of_property_read_bool(np, "c");\n}\n',
    );
    assert.deepEqual(
      lookUp.map(({ rule }) => rule),
      ['reference-never-put'],
    );
    const works = ['first', 'second'];
    const lines = (of: (work: string) => string) => works.map(of).join('\n');
    const [race, ...otherRaces] = found(
      `struct acme {\n${lines((work) => `struct work_struct ${work};`)}\n};
${lines((work) => `static void run_${work}(struct work_struct *w)\n{\n\tacme_run();\n}`)}
static int acme_probe(struct platform_device *pdev)\n{\n\tstruct acme *a = devm_kzalloc(&pdev->dev, 8, GFP_KERNEL);\n\n\tif (!a)\n\t\treturn -ENOMEM;
${lines((work) => `\tINIT_WORK(&a->${work}, run_${work});\n\tschedule_work(&a->${work});`)}\n\treturn 0;\n}
static void acme_remove(struct platform_device *pdev)\n{\n\tacme_off();\n}
static struct platform_driver acme = { .probe = acme_probe, .remove = acme_remove };\nmodule_platform_driver(acme);\n`,
    );
    assert.isEmpty(otherRaces);
    assert.match(race!.message, /the work first, the work second: run_first\(\) and run_second\(\) may run/);
  });

  for (const { metadata } of rules) {
    it(`${metadata.id}: has a fixture that shows what is wrong and what is right`, () => {
      const file = `${FIXTURES}/${metadata.id}.c`;
      assert.isTrue(existsSync(file), `${file} is missing`);
      assert.isNotEmpty(marked(readFileSync(file, 'utf8'), 'ok', metadata.id), 'a fixture shows what is right, too');
    });

    for (const file of readdirSync(FIXTURES).filter((name) => belongsTo(name, metadata.id)))
      it(`${metadata.id}: speaks where ${file} says, and nowhere else`, () => {
        const text = readFileSync(`${FIXTURES}/${file}`, 'utf8');
        const tree = syntax.parse('c', text);
        const found = findingsOf(tree, describeDriver(tree), stubCatalogue()).filter(({ rule }) => rule === metadata.id);
        assert.deepEqual(
          found.map(({ start }) => tree.lineAt(start) + 1),
          marked(text, 'ruleid', metadata.id).map((line) => line + 1),
        );
        for (const finding of found) {
          assert.notEqual(finding.function, '');
          for (const { start, end } of finding.related) assert.isBelow(start, end);
        }
      });

    it(`${metadata.id}: its metadata is whole`, () => {
      assert.match(metadata.id, /^[a-z]+(-[a-z]+)*$/);
      assert.match(metadata.cwe, /^CWE-\d+$/);
      assert.isNotEmpty(metadata.references);
      assert.isNotEmpty(metadata.falsePositives);
      if (metadata.rust.verdict !== 'not-prevented') assert.isNotEmpty(metadata.rust.items);
    });
  }
});
