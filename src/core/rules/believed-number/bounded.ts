import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { assignment } from './received';

const COMPARES = /^(?:[<>]=?|[!=]=)$/;
const BOUNDS =
  /valid|check|verify|sanit|clamp|min|max|bound|range|allowed|supported|may_pull|linearize|_pull|array_index_nospec|overflow|size_(?:add|mul|sub)|find|lookup|get_\w*by|IS_ERR/;

/**
 * Whether anything bounds a number that was received: a comparison in the function that names it or what is made of it, a call that
 * checks, or a comparison of the field elsewhere in the file.
 * @param words names of the number in the function, fields with a `>` before them
 * @param field name of the field that it was read from; '' if there is none
 * @param type name of the structure that the field is part of, '' if that is not known: other functions that know it may check
 * @param use node at which it is used
 */
export function isBounded(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  words: readonly string[],
  field: string,
  type: string,
  use: number,
): boolean {
  const { body } = definition;
  const names = new Set(words);
  // What is made of the number stands for it.
  for (let node = body; node < use; node++) {
    const [left, right] = assignment(tree, node);
    if (left === NONE || right === NONE) {
      if (
        tree.kinds[node] === (CKind.assignment_expression as number) &&
        speaks(tree.textOf(tree.childByField(node, Field.right)), names)
      )
        names.add(lastName(tree.textOf(tree.childByField(node, Field.left))));
      continue;
    }
    if (speaks(tree.textOf(right), names)) names.add(lastName(tree.textOf(left)));
  }
  names.delete('');
  for (let node = body; node < tree.nexts[body]!; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.binary_expression) {
      if (!COMPARES.test(tree.textOf(tree.childByField(node, Field.operator)))) continue;
      if (!speaks(tree.textOf(node), names) || isRounds(tree, node, names) || isOfZero(tree, node)) continue;
      return true;
    }
    if (kind === CKind.switch_statement) {
      if (speaks(tree.textOf(tree.childByField(node, Field.condition)), names)) return true;
    } else if (kind === CKind.call_expression) {
      const callee = tree.textOf(tree.childByField(node, Field.function));
      if (BOUNDS.test(callee) && speaks(tree.textOf(tree.childByField(node, Field.arguments)), names)) return true;
      if (node < use && /valid|verify/.test(callee) && isCondition(tree, node)) return true;
      if (isCondition(tree, node) && speaks(tree.textOf(tree.childByField(node, Field.arguments)), names)) return true;
    }
  }
  if (field === '') return false;
  const compared = new RegExp(
    `\\b${field}\\b[^;,{}&|]{0,40}(?:[^-]>|<|[!=]=)|(?:[^-]>|<|[!=]=)[^;,{}&|]{0,40}\\b${field}\\b|(?:->|\\.)${field}\\s*=[^=]`,
  );
  const made = new RegExp(`(\\w+)\\s*=\\s*[^;={}]*(?:->|\\.)${field}\\b[^;{}]*;`, 'g');
  const read = new RegExp(`(?:->|\\.)${field}\\b`);
  const calls = new RegExp(`\\b${definition.name}\\s*\\(`);
  return model.functions.some((other) => {
    if (other === definition) return false;
    const text = tree.text.slice(other.start, other.end);
    if (calls.test(text) || /valid|verify|check|sanit/.test(other.name)) return read.test(text) || compared.test(text);
    return (type === '' || text.includes(type)) && (compared.test(text) || isMadeAndCompared(text, made));
  });
}

/** Whether what a function makes of the number is compared there: `end = le16_to_cpu(hdr->offset) + size; if (end > room)`. */
const isMadeAndCompared = (text: string, made: RegExp): boolean =>
  [...text.matchAll(made)].some(([, name]) =>
    new RegExp(`(?<![\\w>.])${name!}\\s*(?:>|<)(?![<>])|(?:[^-<>]>|[^<]<)=?\\s*${name!}\\b(?!\\s*;)`).test(text),
  );

/** How a variable or the last field of a path is known: `len`, `>len`. */
function lastName(path: string): string {
  const last = /(->|\.)?(\w+)\W*$/.exec(path);
  return last ? (last[1] ? '>' : '') + last[2]! : '';
}

function speaks(text: string, names: ReadonlySet<string>): boolean {
  const spoken = text.includes('sizeof') ? text.replace(/sizeof\s*\([^()]*\)/g, '') : text;
  for (const [, access, word] of spoken.matchAll(/(->|\.)?\b([A-Za-z_]\w*)/g))
    if (names.has(access ? `>${word!}` : word!)) return true;
  return false;
}

/** `i < number` of a loop, where the number stands alone. */
function isRounds(tree: SyntaxTree, node: number, names: ReadonlySet<string>): boolean {
  const parent = tree.parents[node]!;
  const kind = tree.kinds[parent] as CKind;
  const isLoop =
    kind === CKind.for_statement ||
    (kind === CKind.parenthesized_expression && tree.kinds[tree.parents[parent]!] === (CKind.while_statement as number));
  return isLoop && !speaks(tree.textOf(tree.childByField(node, Field.left)), names);
}

const isOfZero = (tree: SyntaxTree, node: number): boolean =>
  /^\(?(?:0x)?0\)?$|^NULL$/.test(tree.textOf(tree.childByField(node, Field.right)));

/** A call that decides a condition: it may look at what it is handed. */
function isCondition(tree: SyntaxTree, node: number): boolean {
  for (let at = node; at !== NONE; at = tree.parents[at]!) {
    const parent = tree.parents[at]!;
    if (parent === NONE) return false;
    const kind = tree.kinds[parent] as CKind;
    if (kind === CKind.if_statement || kind === CKind.while_statement) return tree.fields[at] === (Field.condition as number);
    if (kind === CKind.expression_statement || kind === CKind.compound_statement || kind === CKind.declaration) return false;
  }
  return false;
}
