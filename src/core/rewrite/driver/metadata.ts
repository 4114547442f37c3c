import type { CProgram } from '../c/program';
import type { Lines } from '../rust/statements';

/** What the MODULE_ macros of a driver say. */
export interface Metadata {
  name: string;
  authors: string[];
  description: string | null;
  license: string;
  aliases: string[];
  firmware: string[];
  spdx: string;
}

/** Text of a string literal that means the same in C and in Rust: its escapes are those of quotes and backslashes. */
const PLAIN = /^(?:[ !#-[\]-~]|\\["\\])*$/;

/** Letters without their accents: the module macros take ASCII only. */
const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^ -~]/g, '?');

export function metadataOf(program: CProgram): Metadata {
  const texts = (macro: string): string[] =>
    program.calls.flatMap(({ name, args }) =>
      name === macro && args[0]?.k === 'str' && PLAIN.test(ascii(args[0].text)) ? [ascii(args[0].text)] : [],
    );
  const main = program.files[0]!;
  const base = main.path.replace(/^.*[\\/]/, '').replace(/\.[ch]$/, '');
  const spdx = /SPDX-License-Identifier:\s*(.*?)\s*(?:\*\/|\r?\n)/.exec(main.tree.text)?.[1] ?? 'GPL-2.0';
  return {
    name: base.replace(/\W/g, '_'),
    authors: texts('MODULE_AUTHOR'),
    description: texts('MODULE_DESCRIPTION')[0] ?? null,
    license: texts('MODULE_LICENSE')[0] ?? 'GPL',
    aliases: texts('MODULE_ALIAS'),
    firmware: texts('MODULE_FIRMWARE'),
    spdx,
  };
}

/** The fields that all module macros share. */
export function printMetadata(lines: Lines, metadata: Metadata): void {
  const list = (name: string, values: readonly string[]): void => {
    if (values.length === 0) return;
    if (values.length === 1) lines.text.push(`    ${name}: ["${values[0]!}"],`);
    else lines.text.push(`    ${name}: [`, ...values.map((value) => `        "${value}",`), '    ],');
  };
  lines.text.push(`    name: "${metadata.name}",`);
  list('authors', metadata.authors);
  if (metadata.description !== null) lines.text.push(`    description: "${metadata.description}",`);
  lines.text.push(`    license: "${metadata.license}",`);
  list('alias', metadata.aliases);
  list('firmware', metadata.firmware);
}
