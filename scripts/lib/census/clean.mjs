// How many files have neither ERROR nor MISSING nodes.
import { readFileSync } from 'node:fs';
import { walk, withTree } from './parsers.mjs';

/** @returns {{ files: number, clean: number, errors: string[] }} errors as `path:line: kind | code` */
export function cleanFiles(parser, files) {
  const errors = [];
  let clean = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    withTree(parser, text, (tree) => {
      if (!tree.rootNode.hasError) clean++;
      else errors.push(...errorsOf(tree, text, file));
    });
  }
  return { files: files.length, clean, errors };
}

function errorsOf(tree, text, file) {
  const lines = text.split('\n');
  const found = [];
  walk(tree, (cursor) => {
    const isError = cursor.nodeType === 'ERROR';
    if (isError || cursor.nodeIsMissing) {
      const { row } = cursor.startPosition;
      const kind = isError ? `ERROR of ${cursor.endIndex - cursor.startIndex}` : `MISSING ${cursor.nodeType}`;
      found.push(
        `${file}:${row + 1}: ${kind} | ${lines
          .slice(row, row + 2)
          .join(' ⏎ ')
          .trim()
          .slice(0, 200)}`,
      );
    }
    return !isError && cursor.currentNode.hasError;
  });
  return found;
}
