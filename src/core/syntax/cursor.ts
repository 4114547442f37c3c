import type { Tree } from 'web-tree-sitter';
import type { Grammar } from './grammar';
import { NodeFlag, SyntaxTree } from './tree';

/**
 * The visible nodes of `tree` in pre-order, read through web-tree-sitter's public cursor: slow, but bound to no layout.
 * It is what heap.ts is checked against, and what is used if that check fails.
 */
export function readTreeWithCursor(grammar: Grammar, tree: Tree, text: string): SyntaxTree {
  const kinds: number[] = [];
  const fields: number[] = [];
  const flags: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const parents: number[] = [];
  const nexts: number[] = [];
  const open: number[] = [];
  const cursor = tree.walk();
  try {
    for (;;) {
      const node = kinds.length;
      const current = cursor.currentNode;
      kinds.push(grammar.kindOf[cursor.nodeTypeId]!);
      fields.push(grammar.fieldOf[cursor.currentFieldId] ?? 0);
      flags.push(
        (cursor.nodeIsMissing ? NodeFlag.missing : 0) | (current.hasError || cursor.nodeIsMissing ? NodeFlag.hasError : 0),
      );
      starts.push(cursor.startIndex);
      ends.push(cursor.endIndex);
      parents.push(open.at(-1) ?? -1);
      nexts.push(node + 1);
      if (cursor.gotoFirstChild()) {
        open.push(node);
        continue;
      }
      for (;;) {
        if (cursor.gotoNextSibling()) break;
        const closed = open.pop();
        if (closed === undefined || !cursor.gotoParent())
          return new SyntaxTree(text, kinds.length, {
            kinds: Uint8Array.from(kinds),
            fields: Uint8Array.from(fields),
            flags: Uint8Array.from(flags),
            starts: Uint32Array.from(starts),
            ends: Uint32Array.from(ends),
            parents: Int32Array.from(parents),
            nexts: Uint32Array.from(nexts),
          });
        nexts[closed] = kinds.length;
      }
    }
  } finally {
    cursor.delete();
  }
}
