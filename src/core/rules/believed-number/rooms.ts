import type { FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { arrayField, arrayOf } from './arrays';
import { pointsInto, type Outside } from './outside';

/** `sta->rates`, where the file does not say what it is. */
export const isField = (tree: SyntaxTree, node: number): boolean =>
  tree.kinds[node] === (CKind.field_expression as number) &&
  arrayField(tree, tree.nameOf(tree.childByField(node, Field.field))) === '?';

/** Whether an array of that size has an element for each value of a byte. */
export const holdsAnyByte = (size: string): boolean =>
  /^(?:0x[1-9a-f][\da-f]{2,}|\d{4,}|[3-9]\d\d|2(?:[6-9]\d|5[5-9])|U8_MAX.*|BIT\(8\)|PAGE_SIZE|SZ_\w+)$/i.test(size);

/**
 * How much room an expression has that is copied to: the declared size of an array; `?` for a field that a header declares; '' for
 * a pointer, which may point to as much as is needed.
 */
export function roomOf(tree: SyntaxTree, definition: FunctionDefinition, target: number, outside: Outside): string {
  let at = target;
  for (;;) {
    const kind = tree.kinds[at] as CKind;
    if (kind === CKind.parenthesized_expression) at = tree.children(at, true)[0] ?? NONE;
    else if (kind === CKind.cast_expression) at = tree.childByField(at, Field.value);
    else if (kind === CKind.binary_expression) at = tree.childByField(at, Field.left);
    else if (kind === CKind.pointer_expression) {
      at = tree.childByField(at, Field.argument);
      if (tree.kinds[at] === (CKind.subscript_expression as number)) at = tree.childByField(at, Field.argument);
    } else break;
    if (at === NONE) return '';
  }
  if (/->block$/.test(tree.textOf(at)) && outside.has(tree.textOf(at))) return 'I2C_SMBUS_BLOCK_MAX + 2';
  if (pointsInto(tree, at, outside) !== undefined) return '';
  const kind = tree.kinds[at] as CKind;
  if (kind !== CKind.identifier && kind !== CKind.field_expression) return '';
  const size =
    kind === CKind.identifier
      ? arrayOf(tree, definition, tree.textOf(at))
      : arrayField(tree, tree.nameOf(tree.childByField(at, Field.field)));
  return size === undefined || size === '?' ? '' : size;
}

/** `end = &buf[size]`: nothing is read there. */
export function isEnd(tree: SyntaxTree, node: number): boolean {
  const parent = tree.parents[node]!;
  return (
    tree.kinds[parent] === (CKind.pointer_expression as number) &&
    tree.text.startsWith('&', tree.starts[parent]) &&
    /^\*?\s*[\w.>-]*(?:end|tail|limit)\s*=/.test(tree.textOf(tree.parents[parent]!))
  );
}

/** The declared size of what is indexed; `?` for a field that a header declares, '' if nothing is known. */
export function elementsOf(tree: SyntaxTree, definition: FunctionDefinition, array: number): string {
  const kind = tree.kinds[array] as CKind;
  if (kind !== CKind.identifier && kind !== CKind.field_expression) return '';
  const isVariable = kind === CKind.identifier;
  const name = isVariable ? tree.textOf(array) : tree.nameOf(tree.childByField(array, Field.field));
  if (/table|map|lut|crc|keycode/i.test(name)) return '';
  if (!isVariable) return arrayField(tree, name) ?? '';
  const size = arrayOf(tree, definition, name);
  if (size !== undefined) return size;
  const text = tree.text.slice(definition.start, definition.end);
  return new RegExp(`[\\s*]${name}\\s*[;=,)]`).test(text) ? '' : '?';
}
