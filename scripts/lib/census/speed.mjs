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

/** Best of `rounds` for each file and parser, taken in turn, so that other load meets both alike. */
export function speedAgainst(kernel, plain, files, rounds = 3) {
  let bytes = 0;
  let kernelMs = 0;
  let plainMs = 0;
  let worst = { ratio: Infinity, file: '' };
  const parse = (parser, text) => timed(() => parser.parse(text).delete());
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    let best = [Infinity, Infinity];
    for (let round = 0; round < rounds; round++)
      best = [Math.min(best[0], parse(kernel, text)), Math.min(best[1], parse(plain, text))];
    bytes += text.length;
    kernelMs += best[0];
    plainMs += best[1];
    const ratio = best[1] / best[0];
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
