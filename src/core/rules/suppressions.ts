import type { SyntaxTree } from '../syntax';

/** A comment that allows what a rule reports: on its line, the line before it, or in the file's head for all of the file. */
export interface Suppression {
  rule: string;
  reason: string;
  /** Zero-based line of the comment; -1 if it holds for the whole file. */
  line: number;
  start: number;
  end: number;
}

/** `r4l: allow(rule-id): reason`, with several ids or `*`; the reason is a must. */
const ALLOW = /\br4l:\s*allow\(\s*([\w*-]+(?:\s*,\s*[\w*-]+)*)\s*\)\s*:\s*([^\n]*?\S)\s*(?:\*\/|$)/gm;

/** The comments in a text that allow findings. Comments that give no reason allow nothing. */
export function suppressionsIn(tree: SyntaxTree): Suppression[] {
  const { text } = tree;
  if (!text.includes('r4l:')) return [];
  const head = headEnd(text);
  const found: Suppression[] = [];
  for (const match of text.matchAll(ALLOW)) {
    const start = match.index;
    if (!isInComment(tree, start)) continue;
    for (const rule of match[1]!.split(','))
      found.push({
        rule: rule.trim(),
        reason: match[2]!,
        line: start < head ? -1 : tree.lineAt(start),
        start,
        end: start + match[0].length,
      });
  }
  return found;
}

/** Why a finding of `rule` at offset `start` is allowed; undefined if it is not. */
export function allowed(
  tree: SyntaxTree,
  suppressions: readonly Suppression[],
  rule: string,
  start: number,
): Suppression | undefined {
  if (suppressions.length === 0) return undefined;
  const line = tree.lineAt(start);
  return suppressions.find(
    (suppression) =>
      (suppression.rule === rule || suppression.rule === '*') &&
      (suppression.line === -1 || suppression.line === line || lastLine(tree, suppression) === line - 1),
  );
}

/** The line of the comment, over lines that are blank or have nothing but comments: formatters move code away from them. */
function lastLine(tree: SyntaxTree, { end }: Suppression): number {
  const { text, lineStarts } = tree;
  let line = tree.lineAt(end - 1);
  while (
    line + 1 < lineStarts.length &&
    /^\s*(?:\/\*.*\*\/\s*|\/\/.*|\*.*\*\/\s*|\*\/\s*)?$/.test(
      text.slice(lineStarts[line + 1], (lineStarts[line + 2] ?? text.length + 1) - 1),
    )
  )
    line++;
  return line;
}

/** Where the comments at the start of the file end. */
function headEnd(text: string): number {
  return /^(?:\s*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/))*/.exec(text)![0].length;
}

function isInComment(tree: SyntaxTree, offset: number): boolean {
  const node = tree.nodeAt(offset);
  return tree.text.charCodeAt(tree.starts[node]!) === 0x2f;
}
