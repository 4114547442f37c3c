// Compares our findings with those of the kernel's own Coccinelle scripts (free, locks, null, iterators) on the same files.
//   node scripts/coccinelle.mjs run TREE --state DIR [--every N] [--chunk N]   runs both, chunk by chunk; goes on where it stopped
//   node scripts/coccinelle.mjs table TREE… --state DIR [--every N]            compares with what we find today; writes docs/coccinelle.md
//   node scripts/coccinelle.mjs list TREE --state DIR                          reports without a judgement, with their lines
// Every N-th .c file of drivers/ in sorted order (15); spatch runs with --no-includes -D report, one job, and so do we. The judgements
// of spatch's reports are data: docs/coccinelle.json. Needs Debian's package coccinelle.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { coreFindings } from './lib/core-findings.mjs';

const root = join(import.meta.dirname, '..');
const [, , action, ...rest] = process.argv;
const option = (name, otherwise) => {
  const at = rest.indexOf(name);
  return at < 0 ? otherwise : rest[at + 1];
};
const trees = rest.filter((value, i) => !value.startsWith('--') && !rest[i - 1]?.startsWith('--'));
const every = Number(option('--every', 15));
const chunk = Number(option('--chunk', 30));
const state = option('--state', join(root, 'out/coccinelle'));
const JUDGEMENTS = join(root, 'docs/coccinelle.json');

/** What a script's reports are called by us; [] if it is a matter of style, on which we are silent. */
const OURS = {
  clk_put: ['memory-leak', 'switched-on-leak'],
  devm_free: ['wrong-release'],
  ifnulldev_put: [],
  ifnullfree: [],
  iounmap: ['memory-leak'],
  kfree: ['use-after-free', 'double-free'],
  kfreeaddr: ['wrong-release'],
  pci_free_consistent: ['memory-leak'],
  put_device: ['memory-leak'],
  call_kern: ['sleep-in-atomic'],
  double_lock: ['double-lock'],
  flags: ['double-lock'],
  mini_lock: ['lock-not-released'],
  badzero: [],
  deref_null: ['null-dereference', 'dereference-before-check'],
  eno: ['error-pointer-mix-up'],
  kmerr: ['unchecked-allocation'],
  device_node_continue: ['double-free'],
  for_each_child: ['memory-leak'],
  itnull: ['error-pointer-mix-up', 'use-after-free', 'null-dereference'],
  list_entry_update: ['use-after-free'],
  use_after_iter: ['use-after-free'],
};

const sourcesOf = (tree) =>
  readdirSync(join(tree, 'drivers'), { recursive: true })
    .filter((file) => file.endsWith('.c'))
    .map((file) => join('drivers', file))
    .sort()
    .filter((_, i) => i % every === 0);

const scriptsOf = (tree) =>
  ['free', 'locks', 'null', 'iterators'].flatMap((dir) =>
    readdirSync(join(tree, 'scripts/coccinelle', dir))
      .filter((file) => file.endsWith('.cocci'))
      .sort()
      .map((file) => join('scripts/coccinelle', dir, file)),
  );

/** The reports of one script on some files, and how long it took, in milliseconds. */
function spatch(tree, script, files) {
  const started = performance.now();
  const { stdout, error } = spawnSync(
    'spatch',
    ['--sp-file', script, '--no-includes', '-D', 'report', '--very-quiet', '--timeout', '60', ...files],
    { encoding: 'utf8', maxBuffer: 1 << 28, cwd: tree },
  );
  if (error) throw error;
  const milliseconds = performance.now() - started;
  const reports = [];
  for (const line of stdout.split('\n')) {
    const found = /^(\S+\.c):(\d+):(\d+)-\d+: (.*)$/.exec(line);
    if (found) reports.push({ script: basename(script, '.cocci'), file: found[1], line: Number(found[2]), message: found[4] });
  }
  return { milliseconds, reports };
}

/** Our analysis of a file: findings with their lines, and how long reading, parsing and analysing took. */
async function ourAnalysis() {
  const { syntax, describeDriver, findingsOf } = await coreFindings();
  return (tree, file) => {
    const started = performance.now();
    const parsed = syntax.parse('c', readFileSync(join(tree, file), 'utf8'));
    const findings = findingsOf(parsed, describeDriver(parsed), { hasItem: () => true });
    const milliseconds = performance.now() - started;
    return {
      milliseconds,
      findings: findings.map(({ rule, start, related }) => ({
        rule,
        lines: [start, ...related.map((place) => place.start)].map((offset) => parsed.lineAt(offset) + 1),
      })),
    };
  };
}

const stateOf = (tree) => join(state, basename(tree).replace(/^linux-source-/, ''));

/** The chunks of a tree that have been run. */
function chunksOf(tree) {
  const dir = stateOf(tree);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((file) => /^\d+\.json$/.test(file))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(dir, file), 'utf8')));
}

async function run(tree) {
  const dir = stateOf(tree);
  mkdirSync(dir, { recursive: true });
  const sources = sourcesOf(tree);
  const ours = await ourAnalysis();
  for (const file of sources.slice(0, 20)) ours(tree, file); // the compiler of V8 is warm, as in a longer run
  // Neighbouring chunks are far from each other in the tree, so that an unfinished run is a sample of all of it.
  const count = Math.ceil(sources.length / chunk);
  for (let n = 0; n < count; n++) {
    const out = join(dir, `${String(n).padStart(4, '0')}.json`);
    if (existsSync(out)) continue;
    const files = sources.filter((_, i) => i % count === n);
    const result = { files, theirs: 0, ours: 0, scripts: {}, reports: [] };
    for (const script of scriptsOf(tree)) {
      const { milliseconds, reports } = spatch(tree, script, files);
      result.theirs += milliseconds;
      result.scripts[basename(script, '.cocci')] = milliseconds;
      result.reports.push(...reports);
    }
    for (const file of files) result.ours += ours(tree, file).milliseconds;
    writeFileSync(out, JSON.stringify(result));
    console.error(
      `${n + 1} of ${count}: spatch ${(result.theirs / 1000).toFixed(0)} s, ours ${(result.ours / 1000).toFixed(2)} s, ${result.reports.length} reports`,
    );
  }
}

const keyOf = (tree, { script, file, line }) => `${basename(tree).replace(/^linux-source-/, '')} ${script} ${file}:${line}`;
const judgements = () => (existsSync(JUDGEMENTS) ? JSON.parse(readFileSync(JUDGEMENTS, 'utf8')) : {});

/** A script speaks of one place once for each way that it gets there. */
const distinct = (tree, reports) => [...new Map(reports.map((report) => [keyOf(tree, report), report])).values()];

function list(tree) {
  const known = judgements();
  for (const report of distinct(
    tree,
    chunksOf(tree).flatMap(({ reports }) => reports),
  )) {
    const key = keyOf(tree, report);
    if (!known[key]) console.log(`${key}: ${report.message}`);
  }
}

async function table() {
  const known = judgements();
  const analyse = await ourAnalysis();
  const versions = [];
  const counts = new Map();
  const missing = [];
  for (const tree of trees) {
    const chunks = chunksOf(tree);
    const theirs = chunks.reduce((sum, each) => sum + each.theirs, 0);
    const ours = chunks.reduce((sum, each) => sum + each.ours, 0);
    const files = chunks.reduce((sum, each) => sum + each.files.length, 0);
    versions.push({ version: basename(tree).replace(/^linux-source-/, ''), files, of: sourcesOf(tree).length, theirs, ours });
    const found = new Map();
    for (const report of distinct(
      tree,
      chunks.flatMap(({ reports }) => reports),
    )) {
      if (!found.has(report.file)) found.set(report.file, analyse(tree, report.file).findings);
      // Ours says it if a finding of a fitting rule touches the line, or names it in its story.
      const said = found
        .get(report.file)
        .some(
          ({ rule, lines }) => OURS[report.script]?.includes(rule) && lines.some((line) => Math.abs(line - report.line) <= 1),
        );
      const judged = known[keyOf(tree, report)]?.judgement ?? 'not judged';
      const row = counts.get(report.script) ?? { reports: 0, right: 0, style: 0, wrong: 0, open: 0, said: 0 };
      row.reports++;
      row[judged === 'not judged' ? 'open' : judged]++;
      if (judged === 'right' && said) row.said++;
      if (judged === 'right' && !said) missing.push({ tree, report });
      counts.set(report.script, row);
    }
  }
  writeDoc(versions, counts, missing, known);
}

function writeDoc(versions, counts, missing, known) {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = { reports: 0, right: 0, style: 0, wrong: 0, open: 0, said: 0 };
  for (const [, row] of rows) for (const key of Object.keys(total)) total[key] += row[key];
  const line = (name, row) =>
    `| ${name} | ${row.reports} | ${row.right} | ${row.said} | ${row.style} | ${row.wrong}${row.open > 0 ? ` (${row.open} not judged)` : ''} |`;
  const text = [
    '# Beside Coccinelle',
    '',
    "The kernel's own Coccinelle scripts (`scripts/coccinelle/{free,locks,null,iterators}`, `spatch --no-includes -D report`) and the rules of this product on",
    `the same files: every ${every}th \`.c\` file of \`drivers/\` in sorted order. Both ran in one run, one job each, chunk after chunk.`,
    '',
    '| kernel | files | spatch, all scripts | all our rules | ratio |',
    '|---|---|---|---|---|',
    ...versions.map(
      ({ version, files, of, theirs, ours }) =>
        `| ${version} | ${files}${files < of ? ` of ${of}` : ''} | ${(theirs / 1000).toFixed(0)} s | ${(ours / 1000).toFixed(1)} s | ${(theirs / ours).toFixed(0)} |`,
    ),
    '',
    'Each report of spatch was judged by hand in the source (`coccinelle.json` has the judgements): *right* if the fault is one,',
    '*style* if it is no fault of memory safety or of locking (a test for NULL before `kfree` is merely needless), *wrong* if the path',
    'cannot be taken or the fact is not so. *Also ours* counts the right ones that are among our findings. Where a run did not come to its end,',
    'its chunks are spread evenly over the tree. On what `badzero`, `ifnullfree` and `ifnulldev_put` say we are silent: it is style.',
    '',
    '| script | reports | right | also ours | style | wrong |',
    '|---|---|---|---|---|---|',
    ...rows.map(([name, row]) => line(name, row)),
    line('all', total),
    '',
    total.right > 0
      ? `Of the right ones, ${((100 * total.said) / total.right).toFixed(1)} % are ours, too.`
      : 'None of the reports was right, so this run cannot say how many of the right ones we share.',
    ...(missing.length > 0
      ? [
          '',
          'Right and not said by us:',
          '',
          ...missing.map(({ tree, report }) => `- ${keyOf(tree, report)}: ${known[keyOf(tree, report)].why || report.message}`),
        ]
      : []),
  ];
  writeFileSync(join(root, 'docs/coccinelle.md'), `${text.join('\n')}\n`);
}

if (action === 'run' && trees.length === 1) await run(trees[0]);
else if (action === 'list' && trees.length === 1) list(trees[0]);
else if (action === 'table' && trees.length > 0) await table();
else {
  console.error('node scripts/coccinelle.mjs run TREE | list TREE | table TREE… [--state DIR] [--every N]');
  process.exit(2);
}
