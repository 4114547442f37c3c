// How many faults are found before they were fixed, and gone afterwards. Writes docs/recall.md.
//   npm run fixes -- [--trees DIR] [--every N] [--check]
// test/fixtures/fixes has re-creations of fixes, class by class: NAME.function.before.c (the fault is visible in one function) or
// NAME.file.before.c, and NAME.….after.c. mined.json names functions that were mended between two kernels: class, older kernel,
// path, function; they were found by a pattern (a stop, a check or a release that was added, and little else), and not all of
// them are faults. They are measured if --trees has linux-source-VERSION folders, 7.3 among them. --check writes nothing.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/root.mjs';
import { loadSources, loadSyntax } from './lib/sources.mjs';

const { values: options } = parseArgs({
  options: {
    trees: { type: 'string', default: process.env.R4L_TREES ?? '' },
    every: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
  },
});
const NEWER = '7.3';
const core = await loadSources(
  `export { findingsOf } from './src/core/rules'; export { describeDriver } from './src/core/driver';
    export { Syntax } from './src/core/syntax'; export { stubCatalogue } from './test/unit/stub-catalogue';`,
);
const syntax = await loadSyntax(core);

/** The suspects in a file. */
function suspectsIn(path) {
  const tree = syntax.parse('c', readFileSync(path, 'utf8'));
  return core.findingsOf(tree, core.describeDriver(tree), core.stubCatalogue()).filter(({ kind }) => kind === 'suspect');
}

/** Counts by row: pairs, found before, of these gone after. */
class Tally {
  rows = new Map();
  add(row, found, gone) {
    const counts = this.rows.get(row) ?? { pairs: 0, found: 0, gone: 0 };
    counts.pairs++;
    if (found) counts.found++;
    if (found && gone) counts.gone++;
    this.rows.set(row, counts);
  }
  table(title) {
    const share = (part, whole) => (whole === 0 ? '' : ` (${Math.round((100 * part) / whole)} %)`);
    const line = ([row, { pairs, found, gone }]) =>
      `| ${row} | ${pairs} | ${found}${share(found, pairs)} | ${gone}${share(gone, found)} |`;
    return [`| ${title} | pairs | found before | of these gone after |`, '|---|---|---|---|', ...[...this.rows].map(line)].join(
      '\n',
    );
  }
}

const own = join(root, 'test/fixtures/fixes');
const byClass = new Tally();
const byVisibility = new Tally();
const missed = [];
for (const kind of readdirSync(own, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name))
  for (const file of readdirSync(join(own, kind)).filter((name) => name.endsWith('.before.c'))) {
    const found = suspectsIn(join(own, kind, file)).length > 0;
    const gone = suspectsIn(join(own, kind, file.replace('.before.c', '.after.c'))).length === 0;
    byClass.add(kind, found, gone);
    byVisibility.add(file.includes('.function.') ? 'in one function' : 'in one file', found, gone);
    if (!found) missed.push(`${kind}/${file.replace('.before.c', '')}`);
    else if (!gone) missed.push(`${kind}/${file.replace('.before.c', '')} (still reported after the fix)`);
  }

const mined = new Tally();
const tree = (version) => join(options.trees, `linux-source-${version}`);
if (options.trees !== '' && existsSync(tree(NEWER))) {
  const rows = JSON.parse(readFileSync(join(own, 'mined.json'), 'utf8')).filter((_, i) => i % Number(options.every) === 0);
  const cache = new Map();
  const inFunction = (path, name) => {
    if (!cache.has(path)) cache.set(path, existsSync(path) ? suspectsIn(path) : []);
    return cache.get(path).filter((finding) => finding.function === name);
  };
  for (const [kind, version, path, name] of rows) {
    if (!existsSync(tree(version))) continue;
    const after = inFunction(join(tree(NEWER), path), name).map(({ rule, message }) => `${rule} ${message}`);
    const before = inFunction(join(tree(version), path), name).map(({ rule, message }) => `${rule} ${message}`);
    const news = before.filter((text) => !after.includes(text));
    mined.add(kind, before.length > 0, news.length > 0);
  }
}

/** What scripts/undo-fixes.mjs has counted last: class | operator | mutants and finds of either half. */
function undoneTable() {
  const path = join(root, 'docs/recall-mutants.json');
  if (!existsSync(path)) return '';
  const { version, seed, rows } = JSON.parse(readFileSync(path, 'utf8'));
  const share = ([all, found]) => (all === 0 ? '' : `${found} of ${all} (${Math.round((100 * found) / all)} %)`);
  const sum = (of, half) => of.reduce(([all, found], row) => [all + row[half][0], found + row[half][1]], [0, 0]);
  const classes = [...new Set(rows.map((row) => row.class))];
  const line = (name, of) => `| ${name} | ${share(sum(of, 'tuning'))} | ${share(sum(of, 'heldBack'))} |`;
  return `
## Protections undone in real files

In files of ${version} (seed ${seed}), one protection at a time was taken out; counted is a suspect that was not there before. Not every one of
them is a fault then: another check may remain, or what is freed may be out of reach. The rules were written with the tuning half before the eyes,
which is parted from the half that is held back by a hash of the file's path. Made by \`node scripts/undo-fixes.mjs\`.

| class | tuning half | held back |
|---|---|---|
${classes
  .map((name) =>
    line(
      name,
      rows.filter((row) => row.class === name),
    ),
  )
  .join('\n')}

| what is undone | tuning half | held back |
|---|---|---|
${rows.map((row) => line(row.operator, [row])).join('\n')}
`;
}

/** The same of protections that fixes have brought: class | mutants and finds of either half. */
function namedTable() {
  const path = join(root, 'docs/recall-named.json');
  if (!existsSync(path)) return '';
  const { version, rows } = JSON.parse(readFileSync(path, 'utf8'));
  const share = ([all, found]) => (all === 0 ? '' : `${found} of ${all} (${Math.round((100 * found) / all)} %)`);
  return `
## Protections that fixes have brought, undone

Checks, clearings, unlocks and the like that fixes of faults brought to the kernel (\`scripts/named-fixes\`), taken out of the files of ${version} one at a
time; counted as above. Made by \`node scripts/undo-fixes.mjs TREE --named --out docs/recall-named.json\`.

| class | tuning half | held back |
|---|---|---|
${rows.map(({ class: kind, tuning, heldBack }) => `| ${kind} | ${share(tuning)} | ${share(heldBack)} |`).join('\n')}
`;
}

const text = `# How many real faults are found

Made by \`npm run fixes\`. A fault is found if the text before its fix has a suspect, and gone if the text after it has none.

## Re-creations

Small re-creations of fixes that kernels got, in words of our own (\`test/fixtures/fixes\`).

${byClass.table('class')}

${byVisibility.table('visible')}

Known misses: ${missed.length === 0 ? 'none' : missed.join(', ')}.
${
  mined.rows.size === 0
    ? ''
    : `
## Functions that were mended between two kernels

Functions of 7.2, 6.12 and 6.1 that have a stop, a check or a release more in 7.3, and little else: found by that pattern, so not
each of them is a fault, and many need more than one file to be seen. Counted is a suspect in that function, and gone is one that 7.3 no longer has.

${mined.table('class')}
`
}${undoneTable()}${namedTable()}`;
console.log(text);
if (!options.check && mined.rows.size > 0) writeFileSync(join(root, 'docs/recall.md'), text);
