// Undoes protections in real kernel files, one at a time, and counts how often a suspect appears that was not there before.
//   node scripts/undo-fixes.mjs TREE [--seed N] [--each N] [--half tuning|held-back] [--only OPERATOR,…] [--show missed|found] [--mutants FILE] [--named [--family NAME]] [--out FILE]
// A mutation study: what is undone is not always a fault (another check may remain), so shares are to be compared with one
// another and over time. Mutants are split by a hash of the file's path into a tuning half, which may be read, and a half that
// is held back. --show prints the mutants of the tuning half. --mutants keeps
// what was drawn, to be measured again. --named takes the protections that scripts/named-fixes/*.json name, which fixes have brought, in the
// place of drawn ones, or those of one file of these (--family lifetime). --out writes the counts, for docs/recall.md.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { coreFindings } from './lib/core-findings.mjs';
import { seeded } from './lib/edits.mjs';
import { mutationsOf } from './lib/mutations.mjs';
import { undoneBy } from './lib/named-fixes.mjs';
import { root } from './lib/root.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '60' },
    half: { type: 'string' },
    only: { type: 'string' },
    show: { type: 'string' },
    mutants: { type: 'string' },
    named: { type: 'boolean', default: false },
    family: { type: 'string' },
    out: { type: 'string' },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error(
    'node scripts/undo-fixes.mjs TREE [--seed N] [--each N] [--half tuning|held-back] [--only OPERATOR,…] [--show missed|found] [--out FILE]',
  );
  process.exit(2);
}
const FOLDERS = ['drivers', 'sound', 'net', 'fs'];
const OPERATORS = [
  'stop-removed',
  'stop-does-not-wait',
  'stop-after-free',
  'unregister-removed',
  'too-short-check-removed',
  'too-large-check-removed',
  'clamp-removed',
  'allocation-check-removed',
  'lookup-check-removed',
  'error-pointer-check-removed',
  'release-removed',
  'freed-before-label-too',
  'freed-twice-in-a-row',
  'pointer-not-cleared',
  'return-after-free-removed',
  'free-before-use',
  'safe-loop-made-plain',
  'clear-removed',
  'initialiser-removed',
  'checked-size-removed',
  'unlock-removed',
  'lock-removed',
  'sleeps-under-lock',
];
/** Named protections are counted by class, in the place of operators. */
const NAMED_FOLDER = join(root, 'scripts/named-fixes');
const named = options.named
  ? readdirSync(NAMED_FOLDER)
      .filter((file) => file.endsWith('.json') && (options.family === undefined || file === `${options.family}.json`))
      .flatMap((file) => JSON.parse(readFileSync(join(NAMED_FOLDER, file), 'utf8')))
  : [];
const namedOperator = (fact) => `named ${fact.class}`;
const wanted = options.only ? options.only.split(',') : options.named ? [...new Set(named.map(namedOperator))] : OPERATORS;
const each = Number(options.each);
/** Longer texts are left out: they would take most of the time. */
const LONGEST = 300_000;
const halfOf = (path) => (createHash('sha256').update(path).digest()[0] % 2 === 0 ? 'tuning' : 'held-back');
const core = await coreFindings();

function suspectsIn(text) {
  const tree = core.syntax.parse('c', text);
  const model = core.describeDriver(tree);
  const found = core
    .findingsOf(tree, model, { hasItem: () => true })
    .filter(({ kind, suppressed }) => kind === 'suspect' && suppressed === undefined);
  return {
    tree,
    model,
    found: found.map(({ rule, function: name, message, start }) => ({
      key: `${rule} ${name}() ${message}`,
      line: tree.lineAt(start) + 1,
    })),
  };
}

/** All files, in an order that the seed decides. */
function shuffled() {
  const files = FOLDERS.flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true })
      .filter((file) => file.endsWith('.c') && !/(?:^|\/)(?:tests?|selftests?|kunit)\b|[_-]test\.c$|kunit/.test(file))
      .map((file) => join(name, file)),
  ).sort();
  const next = seeded(Number(options.seed));
  for (let i = files.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [files[i], files[j]] = [files[j], files[i]];
  }
  return files;
}

/** Draws mutants: at most one of an operator from a file, up to `each` of an operator in each half. */
function draw() {
  const mutants = [];
  const counts = new Map();
  const key = (operator, half) => `${operator} ${half}`;
  const isOpen = (operator, half) => (counts.get(key(operator, half)) ?? 0) < each;
  const halves = ['tuning', 'held-back'];
  for (const path of shuffled()) {
    if (!OPERATORS.some((operator) => halves.some((half) => isOpen(operator, half)))) break;
    const half = halfOf(path);
    const text = readFileSync(join(folder, path), 'utf8');
    if (text.length > LONGEST) continue;
    const tree = core.syntax.parse('c', text);
    const mutations = mutationsOf(tree, core.describeDriver(tree), core);
    const next = seeded(Number(options.seed) + path.length);
    for (const operator of OPERATORS) {
      const places = isOpen(operator, half) ? mutations.filter((one) => one.operator === operator) : [];
      if (places.length === 0) continue;
      counts.set(key(operator, half), (counts.get(key(operator, half)) ?? 0) + 1);
      mutants.push({ path, half, ...places[next(places.length)] });
    }
  }
  return mutants;
}

/** The mutants that the named facts give; a fact that the tree has no place for any more is told. */
function drawNamed() {
  const mutants = [];
  for (const fact of named) {
    const path = join(folder, fact.path);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const tree = core.syntax.parse('c', text);
    const edit = undoneBy(tree, core.describeDriver(tree), fact, core);
    if (edit)
      mutants.push({
        path: fact.path,
        half: halfOf(fact.path),
        class: fact.class,
        operator: namedOperator(fact),
        function: fact.function,
        ...edit,
      });
    else console.error(`${fact.path} has no place to undo "${fact.words}" in ${fact.function}()`);
  }
  return mutants;
}

let mutants;
if (options.named) mutants = drawNamed();
else if (options.mutants && existsSync(options.mutants)) mutants = JSON.parse(readFileSync(options.mutants, 'utf8'));
else {
  mutants = draw();
  if (options.mutants) writeFileSync(options.mutants, JSON.stringify(mutants));
}
const counts = new Map(
  wanted.flatMap((operator) =>
    ['tuning', 'held-back'].map((half) => [`${operator} ${half}`, { mutants: 0, found: 0, kind: '' }]),
  ),
);
const measured = mutants.filter(({ operator, half }) => wanted.includes(operator) && (!options.half || half === options.half));
for (const path of new Set(measured.map((mutant) => mutant.path))) {
  const text = readFileSync(join(folder, path), 'utf8');
  const before = suspectsIn(text);
  const known = new Set(before.found.map(({ key }) => key));
  for (const mutant of measured.filter((one) => one.path === path)) {
    const { half, operator, start, end, inserted } = mutant;
    const news = suspectsIn(text.slice(0, start) + inserted + text.slice(end)).found.filter(({ key }) => !known.has(key));
    const count = counts.get(`${operator} ${half}`);
    count.kind = mutant.class;
    count.mutants++;
    if (news.length > 0) count.found++;
    if (half === 'tuning' && options.show === (news.length > 0 ? 'found' : 'missed')) {
      console.log(`--- ${operator} ${path}:${before.tree.lineAt(start) + 1} ${mutant.function}()`);
      console.log(`    - ${text.slice(start, end).replace(/\s+/g, ' ').slice(0, 200)}`);
      if (inserted !== ';') console.log(`    + ${inserted.replace(/\s+/g, ' ').slice(0, 200)}`);
      for (const { key, line: at } of news) console.log(`    => ${at}: ${key}`);
    }
  }
}
const rows = wanted.map((operator) => {
  const of = (half) => counts.get(`${operator} ${half}`);
  return { operator, class: of('tuning').kind || of('held-back').kind, tuning: of('tuning'), heldBack: of('held-back') };
});
const share = ({ mutants, found }) => `${found} of ${mutants}${mutants ? ` (${Math.round((100 * found) / mutants)} %)` : ''}`;
for (const row of rows)
  console.log(
    `${row.class.padEnd(15)} ${row.operator.padEnd(28)} tuning ${share(row.tuning).padEnd(18)} held back ${share(row.heldBack)}`,
  );
if (options.out)
  writeFileSync(
    options.out,
    JSON.stringify(
      {
        version: basename(folder).replace(/^linux-source-/, ''),
        seed: Number(options.seed),
        rows: rows.map(({ operator, class: kind, tuning, heldBack }) => ({
          class: kind,
          operator,
          tuning: [tuning.mutants, tuning.found],
          heldBack: [heldBack.mutants, heldBack.found],
        })),
      },
      null,
      1,
    ),
  );
