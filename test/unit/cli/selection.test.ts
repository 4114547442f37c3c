import { assert } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from 'sarif';
import type { AnnotateJson, FindingJson } from '../../../src/core';

const FREED = (name: string) => `static int ${name}(struct acme *a)
{
	kfree(a);
	return a->x;
}
`;

describe('r4l annotate, of all that is found', function () {
  this.timeout(20_000);
  let tree: string;
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, {
      encoding: 'utf8',
      cwd: tree,
      env: { ...process.env, XDG_CACHE_HOME: join(tree, '.cache'), NO_COLOR: '1' },
    });
  const r4l = (...args: string[]) => run(process.execPath, resolve('dist/r4l.js'), 'annotate', ...args);
  const git = (...args: string[]) => {
    const { status, stderr } = run('git', '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args);
    assert.equal(status, 0, stderr);
  };
  const findingsIn = (stdout: string): FindingJson[] =>
    (JSON.parse(stdout) as AnnotateJson).files.flatMap(({ findings }) => findings);
  before(() => {
    tree = mkdtempSync(join(tmpdir(), 'r4l-'));
    mkdirSync(join(tree, 'drivers'));
    writeFileSync(join(tree, 'drivers/a.c'), FREED('acme_a'));
    git('init', '-q');
    git('add', 'drivers');
    git('commit', '-qm', 'a');
  });
  after(() => {
    rmSync(tree, { recursive: true });
  });

  it('fails where it is asked to, and only then', () => {
    assert.equal(r4l('drivers').status, 0);
    assert.equal(r4l('drivers', '--fail-on', 'warning').status, 1);
  });

  it('paths are relative to the folder of .r4l.yaml, be it the named folder itself', () => {
    const baseline = join(tree, 'of-folder.json');
    writeFileSync(join(tree, 'drivers/.r4l.yaml'), '');
    assert.equal(r4l('drivers', '--write-baseline', baseline).status, 0);
    rmSync(join(tree, 'drivers/.r4l.yaml'));
    assert.match(readFileSync(baseline, 'utf8'), /"a\.c"/);
    rmSync(baseline);
  });

  it('a baseline marks what is known; what is new still fails', () => {
    assert.equal(r4l('drivers', '--write-baseline', 'known.json').status, 0);
    assert.equal(r4l('drivers', '--baseline', 'known.json', '--fail-on', 'hint').status, 0);
    assert.notInclude(r4l('drivers', '--baseline', 'known.json').stdout, 'CWE-416');
    writeFileSync(join(tree, 'drivers/b.c'), FREED('acme_b'));
    const { status, stdout } = r4l('drivers', '--baseline', 'known.json', '--fail-on', 'hint', '--format', 'json');
    assert.equal(status, 1);
    assert.deepEqual(
      findingsIn(stdout).map(({ function: name, known }) => [name, known]),
      [
        ['acme_a', true],
        ['acme_b', false],
      ],
    );
    const missing = r4l('drivers', '--baseline', 'no.json');
    assert.equal(missing.status, 2);
    assert.include(missing.stderr, '--write-baseline');
  });

  it('looks at lines that differ from a revision alone, and at new files', () => {
    writeFileSync(join(tree, 'drivers/a.c'), `${FREED('acme_a')}${FREED('acme_c')}`);
    const { stdout } = r4l('drivers', '--changed-since', 'HEAD', '--format', 'json');
    assert.deepEqual(findingsIn(stdout).map(({ function: name }) => name), ['acme_c', 'acme_b']); // prettier-ignore
    const wrong = r4l('drivers', '--changed-since', 'no-such-revision');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /^r4l: --changed-since no-such-revision: .*\n$/);
  });

  it('.r4l.yaml of the tree is in force; what it says wrongly is told with its line', () => {
    const file = join(tree, '.r4l.yaml');
    writeFileSync(file, 'suppress:\n  - { rules: use-after-free, paths: drivers, reason: known }\nrules:\n  nothing: off\n');
    const { stdout, stderr, status } = r4l('drivers', '--format', 'sarif', '--fail-on', 'hint');
    assert.include(stderr, `${file}:4: unknown rule \`nothing\``);
    assert.equal(status, 0);
    const run = (JSON.parse(stdout) as Log).runs[0]!;
    assert.deepEqual([...new Set(run.results!.map(({ suppressions }) => suppressions?.[0]?.justification))], ['known']);
    assert.equal(run.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri, 'drivers/a.c');
    assert.include(r4l('drivers', '--no-config').stdout, 'CWE-416');
    rmSync(file);
  });
});
