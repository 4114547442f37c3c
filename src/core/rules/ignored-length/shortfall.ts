import type { DriverModel } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { calleeOf } from '../guards';
import type { Report } from '../model';

/** Lengths that somebody else decides, without a sign. Source: include/linux/usb.h, struct urb; include/linux/firmware.h, struct firmware. */
const LENGTH = /^(\w+(?:->\w+)*)->(actual_length|size)$/;
/** What takes a number of bytes. */
const TAKES =
  /^(?:memcpy|memmove|kmemdup|skb_put|skb_put_data|skb_pull|tty_insert_flip_string\w*|crc\w+|k[mz]alloc|v[mz]?alloc|netdev_alloc_skb\w*|dev_alloc_skb)$/;

/** `urb->actual_length - 4` as a number of bytes, where nothing says that there are four: it wraps around. */
export function* shortfalls(tree: SyntaxTree, model: DriverModel): Generator<Report> {
  if (!/->actual_length\b|struct\s+firmware\b/.test(tree.text)) return;
  for (const { name, start, end, body, node: whole, isStatic } of model.functions) {
    const text = tree.text.slice(start, end);
    if (!/->(?:actual_length|size)\s*[-;]/.test(text) || tree.hasError(whole)) continue;
    for (let node = body; node < tree.nexts[body]!; node++) {
      if (tree.kinds[node] !== (CKind.binary_expression as number)) continue;
      if (tree.textOf(tree.childByField(node, Field.operator)) !== '-') continue;
      const left = tree.textOf(tree.childByField(node, Field.left));
      const kept = /^\w+$/.test(left)
        ? new RegExp(`\\b${left}\\s*=\\s*(\\w+(?:->\\w+)*->actual_length)\\s*;`).exec(text)?.[1]
        : undefined;
      const length = LENGTH.exec(kept ?? left);
      if (kept !== undefined && isCompared(text, left)) continue;
      const less = tree.textOf(tree.childByField(node, Field.right));
      if (!length || !/^(?:[1-9]\d*|0x[\da-f]+|[A-Z][A-Z0-9_]+|sizeof.*)$/is.test(less)) continue;
      const [path, owner, field] = length as unknown as [string, string, string];
      if (field === 'size' && !new RegExp(`\\bstruct\\s+firmware\\s*\\*+\\s*${owner.replace(/.*->/, '')}\\b`).test(text))
        continue;
      // An image that another file hands over, that file may have looked at.
      if (!isStatic && field === 'size' && new RegExp(`\\b${owner}\\b`).test(tree.text.slice(start, tree.starts[body]))) continue;
      const comparison = comparisonOf(tree, node);
      const user = comparison === NONE ? userOf(tree, node, body) : '';
      if (user === '' && (comparison === NONE || kept !== undefined || /^[a-z](?!izeof)/.test(less))) continue;
      // A comparison with the difference is no question for the length: it is what goes wrong.
      const rest =
        comparison === NONE ? text : text.replaceAll(tree.textOf(comparison), '').replace(/\b(?:if|while)\s*\(\s*\)/g, ';');
      // That it is not 0 says enough for one byte alone.
      const others = less === '1' ? rest : rest.replace(new RegExp(`!\\s*[\\w>.-]+->${field}\\b`, 'g'), '');
      if (isAsked(kept === undefined ? others : others.replaceAll(`= ${kept};`, ''), field)) continue;
      if (model.functions.some((other) => other.name !== name && isCaller(tree.text.slice(other.start, other.end), name, field)))
        continue;
      const who = field === 'size' ? 'the file decides' : 'the device decides';
      yield {
        node,
        function: name,
        message: `${tree.textOf(node).replace(/\s+/g, ' ')} ${user === '' ? 'bounds this comparison' : `is a number of bytes for ${user}()`}, and nothing asks whether ${path} is less: ${who}, and the difference wraps around`,
      };
    }
  }
}

/** The comparison by size that the difference is a side of; NONE if it is in none. */
function comparisonOf(tree: SyntaxTree, node: number): number {
  let at = tree.parents[node]!;
  while (tree.kinds[at] === (CKind.parenthesized_expression as number)) at = tree.parents[at]!;
  if (tree.kinds[at] !== (CKind.binary_expression as number)) return NONE;
  return /^[<>]=?$/.test(tree.textOf(tree.childByField(at, Field.operator))) ? at : NONE;
}

/** The call that takes the difference as a number of bytes, by itself or as a variable; '' if none does. */
function userOf(tree: SyntaxTree, node: number, body: number): string {
  let at = tree.parents[node]!;
  while (tree.kinds[at] === (CKind.parenthesized_expression as number)) at = tree.parents[at]!;
  if (tree.kinds[at] === (CKind.argument_list as number)) {
    const callee = calleeOf(tree, tree.parents[at]!);
    return TAKES.test(callee) ? callee : '';
  }
  const field = tree.kinds[at] === (CKind.init_declarator as number) ? Field.declarator : Field.left;
  if (tree.kinds[at] !== (CKind.init_declarator as number) && tree.kinds[at] !== (CKind.assignment_expression as number))
    return '';
  const holder = tree.childByField(at, field);
  const name = holder === NONE ? '' : tree.textOf(holder);
  if (!/^\w+$/.test(name) || new RegExp(`\\b${name}\\s*(?:[<>]=?|[!=]=)|(?:[<>]=?)\\s*${name}\\b`).test(tree.textOf(body)))
    return '';
  for (let call = at; call < tree.nexts[body]!; call++)
    if (
      tree.kinds[call] === (CKind.call_expression as number) &&
      TAKES.test(calleeOf(tree, call)) &&
      new RegExp(`[,(]\\s*${name}\\s*[,)]`).test(tree.textOf(tree.childByField(call, Field.arguments)))
    )
      return calleeOf(tree, call);
  return '';
}

/** Whether a text compares a variable, or bounds it by a call. */
const isCompared = (text: string, name: string): boolean =>
  new RegExp(
    `\\b${name}\\s*\\)*\\s*(?:[<>]|[!=]=|%)|(?:(?<!-)[<>]=?|[!=]=)\\s*\\(*[^;&|(]*\\b${name}\\b|\\b(?:min|max|clamp)\\w*\\([^;]*\\b${name}\\b|\\b(?:if|switch|while)\\s*\\([^;{]*\\b${name}\\b`,
  ).test(text);

/** Whether a text compares the length, or keeps it to compare it later. */
const isAsked = (text: string, field: string): boolean =>
  new RegExp(
    `->${field}\\b\\s*\\)*\\s*(?:[<>]|[!=]=|&&|\\|\\||%)|(?:[<>]=?|[!=]=)\\s*[^;&|<>]*->${field}\\b|(?:if|switch|while)\\s*\\([^;{]*->${field}\\b|=\\s*[\\w>.-]+->${field}\\s*;`,
  ).test(text);

const isCaller = (text: string, name: string, field: string): boolean =>
  new RegExp(`\\b${name}\\b`).test(text) && isAsked(text, field);
