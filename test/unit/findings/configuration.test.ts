import Ajv from 'ajv';
import { assert } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configured, readConfiguration, type Finding } from '../../../src/core';

type Sample = Pick<Finding, 'rule' | 'severity' | 'suppressed' | 'suppressedBy'>;
const finding = (rule: string): Sample => ({ rule, severity: 'warning' });
const inForce = async (text: string, path: string, ...rules: string[]) => {
  const { configuration, problems } = await readConfiguration(text);
  assert.deepEqual(problems, []);
  return configured(rules.map(finding), configuration, path);
};
const problemsOf = async (text: string) =>
  (await readConfiguration(text)).problems.map(({ line, message }) => `${line}: ${message}`);

const SAMPLE = `# what we put up with
rules:
  memory-leak: off
  double-free: hint
suppress:
  - rules: [use-after-free, null-dereference]
    paths: drivers/acme
    reason: the core holds a reference
  - rules: "*"
    paths: ["*.mod.c"]
    reason: generated
exclude:
  - drivers/staging/**/test_*.c
`;

describe('.r4l.yaml', () => {
  it('turns rules off and changes how grave they are', async () => {
    const found = await inForce(SAMPLE, 'drivers/x.c', 'memory-leak', 'double-free', 'use-after-free');
    assert.deepEqual(found, [{ rule: 'double-free', severity: 'hint' }, finding('use-after-free')]);
  });

  it('allows findings by path, with the reason', async () => {
    const [allowed, other] = await inForce(SAMPLE, 'drivers/acme/core/x.c', 'use-after-free', 'double-lock');
    assert.deepEqual([allowed?.suppressed, allowed?.suppressedBy], ['the core holds a reference', 'configuration']);
    assert.isUndefined(other?.suppressed);
    assert.equal((await inForce(SAMPLE, 'a/b/x.mod.c', 'double-lock'))[0]?.suppressed, 'generated');
  });

  it('excludes files', async () => {
    assert.deepEqual(await inForce(SAMPLE, 'drivers/staging/a/test_x.c', 'use-after-free'), []);
    assert.lengthOf(await inForce(SAMPLE, 'drivers/staging/a/x.c', 'use-after-free'), 1);
  });

  it('says nothing where it is empty', async () => {
    for (const text of ['', '# only a comment\n', 'rules:\n  double-free: warning\n'])
      assert.deepEqual(await inForce(text, 'x.c', 'double-free'), [finding('double-free')]);
  });

  it('slips have a message with their line, and cost nothing else', async () => {
    assert.deepEqual(await problemsOf('rules:\n  no-such-rule: off\n  double-free: loud\n'), [
      '2: unknown rule `no-such-rule`',
      '3: `double-free` must be off, hint, information, warning',
    ]);
    assert.deepEqual(await problemsOf('suppress:\n  - rules: double-free\n    paths: a\n'), [
      '2: this entry allows nothing: it needs a `reason`',
    ]);
    assert.match((await problemsOf('ruels:\n  a: b\n'))[0]!, /^1: unknown key `ruels`/);
    assert.match((await problemsOf('a list\n'))[0]!, /^1: the file must be a mapping/);
    const { configuration, problems } = await readConfiguration('rules: { x: off, memory-leak: off }\n');
    assert.lengthOf(problems, 1);
    assert.deepEqual(configured([finding('memory-leak')], configuration, 'x.c'), []);
  });

  it('a file that is no YAML loses no finding', async () => {
    const { configuration, problems } = await readConfiguration('rules:\n  memory-leak: off\n "open\n');
    assert.isNotEmpty(problems);
    assert.isAbove(problems[0]!.line, 1);
    assert.lengthOf(configured([finding('memory-leak')], configuration, 'x.c'), 1);
  });

  it('an entry whose paths are wrong allows nothing, rather than everything', async () => {
    const { configuration, problems } = await readConfiguration('suppress:\n  - { rules: "*", paths: [3], reason: x }\n');
    assert.lengthOf(problems, 1);
    assert.notProperty(configured([finding('double-free')], configuration, 'x.c')[0], 'suppressed');
  });

  it('keeps its JSON schema', () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(
      JSON.parse(readFileSync('schemas/r4l-config.schema.json', 'utf8')) as object,
    );
    assert.isTrue(validate(parse(SAMPLE)), JSON.stringify(validate.errors));
    assert.isFalse(validate(parse('suppress:\n  - rules: a\n')));
  });
});
