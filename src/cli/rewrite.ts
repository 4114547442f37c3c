import { writeFile } from 'node:fs/promises';
import type { RegionLink } from '../core';
import { loadSyntax } from '../node/assets';
import { candidateOf } from '../node/candidate';
import { write } from './output';

/** A link as it is printed: lines are one-based, and the last one is part of the piece. */
const printedLink = ({ file, cStart, cEnd, rustStart, rustEnd, translated }: RegionLink): object => ({
  file,
  line: cStart + 1,
  endLine: cEnd,
  rustLine: rustStart + 1,
  rustEndLine: rustEnd,
  translated,
});

/** Exit status of the contract: there is no candidate. */
const NO_CANDIDATE = 3;

/** `r4l rewrite`: a Rust module for a driver, of one file or of several. */
export async function rewrite(
  paths: string[],
  options: { kernel?: string; output?: string; format: 'rust' | 'json' },
  dist: string,
): Promise<void> {
  const { candidate, files, catalogue } = await candidateOf(paths, options.kernel, await loadSyntax(dist), dist);
  if (candidate.reason !== undefined) {
    const nearest = candidate.nearest.length > 0 ? `; nearest: ${candidate.nearest.join(', ')}` : '';
    process.stderr.write(`r4l: no candidate for ${paths.join(' ')}: ${candidate.reason}${nearest}\n`);
    process.exitCode = NO_CANDIDATE;
    return;
  }
  const text =
    options.format === 'rust'
      ? candidate.text
      : `${JSON.stringify({
          schemaVersion: 1,
          kernel: catalogue.kernel,
          files: files.filter(({ role }) => role !== 'kernel').map(({ path }) => path),
          ...candidate,
          links: candidate.links.map(printedLink),
        })}\n`;
  if (options.output === undefined) await write(text);
  else await writeFile(options.output, text);
}
