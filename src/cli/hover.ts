import { analyse, hoverAt } from '../core';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { readSource } from '../node/source-files';
import { write } from './output';

/** `r4l hover FILE:LINE:COL`: the Markdown of the editor's hover; nothing where it shows none. */
export async function hover(place: string, { kernel }: { kernel?: string }, dist: string): Promise<void> {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(place) ?? [];
  if (file === undefined || Number(line) < 1 || Number(column) < 1)
    throw new UsageError(`${place}: FILE:LINE:COL is expected, lines and columns from 1`);
  const source = await readSource(file);
  if ('reason' in source) throw new UsageError(`${file} cannot be read: ${source.reason}`);
  const syntax = await loadSyntax(dist);
  const tree = syntax.parse('c', source.text);
  if (Number(line) > tree.lineStarts.length)
    throw new UsageError(`${file} has ${tree.lineStarts.length} lines, none with the number ${line}`);
  const catalogue = await resolveCatalogue(kernel, file, syntax, dist);
  const found = hoverAt(analyse(tree, catalogue), tree.offsetAt({ line: Number(line) - 1, column: Number(column) - 1 }));
  if (found) await write(`${found.markdown}\n`);
}
