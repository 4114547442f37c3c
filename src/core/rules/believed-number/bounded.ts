import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { assignment } from './received';

const COMPARES = /^(?:[<>]=?|[!=]=)$/;
const BOUNDS =
  /valid|check|verify|sanit|clamp|(?:^|_)u?(?:min|max)(?:_|\d|$)|bound|range|allowed|supported|may_pull|linearize|_pull|array_index_nospec|overflow|size_(?:add|mul|sub)|find|lookup|get_\w*by|IS_ERR/;

/**
 * Whether anything bounds a number that was received: a comparison in the function that names it or what is made of it, a call that
 * checks, or a comparison of the field elsewhere in the file.
 * @param words names of the number in the function, fields with a `>` before them
 * @param field name of the field that it was read from; '' if there is none
 * @param type name of the structure that the field is part of, '' if that is not known: other functions that know it may check
 * @param use node at which it is used
 * @param pointers names of pointers: what they are made of, comparisons of what they point to do not speak of
 */
export function isBounded(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  words: readonly string[],
  field: string,
  type: string,
  use: number,
  pointers: { has: (name: string) => boolean } = new Set<string>(),
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
    const name = lastName(tree.textOf(left));
    if (!pointers.has(name) && name !== '>len' && speaks(tree.textOf(right), names)) names.add(name);
  }
  names.delete('');
  for (let node = body; node < tree.nexts[body]!; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.binary_expression) {
      if (!COMPARES.test(tree.textOf(tree.childByField(node, Field.operator)))) continue;
      if (!speaks(tree.textOf(node), names) || isRounds(tree, node, names) || isOfZero(tree, node) || isOfRest(tree, node))
        continue;
      if (isOfOne(tree, node, use)) continue;
      return true;
    }
    if (kind === CKind.switch_statement) {
      if (speaks(tree.textOf(tree.childByField(node, Field.condition)), names)) return true;
    } else if (kind === CKind.call_expression) {
      const callee = tree.textOf(tree.childByField(node, Field.function));
      if (callee === 'unlikely' || callee === 'likely') continue;
      // That fewer bytes were there, nobody asks of it.
      if (callee === 'skb_pull' && tree.kinds[tree.parents[node]!] === (CKind.expression_statement as number)) continue;
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
  for (const name of names) if (/[[(*]/.test(name) && text.replace(/\s+/g, '').includes(name)) return true;
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

/** `if (now == number) return 0`: one value is told apart, and all others go on. */
function isOfOne(tree: SyntaxTree, node: number, use: number): boolean {
  if (!tree.hasText(tree.childByField(node, Field.operator), '==')) return false;
  let at = tree.parents[node]!;
  while (tree.kinds[at] === (CKind.parenthesized_expression as number)) at = tree.parents[at]!;
  return (
    tree.kinds[at] === (CKind.if_statement as number) &&
    tree.nexts[at]! <= use &&
    tree.childByField(at, Field.alternative) === NONE &&
    !/^[A-Z]/.test(tree.textOf(tree.childByField(node, Field.right)))
  );
}

/** `(len - 2) % 13 != 0`: says nothing of how much it is. */
const isOfRest = (tree: SyntaxTree, node: number): boolean => {
  const left = tree.childByField(node, Field.left);
  return tree.kinds[left] === (CKind.binary_expression as number) && tree.hasText(tree.childByField(left, Field.operator), '%');
};

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
