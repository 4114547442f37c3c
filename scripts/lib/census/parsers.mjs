// The parsers that the census compares, straight on the wasm.
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { root } from '../root.mjs';

const WASM = {
  kernel: join(root, 'grammars/kernel-c.wasm'),
  plain: join(root, 'node_modules/tree-sitter-c/tree-sitter-c.wasm'),
};

/** @param {'kernel' | 'plain'} grammar kernel C, or tree-sitter-c as it comes */
export async function newParser(grammar, wasm = WASM[grammar]) {
  await Parser.init();
  return new Parser().setLanguage(await Language.load(wasm));
}

/** Runs `use` on the tree of `text` and deletes the tree. */
export function withTree(parser, text, use, old) {
  const tree = parser.parse(text, old);
  try {
    return use(tree);
  } finally {
    tree.delete();
  }
}

/** Calls `visit` for each node in pre-order; where it returns false, not for the node's children. */
export function walk(tree, visit) {
  const cursor = tree.walk();
  try {
    for (;;) {
      if (visit(cursor) !== false && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
    }
  } finally {
    cursor.delete();
  }
}
