// Does a tree without errors say what the text says? Counting errors alone would reward a grammar that accepts everything.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { walk, withTree } from './parsers.mjs';

const KEYWORDS = new Set(
  (
    'if else for while do switch case default return break continue goto sizeof struct union enum typedef static extern const volatile ' +
    'int char void unsigned signed long short float double inline register'
  ).split(' '),
);

/** Keywords that became identifiers, and characters that no leaf covers, in the files without errors. */
export function unfaithful(parser, files) {
  const keywords = [];
  let uncovered = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    withTree(parser, text, (tree) => {
      if (tree.rootNode.hasError) return;
      let end = 0;
      walk(tree, (cursor) => {
        const { nodeType, startIndex, endIndex } = cursor;
        if (nodeType.endsWith('identifier') && KEYWORDS.has(text.slice(startIndex, endIndex)))
          keywords.push(`${file}:${cursor.startPosition.row + 1}`);
        if (startIndex > end) uncovered += text.slice(end, startIndex).replace(/\\\r?\n|\s/g, '').length;
        if (cursor.currentNode.childCount > 0) {
          if (startIndex > end) end = startIndex;
          return true;
        }
        end = Math.max(end, endIndex);
        return false;
      });
      uncovered += text.slice(end).replace(/\s/g, '').length;
    });
  }
  return { keywords, uncovered };
}

/**
 * Annotations that are in no list: the scanner guessed them. A guess is wrong if no file of the tree defines a macro of that name.
 * @param {Set<string>} macros names that the kernel defines
 */
export function guesses(parser, files, macros) {
  const { plain, withArguments } = createRequire(import.meta.url)(join(root, 'grammars/kernel-c/vocabulary.js'));
  const known = new Set([...plain, ...withArguments]);
  let guessed = 0;
  const wrong = [];
  for (const file of files) {
    withTree(parser, readFileSync(file, 'utf8'), (tree) => {
      for (const node of tree.rootNode.descendantsOfType('annotation')) {
        const name = /^\w+/.exec(node.text)?.[0] ?? '';
        if (known.has(name)) continue;
        guessed++;
        if (!macros.has(name)) wrong.push(`${file}:${node.startPosition.row + 1}: ${name}`);
      }
    });
  }
  return { guessed, wrong };
}

/** The names of all macros that `files` define. */
export function macrosOf(files) {
  const names = new Set();
  for (const file of files)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)/gm)) names.add(name);
  return names;
}
