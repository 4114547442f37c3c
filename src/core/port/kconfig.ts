/** A symbol of Kconfig, as far as the report speaks of it. */
export interface KconfigSymbol {
  /** `CONFIG_GPIO_ACME`. */
  name: string;
  type: 'bool' | 'tristate' | 'other';
  /** What `make menuconfig` shows; empty if a user cannot choose it. */
  prompt: string;
  /** Symbols that its `depends on` and the `if` blocks around it name, without the folder's menus. */
  depends: string[];
  /** Symbols that it selects. */
  selects: string[];
  file: string;
  /** One-based line of the definition. */
  line: number;
}

/** One Kconfig file: its symbols, and the files it goes on in (`source`). */
export interface KconfigFile {
  symbols: KconfigSymbol[];
  sources: string[];
}

const SYMBOL = /\b[A-Z0-9_]+\b/g;
const NO_SYMBOLS = new Set(['', 'y', 'n', 'm']);

/** Reads a Kconfig file. Help texts are skipped by their indentation, as Kconfig does. */
export function parseKconfig(file: string, text: string): KconfigFile {
  const symbols: KconfigSymbol[] = [];
  const sources: string[] = [];
  const blocks: string[][] = [];
  let current: KconfigSymbol | undefined;
  let help: number | undefined;
  const lines = text.split(/\r?\n/);
  for (let number = 0; number < lines.length; number++) {
    let line = lines[number]!;
    while (line.endsWith('\\') && number + 1 < lines.length) line = line.slice(0, -1) + lines[++number]!;
    if (line.trim() === '') continue;
    const indent = width(/^\s*/.exec(line)![0]);
    if (help !== undefined) {
      if (help < 0) help = indent; // the first line of the text sets its indentation
      if (indent >= help && indent > 0) continue;
      help = undefined;
    }
    const [, word, rest] = /^\s*([\w-]+)\s*(.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) continue;
    switch (word) {
      case 'config':
      case 'menuconfig': {
        const name = /^\w+/.exec(rest)?.[0];
        if (name === undefined) break;
        current = {
          name: `CONFIG_${name}`,
          type: 'other',
          prompt: '',
          depends: [...new Set(blocks.flat())],
          selects: [],
          file,
          line: number + 1,
        };
        symbols.push(current);
        break;
      }
      case 'bool':
      case 'tristate':
      case 'def_bool':
      case 'def_tristate':
        if (!current) break;
        current.type = word.endsWith('bool') ? 'bool' : 'tristate';
        if (!word.startsWith('def_')) current.prompt ||= promptIn(rest);
        break;
      case 'prompt':
        if (current) current.prompt ||= promptIn(rest);
        break;
      case 'depends':
        if (current) addAll(current.depends, symbolsIn(rest.replace(/^on\b/, '')));
        break;
      case 'select':
        if (current) addAll(current.selects, symbolsIn(rest.replace(/\bif\b.*$/, '')));
        break;
      case 'help':
      case '---help---':
        help = -1;
        break;
      case 'if':
        blocks.push(symbolsIn(rest));
        current = undefined;
        break;
      case 'endif':
        blocks.pop();
        current = undefined;
        break;
      case 'source':
      case 'osource':
      case 'rsource': {
        const path = /"([^"]+)"/.exec(rest)?.[1];
        if (path !== undefined) sources.push(path);
        current = undefined;
        break;
      }
      case 'menu':
      case 'endmenu':
      case 'choice':
      case 'endchoice':
      case 'comment':
        current = undefined;
        break;
      default:
    }
  }
  return { symbols, sources };
}

const width = (space: string): number => {
  let columns = 0;
  for (const c of space) columns = c === '\t' ? (columns | 7) + 1 : columns + 1;
  return columns;
};

const promptIn = (text: string): string => /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '';

const symbolsIn = (text: string): string[] =>
  [...text.replace(/"[^"]*"|#.*$/g, '').matchAll(SYMBOL)]
    .map(([name]) => name)
    .filter((name) => !NO_SYMBOLS.has(name) && !/^\d+$/.test(name))
    .map((name) => `CONFIG_${name}`);

function addAll(list: string[], more: readonly string[]): void {
  for (const one of more) if (!list.includes(one)) list.push(one);
}

/** All symbols of a tree, by name, and who builds on them. */
export interface KconfigTree {
  /** The definitions of a symbol; several files may add to one. */
  find(name: string): KconfigSymbol | undefined;
  /** The symbols, other than its own variants, that depend on or select `name`; sorted. */
  dependents(name: string): readonly string[];
}

/**
 * Reads the Kconfig files from `root` on, by their `source` lines. A path with a variable (`arch/$(SRCARCH)/Kconfig`) is left out.
 * @param read text of a file, undefined if there is none
 */
export async function readKconfig(root: string, read: (path: string) => Promise<string | undefined>): Promise<KconfigTree> {
  const symbols = new Map<string, KconfigSymbol>();
  const dependents = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const note = (on: string, name: string): void => {
    let names = dependents.get(on);
    if (!names) dependents.set(on, (names = new Set()));
    names.add(name);
  };
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path) || path.includes('$')) return;
    seen.add(path);
    const text = await read(path);
    if (text === undefined) return;
    const file = parseKconfig(path, text);
    for (const symbol of file.symbols) {
      const known = symbols.get(symbol.name);
      if (!known) symbols.set(symbol.name, symbol);
      else {
        if (known.prompt === '') symbols.set(symbol.name, { ...symbol, depends: known.depends, selects: known.selects });
        addAll(symbols.get(symbol.name)!.depends, symbol.depends);
        addAll(symbols.get(symbol.name)!.selects, symbol.selects);
      }
      for (const on of [...symbol.depends, ...symbol.selects]) if (on !== symbol.name) note(on, symbol.name);
    }
    await Promise.all(file.sources.map(visit));
  };
  await visit(root);
  return {
    find: (name) => symbols.get(name),
    dependents: (name) => [...(dependents.get(name) ?? [])].sort(),
  };
}
