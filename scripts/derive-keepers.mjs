// Derives from a kernel tree which functions leave an object that they are handed to their caller: by what callers do with it afterwards.
//   node scripts/derive-keepers.mjs TREE [--counts FILE]
// Writes src/core/rules/api/keepers.derived.json: `failed` names functions (with the position of the argument) after whose failure nearly all
// callers of other files give the object back themselves; `never` those after whose success they do, too. Curated names come first (src/core/rules/api).
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/root.mjs';
import { loadSources, loadSyntax } from './lib/sources.mjs';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { counts: { type: 'string' } } });
const [tree] = positionals;
if (!tree) {
  console.error('node scripts/derive-keepers.mjs TREE [--counts FILE]');
  process.exit(2);
}
const FOLDERS = ['drivers', 'sound', 'net', 'fs', 'block', 'crypto'];
/** A function is known if this many callers in this many files give the object back, and this share of those that could. */
const PLACES = 3;
const FILES = 2;
const SHARE = 0.9;
const ZERO = 1;
/** They may answer true when they have succeeded, and have the object then. */
const KEEPS = /construct|init$|add_|_add|alloc|create|register|acquire|link|setup|attach|_set$|set_|new/;

const core = await loadSources(
  "export * from './src/core/syntax'; export { describeDriver } from './src/core/driver'; export { FlowFile } from './src/core/flow';",
);
const syntax = await loadSyntax(core);
/** name:argument → outcome → { given, kept, files } */
const counts = new Map();

/** What the object that a call gives is called: the variable that it is assigned to. */
function variableOf(parsed, call) {
  const before = parsed.text.slice(Math.max(0, parsed.starts[call] - 120), parsed.starts[call]);
  return /([\w.>-]+)\s*=\s*(?:\([\w\s*]+\)\s*)?$/.exec(before)?.[1];
}

function note(parsed, run, site, key, isGiven, path) {
  const call = run.f.calls[(key >> 3) - 1];
  const name = variableOf(parsed, run.f.calls[site].node);
  if (!call || call.cleanup || call.name === '' || name === undefined) return;
  const argument = call.nodes.findIndex((node) => parsed.textOf(node) === name);
  const outcome = key & 7;
  if (argument < 0) return;
  const kind = outcome === ZERO ? 'succeeded' : outcome & ZERO ? 'unknown' : 'failed';
  const id = `${call.name}:${argument}`;
  if (!counts.has(id)) counts.set(id, {});
  const of = (counts.get(id)[kind] ??= { given: new Set(), kept: new Set(), files: new Set() });
  (isGiven ? of.given : of.kept).add(`${path}:${run.f.name}:${site}`);
  if (isGiven) of.files.add(path);
}

for (const folder of FOLDERS)
  for (const file of readdirSync(join(tree, folder), { recursive: true }).sort()) {
    if (!file.endsWith('.c') || /selftest|kunit|[_-]test\.c$/.test(file)) continue;
    const path = join(folder, file);
    const parsed = syntax.parse('c', readFileSync(join(tree, path), 'utf8'));
    const model = core.describeDriver(parsed);
    const flow = new core.FlowFile(parsed, model, undefined, true);
    for (const { name } of model.functions) {
      const run = flow.runOf(name);
      if (!run?.complete) continue;
      for (const one of run.released) note(parsed, run, Math.floor(one / 65536), one % 65536, true, path);
      for (const { kind, site, key } of run.candidates)
        if (kind === 'leak' && key !== 0) note(parsed, run, site, key, false, path);
    }
  }

const share = (of) => (of ? of.given.size / new Set([...of.given, ...of.kept]).size : 0);
const isMost = (of) => of !== undefined && of.given.size >= PLACES && of.files.size >= FILES && share(of) >= SHARE;
const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
const failed = sorted.filter(([, { failed }]) => isMost(failed)).map(([id]) => id);
const merged = ({ succeeded, unknown }) => {
  const all = { given: new Set(), kept: new Set(), files: new Set() };
  for (const one of [succeeded, unknown])
    if (one) for (const field of ['given', 'kept', 'files']) for (const entry of one[field]) all[field].add(entry);
  return all;
};
const never = sorted
  .filter(([id, of]) => !KEEPS.test(id.split(':')[0]) && isMost(merged(of)) && (!of.failed || share(of.failed) > 0.8))
  .map(([id]) => id);
writeFileSync(
  join(root, 'src/core/rules/api/keepers.derived.json'),
  `${JSON.stringify({ failed: failed.join(' '), never: never.join(' ') }, null, 2)}\n`,
);
if (options.counts)
  writeFileSync(
    options.counts,
    sorted
      .map(
        ([id, of]) =>
          `${id} ${Object.entries(of)
            .map(([kind, { given, kept, files }]) => `${kind} ${given.size}+${kept.size}/${files.size}`)
            .join(' ')}`,
      )
      .join('\n'),
  );
console.log(`failed ${failed.length}, never ${never.length}`);
