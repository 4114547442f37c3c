// Compares our findings with those of the kernel's own Coccinelle scripts (free, locks, null, iterators), on the same files.
//   node scripts/coccinelle.mjs TREE [--every N] [--limit N] [--out FILE.md]
// Every N-th .c file of drivers/ in sorted order; spatch runs with --no-includes -D report. Needs Debian's package coccinelle.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const tree = process.argv[2];
const every = Number(option('--every', 15));
const limit = Number(option('--limit', Infinity));

const sources = readdirSync(join(tree, 'drivers'), { recursive: true })
  .filter((file) => file.endsWith('.c'))
  .map((file) => join(tree, 'drivers', file))
  .sort()
  .filter((_, i) => i % every === 0)
  .slice(0, limit);

/** What a script's reports are called by us. */
const OURS = {
  clk_put: ['memory-leak'],
  devm_free: ['wrong-release'],
  ifnulldev_put: ['null-check-before-release'],
  ifnullfree: ['null-check-before-release'],
  iounmap: ['memory-leak'],
  kfree: ['use-after-free', 'double-free'],
  kfreeaddr: ['wrong-release'],
  put_device: ['memory-leak'],
  call_kern: ['sleep-in-atomic'],
  double_lock: ['double-lock'],
  flags: ['double-lock'],
  mini_lock: ['lock-not-released'],
  badzero: ['zero-as-null'],
  deref_null: ['null-dereference'],
  eno: ['error-pointer-mix-up'],
  kmerr: ['unchecked-allocation'],
  device_node_continue: ['double-free'],
  for_each_child: ['memory-leak'],
  itnull: ['loop-cursor-misuse'],
  list_entry_update: ['loop-cursor-misuse'],
  use_after_iter: ['loop-cursor-misuse', 'use-after-free'],
};

const scripts = ['free', 'locks', 'null', 'iterators'].flatMap((dir) =>
  readdirSync(join(tree, 'scripts/coccinelle', dir))
    .filter((file) => file.endsWith('.cocci'))
    .map((file) => join(tree, 'scripts/coccinelle', dir, file)),
);
const theirs = [];
let theirTime = 0;
for (const script of scripts) {
  const started = performance.now();
  const { stdout } = spawnSync(
    'spatch',
    ['--sp-file', script, '--no-includes', '-D', 'report', '--very-quiet', '--timeout', '60', ...sources],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const milliseconds = performance.now() - started;
  theirTime += milliseconds;
  const name = /(\w+)\.cocci$/.exec(script)[1];
  for (const line of (stdout ?? '').split('\n')) {
    const found = /^(\S+\.c):(\d+):(\d+)-\d+: (.*)$/.exec(line);
    if (found) theirs.push({ script: name, file: found[1], line: Number(found[2]), message: found[4] });
  }
  console.error(
    `${name}: ${(milliseconds / 1000).toFixed(1)} s, ${theirs.filter(({ script: of }) => of === name).length} reports`,
  );
}

const bundle = join(root, 'out/coccinelle.cjs');
await esbuild.build({
  absWorkingDir: root,
  stdin: {
    contents:
      "export * from './src/core/syntax'; export { describeDriver } from './src/core/driver'; export { findingsOf } from './src/core/rules';",
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  logLevel: 'warning',
});
const { Syntax, describeDriver, findingsOf } = require(bundle);
const syntax = await Syntax.create({
  runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  c: readFileSync(join(root, 'grammars/kernel-c.wasm')),
  rust: readFileSync(require.resolve('tree-sitter-rust/tree-sitter-rust.wasm')),
});
const ours = new Map();
const started = performance.now();
for (const file of sources) {
  const parsed = syntax.parse('c', readFileSync(file, 'utf8'));
  const findings = findingsOf(parsed, describeDriver(parsed), { hasItem: () => true });
  ours.set(
    file,
    findings.map(({ rule, start, end, related }) => ({
      rule,
      lines: [start, ...related.map((place) => place.start)].map((offset) => parsed.lineAt(offset) + 1),
      last: parsed.lineAt(end) + 1,
    })),
  );
}
const ourTime = performance.now() - started;

/** Ours says it if a finding of a fitting rule touches the line, or names it in its story. */
const said = ({ script, file, line }) =>
  (ours.get(file) ?? []).some(({ rule, lines }) => OURS[script]?.includes(rule) && lines.some((of) => Math.abs(of - line) <= 1));

const rows = [...new Set(theirs.map(({ script }) => script))].sort().map((script) => {
  const of = theirs.filter((report) => report.script === script);
  return `| ${script} | ${of.length} | ${of.filter(said).length} |`;
});
const text = [
  `Files: ${sources.length} of ${relative(join(tree, '..'), tree)}; spatch ${(theirTime / 1000).toFixed(1)} s, ours ${(ourTime / 1000).toFixed(2)} s: ${(theirTime / ourTime).toFixed(0)} times as quick.`,
  '',
  '| script | reports | said by us, too |',
  '|---|---|---|',
  ...rows,
  '',
  'Not said by us:',
  '',
  ...theirs
    .filter((report) => !said(report))
    .map(({ script, file, line, message }) => `- ${script} ${relative(tree, file)}:${line}: ${message}`),
].join('\n');
const out = option('--out', undefined);
if (out) writeFileSync(out, `${text}\n`);
else console.log(text);
