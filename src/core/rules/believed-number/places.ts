import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { pointsInto, type Outside } from './outside';
import { numberAt, type OutsideNumber } from './reading';
import { assignment } from './received';
import { shown, type OutsideUse } from './use';

/** `parse(dev, buf + offset, length)`. */
export function handedAt(
  tree: SyntaxTree,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  for (const argument of argumentsOf(tree, node)) {
    if (tree.kinds[argument] !== (CKind.binary_expression as number)) continue;
    if (!tree.hasText(tree.childByField(argument, Field.operator), '+')) continue;
    const from = pointsInto(tree, argument, outside);
    if (from !== 'message' && from !== 'firmware') continue;
    const at = tree.childByField(argument, Field.right);
    const number = numberAt(tree, at, outside, known);
    if (!number?.isWide) continue;
    return {
      node,
      number,
      at,
      message: (offset) =>
        `${calleeOf(tree, node)}() is handed what is ${offset} bytes further, and nothing compares that number, which was received, with how much has arrived`,
    };
  }
  return undefined;
}

/** `buf[buf[4] + 1]`. */
export function elementAt(
  tree: SyntaxTree,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  const at = tree.childByField(node, Field.index);
  const array = tree.childByField(node, Field.argument);
  if (at === NONE || array === NONE || tree.kinds[at] === (CKind.number_literal as number)) return undefined;
  const number = numberAt(tree, at, outside, known);
  const from = number && !number.isMasked ? pointsInto(tree, array, outside) : undefined;
  if (from === undefined || from === 'request') return undefined;
  return {
    node,
    number: number!,
    at,
    message: (name) =>
      `${shown(tree, array)} is read at ${name}, and nothing compares that number, which was received, with how much has arrived`,
  };
}

/** `data += hdr->length` in a loop that reads on there. */
export function movedAt(
  tree: SyntaxTree,
  body: number,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  if (tree.kinds[node] !== (CKind.assignment_expression as number)) return undefined;
  if (!tree.hasText(tree.childByField(node, Field.operator), '+=')) return undefined;
  const left = tree.childByField(node, Field.left);
  const from = tree.kinds[left] === (CKind.identifier as number) ? outside.get(tree.textOf(left)) : undefined;
  if (from !== 'message' && from !== 'firmware') return undefined;
  const at = tree.childByField(node, Field.right);
  const number = numberAt(tree, at, outside, known);
  if (!number || (number.isMasked && !number.isWide)) return undefined;
  let loop = tree.parents[node]!;
  while (loop !== body && !LOOPS.has(tree.kinds[loop]!)) loop = tree.parents[loop]!;
  if (loop === body) return undefined;
  const name = tree.textOf(left);
  return {
    node,
    number: { ...number, words: [...number.words, name] },
    at,
    message: (length) =>
      `${name} goes ${length} bytes further in this loop, and nothing compares that number, which was received, with how much has arrived`,
  };
}

const LOOPS: ReadonlySet<number> = new Set<number>([CKind.for_statement, CKind.while_statement, CKind.do_statement]);

/** `hdr = data + offset`, and hdr is followed later. */
export function placeAt(
  tree: SyntaxTree,
  body: number,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  const [left, right] = assignment(tree, node);
  if (left === NONE || right === NONE) return undefined;
  const name = tree.textOf(left).replace(/[\s*]|__\w+/g, '');
  if (!/^\w+$/.test(name)) return undefined;
  let place = right;
  for (;;) {
    const kind = tree.kinds[place] as CKind;
    if (kind === CKind.cast_expression) place = tree.childByField(place, Field.value);
    else if (kind === CKind.parenthesized_expression) place = tree.children(place, true)[0] ?? NONE;
    else break;
    if (place === NONE) return undefined;
  }
  let at: number;
  if (tree.kinds[place] === (CKind.binary_expression as number)) {
    if (!tree.hasText(tree.childByField(place, Field.operator), '+')) return undefined;
    at = tree.childByField(place, Field.right);
  } else if (tree.kinds[place] === (CKind.pointer_expression as number)) {
    const element = tree.childByField(place, Field.argument);
    if (tree.kinds[element] !== (CKind.subscript_expression as number)) return undefined;
    at = tree.childByField(element, Field.index);
  } else return undefined;
  const from = pointsInto(tree, right, outside);
  if (from !== 'message' && from !== 'firmware') return undefined;
  const number = at === NONE ? undefined : numberAt(tree, at, outside, known);
  if (!number || (number.isMasked && !number.isWide)) return undefined;
  if (!new RegExp(`\\b${name}\\s*(?:->|\\[)|\\*\\s*${name}\\b`).test(tree.text.slice(tree.ends[node], tree.ends[body])))
    return undefined;
  return {
    node,
    number,
    at,
    message: (offset) =>
      `${name} is set ${offset} bytes further and followed, and nothing compares that number, which was received, with how much has arrived`,
  };
}
