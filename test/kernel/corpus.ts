/**
 * Makes candidates for the drivers of a kernel tree and compiles them; `scripts/corpus.mjs` bundles and runs it.
 *   corpus TREE [--every N] [--seed S] [--sample N] [--only TEXT] [--out DIR] [--no-check] [--jobs N] [--kernel 7.3] [--dirs drivers,sound] [--files LIST] [--offset N] [--rust newest|oldest] [--batch N] [--passed FILE] [--style]
 *   --passed keeps hashes of what has passed with --batch, and compiles only candidates that are not among them
 *   --style also counts the candidates that clippy and rustfmt (RUSTFMT, else the one of the path) say nothing of
 *   corpus --candidates DIR …   only compiles what an earlier run has written
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gatherDriver, openKernelApi, rewriteDriver, type Candidate, type KernelApi } from '../../src/core/rewrite';
import { indexTree, openCatalogue } from '../../src/core/catalogue';
import { Syntax } from '../../src/core/syntax';
import { treeReader } from '../../src/node/tree-reader';
import { checkBatches, lintBatches, misformatted, readList } from './batches';

const exec = promisify(execFile);

interface Options {
  tree: string;
  every: number;
  sample: number;
  seed: number;
  only: string;
  out: string;
  check: boolean;
  jobs: number;
  kernel: string;
  dirs: string[];
  files: string;
  offset: number;
  rust: string;
  /** How many candidates share a crate that is only type-checked; 0 for a crate each, with code generation. */
  batch: number;
  /** File with the hashes of candidates that have passed, '' for none. */
  passed: string;
  candidates: string;
  style: boolean;
}

function optionsOf(args: readonly string[]): Options {
  const value = (name: string, other: string): string => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? other) : other);
  const tree = args.find((arg, i) => !arg.startsWith('--') && !args[i - 1]?.startsWith('--')) ?? args[0]!;
  return {
    tree,
    every: Number(value('--every', '1')),
    sample: Number(value('--sample', '0')),
    seed: Number(value('--seed', '1')),
    only: value('--only', ''),
    out: value('--out', 'out/corpus'),
    check: !args.includes('--no-check'),
    jobs: Number(value('--jobs', '1')),
    kernel: value('--kernel', '7.3'),
    dirs: value('--dirs', 'drivers,sound').split(','),
    files: value('--files', ''),
    offset: Number(value('--offset', '0')),
    rust: value('--rust', 'newest'),
    batch: Number(value('--batch', '0')),
    passed: value('--passed', ''),
    candidates: value('--candidates', ''),
    style: args.includes('--style'),
  };
}

async function* sources(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.c')) yield path;
  }
}

/** A generator of the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a file has that may be rewritten: a structure of callbacks or a device that is registered. */
const ENTRY = /_(?:driver|ops)\b[^;]*=\s*\{|_driver\s+\w+\s*\[|struct miscdevice\b|\bfaux_device_create\b/;

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options.candidates !== '') {
    const names = (await readdir(options.candidates)).filter((name) => name.endsWith('.rs')).sort();
    const chosen = names.filter((_, i) => i % options.every === options.offset % options.every);
    const good = await compile(
      chosen.map((name) => join(options.candidates, name)),
      options,
    );
    process.exitCode = good ? 0 : 1;
    return;
  }
  const syntax = await Syntax.create({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    c: readFileSync('grammars/kernel-c.wasm'),
    rust: readFileSync('node_modules/tree-sitter-rust/tree-sitter-rust.wasm'),
  });
  const reader = treeReader(options.tree);
  const catalogue = openCatalogue(await indexTree(reader, syntax), 'tree');
  const api: KernelApi = openKernelApi(catalogue);
  let paths: string[] = [];
  for (const dir of options.dirs)
    for await (const path of sources(join(options.tree, dir))) if (path.includes(options.only)) paths.push(path);
  if (options.files !== '') paths = readList(options.files).map((path) => join(options.tree, path));
  paths = paths.filter((_, i) => i % options.every === options.offset % options.every);
  const next = random(options.seed);
  if (options.sample > 0) {
    const drivers = paths.filter((path) => ENTRY.test(readFileSync(path, 'utf8')));
    paths = drivers
      .map((path) => ({ path, key: next() }))
      .sort((a, b) => a.key - b.key)
      .slice(0, options.sample)
      .map(({ path }) => path);
  }
  rmSync(options.out, { recursive: true, force: true });
  mkdirSync(options.out, { recursive: true });
  const cache: Parameters<typeof gatherDriver>[4] = new Map();
  const made: { path: string; file: string; candidate: Candidate }[] = [];
  let statements = 0;
  let translated = 0;
  const missing = new Map<string, number>();
  const times: { path: string; lines: number; ms: number }[] = [];
  const byBus = new Map<string, { drivers: number; statements: number; translated: number }>();
  const refused = new Map<string, number>();
  const crashed: string[] = [];
  const read = (name: string): Promise<string | undefined> => readFile(name, 'utf8').catch(() => undefined);
  for (const path of paths) {
    const text = await readFile(path, 'utf8');
    if (!ENTRY.test(text)) continue;
    let candidate: Candidate;
    try {
      const files = await gatherDriver([{ path, tree: syntax.parse('c', text) }], options.tree, read, syntax, cache);
      const start = process.cpuUsage();
      candidate = rewriteDriver(files, api);
      times.push({ path, lines: text.split('\n').length, ms: process.cpuUsage(start).user / 1000 });
    } catch (error) {
      crashed.push(`${path}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      continue;
    }
    if (candidate.reason !== undefined) {
      refused.set(candidate.reason, (refused.get(candidate.reason) ?? 0) + 1);
      continue;
    }
    const file = join(
      options.out,
      `${path
        .slice(options.tree.length + 1)
        .replace(/\.c$/, '')
        .replace(/\W/g, '_')
        .toLowerCase()}.rs`,
    );
    writeFileSync(file, candidate.text);
    made.push({ path, file, candidate });
    statements += candidate.statistics.statements;
    translated += candidate.statistics.translated;
    for (const trait of candidate.traits) {
      const bus = byBus.get(trait) ?? { drivers: 0, statements: 0, translated: 0 };
      bus.drivers++;
      bus.statements += candidate.statistics.statements;
      bus.translated += candidate.statistics.translated;
      byBus.set(trait, bus);
    }
    for (const { name, uses } of candidate.missing) missing.set(name, (missing.get(name) ?? 0) + uses);
  }
  times.sort((a, b) => a.ms - b.ms);
  const around = times.filter(({ lines }) => lines >= 1800 && lines <= 2200);
  console.log(
    `${made.length} candidates of ${paths.length} files; median ${times[times.length >> 1]?.ms.toFixed(1)} ms, of 1,800 to 2,200 lines ${around[around.length >> 1]?.ms.toFixed(1)} ms`,
  );
  for (const { path, lines, ms } of times.slice(-5)) console.log(`  ${ms.toFixed(0)} ms: ${path}, ${lines} lines`);
  console.log(
    `${translated} of ${statements} reachable statements translated: ${((100 * translated) / Math.max(1, statements)).toFixed(1)} %`,
  );
  for (const [trait, bus] of byBus)
    console.log(`  ${trait}: ${bus.drivers} drivers, ${((100 * bus.translated) / Math.max(1, bus.statements)).toFixed(1)} %`);
  const top = [...missing].sort((a, b) => b[1] - a[1]).slice(0, 30);
  console.log(`missing most: ${top.map(([name, count]) => `${name} ${count}`).join(', ')}`);
  console.log(
    `refused: ${[...refused]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 12)
      .map(([reason, count]) => `${count} × ${reason.slice(0, 90)}`)
      .join('; ')}`,
  );
  for (const one of crashed) console.log(`CRASHED ${one}`);
  if (crashed.length > 0) process.exitCode = 1;
  if (options.style)
    reportStyle(
      made.map(({ file }) => file),
      options,
    );
  if (options.check)
    process.exitCode = (await compile(
      made.map(({ file }) => file),
      options,
    ))
      ? (process.exitCode ?? 0)
      : 1;
}

function reportStyle(files: readonly string[], { tree, kernel, rust, batch, out }: Options): void {
  const share = (bad: number): string =>
    `${files.length - bad} of ${files.length} (${(100 - (100 * bad) / files.length).toFixed(1)} %)`;
  const unformatted = misformatted(files, join(tree, '.rustfmt.toml'));
  console.log(`${share(unformatted.length)} are as rustfmt leaves them; not ${unformatted.slice(0, 20).join(' ')}`);
  const warned = lintBatches(files, { kernel, rust, size: batch > 0 ? batch : 60, work: join(out, 'clippy') });
  const lints = new Map<string, number>();
  for (const names of warned.values()) for (const name of names) lints.set(name, (lints.get(name) ?? 0) + 1);
  const sorted = [...lints].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`);
  console.log(`${share(warned.size)} have no warning of clippy; of the others: ${sorted.join(', ')}`);
}

/** Type-checks candidates in batches; those whose text has passed before with this compiler and kernel are taken as passed. */
function compileBatches(files: readonly string[], { kernel, rust, batch, out, passed }: Options): boolean {
  const known = new Set(passed !== '' && existsSync(passed) ? readList(passed) : []);
  const key = (file: string): string =>
    createHash('sha256').update(`${kernel} ${rust}\n`).update(readFileSync(file)).digest('base64url');
  const left = files.filter((file) => !known.has(key(file)));
  let failures = 0;
  for (let at = 0; at < left.length; at += batch) {
    const part = left.slice(at, at + batch);
    const failed = checkBatches(part, { kernel, rust, size: batch, work: join(out, 'batches') });
    failures += failed.size;
    for (const [file, text] of failed) console.log(`FAIL ${file}\n${text}`);
    const good = part.filter((file) => !failed.has(resolve(file)));
    if (passed !== '' && good.length > 0) appendFileSync(passed, good.map((file) => `${key(file)}\n`).join(''));
  }
  console.log(
    `${files.length - failures} passed, ${failures} failed` +
      (known.size > 0 ? ` (${files.length - left.length} of them had passed before, ${left.length} were compiled now)` : ''),
  );
  return failures === 0;
}

async function compile(files: readonly string[], options: Options): Promise<boolean> {
  const { jobs, kernel, rust, batch } = options;
  if (batch > 0) return compileBatches(files, options);
  let good = true;
  const { stdout } = await exec(
    'scripts/kernel-check/check.sh',
    ['-k', kernel, '--rust', rust, '-j', String(jobs), '--codegen', '--werror', ...files],
    { maxBuffer: 1 << 28 },
  ).catch((error: unknown) => {
    good = false;
    return { stdout: (error as { stdout?: string }).stdout ?? '' };
  });
  console.log(
    stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('ok '))
      .join('\n'),
  );
  return good;
}

void main();
