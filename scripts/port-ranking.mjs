// Writes docs/port-ranking.md: the drivers of a kernel that suit a rewrite best and least, how drivers with a Rust twin rank, and the back-test:
// what the older kernel's list of abstractions that would unlock most drivers had at its top, and what has come since.
//   node scripts/port-ranking.mjs [OLD_TREE NEW_TREE] [--reports OLD.json NEW.json]
// Without --reports both trees are reported on first (r4l report drivers, with its cache).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from './lib/catalogue.mjs';
import { root } from './lib/root.mjs';
import { KNOWN_TWINS, twinsByName } from './lib/twins.mjs';

const SHOWN = 30;
const TOP = 20;
/** A group has come if this share of the uses that had nothing has an abstraction now. */
const CAME = 0.25;
/** Groups that fewer drivers lack are no abstraction that one would plan for. */
const WANTED_BY = 100;

const at = process.argv.indexOf('--reports');
const reportFiles = at < 0 ? [] : process.argv.slice(at + 1, at + 3);
const named = process.argv.slice(2, at < 0 ? undefined : at);
const [oldTree, newTree] =
  named.length === 2 ? named : ['6.12', '7.3'].map((release) => join(homedir(), `lab/linux-source-${release}`));
for (const tree of [oldTree, newTree])
  if (!existsSync(join(tree, 'drivers'))) {
    console.error(`no kernel tree: ${tree}`);
    process.exit(2);
  }

function reportOn(tree) {
  const out = join(mkdtempSync(join(tmpdir(), 'r4l-ranking-')), 'report.json');
  const args = [join(root, 'dist/r4l.js'), 'report', 'drivers', '--format', 'json'];
  execFileSync(process.execPath, args, { cwd: tree, stdio: ['ignore', openSync(out, 'w'), 'inherit'] });
  return out;
}

const [before, after] = [oldTree, newTree].map((tree, i) => JSON.parse(readFileSync(reportFiles[i] ?? reportOn(tree), 'utf8')));
const release = ({ kernel }) => kernel.version.split('.').slice(0, 2).join('.');
const now = await loadCatalogue(release(after));

// ---- what has come

const covered = (name) => ['safe', 'partial'].includes(now.lookup(name).status);
const groups = new Map();
for (const { kind, blockers } of before.drivers) {
  if (kind !== 'driver') continue;
  for (const { group, names, helpers } of blockers) {
    if (helpers) continue;
    const one = groups.get(group) ?? { uses: 0, come: 0, names: new Map() };
    for (const [name, uses] of names) {
      one.uses += uses;
      if (!covered(name)) continue;
      one.come += uses;
      one.names.set(name, (one.names.get(name) ?? 0) + 1);
    }
    groups.set(group, one);
  }
}
const ranks = new Map(before.totals.unlock.map(({ group }, i) => [group, i + 1]));
const planned = before.totals.unlock.filter(({ drivers }) => drivers >= WANTED_BY);
const hasCome = ({ group }) => groups.get(group).come >= CAME * groups.get(group).uses;
const come = planned.filter(hasCome);
const top = planned.slice(0, TOP);
const inTop = top.filter(hasCome);
const all = [...groups.values()].reduce((sum, { come: uses }) => sum + uses, 0);
const ofTop = top.reduce((sum, { group }) => sum + groups.get(group).come, 0);
const percent = (part, whole) => `${((100 * part) / Math.max(1, whole)).toFixed(0)} %`;

// ---- twins

const rustFiles = readdirSync(join(newTree, 'drivers'), { recursive: true })
  .filter((file) => file.endsWith('.rs'))
  .map((file) => `drivers/${file}`);
const drivers = after.drivers.filter(({ kind }) => kind === 'driver').sort(byScore);
const twins = [...twinsByName(newTree, rustFiles), ...KNOWN_TWINS].flatMap(([[file], rust]) => {
  const driver = after.drivers.find(({ files }) => files.includes(file));
  if (!driver) return [];
  // A folder of its own is no subsystem: the one above is.
  const beside = drivers.filter(({ subsystem }) => subsystem === driver.subsystem);
  const above = `${driver.path.split('/').slice(0, 2).join('/')}/`;
  const peers = beside.length >= 10 ? beside : drivers.filter(({ path }) => path.startsWith(above));
  const better = peers.filter(({ score }) => score > driver.score).length;
  return [{ driver, rust, better, peers: peers.length, folder: beside.length >= 10 ? `${driver.subsystem}/` : above }];
});

function byScore(a, b) {
  return b.score - a.score || (a.path < b.path ? -1 : 1);
}

// ---- the page

const cell = (text) => String(text).replace(/[|\\]/g, '\\$&');
const parts = Object.keys(drivers[0].scoreParts);
const obstacles = ({ blockers }) => blockers.filter(({ helpers }) => !helpers).map(({ group }) => group);
const row = (driver) => {
  const points = parts.map((name) => driver.scoreParts[name].points ?? '—').join(' | ');
  const lack = obstacles(driver);
  return `| ${driver.score} | ${driver.path} | ${driver.lines} | ${points} | ${cell(`${lack.slice(0, 3).join(', ')}${lack.length > 3 ? `, ${lack.length - 3} more` : ''}`)} |`;
};
const head = `| score | driver | lines | ${parts.join(' | ')} | missing |\n|---:|---|---:|${parts.map(() => '---:').join('|')}|---|`;
const lines = [
  `# How the drivers of Linux ${release(after)} rank`,
  '',
  `Made by \`npm run port-ranking\` out of kernel trees; do not edit. What the parts are, and how to read the ranking: [port-score.md](port-score.md).`,
  '',
  `${after.totals.drivers} entries in drivers/, of which ${drivers.length} are drivers; ${after.totals.rewritable} register with a bus for which \`r4l rewrite\` has a candidate.`,
  '',
  `Drivers by score: ${after.totals.scores.map((count, i) => `${i * 10}–${i === 9 ? 100 : i * 10 + 9}: ${count}`).join(', ')} (all entries).`,
  '',
  `## The first ${SHOWN}`,
  '',
  head,
  ...drivers.slice(0, SHOWN).map(row),
  '',
  `## The last ${SHOWN}`,
  '',
  head,
  ...drivers.slice(-SHOWN).map(row),
  '',
  '## Drivers that have a Rust twin',
  '',
  'Written by people, in the same tree. The top tenth of a subsystem is where no more than a tenth of its drivers score higher.',
  '',
  '| C | Rust | kind | score | better ones | top tenth |',
  '|---|---|---|---:|---|---|',
  ...twins.map(
    ({ driver, rust, better, peers, folder }) =>
      `| ${driver.path} | ${rust} | ${driver.kind} | ${driver.score} | ${better} of ${peers} in ${folder} | ${peers === 0 ? 'no driver' : better <= peers / 10 ? 'yes' : 'no'} |`,
  ),
  '',
  `## What would unlock most drivers of ${release(after)}`,
  '',
  'Each driver has one vote, split among the abstractions that it lacks.',
  '',
  '| abstraction | votes | drivers that lack it | names that most use |',
  '|---|---:|---:|---|',
  ...after.totals.unlock
    .slice(0, SHOWN)
    .map(
      ({ group, weight, drivers: count, names }) =>
        `| ${group} | ${weight} | ${count} | ${names.slice(0, 4).map(cell).join(', ')} |`,
    ),
  '',
  `## Back-test: ${release(before)}'s list and what has come by ${release(after)}`,
  '',
  `The same list, made of ${release(before)}'s drivers and ${release(before)}'s Rust side. An abstraction has come if of the uses that had nothing at least ${percent(CAME, 1)} have a safe or partial abstraction in ${release(after)}.`,
  '',
  `- Of the first ${TOP}, **${inTop.length}** have come.`,
  `- Of the ${planned.length} abstractions that at least ${WANTED_BY} drivers lacked, ${come.length} have come; the first ${TOP} hold ${inTop.length} of them (${percent(inTop.length, come.length)}).`,
  `- Of all uses that had nothing and have something now, the first ${TOP} hold **${percent(ofTop, all)}**.`,
  '',
  `| rank in ${release(before)} | abstraction | votes | drivers that lacked it | uses covered by ${release(after)} | come | names that came |`,
  '|---:|---|---:|---:|---:|---|---|',
  ...planned.slice(0, 40).map((one) => {
    const { uses, come: done, names } = groups.get(one.group);
    const best = [...names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4);
    return `| ${ranks.get(one.group)} | ${one.group} | ${one.weight} | ${one.drivers} | ${percent(done, uses)} | ${hasCome(one) ? 'yes' : 'no'} | ${best.map(([name]) => cell(name)).join(', ')} |`;
  }),
  '',
  `Come, but further down: ${come
    .filter((one) => !top.includes(one))
    .map(({ group }) => `${group} (${ranks.get(group)})`)
    .join(', ')}.`,
  '',
];
writeFileSync(join(root, 'docs/port-ranking.md'), lines.join('\n'));
console.log(lines.filter((line) => line.startsWith('- ')).join('\n'));
console.log(twins.map(({ driver, better, peers }) => `${driver.path} ${driver.score}: ${better} of ${peers}`).join('\n'));
