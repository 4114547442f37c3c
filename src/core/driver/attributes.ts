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

/** What the name of an attribute's macro says. */
export interface AttributeMacro {
  /** Undefined if the name does not say whether the attribute is read, written or both. */
  mode: 'RO' | 'WO' | 'RW' | undefined;
  /** What its functions' names may end with, or begin with. */
  suffixes: readonly string[];
  prefixes: readonly string[];
  /** ATTRIBUTE_GROUPS(): it names no function. */
  isGroup: boolean;
}

/** Reads the name of an attribute's macro. `Draft.attributeMacro` keeps what is read. */
export function readAttributeMacro(macro: string): AttributeMacro {
  const marked = /_?(RO|WO|RW)(?:_|$)/i.exec(macro.replace(/^.*ATTR/i, '_'))?.[1]?.toUpperCase() as AttributeMacro['mode'];
  const mode = /_SHOW_ATTR/.test(macro) ? 'RO' : marked;
  const both = [...READS, ...WRITES, '_open', '_start', '_mmap'];
  return {
    mode,
    suffixes: mode === 'RO' ? READS : mode === 'WO' ? WRITES : both,
    prefixes: mode === 'RO' ? READ_PREFIXES : mode === 'WO' ? WRITE_PREFIXES : [...READ_PREFIXES, ...WRITE_PREFIXES],
    isGroup: macro.includes('GROUPS'),
  };
}

/** Adds to `uses` the functions of the attribute that `macro` declares with `args`. */
export function attributeUses(draft: Draft, macro: string, args: readonly string[], uses: MadeUse[]): void {
  const { mode, suffixes, prefixes, isGroup } = draft.attributeMacro(macro);
  if (isGroup) return;
  const words = args.filter((arg) => /^[A-Za-z_]\w*$/.test(arg) && /[a-z]/.test(arg));
  // CONFIGFS_ATTR(prefix_, name): the prefix is no name.
  const attribute = words.find((word) => !word.endsWith('_')) ?? words[0];
  // DEVICE_ATTR(name, mode, show, store): the functions are there.
  if (attribute === undefined || (mode === undefined && words.some((word) => isFunction(draft, word)))) return;
  const bases = words.flatMap((word, i) =>
    i + 1 < words.length ? [word, word + words[i + 1]!, `${word}_${words[i + 1]!}`] : [word],
  );
  const before = uses.length;
  const take = (made: string): void => {
    if (isFunction(draft, made)) uses.push({ function: made, field: null, shape: 'attribute', name: attribute });
  };
  for (const base of bases) for (const suffix of suffixes) take(base + suffix);
  // `show_x` is the older habit; a file that has both means the newer.
  if (uses.length === before) for (const base of bases) for (const prefix of prefixes) take(prefix + base);
  // Functions that a macro of a header defines: DEVICE_ATTR_RO(x) has its x_show all the same.
  const prefixed = words.length === 2 && words[0]!.endsWith('_');
  const binary = macro.includes('BIN_');
  const alone = mode !== undefined && words.length === 1 && (args.length === 1 || binary);
  if (uses.length > before || !/ATTR/.test(macro) || !(prefixed || alone)) return;
  const base = words.join('');
  const add = (suffix: string) => uses.push({ function: base + suffix, field: null, shape: 'attribute', name: attribute });
  if (mode !== 'WO') add(binary ? '_read' : '_show');
  if (mode !== 'RO') add(binary ? '_write' : '_store');
}
