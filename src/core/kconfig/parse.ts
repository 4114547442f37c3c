/** A value that a symbol has by itself, `default y if X`, or a symbol that it turns on, `select Y if X`. */
export interface Conditional {
  /** The value's expression, or the symbol's name without `CONFIG_`. */
  what: string;
  /** Expression; '' for always. */
  condition: string;
}

/** A definition of a symbol of Kconfig. */
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
  /** Expressions that must all hold: its own, and those of blocks, menus and choices of this file around it. */
  requires: string[];
  /** Under what the prompt is shown; '' for always. */
  promptIf: string;
  defaults: Conditional[];
  /** What it selects or implies, with the conditions. */
  turnsOn: (Conditional & { implied: boolean })[];
  /** The choice that it is a member of, unique in its file. */
  choice: number | undefined;
  file: string;
  /** One-based line of the definition. */
  line: number;
}

/** One Kconfig file: its symbols, and the files it goes on in (`source`) with the conditions around that line. */
export interface KconfigFile {
  symbols: KconfigSymbol[];
  sources: { path: string; requires: string[] }[];
}

const SYMBOL = /\b[A-Z0-9_]+\b/g;
const NO_SYMBOLS = new Set(['', 'y', 'n', 'm']);

/** An `if`, `menu` or `choice` around what follows. */
interface Block {
  kind: 'if' | 'menu' | 'choice';
  conditions: string[];
  line: number;
}

/** Reads a Kconfig file. Help texts are skipped by their indentation, as Kconfig does. */
export function parseKconfig(file: string, text: string): KconfigFile {
  const symbols: KconfigSymbol[] = [];
  const sources: KconfigFile['sources'] = [];
  const blocks: Block[] = [];
  let current: KconfigSymbol | undefined;
  /** The menu or choice whose own lines these are. */
  let opened: Block | undefined;
  let help: number | undefined;
  const around = (): string[] => blocks.flatMap(({ conditions }) => conditions);
  const open = (kind: Block['kind'], line: number, conditions: string[]): void => {
    opened = { kind, line, conditions };
    blocks.push(opened);
    current = undefined;
  };
  const close = (kind: Block['kind']): void => {
    if (blocks.at(-1)?.kind === kind) blocks.pop();
    current = opened = undefined;
  };
  const lines = text.split(/\r?\n/);
  for (let number = 0; number < lines.length; number++) {
    const start = number;
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
        const ifs = blocks.filter(({ kind }) => kind === 'if').flatMap(({ conditions }) => conditions);
        opened = undefined;
        current = {
          name: `CONFIG_${name}`,
          type: 'other',
          prompt: '',
          depends: [...new Set(ifs.flatMap(symbolsIn))],
          selects: [],
          requires: around(),
          promptIf: '',
          defaults: [],
          turnsOn: [],
          choice: [...blocks].reverse().find(({ kind }) => kind === 'choice')?.line,
          file,
          line: start + 1,
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
        if (word.startsWith('def_')) current.defaults.push(conditional(rest));
        else setPrompt(current, rest);
        break;
      case 'prompt':
        if (current) setPrompt(current, rest);
        break;
      case 'default':
        if (current) current.defaults.push(conditional(rest));
        break;
      case 'depends': {
        const expression = cleaned(rest.replace(/^on\b/, ''));
        if (current) {
          current.requires.push(expression);
          addAll(current.depends, symbolsIn(expression));
        } else opened?.conditions.push(expression);
        break;
      }
      case 'select':
      case 'imply':
        if (!current) break;
        current.turnsOn.push({ ...conditional(rest), implied: word === 'imply' });
        if (word === 'select') addAll(current.selects, symbolsIn(rest.replace(/\bif\b.*$/, '')));
        break;
      case 'help':
      case '---help---':
        help = -1;
        break;
      case 'if':
        open('if', start + 1, [cleaned(rest)]);
        opened = undefined;
        break;
      case 'menu':
      case 'choice':
        open(word, start + 1, []);
        break;
      case 'endif':
        close('if');
        break;
      case 'endmenu':
        close('menu');
        break;
      case 'endchoice':
        close('choice');
        break;
      case 'source':
      case 'osource':
      case 'rsource': {
        const path = /"([^"]+)"/.exec(rest)?.[1];
        if (path !== undefined) sources.push({ path, requires: around() });
        current = opened = undefined;
        break;
      }
      case 'comment':
        current = opened = undefined;
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

/** Without a comment behind it. */
const cleaned = (text: string): string => text.replace(/"[^"]*"|#.*$/g, (part) => (part.startsWith('#') ? '' : part)).trim();

/** `VALUE if CONDITION`. */
function conditional(text: string): Conditional {
  const [, what = '', condition = ''] = /^(.*?)(?:\s+if\b(.*))?$/.exec(cleaned(text)) ?? [];
  return { what: what.trim(), condition: condition.trim() };
}

function setPrompt(symbol: KconfigSymbol, text: string): void {
  const [whole, prompt = ''] = /^"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  if (whole === undefined || symbol.prompt !== '') return;
  symbol.prompt = prompt;
  symbol.promptIf = /^\s*if\b(.*)$/.exec(cleaned(text.slice(whole.length)))?.[1]?.trim() ?? '';
}

const symbolsIn = (text: string): string[] =>
  [...text.replace(/"[^"]*"|#.*$/g, '').matchAll(SYMBOL)]
    .map(([name]) => name)
    .filter((name) => !NO_SYMBOLS.has(name) && !/^\d+$/.test(name))
    .map((name) => `CONFIG_${name}`);

/** Adds to a list what is not in it yet. */
export function addAll(list: string[], more: readonly string[]): void {
  for (const one of more) if (!list.includes(one)) list.push(one);
}
