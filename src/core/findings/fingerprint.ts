import type { Finding } from '../rules';
import type { SyntaxTree } from '../syntax';

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
    return hash(count === 1 ? about : `${about}\n${count}`);
  });
}

/** FNV-1a, two lanes of 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): short names, no defence against forgery. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x01000193) ^ (b >>> 15);
  }
  return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
