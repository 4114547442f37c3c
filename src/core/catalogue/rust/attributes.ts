import { readCfg } from './cfg';

/** What the attributes and documentation comments above an item say. */
export interface Attributes {
  config: string[];
  hidden: boolean;
  noInline: boolean;
  macroExport: boolean;
  aliases: string[];
  /** Compiled for tests only, or in no kernel at all. */
  absent: boolean;
  path: string | null;
  procMacro: string | null;
  vtable: boolean;
  docs: string;
}

export const noAttributes = (): Attributes => ({
  config: [],
  hidden: false,
  noInline: false,
  macroExport: false,
  aliases: [],
  absent: false,
  path: null,
  procMacro: null,
  vtable: false,
  docs: '',
});

/** Adds what the text of one attribute (`#[cfg(CONFIG_PCI)]`) says to `into`. */
export function readAttribute(text: string, into: Attributes): void {
  const name = /^#!?\[\s*([\w:]+)/.exec(text)?.[1];
  switch (name) {
    case 'cfg':
      readCondition(text, into);
      break;
    case 'doc': {
      if (/\bhidden\b/.test(text)) into.hidden = true;
      if (/\bno_inline\b/.test(text)) into.noInline = true;
      for (const match of text.matchAll(/alias\s*(?:=\s*|\()("[^)\]]*")/g))
        for (const alias of match[1]!.matchAll(/"([^"]+)"/g)) into.aliases.push(alias[1]!);
      const doc = /^#!?\[\s*doc\s*=\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
      if (doc !== undefined) into.docs += `${doc}\n`;
      break;
    }
    case 'macro_export':
      into.macroExport = true;
      break;
    case 'kunit_tests':
    case 'test':
      into.absent = true;
      break;
    case 'vtable':
    case 'macros::vtable':
      into.vtable = true;
      break;
    case 'path':
      into.path = /"([^"]+)"/.exec(text)?.[1] ?? null;
      break;
    case 'proc_macro':
      into.procMacro = 'macro';
      break;
    case 'proc_macro_attribute':
      into.procMacro = 'attribute';
      break;
    case 'proc_macro_derive':
      into.procMacro = `derive ${/\(\s*(\w+)/.exec(text)?.[1] ?? ''}`;
      break;
    default:
  }
}

function readCondition(text: string, into: Attributes): void {
  const { holds, needs } = readCfg(/\(([\s\S]*)\)/.exec(text)?.[1] ?? '');
  if (holds === false) into.absent = true;
  into.config.push(...needs);
}
