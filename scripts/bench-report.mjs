// How quick `r4l report` is on a kernel tree, beside `ast-grep scan` (npm @ast-grep/cli, native) with five simple rules over the same files, both with
// two threads, in turns: ratios of one run say more than seconds.
//   npm run bench:report -- TREE [--folder drivers] [--every N] [--rounds N] [--ast-grep PATH]
// With --every N only each Nth file is taken, copied to a folder of its own; without, the folder of the tree itself.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/root.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: 'drivers' },
    every: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    'ast-grep': { type: 'string' },
  },
});
const tree = positionals[0] && resolve(positionals[0]);
if (!tree || !existsSync(join(tree, values.folder))) {
  console.error('usage: npm run bench:report -- TREE [--folder drivers] [--every N] [--rounds N] [--ast-grep PATH]');
  process.exit(2);
}
const PATTERNS = ['kmalloc($A, $B)', 'mutex_lock($A)', 'strcpy($A, $B)', 'if (!$A) return $B;', 'request_irq($$$A)'];
const THREADS = '2';
const work = mkdtempSync(join(tmpdir(), 'r4l-bench-'));

/** The program itself, not npm's wrapper; installed into the work folder if it is not named. */
function astGrep() {
  if (values['ast-grep']) return values['ast-grep'];
  spawnSync('npm', ['install', '--prefix', work, '--no-audit', '--no-fund', '@ast-grep/cli@0.51.1'], { stdio: 'inherit' });
  const scope = join(work, 'node_modules/@ast-grep');
  return readdirSync(scope)
    .map((name) => join(scope, name, 'ast-grep'))
    .find((path) => existsSync(path) && statSync(path).size > 1 << 20);
}

/** The files, as a tree of their own with what a report reads beside them. */
function sample() {
  const files = readdirSync(join(tree, values.folder), { recursive: true })
    .map((file) => join(values.folder, file))
    .filter((file) => file.endsWith('.c'))
    .sort();
  if (values.every === '1') return { folder: tree, files: files.length };
  const folder = join(work, 'tree');
  mkdirSync(folder);
  const taken = files.filter((_, i) => i % Number(values.every) === 0);
  for (const file of taken) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(tree, file), join(folder, file));
  }
  for (const name of readdirSync(tree)) if (!existsSync(join(folder, name))) symlinkSync(join(tree, name), join(folder, name));
  return { folder, files: taken.length };
}

/** Seconds of the clock and of the processors, and the largest resident memory in MB. */
function timed(program, args, cwd, env = {}) {
  const started = performance.now();
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', program, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 30,
    env: { ...process.env, ...env },
  });
  const [user, system, memory] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  if (Number.isNaN(memory)) throw new Error(`${program}: ${stderr || status}`);
  return { wall: (performance.now() - started) / 1000, cpu: user + system, memory: memory / 1024 };
}

const text = ({ wall, cpu, memory }) => `${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of processors, ${memory.toFixed(0)} MB`;

try {
  const program = astGrep();
  mkdirSync(join(work, 'rules'));
  PATTERNS.forEach((pattern, i) =>
    writeFileSync(
      join(work, `rules/rule-${i}.yml`),
      `id: rule-${i}\nlanguage: c\nseverity: warning\nmessage: found\nrule:\n  pattern: '${pattern}'\n`,
    ),
  );
  writeFileSync(join(work, 'sgconfig.yml'), `ruleDirs:\n  - ${join(work, 'rules')}\n`);
  const { folder, files } = sample();
  console.log(`${files} files`);
  const report = ['dist/r4l.js', 'report', values.folder, '--format', 'json', '--jobs', THREADS];
  report[0] = join(root, report[0]);
  const env = { XDG_CACHE_HOME: join(work, 'cache') };
  // The catalogue and the headers' index are made once for a tree, not for each report.
  timed(process.execPath, [report[0], 'report', join(folder, 'Makefile'), '--format', 'json'], folder, env);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of readdirSync(join(work, 'cache/r4l/report')))
      if (name.startsWith('facts-')) rmSync(join(work, 'cache/r4l/report', name));
    const other = timed(
      program,
      ['scan', '-c', join(work, 'sgconfig.yml'), '-j', THREADS, '--json=stream', values.folder],
      folder,
    );
    const first = timed(process.execPath, report, folder, env);
    const second = timed(process.execPath, report, folder, env);
    console.log(`ast-grep scan: ${text(other)}`);
    console.log(
      `r4l report: ${text(first)}; ratio ${(first.wall / other.wall).toFixed(2)}, of processors ${(first.cpu / other.cpu).toFixed(2)}`,
    );
    console.log(`r4l report again: ${text(second)}`);
  }
} finally {
  rmSync(work, { recursive: true });
}
