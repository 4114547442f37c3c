import type { Finding } from '../rules';
import type { SyntaxTree } from '../syntax';
import { textHash } from '../text-hash';

/**
 * A name for each finding of a text that stays the same while lines move: made of the rule, the function and the text of the finding's
 * first line without its spacing, numbered among equals. 16 hexadecimal digits; unique within the file, and meant to be kept beside its path.
 */
export function fingerprintsOf(tree: SyntaxTree, findings: readonly Finding[]): string[] {
  const { text, lineStarts } = tree;
  const seen = new Map<string, number>();
  return findings.map(({ rule, function: name, start }) => {
    const line = tree.lineAt(start);
    const source = text.slice(lineStarts[line], lineStarts[line + 1] ?? text.length).replaceAll(/\s+/g, '');
    const about = `${rule}\n${name}\n${source}`;
    const count = (seen.get(about) ?? 0) + 1;
    seen.set(about, count);
    return textHash(count === 1 ? about : `${about}\n${count}`);
  });
}
