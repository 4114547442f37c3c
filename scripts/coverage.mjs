// Writes docs/coverage.md: the 200 functions and macros of include/ that drivers/ calls most, and what Rust offers for each in
// each shipped kernel; and how many of all such calls are covered.
//   npm run coverage -- [TREE…]      (default: ~/lab/linux-source-{6.1,6.12,7.2,7.3}; the last one picks the 200)
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadCore } from './lib/catalogue.mjs';
import { root } from './lib/root.mjs';

const COUNT = 200;
const named = process.argv.slice(2);
const trees =
  named.length > 0 ? named : ['6.1', '6.12', '7.2', '7.3'].map((release) => join(homedir(), `lab/linux-source-${release}`));
const missing = trees.filter((tree) => !existsSync(join(tree, 'drivers')));
if (missing.length > 0) {
  console.error(`no kernel tree: ${missing.join(', ')}`);
  process.exit(2);
}

const files = function* (dir, suffix) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path, suffix);
    else if (entry.name.endsWith(suffix)) yield path;
  }
};

const core = await loadCore();

/** Words of C that some header defines as a macro. */
const KEYWORDS = new Set([
  'if',
  'switch',
  'for',
  'while',
  'do',
  'return',
  'sizeof',
  'typeof',
  'asm',
  'defined',
  'inline',
  'int',
  'void',
]);

/** Functions and function-like macros that headers of include/ declare. */
function declaredIn(tree) {
  const names = new Set();
  for (const path of files(join(tree, 'include'), '.h')) {
    if (path.includes('/dt-bindings/')) continue;
    const facts = core.scanHeader(path, readFileSync(path, 'utf8'));
    for (const name of facts.functions) names.add(name);
    for (const forward of facts.forwards) if (forward.kind !== 'typedef') names.add(forward.name);
  }
  for (const word of KEYWORDS) names.delete(word);
  return names;
}

/** How often drivers/ calls each of `names`. */
function callsIn(tree, names) {
  const counts = new Map();
  for (const path of files(join(tree, 'drivers'), '.c')) {
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, ' ');
    for (const [, name] of text.matchAll(/\b([A-Za-z_]\w+)\s*\(/g))
      if (names.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const kernels = [];
for (const tree of trees) {
  const version = core.versionOfMakefile(readFileSync(join(tree, 'Makefile'), 'utf8'));
  const release = version.split('.').slice(0, 2).join('.');
  const catalogue = core.openCatalogue(
    await core.readSnapshot((name) => readFile(join(root, 'snapshots', name)), release),
    'snapshot',
  );
  const counts = callsIn(tree, declaredIn(tree));
  const totals = { safe: 0, partial: 0, raw: 0, none: 0 };
  const distinct = { safe: 0, partial: 0, raw: 0, none: 0 };
  for (const [name, count] of counts) {
    const { status } = catalogue.lookup(name);
    totals[status] += count;
    distinct[status]++;
  }
  kernels.push({ release, catalogue, counts, totals, distinct });
  console.log(release, totals);
}

const newest = kernels.at(-1);
const top = [...newest.counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, COUNT);
const share = (part, totals) => `${((100 * part) / Object.values(totals).reduce((sum, n) => sum + n, 0)).toFixed(1)} %`;
const cell = (text) => text.replace(/\|/g, '\\|');
const lines = [
  '# What Rust for Linux covers of the API that drivers use',
  '',
  'Made by `npm run coverage` out of kernel trees and the shipped snapshots; do not edit.',
  '',
  '- **safe**: a Rust abstraction does the job and is called without `unsafe`;',
  '- **partial**: it does some of it, takes `unsafe`, or asks for another design;',
  '- **raw**: only the generated binding exists, which a driver should not call;',
  '- **none**: nothing.',
  '',
  "## All calls in drivers/ of what include/ declares, each kernel's own drivers",
  '',
  '| kernel | calls | safe | partial | raw | none | distinct names | with safe or partial |',
  '|---|---:|---:|---:|---:|---:|---:|---:|',
  ...kernels.map(({ release, totals, distinct }) => {
    const calls = Object.values(totals).reduce((sum, n) => sum + n, 0);
    const names = Object.values(distinct).reduce((sum, n) => sum + n, 0);
    const states = ['safe', 'partial', 'raw', 'none'].map((status) => share(totals[status], totals)).join(' | ');
    return `| ${release} | ${calls} | ${states} | ${names} | ${share(distinct.safe + distinct.partial, distinct)} |`;
  }),
  '',
  `## The ${COUNT} most called names in drivers/ of ${newest.release}`,
  '',
  `| name | calls | ${kernels.map(({ release }) => release).join(' | ')} | Rust in ${newest.release} | note |`,
  `|---|---:|${kernels.map(() => '---').join('|')}|---|---|`,
  ...top.map(([name, count]) => {
    const entry = newest.catalogue.lookup(name);
    const states = kernels.map(({ catalogue }) => catalogue.lookup(name).status).join(' | ');
    const offered = entry.rust.filter((item) => item.relation !== 'nearest').slice(0, 2);
    const rust = offered.map((item) => `\`${item.path}\``).join(', ');
    return `| \`${name}\` | ${count} | ${states} | ${rust} | ${cell(entry.note)} |`;
  }),
  '',
];
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs/coverage.md'), lines.join('\n'));
const states = top.reduce(
  (sums, [name]) => ({ ...sums, [newest.catalogue.lookup(name).status]: (sums[newest.catalogue.lookup(name).status] ?? 0) + 1 }),
  {},
);
console.log(`docs/coverage.md: of the ${COUNT} most called`, states);
