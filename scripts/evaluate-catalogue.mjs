// Measures the catalogue against a mapping file: which share of C names gets a right Rust item, and where it promises wrongly.
//   node scripts/evaluate-catalogue.mjs MAPPING.json [--kernel TREE|SNAPSHOT] [--verbose]
// A row: { c, c_kind, expect: [paths], kind: wraps|replaces|implements|none, accept_none, expect_defined_at: ["path = path @ file:line"] }.
import { readFileSync } from 'node:fs';
import { loadCatalogue } from './lib/catalogue.mjs';

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const mappingFile = args.find((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--kernel');
if (!mappingFile) {
  console.error('usage: node scripts/evaluate-catalogue.mjs MAPPING.json [--kernel TREE|SNAPSHOT] [--verbose]');
  process.exit(2);
}
const rows = JSON.parse(readFileSync(mappingFile, 'utf8'));
const catalogue = await loadCatalogue(option('--kernel') ?? '7.3');
const verbose = args.includes('--verbose');
const KINDS = { function: 'function', macro: 'macro', struct: 'struct', ops_field: 'field', header: 'header' };

/** Places of the expected items: the same item may have several paths. */
const placesOf = (row) => new Set((row.expect_defined_at ?? []).map((text) => /@ (\S+:\d+)/.exec(text)?.[1]).filter(Boolean));
const fits = (row, item, places) =>
  row.expect.includes(item.path) || (item.file !== null && places.has(`${item.file}:${item.line}`));

const totals = { right: 0, first: 0, half: 0, wrong: 0, noneRows: 0, promised: 0 };
const slowest = { name: '', ms: 0 };
for (const row of rows) {
  const started = performance.now();
  const entry = catalogue.lookup(row.c, KINDS[row.c_kind]);
  const ms = performance.now() - started;
  if (ms > slowest.ms) Object.assign(slowest, { name: row.c, ms });
  const offered = entry.rust.filter((item) => item.relation !== 'nearest');
  const places = placesOf(row);
  const says = `${entry.status}: ${offered.map((item) => item.path).join(', ') || '-'}`;
  if (row.kind === 'none') {
    totals.noneRows++;
    const promised = entry.status === 'safe' || entry.status === 'partial' || offered.length > 0;
    if (promised) {
      totals.promised++;
      console.log(`PROMISED ${row.c}  ${says}`);
    } else totals.right++;
    continue;
  }
  const top = offered.slice(0, 5);
  if (top.some((item) => fits(row, item, places))) {
    totals.right++;
    if (fits(row, offered[0], places)) totals.first++;
    else if (verbose) console.log(`NOT FIRST ${row.c}  ${says}  expected ${row.expect.join(' | ')}`);
  } else if (row.accept_none && offered.length === 0) totals.right++;
  else {
    const parents = row.expect.map((path) => path.slice(0, path.lastIndexOf('::')));
    const half = top.some((item) => parents.includes(item.path));
    if (half) totals.half++;
    else totals.wrong++;
    console.log(
      `${half ? 'HALF' : 'WRONG'} ${row.c}  ${says}  expected ${row.expect.join(' | ')}${row.accept_none ? ' or none' : ''}`,
    );
  }
}
const percent = (n, of) => `${((100 * n) / Math.max(1, of)).toFixed(1)} %`;
console.log(
  `kernel ${catalogue.kernel.version}: ${rows.length} names, right ${totals.right} (${percent(totals.right, rows.length)}), half right ${totals.half}, wrong ${totals.wrong}`,
);
console.log(
  `right item first: ${percent(totals.first, rows.length - totals.noneRows)} of ${rows.length - totals.noneRows}; wrongly promised: ${totals.promised} of ${totals.noneRows} (${percent(totals.promised, totals.noneRows)})`,
);
console.log(`slowest look-up: ${slowest.ms.toFixed(2)} ms (${slowest.name})`);
