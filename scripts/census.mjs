// What the kernel-C grammar does to a kernel tree, against what it must do; ends with 1 if a figure misses its target.
//   npm run census -- --tree TREE [--older TREE] [--step N] [--offset K] [--only PART,…] [--errors FILE]
// --tree    the tree to measure, and --older one of an older kernel (its .c files only)
// --step    only every N-th file, beginning with the K-th (--offset): another offset is another sample
// --only    clean, faithful, guesses, functions, speed, edits, damage, size
// --errors  write every ERROR and MISSING node to FILE
// A whole census (without --step) takes about ten minutes. Samples inside the parts are seeded: each run takes the same files.
import { existsSync, statSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { cleanFiles } from './lib/census/clean.mjs';
import { damageOf } from './lib/census/damage.mjs';
import { fuzz } from './lib/census/edits.mjs';
import { guesses, macrosOf, unfaithful } from './lib/census/faithful.mjs';
import { choose, filesUnder, SUBSYSTEMS } from './lib/census/files.mjs';
import { functionsAgainstCtags, hasCtags } from './lib/census/functions.mjs';
import { newParser } from './lib/census/parsers.mjs';
import { editTimes, speedAgainst } from './lib/census/speed.mjs';
import { seeded } from './lib/edits.mjs';
import { root } from './lib/root.mjs';

const { values: options } = parseArgs({
  options: {
    tree: { type: 'string' },
    older: { type: 'string' },
    step: { type: 'string', default: '1' },
    offset: { type: 'string', default: '0' },
    only: { type: 'string' },
    errors: { type: 'string' },
    wasm: { type: 'string', default: join(root, 'grammars/kernel-c.wasm') },
  },
});
if (!options.tree) {
  console.error('usage: npm run census -- --tree TREE [--older TREE] [--step N] [--offset K] [--only PART,…] [--errors FILE]');
  process.exit(2);
}
const wanted = options.only?.split(',');
const wants = (part) => !wanted || wanted.includes(part);

const parser = await newParser('kernel', options.wasm);
const errors = [];

/** Prints a figure; `reached` is undefined where there is no target. */
function report(name, figure, target, reached) {
  const verdict = reached === undefined ? '' : reached ? 'ok' : 'MISSED';
  console.log(`${name.padEnd(44)} ${figure.padEnd(34)} ${(target ?? '').padEnd(12)} ${verdict}`.trimEnd());
  if (reached === false) process.exitCode = 1;
}
const percent = (part, whole) => (100 * part) / whole;
const sampled = (files) => files.filter((_, index) => index % Number(options.step) === Number(options.offset));
const show = (examples) => {
  for (const example of examples.slice(0, 5)) console.log(`    ${example}`);
};

function reportClean(name, files, target) {
  const result = cleanFiles(parser, sampled(files));
  errors.push(...result.errors);
  const share = percent(result.clean, result.files);
  report(
    `files without errors: ${name}`,
    `${share.toFixed(2)} % (${result.clean} of ${result.files})`,
    `≥ ${target} %`,
    share >= target,
  );
}

const under = (tree, directory, extension = '.c') =>
  existsSync(join(tree, directory)) ? filesUnder(join(tree, directory), extension) : [];
const subsystemFiles = SUBSYSTEMS.flatMap((directory) => under(options.tree, directory));

if (wants('clean')) {
  for (const directory of SUBSYSTEMS) reportClean(directory, under(options.tree, directory), 99.8);
  for (const directory of ['lib', 'arch']) reportClean(directory, under(options.tree, directory), 99.3);
  for (const directory of ['include', 'drivers'])
    reportClean(`${directory}, headers`, under(options.tree, directory, '.h'), 99.3);
  if (options.older)
    reportClean(
      'the older kernel',
      SUBSYSTEMS.flatMap((directory) => under(options.older, directory)),
      99.7,
    );
}

if (wants('faithful')) {
  const { keywords, uncovered } = unfaithful(parser, choose(subsystemFiles, 1000, seeded(1)));
  report('keywords taken for identifiers', `${keywords.length} (1000 files)`, '0', keywords.length === 0);
  show(keywords);
  report('characters that no node covers', `${uncovered} (1000 files)`, '0', uncovered === 0);
}

if (wants('guesses')) {
  const macros = macrosOf(
    [...SUBSYSTEMS, 'include', 'arch', 'lib', 'security', 'io_uring'].flatMap((directory) =>
      ['.c', '.h'].flatMap((extension) => under(options.tree, directory, extension)),
    ),
  );
  const { guessed, wrong } = guesses(parser, choose(subsystemFiles, 3000, seeded(2)), macros);
  const share = percent(wrong.length, guessed || 1);
  report('wrong guesses at unknown annotations', `${share.toFixed(2)} % (${wrong.length} of ${guessed})`, '≤ 1 %', share <= 1);
  show(wrong);
}

if (wants('functions')) {
  if (hasCtags()) {
    const { expected, found, missed } = functionsAgainstCtags(parser, choose(subsystemFiles, 200, seeded(3)));
    const share = percent(found, expected);
    report('functions that ctags finds', `${share.toFixed(2)} % (${found} of ${expected})`, '≥ 99.5 %', share >= 99.5);
    show(missed);
  } else report('functions that ctags finds', 'skipped: needs universal-ctags');
}

if (wants('speed')) {
  const plain = await newParser('plain');
  const { ratio, kernelMBps, plainMBps, worst } = speedAgainst(parser, plain, choose(subsystemFiles, 600, seeded(4)));
  const speeds = `${kernelMBps.toFixed(1)} against ${plainMBps.toFixed(1)} MB/s`;
  report('speed, of plain tree-sitter-c', `${ratio.toFixed(2)} (${speeds})`, '≥ 0.9', ratio >= 0.9);
  report('speed, worst file of 10 KB or more', worst.ratio.toFixed(2), '≥ 0.5', worst.ratio >= 0.5);
  show([worst.file]);
  const long = subsystemFiles.filter((file) => {
    if (statSync(file).size < 40_000) return false;
    const lines = readFileSync(file, 'utf8').split('\n').length;
    return lines >= 1900 && lines <= 2100;
  });
  const { edits, median, worst: slowest } = editTimes(parser, choose(long, 40, seeded(5)), seeded(6));
  const figure = `${median.toFixed(2)} ms median, ${slowest.toFixed(1)} at most (${edits})`;
  report('a character typed in 2,000 lines', figure, '≤ 1 ms', median <= 1);
}

if (wants('edits')) {
  const { edits, different } = fuzz(parser, choose(subsystemFiles, 200, seeded(7)), seeded(8), 10);
  report('random edits unlike a fresh parse', `${different.length} of ${edits} (200 files)`, '0', different.length === 0);
  show(different);
}

if (wants('damage')) {
  const small = subsystemFiles.filter((file) => statSync(file).size < 150_000);
  const sum = { edits: 0, kept: 0, others: 0, undamaged: 0, characters: 0 };
  for (const state of damageOf(parser, choose(small, 150, seeded(11)), seeded(12))) {
    const kept = percent(state.kept, state.others || 1);
    const undamaged = percent(state.undamaged, state.characters || 1);
    const shares = `${kept.toFixed(2)} % of the others, ${undamaged.toFixed(2)} % of itself`;
    console.log(`    ${state.name.padEnd(40)} ${shares} (${state.edits})`);
    for (const key of Object.keys(sum)) sum[key] += state[key];
  }
  const kept = percent(sum.kept, sum.others);
  const undamaged = percent(sum.undamaged, sum.characters);
  report('half-typed code: other functions kept', `${kept.toFixed(2)} % (${sum.edits} edits)`, '≥ 98 %', kept >= 98);
  report('half-typed code: edited function not in ERROR', `${undamaged.toFixed(2)} %`, '≥ 95 %', undamaged >= 95);
}

if (wants('size')) {
  const wasm = readFileSync(options.wasm);
  const gzipped = gzipSync(wasm, { level: 9 }).length;
  const figure = `${(wasm.length / 1e6).toFixed(2)} MB, ${Math.round(gzipped / 1000)} KB gzipped`;
  report('size', figure, '2 MB, 200 KB', wasm.length <= 2e6 && gzipped <= 2e5);
}

if (options.errors) writeFileSync(options.errors, `${errors.join('\n')}\n`);
