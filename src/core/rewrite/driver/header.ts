import type { Catalogue } from '../../catalogue';
import type { CProgram } from '../c/program';
import { rustSideOf } from '../kernel-api';
import type { Metadata } from './metadata';

export interface Statistics {
  /** Statements in functions that the kernel reaches, and how many of them are translated. */
  statements: number;
  translated: number;
  /** The same over all functions of the files. */
  allStatements: number;
  allTranslated: number;
  functions: number;
}

/** The comment at the top: licence, authors, what this is, and what has kept the rest in C, in the order of need. */
export function headerLines(
  program: CProgram,
  metadata: Metadata,
  catalogue: Catalogue,
  statistics: Statistics,
  missing: readonly string[],
): string[] {
  const lines = [`// SPDX-License-Identifier: ${metadata.spdx}`];
  lines.push(...copyrights(program.files[0]!.tree.text).map((line) => `// ${line}`), '');
  const paths = program.files.filter(({ isHeader }) => !isHeader).map(({ shown }) => `\`${shown}\``);
  if (metadata.description !== null) lines.push(...wrapped(plain(metadata.description)), '//!');
  lines.push(
    ...wrapped(
      `A candidate for Linux ${catalogue.kernel.version}, made from ${paths.join(', ')}: a starting point for a port, not a port.`,
    ),
    '//!',
  );
  const { statements, translated } = statistics;
  const share = statements === 0 ? 100 : Math.round((100 * translated) / statements);
  const rest =
    translated < statements
      ? ' The others stand in comments at their places, so what is here does not yet do what the C driver does.'
      : '';
  lines.push(
    ...wrapped(`${translated} of ${statements} C statements (${share} %) that the kernel can reach are translated.${rest}`),
  );
  const isThere = (name: string): boolean => rustSideOf(name, catalogue) !== undefined;
  const without = missing.filter((name) => !isThere(name));
  const unused = missing.filter(isThere);
  if (without.length > 0)
    lines.push('//!', ...wrapped(`Without a Rust equivalent, in the order in which they are needed: ${listed(without)}.`));
  if (unused.length > 0)
    lines.push('//!', ...wrapped(`With an abstraction that is still to be applied by hand: ${listed(unused)}.`));
  return lines;
}

const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, 40)
    .map((name) => `\`${name}\``)
    .join(', ')}${names.length > 40 ? ` and ${names.length - 40} more` : ''}`;

const plain = (text: string): string => text.replace(/[[\]<>`*_\\]/g, (unit) => (unit === '_' ? '_' : ''));

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '//!';
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > 96 && line !== '//!') {
      lines.push(line);
      line = '//!';
    }
    line += ` ${word}`;
  }
  lines.push(line);
  return lines;
}

function copyrights(text: string): string[] {
  const top = text.slice(0, 3000);
  const found = [...top.matchAll(/^[ \t/*]*((?:\(C\) )?Copyright\b.*?|Authors?:.*?)(?:\s*\*\/)?[ \t]*$/gim)].map((match) =>
    match[1]!.trim(),
  );
  return found.filter((line) => line.length < 90).slice(0, 8);
}
