import Ajv from 'ajv';
import { assert } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from 'sarif';
import type { DriverReport, Report } from '../../../src/core';

const TREE = 'test/fixtures/port/linux';
const DIST = resolve('dist/r4l.js');

describe('r4l report', function () {
  this.timeout(60_000);
  let home: string;
  const run = (args: string[], cwd = process.cwd()): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [DIST, ...args], {
      encoding: 'utf8',
      cwd,
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), NO_COLOR: '1' },
    });
  const report = (...args: string[]): Report => JSON.parse(run(['report', TREE, '--format', 'json', ...args]).stdout) as Report;
  const cacheFile = (): string => {
    const folder = join(home, 'cache/r4l/report');
    return join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('facts-'))!,
    );
  };
  before(() => (home = mkdtempSync(join(tmpdir(), 'r4l-report-'))));
  after(() => {
    rmSync(home, { recursive: true });
  });

  it('drivers are grouped as makefiles say, with their symbols, maintainers and included sources', () => {
    const made = report();
    const validate = new Ajv().compile(JSON.parse(readFileSync('schemas/r4l.schema.json', 'utf8')) as object);
    assert.isTrue(validate(made), JSON.stringify(validate.errors));
    const facts = ({ name, path, kind, kconfig, files, dependents }: DriverReport) => [
      name,
      path.replace(`${TREE}/drivers/`, ''),
      kind,
      kconfig,
      files.length,
      dependents,
    ];
    assert.deepEqual(made.drivers.map(facts), [
      ['acme-lib', 'acme/acme-lib.c', 'library', 'CONFIG_ACME_LIB', 1, 1],
      ['acme-chip', 'acme/main.c', 'driver', 'CONFIG_ACME_CHIP', 4, 0],
      ['core', 'misc/core.c', 'core', null, 1, null],
    ]);
    const chip = made.drivers[1]!;
    assert.deepEqual(chip.buses, ['i2c']);
    assert.equal(chip.maintainers?.entry, 'ACME BUS');
    assert.include(chip.missing, 'acme_ring_get');
    assert.notInclude(chip.missing, 'acme_hw_init');
    assert.equal(made.totals.drivers, 3);
  });

  it('a file stands for its driver, whichever of its files it is', () => {
    const of = (file: string): unknown =>
      (JSON.parse(run(['report', `${TREE}/drivers/acme/${file}`, '--format', 'json']).stdout) as Report).drivers;
    assert.deepEqual(of('hw.c'), of('main.c'));
    assert.deepEqual(of('main.c'), [report().drivers[1]]);
  });

  it('shards put together are the whole, whatever the number of workers', () => {
    const whole = run(['report', TREE, '--format', 'json']).stdout;
    const shards = [1, 2, 3].map((index) => {
      const file = join(home, `shard-${index}.json`);
      writeFileSync(file, run(['report', TREE, '--format', 'json', '--shard', `${index}/3`, '--jobs', '1']).stdout);
      return file;
    });
    assert.equal(run(['merge', ...shards.reverse()]).stdout, whole);
    const two = run(['merge', ...shards.slice(1)]);
    assert.match(two.stderr, /of 3 shards these are missing/);
  });

  it('a cache that was cut off anywhere, or is damaged, gives the same report', () => {
    const whole = report();
    const bytes = readFileSync(cacheFile());
    assert.isAbove(bytes.length, 1000);
    for (const length of [41, 300, bytes.length - 1]) {
      writeFileSync(cacheFile(), bytes);
      truncateSync(cacheFile(), length);
      assert.deepEqual(report(), whole, `cut off at ${length}`);
    }
    writeFileSync(cacheFile(), bytes.toString('utf8').replaceAll('"lines"', '"line'));
    appendFileSync(cacheFile(), '\0\0 not a line');
    assert.deepEqual(report(), whole);
  });

  it('Ctrl-C at any moment leaves a cache that the next run goes on with', async () => {
    const tree = join(home, 'interrupted');
    cpSync(TREE, tree, { recursive: true });
    const folder = join(tree, 'drivers/many');
    mkdirSync(folder);
    const names = Array.from({ length: 80 }, (_, i) => `many${i}`);
    const source = readFileSync(join(tree, 'drivers/acme/main.c'), 'utf8').replaceAll('#include "', '// "');
    for (const name of names)
      writeFileSync(join(folder, `${name}.c`), Array.from({ length: 20 }, (_, i) => `/* ${name} ${i} */\n${source}`).join('\n'));
    writeFileSync(join(folder, 'Makefile'), names.map((name) => `obj-m += ${name}.o\n`).join(''));
    const cache = join(home, 'cache-interrupted');
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: cache };
    const args = [DIST, 'report', tree, '--format', 'json'];
    const kept = (): number => {
      try {
        const facts = readdirSync(join(cache, 'r4l/report')).filter((name) => name.startsWith('facts-'));
        return facts.reduce((sum, name) => sum + statSync(join(cache, 'r4l/report', name)).size, 0);
      } catch {
        return 0;
      }
    };
    /** Runs until `isDue` at the latest. */
    const interrupted = (isDue: () => boolean) =>
      new Promise<NodeJS.Signals | null>((resolve) => {
        const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
        const watch = setInterval(() => {
          if (isDue()) child.kill('SIGINT');
        }, 2);
        child.on('exit', (_, signal) => {
          clearInterval(watch);
          resolve(signal);
        });
      });
    assert.equal(await interrupted(() => true), 'SIGINT', 'at once');
    for (let times = 0; times < 2; times++) {
      const before = kept();
      await interrupted(() => kept() > before);
      assert.isAbove(kept(), before, 'what was done is kept');
    }
    const whole = spawnSync(process.execPath, [...args, '--no-cache'], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
    const resumed = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(resumed.stdout, whole.stdout);
    assert.equal((JSON.parse(resumed.stdout) as Report).totals.drivers, 83);
  });

  it('reports on drivers are kept as long as the tree around them is as it was', () => {
    const tree = join(home, 'kept');
    cpSync(TREE, tree, { recursive: true });
    mkdirSync(join(tree, 'rust/kernel'), { recursive: true });
    writeFileSync(join(tree, 'rust/kernel/lib.rs'), '//! The kernel.\npub mod error;\n');
    writeFileSync(join(tree, 'rust/kernel/error.rs'), '//! Errors.\n/// An error.\npub struct Error(i32);\n');
    const made = (...args: string[]): string => run(['report', tree, '--format', 'json', ...args]).stdout;
    const kept = () => readdirSync(join(home, 'cache/r4l/report')).filter((name) => name.startsWith('drivers-'));
    const first = made();
    assert.lengthOf(kept(), 1);
    assert.equal(made(), first);
    const chip = join(tree, 'drivers/acme');
    const changes: Record<string, [path: string, added: string]> = {
      'a header': [join(chip, 'acme.h'), '\nint acme_other(void);\n'],
      'an entry of Kconfig': [join(chip, 'Kconfig'), '\nconfig ACME_TOP\n\ttristate "Top"\n\tdepends on ACME_CHIP\n'],
      'a header of the kernel': [join(tree, 'include/linux/acme.h'), '\nint acme_new(void);\n'],
    };
    for (const [what, [path, added]] of Object.entries(changes)) {
      appendFileSync(path, added);
      assert.equal(made(), made('--no-cache'), what);
    }
    assert.notEqual(made(), first);
  });

  it('a second run takes everything from the cache, and --no-cache writes none', () => {
    report();
    const before = readFileSync(cacheFile());
    report();
    assert.isTrue(readFileSync(cacheFile()).equals(before));
    rmSync(join(home, 'cache'), { recursive: true });
    report('--no-cache');
    assert.throws(cacheFile);
  });

  it('SARIF keeps its schema; --fail-on fails and a baseline lets pass', () => {
    const sarif = run(['report', TREE, '--format', 'sarif']);
    const schema = JSON.parse(
      readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8'),
    ) as Record<string, unknown>;
    delete schema.$schema;
    delete schema.id;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const log = JSON.parse(sarif.stdout) as Log;
    assert.isTrue(validate(log), JSON.stringify(validate.errors));
    assert.equal(log.runs[0]!.results![0]!.ruleId, 'unchecked-allocation');
    assert.match(
      log.runs[0]!.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri!,
      /^drivers\/acme\/acme-lib\.c$/,
    );
    const baseline = join(home, 'baseline');
    assert.equal(run(['report', TREE, '--fail-on', 'hint', '--write-baseline', baseline]).status, 1);
    assert.equal(run(['report', TREE, '--fail-on', 'hint', '--baseline', baseline]).status, 0);
  });

  it('--changed-since reports the drivers with a changed file', () => {
    const tree = join(home, 'tree');
    cpSync(TREE, tree, { recursive: true });
    const git = (...args: string[]) => spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: tree });
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['commit', '-qm', 'x'],
    ])
      git(...args);
    const changed = (): string[] =>
      (JSON.parse(run(['report', 'drivers', '--changed-since', 'HEAD', '--format', 'json'], tree).stdout) as Report).drivers.map(
        ({ name }) => name,
      );
    assert.deepEqual(changed(), []);
    appendFileSync(join(tree, 'drivers/acme/hw.c'), '\n');
    assert.deepEqual(changed(), ['acme-chip']);
  });

  it('wrong use: one line on stderr, exit 2', () => {
    const wrong: [args: string[], message: RegExp][] = [
      [['report', 'no/such'], /no such file/],
      [['report', TREE, '--shard', '4/3'], /--shard/],
      [['report', TREE, '--jobs', '0'], /number/],
      [['merge', 'no/such.json'], /cannot be read/],
      [['merge', 'package.json'], /is no report/],
    ];
    for (const [args, message] of wrong) {
      const { status, stderr, stdout } = run(args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, message);
      assert.lengthOf(stderr.trim().split('\n'), 1, stderr);
      assert.equal(stdout, '');
    }
  });
});
