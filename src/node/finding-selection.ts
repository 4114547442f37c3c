import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { changedLinesOf, readBaseline, WHOLE_FILE, type Baseline, type LineRanges } from '../core';
import { UsageError } from './kernels';

const run = promisify(execFile);

/** A path as reports and baselines have it: relative to the root, with `/`. */
export const pathIn = (root: string, path: string): string => relative(root, resolve(path)).split(sep).join('/');

/** The baseline that `--baseline` names. */
export async function baselineOf(file: string): Promise<Baseline> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`--baseline ${file}: cannot be read; --write-baseline ${file} makes it`);
  }
  try {
    return readBaseline(text);
  } catch (error) {
    throw new UsageError(`--baseline ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The lines below `root` that differ from the git revision `revision`, by path relative to `root`; files that git does not track count
 * whole.
 * @throws UsageError if there is no git, checkout or revision
 */
export async function changedSince(revision: string, root: string): Promise<Map<string, LineRanges>> {
  const git = async (...args: string[]): Promise<string> => {
    try {
      return (await run('git', ['-C', root, '-c', 'core.quotePath=false', ...args], { maxBuffer: 1 << 30 })).stdout;
    } catch (error) {
      const said = (error as { stderr?: string }).stderr?.trim().split('\n')[0];
      throw new UsageError(`--changed-since ${revision}: ${said || 'git could not be run'}`);
    }
  };
  // The revision is no option, whatever it looks like.
  const diff = await git(
    'diff', '--relative', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/', '--end-of-options', revision, '--',
  ); // prettier-ignore
  const changed = changedLinesOf(diff);
  for (const path of (await git('ls-files', '--others', '--exclude-standard', '-z')).split('\0'))
    if (path !== '') changed.set(path, WHOLE_FILE);
  return changed;
}
