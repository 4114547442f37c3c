// Random edits: the incremental parse must equal a fresh one.
import { readFileSync } from 'node:fs';
import { Edit } from 'web-tree-sitter';
import { applyEdit, randomEdit } from '../edits.mjs';
import { walk, withTree } from './parsers.mjs';

/** A hash over every node's type, field and range. */
function fingerprint(tree) {
  let hash = 0;
  walk(tree, (cursor) => {
    for (const part of [cursor.nodeTypeId, cursor.currentFieldId, cursor.startIndex, cursor.endIndex])
      hash = (Math.imul(hash, 31) + part) | 0;
  });
  return hash;
}

/** `editsPerFile` edits of each file, one after the other. @returns {{ edits: number, different: string[] }} */
export function fuzz(parser, files, next, editsPerFile) {
  const different = [];
  let edits = 0;
  for (const file of files) {
    let text = readFileSync(file, 'utf8');
    let tree = parser.parse(text);
    for (let i = 0; i < editsPerFile; i++) {
      const change = applyEdit(text, randomEdit(text, next));
      tree.edit(new Edit(change.edit));
      const reparsed = parser.parse(change.text, tree);
      tree.delete();
      tree = reparsed;
      text = change.text;
      edits++;
      if (fingerprint(tree) !== withTree(parser, text, fingerprint)) different.push(`${file}: edit ${i + 1}`);
    }
    tree.delete();
  }
  return { edits, different };
}
