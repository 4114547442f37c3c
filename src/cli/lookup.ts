import { toLookup, type CatalogueEntry } from '../core';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue } from '../node/kernels';
import { write } from './output';
import { entryText } from './text';

/** `r4l lookup NAME…`: the catalogue's entry of each name, in the order given. */
export async function lookup(
  names: string[],
  options: { kind?: CatalogueEntry['kind']; kernel?: string; format: 'text' | 'json' },
  dist: string,
): Promise<void> {
  const catalogue = await resolveCatalogue(options.kernel, process.cwd(), await loadSyntax(dist), dist);
  const entries = names.map((name) => catalogue.lookup(name, options.kind));
  await write(
    options.format === 'json' ? `${JSON.stringify(entries.map(toLookup), undefined, 2)}\n` : entries.map(entryText).join('\n'),
  );
}
