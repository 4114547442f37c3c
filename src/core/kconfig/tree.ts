import { addAll, parseKconfig, type KconfigFile, type KconfigSymbol } from './parse';

/** A definition where it counts: of a file that an architecture alone brings in, or of all. */
export interface Definition {
  symbol: KconfigSymbol;
  /** Expressions that must all hold, with those around the `source` lines that lead to its file. */
  requires: string[];
  /** `m68k`; undefined for all. */
  arch: string | undefined;
}

/** All symbols of a tree, by name, and who builds on them. */
export interface KconfigTree {
  /** The definitions of a symbol that all architectures share; several files may add to one. */
  find(name: string): KconfigSymbol | undefined;
  /** The symbols, other than its own variants, that depend on or select `name`; sorted. */
  dependents(name: string): readonly string[];
  /** Every definition of a symbol (by its name without `CONFIG_`), those of architectures too. */
  definitions(name: string): readonly Definition[];
  /** Definitions that select or imply a symbol (by its name without `CONFIG_`), and under what. */
  selectors(name: string): readonly { by: Definition; condition: string }[];
  /** The members of a choice (by their names without `CONFIG_`) of a file. */
  members(file: string, choice: number): readonly string[];
  /** Symbols that an architecture's own Kconfig always sets, `config ARM` with `def_bool y` (by their names without `CONFIG_`). */
  constants(arch: string): readonly string[];
  /** Folders of arch/ that have been read. */
  architectures: readonly string[];
}

/** `CONFIG_X` → `X`. */
export const bare = (name: string): string => name.slice('CONFIG_'.length);

/**
 * Reads the Kconfig files from `root` on, by their `source` lines, and those of each architecture, `arch/A/Kconfig`.
 * @param read text of a file, undefined if there is none
 * @param architectures folders of arch/
 */
export async function readKconfig(
  root: string,
  read: (path: string) => Promise<string | undefined>,
  architectures: readonly string[] = [],
): Promise<KconfigTree> {
  const files = new Map<string, Promise<KconfigFile | undefined>>();
  const parsed = (path: string): Promise<KconfigFile | undefined> => {
    let file = files.get(path);
    if (!file) files.set(path, (file = read(path).then((text) => (text === undefined ? undefined : parseKconfig(path, text)))));
    return file;
  };
  const symbols = new Map<string, KconfigSymbol>();
  const dependents = new Map<string, Set<string>>();
  const definitions = new Map<string, Definition[]>();
  const selectors = new Map<string, { by: Definition; condition: string }[]>();
  const choices = new Map<string, string[]>();
  const constants = new Map<string, string[]>();
  const common = new Set<string>();
  const visit = async (path: string, around: readonly string[], arch: string | undefined, seen: Set<string>): Promise<void> => {
    if (seen.has(path) || common.has(path) || path.includes('$')) return;
    seen.add(path);
    const file = await parsed(path);
    if (!file) return;
    for (const symbol of file.symbols) {
      if (arch === undefined) merge(symbols, dependents, symbol);
      const by: Definition = { symbol, requires: [...around, ...symbol.requires], arch };
      push(definitions, bare(symbol.name), by);
      if (symbol.choice !== undefined) push(choices, `${path}:${symbol.choice}`, bare(symbol.name));
      if (arch !== undefined && isConstant(symbol)) push(constants, arch, bare(symbol.name));
      for (const { what, condition } of symbol.turnsOn) push(selectors, what, { by, condition });
    }
    await Promise.all(file.sources.map(({ path: next, requires }) => visit(next, [...around, ...requires], arch, seen)));
  };
  const all = new Set<string>();
  await visit(root, [], undefined, all);
  for (const path of all) common.add(path);
  await Promise.all(architectures.map((arch) => visit(`arch/${arch}/Kconfig`, [], arch, new Set())));
  return {
    find: (name) => symbols.get(name),
    dependents: (name) => [...(dependents.get(name) ?? [])].sort(),
    definitions: (name) => definitions.get(name) ?? [],
    selectors: (name) => selectors.get(name) ?? [],
    members: (file, choice) => choices.get(`${file}:${choice}`) ?? [],
    constants: (arch) => constants.get(arch) ?? [],
    architectures,
  };
}

const isConstant = ({ prompt, requires, defaults: [first] }: KconfigSymbol): boolean =>
  prompt === '' && requires.length === 0 && first?.what === 'y' && first.condition === '';

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function merge(symbols: Map<string, KconfigSymbol>, dependents: Map<string, Set<string>>, symbol: KconfigSymbol): void {
  const { name } = symbol;
  const known = symbols.get(name);
  if (!known) symbols.set(name, { ...symbol, depends: [...symbol.depends], selects: [...symbol.selects] });
  else {
    if (known.prompt === '') symbols.set(name, { ...symbol, depends: known.depends, selects: known.selects });
    addAll(symbols.get(name)!.depends, symbol.depends);
    addAll(symbols.get(name)!.selects, symbol.selects);
  }
  for (const on of [...symbol.depends, ...symbol.selects]) {
    if (on === name) continue;
    let names = dependents.get(on);
    if (!names) dependents.set(on, (names = new Set()));
    names.add(name);
  }
}
