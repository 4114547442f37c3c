import { readFileSync } from 'node:fs';
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';

/** A parser of kernel C straight on the wasm: the grammar's tests need nothing of src/. */
export async function kernelParser(): Promise<Parser> {
  const wasmBinary = readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm');
  await Parser.init({ wasmBinary, locateFile: (name: string) => name });
  return new Parser().setLanguage(await Language.load(readFileSync('grammars/kernel-c.wasm')));
}

/** Runs `use` on a tree and deletes the tree. */
export function withTree<T>(parser: Parser, text: string, use: (tree: Tree) => T, old?: Tree): T {
  const tree = parser.parse(text, old);
  if (!tree) throw new Error('no tree');
  try {
    return use(tree);
  } finally {
    tree.delete();
  }
}

/** Calls `visit` for every node in pre-order. */
export function walk(tree: Tree, visit: (cursor: TreeCursor) => void): void {
  const cursor = tree.walk();
  try {
    for (;;) {
      visit(cursor);
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
    }
  } finally {
    cursor.delete();
  }
}

/** Every node's type, field and range, in pre-order: equal for equal trees. */
export function dump(tree: Tree): string {
  const lines: string[] = [];
  walk(tree, (cursor) => {
    lines.push(`${cursor.nodeType} ${cursor.currentFieldName ?? ''} ${cursor.startIndex} ${cursor.endIndex}`);
  });
  return lines.join('\n');
}

/** The ERROR and MISSING nodes as `line: what`, lines from 1. */
export function errorsOf(tree: Tree): string[] {
  const found: string[] = [];
  walk(tree, (cursor) => {
    if (cursor.nodeType === 'ERROR') found.push(`${cursor.startPosition.row + 1}: ERROR`);
    else if (cursor.nodeIsMissing) found.push(`${cursor.startPosition.row + 1}: MISSING ${cursor.nodeType}`);
  });
  return found;
}
