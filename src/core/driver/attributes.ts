/**
 * Attributes of sysfs and its like. Their macros make functions' names out of an attribute's: `DEVICE_ATTR_RW(x)` means `x_show` and
 * `x_store`. The names are looked for among the file's functions, so no list of macros is needed.
 */
import type { Draft } from './draft';
import { isFunction, type MadeUse } from './expansions';

const READS = ['_show', '_read', '_get'];
const WRITES = ['_store', '_write', '_set'];
const READ_PREFIXES = ['show_', 'get_', 'read_'];
const WRITE_PREFIXES = ['store_', 'set_', 'write_'];

/** Adds to `uses` the functions of the attribute that `macro` declares with `args`. */
export function attributeUses(draft: Draft, macro: string, args: readonly string[], uses: MadeUse[]): void {
  if (/GROUPS/.test(macro)) return;
  const words = args.filter((arg) => /^[A-Za-z_]\w*$/.test(arg));
  // CONFIGFS_ATTR(prefix_, name): the prefix is no name.
  const attribute = words.find((word) => !word.endsWith('_')) ?? words[0];
  if (attribute === undefined) return;
  const mode = /_SHOW_ATTR/.test(macro) ? 'RO' : /_?(RO|WO|RW)(?:_|$)/i.exec(macro.replace(/^.*ATTR/i, '_'))?.[1]?.toUpperCase();
  const suffixes = mode === 'RO' ? READS : mode === 'WO' ? WRITES : [...READS, ...WRITES, '_open', '_start', '_mmap'];
  const prefixes = mode === 'RO' ? READ_PREFIXES : mode === 'WO' ? WRITE_PREFIXES : [...READ_PREFIXES, ...WRITE_PREFIXES];
  const bases = words.flatMap((word, i) =>
    i + 1 < words.length ? [word, word + words[i + 1]!, `${word}_${words[i + 1]!}`] : [word],
  );
  let found = false;
  for (const base of bases)
    for (const made of [...suffixes.map((suffix) => base + suffix), ...prefixes.map((prefix) => prefix + base)])
      if (isFunction(draft, made)) {
        uses.push({ function: made, field: null, shape: 'attribute', name: attribute });
        found = true;
      }
  // Functions that a macro of a header defines: DEVICE_ATTR_RO(x) has its x_show all the same.
  const names = words.filter((word) => /[a-z]/.test(word));
  const prefixed = names.length === 2 && names[0]!.endsWith('_');
  const binary = macro.includes('BIN_');
  const alone = mode !== undefined && names.length === 1 && (args.length === 1 || binary);
  if (found || !/ATTR/.test(macro) || !(prefixed || alone)) return;
  const base = names.join('');
  const add = (suffix: string) => uses.push({ function: base + suffix, field: null, shape: 'attribute', name: attribute });
  if (mode !== 'WO') add(binary ? '_read' : '_show');
  if (mode !== 'RO') add(binary ? '_write' : '_store');
}
