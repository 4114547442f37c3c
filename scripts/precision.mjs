// How often a suspect is right: draws a sample to be judged by hand, and writes docs/precision.md out of the judgements.
//   node scripts/precision.mjs find TREE [--every N] [--out FILE]   all suspects of drivers/, sound/ and net/, or of every N-th file
//   node scripts/precision.mjs draw FILE --seed N [--count 100]     a seeded random sample of them, with what is needed to judge
//   node scripts/precision.mjs table                                docs/precision.md out of docs/precision.json
// docs/precision.json: { samples: [ { seed, version, files, lines, suspects, judged: [ { rule, place, judgement, why } ] } ], rechecked: { version, files, rules: [ { rule, before, after } ] } }
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { coreFindings } from './lib/core-findings.mjs';

const root = join(import.meta.dirname, '..');
const [, , action, argument, ...rest] = process.argv;
const option = (name, otherwise) => {
  const at = rest.indexOf(name);
  return at < 0 ? otherwise : rest[at + 1];
};
const every = Number(option('--every', 1));
const FOLDERS = ['drivers', 'sound', 'net'];

async function find(tree) {
  const { syntax, describeDriver, findingsOf } = await coreFindings();
  const suspects = [];
  let lines = 0;
  let files = 0;
  let seen = 0;
  for (const folder of FOLDERS)
    for (const file of readdirSync(join(tree, folder), { recursive: true }).sort()) {
      if (!file.endsWith('.c') || seen++ % every !== 0) continue;
      const path = join(folder, file);
      const parsed = syntax.parse('c', readFileSync(join(tree, path), 'utf8'));
      files++;
      lines += parsed.lineStarts.length - 1;
      for (const { rule, kind, start, function: name, message, related, suppressed } of findingsOf(
        parsed,
        describeDriver(parsed),
        {
          hasItem: () => true,
        },
      )) {
        if (kind !== 'suspect' || suppressed !== undefined) continue;
        const story = related.map((place) => `${parsed.lineAt(place.start) + 1}: ${place.message}`);
        suspects.push({ rule, place: `${path}:${parsed.lineAt(start) + 1}`, function: name, message, story });
      }
    }
  return { version: basename(tree).replace(/^linux-source-/, ''), every, files, lines, suspects };
}

/** mulberry32 (public domain, Tommy Ettinger): the same seed draws the same sample everywhere. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function draw({ version, files, lines, suspects }, seed, count) {
  const next = random(seed);
  const all = [...suspects];
  const drawn = [];
  while (drawn.length < count && all.length > 0) drawn.push(...all.splice(Math.floor(next() * all.length), 1));
  console.log(`${version}: ${files} files, ${lines} lines, ${suspects.length} suspects; seed ${seed}`);
  for (const { rule, place, function: name, message, story } of drawn.sort((a, b) => (a.place < b.place ? -1 : 1)))
    console.log(`${rule}\t${place}\t${name}()\t${message}${story.map((line) => `\n\t\t${line}`).join('')}`);
}

function table() {
  const { samples, rechecked } = JSON.parse(readFileSync(join(root, 'docs/precision.json'), 'utf8'));
  const { seed, version, every: step, files, lines, suspects, judged } = samples.at(-1);
  const count = (of, judgement) => of.filter((one) => one.judgement === judgement).length;
  const perRule = [...new Set(judged.map(({ rule }) => rule))].sort();
  const cell = (text) => text.replaceAll('|', '\\|');
  const text = [
    '# How often a suspect is right',
    '',
    `Suspects in ${step > 1 ? `every ${step}th \`.c\` file` : 'all `.c` files'} of \`drivers/\`, \`sound/\` and \`net/\` of Linux ${version} (${files} files, ${(lines / 1e6).toFixed(1)} million lines): ${suspects}, ${((1000 * suspects) / lines).toFixed(2)} per 1,000 lines. A seeded random ${judged.length} were read`,
    'in the source, with the functions that they call and the headers that they depend on, as a maintainer would. Made by `node scripts/precision.mjs`; the judgements are data: `precision.json`.',
    '',
    '- *right*: the path and the facts that the message states are in the text, and nothing elsewhere in the file excuses them;',
    '- *excused*: true on its face, harmless for a reason outside the file;',
    '- *wrong*: the path cannot be taken, or a fact is not so.',
    '',
    '| sample | files | suspects in all | judged | right | excused | wrong |',
    '|---|---|---|---|---|---|---|',
    ...samples.map(
      (sample) =>
        `| seed ${sample.seed} | ${sample.files} | ${sample.suspects} | ${sample.judged.length} | ${count(sample.judged, 'right')} | ${count(sample.judged, 'excused')} | ${count(sample.judged, 'wrong')} |`,
    ),
    '',
    'Each sample was drawn from what was found at its time; what made suspects of an earlier one wrong was mended before the next was drawn. A report that had been read for an earlier sample, or',
    'to mend a rule, keeps its judgement.',
    '',
    `By rule, in the last sample (seed ${seed}):`,
    '',
    '| rule | judged | right | excused | wrong |',
    '|---|---|---|---|---|',
    ...perRule.map((rule) => {
      const of = judged.filter((one) => one.rule === rule);
      return `| ${rule} | ${of.length} | ${count(of, 'right')} | ${count(of, 'excused')} | ${count(of, 'wrong')} |`;
    }),
    '',
    '## Rules that follow paths, read again',
    '',
    `What these rules said of all ${rechecked.files} \`.c\` files of \`drivers/\`, \`sound/\` and \`net/\` of Linux ${rechecked.version} was read after the sample of seed ${rechecked.after}; what made reports wrong was mended, or`,
    'the rule keeps silent there; then the files of these reports were gone through again. Numbers are of reports that were read: right / excused / wrong.',
    '',
    '| rule | before | after |',
    '|---|---|---|',
    ...rechecked.rules.map(({ rule, before, after }) => `| ${rule} | ${before.join(' / ')} | ${after.join(' / ')} |`),
    ...samples
      .toReversed()
      .flatMap((sample) => [
        '',
        `## Seed ${sample.seed}`,
        '',
        '| rule | place | judgement | why |',
        '|---|---|---|---|',
        ...sample.judged.map(({ rule, place, judgement, why }) => `| ${rule} | ${place} | ${judgement} | ${cell(why ?? '')} |`),
      ]),
  ];
  writeFileSync(join(root, 'docs/precision.md'), `${text.join('\n')}\n`);
}

if (action === 'find' && argument) {
  const out = option('--out', join(root, 'out/suspects.json'));
  const found = await find(argument);
  writeFileSync(out, JSON.stringify(found));
  console.log(`${found.suspects.length} suspects in ${found.lines} lines: ${out}`);
} else if (action === 'draw' && argument)
  draw(JSON.parse(readFileSync(argument, 'utf8')), Number(option('--seed', 1)), Number(option('--count', 100)));
else if (action === 'table') table();
else {
  console.error('node scripts/precision.mjs find TREE [--every N] [--out FILE] | draw FILE --seed N [--count 100] | table');
  process.exit(2);
}
