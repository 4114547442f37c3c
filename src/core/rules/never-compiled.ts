import { CKind, Field, NONE, type SyntaxTree } from '../syntax';

/** Offsets of a text, UTF-16 units; `end` is exclusive. */
export interface Region {
  start: number;
  end: number;
}

const UNDEFINED = /^[ \t]*#[ \t]*undef[ \t]+(\w+)/gm;

/**
 * What no configuration compiles: `#ifdef X` after the file's own `#undef X`, as long as nothing in it defines X again (C11 6.10.3.5). What
 * `#if 0` leaves out is not in the tree at all.
 */
export function neverCompiled(tree: SyntaxTree): Region[] {
  const { text } = tree;
  if (!text.includes('undef')) return [];
  const spans: { name: string; start: number; end: number }[] = [];
  for (const { 1: name, index } of text.matchAll(UNDEFINED)) {
    const again = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b`, 'gm');
    again.lastIndex = index;
    spans.push({ name: name!, start: index, end: again.exec(text)?.index ?? text.length });
  }
  if (spans.length === 0) return [];
  const regions: Region[] = [];
  for (let node = 0; node < tree.size; node++) {
    if (tree.kinds[node] !== (CKind.preproc_ifdef as number)) continue;
    const start = tree.starts[node]!;
    const name = tree.childByField(node, Field.name);
    if (name === NONE || !/^#[ \t]*ifdef\b/.test(text.slice(start, tree.starts[name]))) continue;
    const word = tree.textOf(name);
    if (!spans.some((span) => span.name === word && span.start < start && start < span.end)) continue;
    const otherwise = tree.childByField(node, Field.alternative);
    regions.push({ start, end: otherwise === NONE ? tree.ends[node]! : tree.starts[otherwise]! });
  }
  return regions;
}
