import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyse, docsAbove, hoverAt, hoverItemAt } from '../core';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue, resolveTree, UsageError } from '../node/kernels';
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
  const analysis = analyse(tree, catalogue);
  const offset = tree.offsetAt({ line: Number(line) - 1, column: Number(column) - 1 });
  const own = catalogue.kernel.source === 'tree' ? await resolveTree(kernel, file) : undefined;
  const item = own === undefined ? undefined : hoverItemAt(analysis, offset);
  const docs =
    own !== undefined && item?.file != null && item.line !== null
      ? docsAbove(await readFile(join(own, item.file), 'utf8').catch(() => ''), item.line)
      : undefined;
  const found = hoverAt(analysis, offset, {
    docs: () => docs,
    ...(own !== undefined && {
      treeLink: (path: string, at: number | null) => `${pathToFileURL(join(own, path)).href}${at === null ? '' : `#L${at}`}`,
    }),
  });
  if (found) await write(`${found.markdown}\n`);
}
