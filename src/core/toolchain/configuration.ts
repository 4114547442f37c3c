import type { ValueOf } from '../kconfig';

/** A .config: the values of its symbols, and what it was made for. */
export interface Configuration {
  valueOf: ValueOf;
  /** `x86`, `x86_64`, `arm64`: what `make` had as ARCH; null if the file does not say. */
  arch: string | null;
}

/** Reads a .config. Symbols that are not set, or that cannot be set, are `n`. */
export function parseConfiguration(text: string): Configuration {
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^CONFIG_(\w+)=(.*?)\r?$/gm)) values.set(name!, value!.replace(/^"(.*)"$/, '$1'));
  return {
    valueOf: (name) => values.get(name),
    arch: /^# Linux\/(\S+) .* Kernel Configuration/m.exec(text)?.[1] ?? null,
  };
}

/** SRCARCH for an ARCH, as the Makefile of the tree sets it: `x86_64` → `x86`. */
export function sourceArch(arch: string, makefile: string): string {
  for (const [, name, source] of makefile.matchAll(/^ifeq \(\$\(ARCH\),\s*(\w+)\)\s*\n\s*SRCARCH\s*:=\s*(\w+)/gm))
    if (name === arch) return source!;
  return arch;
}

/** A condition of Kconfig with its place. */
export interface Condition {
  text: string;
  file: string;
  /** One-based. */
  line: number;
}

/** What `config NAME` of a Kconfig file depends on, each line by itself; undefined if the file has no such symbol. */
export function conditionsOf(name: string, file: string, text: string): { prompt: string; depends: Condition[] } | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => new RegExp(`^(?:menu)?config ${name}\\s*$`).test(line));
  if (start < 0) return undefined;
  const depends: Condition[] = [];
  let prompt = '';
  for (let i = start + 1; i < lines.length && /^\s|^$|^#/.test(lines[i]!); i++) {
    const line = i + 1;
    let content = lines[i]!;
    while (content.endsWith('\\') && i + 1 < lines.length) content = content.slice(0, -1) + lines[++i]!;
    const [, word, rest] = /^\s+(\S+)\s*(.*?)\s*$/.exec(content) ?? [];
    if (word === 'help' || word === '---help---') break;
    if (word === 'depends')
      depends.push({
        text: rest!
          .replace(/^on\s+/, '')
          .replace(/\s+#.*$/, '')
          .replace(/\s+/g, ' '),
        file,
        line,
      });
    else if (/^(?:bool|tristate|prompt)$/.test(word ?? '')) prompt ||= /^"([^"]*)"/.exec(rest!)?.[1] ?? '';
  }
  return { prompt, depends };
}

/** The conditions under which a Kconfig file selects a symbol; an empty text is no condition. */
export function selectsOf(name: string, file: string, text: string): Condition[] {
  const select = new RegExp(`^\\s+select ${name}(?:\\s+if\\s+(.*?))?\\s*$`);
  return text.split(/\r?\n/).flatMap((content, index) => {
    const match = select.exec(content);
    return match ? [{ text: match[1] ?? '', file, line: index + 1 }] : [];
  });
}
