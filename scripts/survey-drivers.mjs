// Runs the driver model over the C files of a kernel tree, without truth to compare with.
//   node scripts/survey-drivers.mjs TREE/drivers… [--every N] [--from N] [--headers] [--slow | --orphans | --points]
// Prints milliseconds of parsing and reading the trees, and of modelling; no file may throw.
// --headers  .h files, too
// --slow     files whose model takes longer than 20 ms
// --orphans  static functions that are neither called nor an entry point: missed entry points, dead code, or uses that a macro makes
// --points   every entry point, one a line
// --every N --from N take a sample: each Nth file of the sorted list, from the Nth on.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadDriver } from './driver-model.mjs';

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(name);
  return at === -1 ? fallback : Number(args.splice(at, 2)[1]);
};
const every = option('--every', 1);
const from = option('--from', 0);
const flags = args.filter((arg) => arg.startsWith('--'));
const roots = args.filter((arg) => !arg.startsWith('--'));
const files = roots
  .flatMap((root) =>
    /\.[ch]$/.test(root)
      ? [root]
      : readdirSync(root, { recursive: true })
          .filter((file) => file.endsWith('.c') || (flags.includes('--headers') && file.endsWith('.h')))
          .map((file) => join(root, file)),
  )
  .sort()
  .filter((_, i) => i % every === from);

const { syntax, describeDriver, CKind, Field } = await loadDriver();

/** Static functions of the file whose name occurs nowhere but in declarations, or only as a value that is no entry. */
function orphansOf(tree, model) {
  const entered = new Set(model.entryPoints.map((point) => point.function));
  const waiting = new Map(model.functions.filter(({ name, isStatic }) => isStatic && !entered.has(name)).map((f) => [f.name, f]));
  const seenAsValue = new Map();
  for (let node = 0; node < tree.size && waiting.size > 0; node++) {
    if (tree.kinds[node] !== CKind.identifier) continue;
    const name = tree.textOf(node);
    if (!waiting.has(name)) continue;
    const parent = tree.parents[node];
    const kind = tree.kinds[parent];
    if (kind === CKind.function_declarator || (kind === CKind.call_expression && tree.fields[node] === Field.declarator))
      continue;
    if (kind === CKind.call_expression && tree.fields[node] === Field.function) waiting.delete(name);
    else seenAsValue.set(name, node);
  }
  return [...waiting.values()].map((f) => ({ ...f, value: seenAsValue.get(f.name) }));
}

const totals = { files: 0, bytes: 0, functions: 0, points: 0, apis: 0, parse: 0, model: 0, orphans: 0, statics: 0 };
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  let start = performance.now();
  const tree = syntax.parse('c', text);
  totals.parse += performance.now() - start;
  start = performance.now();
  const model = describeDriver(tree);
  const spent = performance.now() - start;
  totals.model += spent;
  totals.files++;
  totals.bytes += text.length;
  totals.functions += model.functions.length;
  totals.points += model.entryPoints.length;
  totals.apis += model.apis.length;
  const line = (offset) => tree.lineAt(offset) + 1;
  if (flags.includes('--slow') && spent > 20) console.log(`${spent.toFixed(0)} ms ${file} ${text.length}`);
  if (flags.includes('--points'))
    for (const { kind, name, function: entered, container, field, start: at, definition } of model.entryPoints)
      console.log(
        `${file}:${line(at)}\t${kind}\t${container}${field === null ? '' : `.${field}`}\t${entered ?? '-'}\t${name}\t${definition === null ? '-' : line(definition)}`,
      );
  if (flags.includes('--orphans')) {
    totals.statics += model.functions.filter(({ isStatic }) => isStatic).length;
    for (const { name, nameStart, value } of orphansOf(tree, model)) {
      const macro = new RegExp(`(?:#define|\\\\\\n).*\\b${name}\\b`).test(text) ? ' (in a macro)' : '';
      const shown =
        value === undefined
          ? 'not mentioned'
          : `${line(tree.starts[value])}: ${text.split('\n')[line(tree.starts[value]) - 1].trim()}`;
      console.log(`${file}:${line(nameStart)}\t${name}\t${shown}${macro}`);
      totals.orphans++;
    }
  }
}
console.error(
  `${totals.files} files, ${(totals.bytes / 1e6).toFixed(1)} MB: parse and read ${totals.parse.toFixed(0)} ms (${(totals.bytes / 1e3 / totals.parse).toFixed(1)} MB/s), model ${totals.model.toFixed(0)} ms (${(totals.model / totals.parse).toFixed(3)} of it); ` +
    `${totals.functions} functions, ${totals.points} entry points, ${totals.apis} uses of kernel names`,
);
if (flags.includes('--orphans'))
  console.error(`${totals.orphans} of ${totals.statics} static functions are neither called nor entered`);
