import type { CatalogueData } from './data';
import type { CatalogueEntry } from './model';
import { rawKind } from './raw-names';

/** The name as the catalogue keys it: without `struct`, angle brackets and `include/`. */
export function cleanName(name: string): string {
  if (/^\w+$/.test(name)) return name;
  const bare = name
    .trim()
    .replace(/^(?:struct|union|enum)\s+/, '')
    .replace(/^[<"](.*)[>"]$/, '$1');
  // Of macros with an argument only tables are told apart by it.
  const macro = /^(\w+)\(.*\)$/.exec(bare)?.[1];
  if (macro !== undefined && macro !== 'MODULE_DEVICE_TABLE') return macro;
  return bare.endsWith('.h') ? bare.replace(/^include\//, '').replace(/^uapi\//, '') : bare;
}

/** What a name is: by its shape, else by the caller's hint, else by what is bound. */
export function kindOf(name: string, hint: CatalogueEntry['kind'] | undefined, data: CatalogueData): CatalogueEntry['kind'] {
  if (name.endsWith('.h')) return 'header';
  if (name.includes('.')) return 'field';
  if (hint !== undefined && hint !== 'header' && hint !== 'field') return hint;
  if (/\(/.test(name) || /^[A-Z0-9_]+$/.test(name)) return 'macro';
  return rawKind(data.raw, name, data.rawBit) === 't' ? 'struct' : 'function';
}
