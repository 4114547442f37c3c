import Ajv from 'ajv';
import { assert } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnnotateJson, ApiJson } from '../../../src/core';

const SAMPLE = 'test/fixtures/sample/acme_wdt.c';

let home: string;
/** Runs the bundled command line with an empty home folder. */
function r4l(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['dist/r4l.js', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26, // what is beyond it is cut off
    env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), NO_COLOR: '1' },
  });
}

describe('r4l', function () {
  this.timeout(20_000);
  const validate = new Ajv().compile(JSON.parse(readFileSync('schemas/r4l.schema.json', 'utf8')) as object);
  const valid = (output: string): unknown => {
    const json: unknown = JSON.parse(output);
    assert.isTrue(validate(json), JSON.stringify(validate.errors));
    return json;
  };
  before(() => (home = mkdtempSync(join(tmpdir(), 'r4l-'))));
  after(() => {
    rmSync(home, { recursive: true });
  });

  it('annotate: JSON keeps the schema and holds what the sample driver has', () => {
    const { status, stdout } = r4l('annotate', SAMPLE, '--format', 'json');
    assert.equal(status, 0);
    const { files, kernel } = valid(stdout) as AnnotateJson;
    assert.equal(kernel.source, 'snapshot');
    assert.lengthOf(files, 1);
    const [file] = files;
    assert.equal(file!.parse.errors, 0);
    const probe = file!.entryPoints.find(({ kind }) => kind === 'probe');
    assert.equal(probe?.function, 'acme_wdt_probe');
    const lines = readFileSync(SAMPLE, 'utf8').split('\n');
    assert.include(lines[probe!.line - 1], '.probe = acme_wdt_probe');
    assert.include(lines[probe!.definitionLine! - 1], 'acme_wdt_probe(struct platform_device');
    const lock = file!.apis.find(({ name }) => name === 'mutex_lock');
    assert.equal(lock?.status, 'safe');
    assert.equal(lines[lock!.line - 1]!.slice(lock!.column - 1, lock!.column + 9), 'mutex_lock');
    assert.isTrue(file!.findings.some(({ rule }) => rule === 'private-data-cast'));
  });

  it('takes names that every JavaScript object has for what they are in C', () => {
    const driver = 'test/fixtures/odd/prototype_names.c';
    const [file] = (valid(r4l('annotate', driver, '--format', 'json').stdout) as AnnotateJson).files;
    assert.equal(file?.entryPoints.find(({ kind }) => kind === 'probe')?.function, 'toLocaleString');
    assert.isTrue(file?.findings.some(({ rule }) => rule === 'use-after-free'));
    const names = [
      'constructor',
      'toString',
      'hasOwnProperty',
      '__proto__',
      'platform_driver.constructor',
      'constructor.valueOf',
    ];
    for (const kernel of ['7.3', '6.1']) {
      const entries = JSON.parse(r4l('lookup', '--format', 'json', '--kernel', kernel, '--', ...names).stdout) as ApiJson[];
      assert.deepEqual(
        entries.map(({ name, status }) => `${name}: ${status}`),
        names.map((name) => `${name}: none`),
      );
    }
    assert.equal(r4l('rewrite', driver, '--kernel', '7.3').status, 0);
    assert.equal(r4l('report', driver, '--kernel', '7.3').status, 0);
  });

  it('annotate: JSON lines are a head and a line a file, each file as in JSON', () => {
    const head = r4l('annotate', 'test/fixtures/rules', SAMPLE, '--format', 'jsonl').stdout.trim().split('\n');
    const [first, ...files] = head.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(first?.schemaVersion, 1);
    assert.lengthOf(files, readdirSync('test/fixtures/rules').length + 1);
    valid(JSON.stringify({ ...first, skipped: [], files }));
  });

  it('annotate: text shows entry points, names and findings', () => {
    const { stdout } = r4l('annotate', SAMPLE);
    assert.match(stdout, /probe\s+acme_wdt_probe\s+platform_driver\.probe\s+\S+\s+kernel::platform::Driver/);
    assert.match(stdout, /mutex_lock\s+\d+×\s+safe/);
    assert.include(stdout, 'private-data-cast (CWE-843)');
  });

  it('annotate: what cannot be read is left out with its reason', () => {
    const binary = join(home, 'x.c');
    writeFileSync(binary, 'int a;\0');
    const { stdout } = r4l('annotate', SAMPLE, binary, '--format', 'json');
    const { files, skipped } = valid(stdout) as AnnotateJson;
    assert.lengthOf(files, 1);
    assert.deepEqual(skipped, [{ path: binary, reason: 'binary: holds a NUL byte' }]);
  });

  it('annotate: broken C, an empty file and Windows line ends are no errors', () => {
    const odd = join(home, 'odd.c');
    for (const text of ['', '}}} static int (\n', '\ufeff#include <linux/module.h>\r\nmodule_init(f);\r\n']) {
      writeFileSync(odd, text);
      const { status, stdout } = r4l('annotate', odd, '--format', 'json');
      assert.equal(status, 0);
      valid(stdout);
    }
  });

  it('hover: the Markdown of a place, nothing where nothing is to be said', () => {
    const lines = readFileSync(SAMPLE, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('mutex_lock('));
    const { stdout } = r4l('hover', `${SAMPLE}:${line + 1}:${lines[line]!.indexOf('mutex_lock') + 1}`);
    assert.include(stdout, '**Rust for Linux**: safe abstraction');
    assert.include(stdout, 'kernel::sync::');
    assert.equal(r4l('hover', `${SAMPLE}:1:1`).stdout, '');
  });

  it('lookup: one element for each name, in order, an unknown name is none', () => {
    const { status, stdout } = r4l('lookup', 'platform_driver.probe', 'no_such_name_at_all', 'linux/mutex.h', '--format', 'json');
    assert.equal(status, 0);
    const entries = valid(stdout) as ApiJson[];
    assert.deepEqual(
      entries.map(({ name, status: state }) => [name, state !== 'none']),
      [
        ['platform_driver.probe', true],
        ['no_such_name_at_all', false],
        ['linux/mutex.h', true],
      ],
    );
  });

  it('rewrite: JSON keeps the schema, and its links name lines as people count them', () => {
    const { status, stdout } = r4l('rewrite', SAMPLE, '--kernel', '7.3', '--format', 'json');
    assert.equal(status, 0);
    const { text, links } = valid(stdout) as {
      text: string;
      links: { line: number; endLine: number; rustLine: number; rustEndLine: number; translated: boolean }[];
    };
    const c = readFileSync(SAMPLE, 'utf8').split('\n');
    const rust = text.split('\n');
    const bites = links.find(({ line, endLine }) => line === endLine && c[line - 1]!.includes('wdt->bites++'));
    assert.isTrue(bites?.translated);
    assert.include(rust.slice(bites.rustLine - 1, bites.rustEndLine).join('\n'), 'bites');
    assert.isAtMost(Math.max(...links.map(({ rustEndLine }) => rustEndLine)), rust.length);
  });

  it('toolchain: JSON keeps the schema, with what blocks CONFIG_RUST', () => {
    const tree = join(home, 'linux');
    mkdirSync(join(tree, 'init'), { recursive: true });
    writeFileSync(join(tree, 'Kconfig'), '');
    writeFileSync(join(tree, 'Makefile'), 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\n');
    writeFileSync(join(tree, 'init/Kconfig'), 'config RUST\n\tbool "Rust support"\n\tdepends on !MODVERSIONS\n');
    writeFileSync(join(tree, '.config'), 'CONFIG_MODVERSIONS=y\n');
    const { status, stdout } = r4l('toolchain', tree, '--format', 'json');
    assert.equal(status, 0);
    const { version, blockers } = valid(stdout) as { version: string; blockers: { because: unknown[] }[] };
    assert.equal(version, '7.3.4');
    assert.deepEqual(blockers[0]?.because, [{ symbol: 'MODVERSIONS', value: 'y' }]);
    const build = join(home, 'build');
    mkdirSync(build);
    writeFileSync(join(build, '.config'), 'CONFIG_RUST=y\n');
    symlinkSync(tree, join(build, 'source'));
    for (const args of [[tree, '--build', build], [build]]) {
      const there = valid(r4l('toolchain', ...args, '--format', 'json').stdout) as { rust: string; build: string };
      assert.deepEqual([there.rust, there.build], ['y', build]);
    }
  });

  it('wrong use: one line on stderr that says what to do, exit 2', () => {
    const cases: [args: string[], message: RegExp][] = [
      [['annotate', 'no/such/file.c'], /no such file/],
      [['annotate', SAMPLE, '--kernel', '9.9'], /no snapshot of 9\.9.*7\.3/],
      [['annotate', SAMPLE, '--kernel', 'src'], /no kernel tree/],
      [['annotate', SAMPLE, '--kernel', 'package.json'], /r4l index/],
      [['annotate', SAMPLE, '--format', 'yaml'], /--help/],
      [['annotate'], /missing required argument/],
      [['hover', SAMPLE], /FILE:LINE:COL/],
      [['hover', `${SAMPLE}:99999:1`], /lines/],
      [['index', 'src', '-o', 'x'], /kernel tree/],
      [['frobnicate'], /unknown command/],
    ];
    for (const [args, message] of cases) {
      const { status, stderr, stdout } = r4l(...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, message);
      assert.lengthOf(stderr.trim().split('\n'), 1, stderr);
      assert.equal(stdout, '');
    }
  });

  it('--version and --help end with 0', () => {
    assert.equal(
      r4l('--version').stdout.trim(),
      (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version,
    );
    const help = r4l('--help');
    assert.equal(help.status, 0);
    assert.include(help.stdout, 'annotate');
  });
});
