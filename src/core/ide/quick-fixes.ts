import type { SyntaxTree } from '../syntax';

/** A text to be put in: before and after the reason, which the user is to write. */
export interface Insertion {
  /** UTF-16 offset. */
  offset: number;
  before: string;
  after: string;
}

/** The comment that allows `rule` at the line of `offset`, on a line of its own before it, indented as the line is. */
export function allowHere(tree: SyntaxTree, rule: string, offset: number): Insertion {
  const { text, lineStarts } = tree;
  const line = tree.lineAt(offset);
  const start = lineStarts[line]!;
  const indentation = /^[\t ]*/.exec(text.slice(start, offset))![0];
  // Within a macro's text each line but the last ends in a backslash.
  const continued = line > 0 && /\\\r?\n$/.test(text.slice(lineStarts[line - 1], start));
  const eol = lineEnd(text);
  return { offset: start, before: `${indentation}/* r4l: allow(${rule}): `, after: ` */${continued ? ' \\' : ''}${eol}` };
}

/** The comment that allows `rule` in the whole file: in its head, after the line with the licence. */
export function allowInFile({ text }: SyntaxTree, rule: string): Insertion {
  const licence = /^\ufeff?(?:\/\/[^\n]*SPDX[^\n]*\n|\/\*[^\n]*SPDX[^\n]*\*\/\s*?\n)/.exec(text)?.[0] ?? '';
  return { offset: licence.length, before: `/* r4l: allow(${rule}): `, after: ` */${lineEnd(text)}` };
}

const lineEnd = (text: string): string => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n');
