// How well the driver model finds entry points, against hand-checked truth about drivers of one kernel tree.
//   node scripts/evaluate-entry-points.mjs TRUTH.json TREE [--verbose]
// Prints recall and precision by category, lines that differ, and lists of what is missed and what is false.
// Exit status 1 if recall or precision is below 98 % or a line differs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDriver } from './driver-model.mjs';

const [truthPath, tree] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
if (!truthPath || !tree) {
  console.error('usage: node scripts/evaluate-entry-points.mjs TRUTH.json TREE [--verbose]');
  process.exit(2);
}
const { syntax, describeDriver } = await loadDriver();

/** What the truth expects of a driver: `at` is the function that is entered, or the name of what has none. */
function expectations(driver) {
  const all = [];
  const add = (category, at, line, definition) => all.push({ category, at, line, definition });
  for (const { arg, line } of driver.module_macros) for (const at of arg.split(/,\s*/)) if (at) add('module macros', at, line);
  for (const kind of ['driver_structs', 'ops_tables'])
    for (const { name, line, callbacks } of driver[kind]) {
      add(kind, name, line);
      for (const { fn, line: at, def_line: definition } of callbacks) add(`${kind} callbacks`, fn, at, definition);
    }
  for (const { name, line } of driver.id_tables) add('id tables', name, line);
  for (const { table, line } of driver.device_tables) add('device tables', table, line);
  for (const kind of ['irq_handlers', 'work_timer_callbacks', 'other_callbacks', 'probe_remove'])
    for (const { fn, line, def_line: definition } of driver[kind]) add(kind, fn, line, definition);
  for (const { fns, line } of driver.sysfs_attrs) for (const fn of fns) add('sysfs', fn, line);
  for (const { callbacks, line } of driver.pm_ops) for (const fn of callbacks) add('pm ops', fn, line);
  for (const { name, line } of driver.module_params) add('parameters', name, line);
  for (const { fn, line } of driver.exported_functions) add('exports', fn, line);
  return all;
}

const tallies = new Map();
const tally = (category) => {
  if (!tallies.has(category)) tallies.set(category, { expected: 0, found: 0, misplaced: 0 });
  return tallies.get(category);
};
const problems = [];
let named = 0;
let right = 0;
for (const driver of JSON.parse(readFileSync(truthPath, 'utf8'))) {
  const parsed = syntax.parse('c', readFileSync(join(tree, driver.file), 'utf8'));
  const model = describeDriver(parsed);
  const line = (offset) => parsed.lineAt(offset) + 1;
  const points = model.entryPoints.map((point) => ({ ...point, at: point.function ?? point.name, line: line(point.start) }));
  const expected = expectations(driver);
  for (const { category, at, line: where, definition } of expected) {
    const count = tally(category);
    count.expected++;
    const hit = points.find((point) => point.at === at && point.line === where);
    const near =
      hit ?? points.find((point) => point.at === at && !expected.some((other) => other.at === at && other.line === point.line));
    if (!near) problems.push(`missed     ${driver.file}:${where} ${category} ${at}`);
    else {
      count.found++;
      if (!hit) {
        count.misplaced++;
        problems.push(`misplaced  ${driver.file}:${where} ${category} ${at}: line ${near.line}`);
      }
      if (definition && (near.definition === null || line(near.definition) !== definition))
        problems.push(
          `definition ${driver.file}:${where} ${at}: line ${near.definition === null ? 'none' : line(near.definition)}, not ${definition}`,
        );
    }
  }
  const external = [...driver.driver_structs, ...driver.ops_tables].flatMap((table) => table.external_refs ?? []);
  for (const { kind, at, line: where, container, field } of points) {
    named++;
    if (
      expected.some((item) => item.at === at && item.line === where) ||
      external.some((ref) => ref.value === at && ref.line === where)
    )
      right++;
    else problems.push(`false      ${driver.file}:${where} ${kind} ${at} (${container}${field ? `.${field}` : ''})`);
  }
}

const percent = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
const sum = { expected: 0, found: 0, misplaced: 0 };
for (const [category, { expected, found, misplaced }] of [...tallies].sort()) {
  console.log(
    `${category.padEnd(26)} expected ${String(expected).padStart(4)}  recall ${percent(found, expected).padStart(7)}  misplaced ${misplaced}`,
  );
  sum.expected += expected;
  sum.found += found;
  sum.misplaced += misplaced;
}
console.log(
  `${'all'.padEnd(26)} expected ${String(sum.expected).padStart(4)}  recall ${percent(sum.found, sum.expected).padStart(7)}  misplaced ${sum.misplaced}`,
);
console.log(`named ${named}, right ${right}: precision ${percent(right, named)}`);
for (const problem of problems) console.log(problem);
process.exitCode = sum.found >= 0.98 * sum.expected && right >= 0.98 * named && sum.misplaced === 0 ? 0 : 1;
