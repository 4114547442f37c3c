import type { FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { pointsInto, type Outside } from './outside';
import { numberAt, type OutsideNumber } from './reading';
import { elementAt, handedAt, movedAt, placeAt } from './places';
import { plain } from './received';
import { elementsOf, holdsAnyByte, isEnd, isField, roomOf } from './rooms';
import { shown, type OutsideUse } from './use';

/** Copies: source | destination | length; -1 for a destination that makes its own room. Source: include/linux/string.h, skbuff.h. */
const COPIES = new Map<string, readonly [source: number, destination: number, length: number]>([
  ['memcpy', [1, 0, 2]],
  ['memmove', [1, 0, 2]],
  ['memcpy_fromio', [-1, 0, 2]],
  ['kmemdup', [0, -1, 1]],
  ['kmemdup_nul', [0, -1, 1]],
  ['skb_put_data', [1, -1, 2]],
  ['memcpy_toio', [1, -1, 2]],
  ['copy_to_user', [1, -1, 2]],
  ['skb_copy_to_linear_data', [1, -1, 2]],
  ['regmap_raw_write', [2, -1, 3]],
  ['regmap_bulk_write', [2, -1, 3]],
  ['i2c_master_send', [1, -1, 2]],
]);

/** The uses of numbers from outside in a function, in text order. */
export function* usesOf(
  tree: SyntaxTree,
  definition: FunctionDefinition,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): Generator<OutsideUse> {
  const { body } = definition;
  const stop = tree.nexts[body]!;
  for (let node = body; node < stop; node++) {
    let use: OutsideUse | undefined;
    switch (tree.kinds[node] as CKind) {
      case CKind.call_expression:
        use =
          copyAt(tree, definition, node, outside, known) ??
          sizeOfPacket(tree, definition, node, outside, known) ??
          handedAt(tree, node, outside, known);
        break;
      case CKind.subscript_expression:
        use = indexAt(tree, definition, node, outside, known) ?? elementAt(tree, node, outside, known);
        break;
      case CKind.for_statement:
      case CKind.while_statement:
        use = roundsAt(tree, definition, node, outside, known);
        break;
      case CKind.init_declarator:
      case CKind.assignment_expression:
        use = placeAt(tree, body, node, outside, known) ?? movedAt(tree, body, node, outside, known);
        break;
      default:
    }
    if (use) yield use;
  }
}

/** `memcpy(priv->rates, ie + 2, ie[1])`. */
function copyAt(
  tree: SyntaxTree,
  definition: FunctionDefinition,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  const callee = calleeOf(tree, node);
  const copy = COPIES.get(callee);
  if (!copy) return undefined;
  const args = argumentsOf(tree, node);
  const at = args[copy[2]];
  if (at === undefined) return undefined;
  const number = numberAt(tree, at, outside, known);
  if (!number) return undefined;
  const source = copy[0] < 0 ? undefined : args[copy[0]];
  const from = source === undefined ? undefined : pointsInto(tree, source, outside);
  if ((from === 'message' || from === 'firmware') && !(number.isMasked && !number.isWide))
    return {
      node,
      number,
      at,
      message: (name) =>
        `${callee}() reads ${name} bytes at ${shown(tree, source!)}, and nothing compares that number, which was received, with what has arrived`,
    };
  const target = copy[1] < 0 ? undefined : args[copy[1]];
  if (target === undefined || number.isMasked) return undefined;
  // What an element of a frame is copied to is seldom as long as elements can be.
  const size = roomOf(tree, definition, target, outside) || (from === 'element' && isField(tree, target) ? '?' : '');
  if (size === '' || (!number.isWide && holdsAnyByte(size))) return undefined;
  return {
    node,
    number,
    at,
    message: (name) =>
      `${callee}() writes ${name} bytes to ${shown(tree, target)}${size === '?' ? '' : `, an array of ${size}`}, and nothing compares that number, which was received, with the room there`,
  };
}

/** `priv->port[hdr->port]`. */
function indexAt(
  tree: SyntaxTree,
  definition: FunctionDefinition,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  const at = tree.childByField(node, Field.index);
  const array = tree.childByField(node, Field.argument);
  if (at === NONE || array === NONE) return undefined;
  const kind = tree.kinds[at] as CKind;
  if (kind === CKind.number_literal || isEnd(tree, node)) return undefined;
  const number = numberAt(tree, at, outside, known);
  if (!number || number.isMasked || pointsInto(tree, array, outside) !== undefined) return undefined;
  const size = elementsOf(tree, definition, array);
  if (size === '' || (!number.isWide && (holdsAnyByte(size) || (size === '?' && number.field === '')))) return undefined;
  return {
    node,
    number,
    at,
    message: (name) =>
      `${name}, which was received, indexes ${shown(tree, array)}${size === '?' ? '' : `, an array of ${size}`}, and nothing compares it with the number of elements`,
  };
}

/** `for (i = 0; i < hdr->count; i++)` over elements of the message, or of an array. */
function roundsAt(
  tree: SyntaxTree,
  definition: FunctionDefinition,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  let condition = tree.childByField(node, Field.condition);
  if (condition !== NONE && tree.kinds[condition] === (CKind.parenthesized_expression as number))
    condition = tree.children(condition, true)[0] ?? NONE;
  if (condition === NONE || tree.kinds[condition] !== (CKind.binary_expression as number)) return undefined;
  const operator = tree.textOf(tree.childByField(condition, Field.operator));
  if (operator !== '<' && operator !== '<=') return undefined;
  const counter = tree.textOf(tree.childByField(condition, Field.left));
  const at = tree.childByField(condition, Field.right);
  const loop = tree.childByField(node, Field.body);
  if (!/^\w+$/.test(counter) || loop === NONE || at === NONE) return undefined;
  const number = numberAt(tree, at, outside, known);
  if (!number || number.isMasked || isLeftAt(tree, loop, counter)) return undefined;
  for (let inner = loop; inner < tree.nexts[loop]!; inner++) {
    const isSum = tree.kinds[inner] === (CKind.binary_expression as number);
    if (isSum && tree.hasText(tree.childByField(inner, Field.operator), '+') && speaksOf(tree, inner, counter)) {
      const from = pointsInto(tree, inner, outside);
      if (from === 'message' || from === 'firmware')
        return {
          node: at,
          number,
          at,
          message: (name) =>
            `the elements at ${shown(tree, inner)} are gone through up to ${name}, and nothing compares that number, which was received, with how much has arrived`,
        };
    }
    if (tree.kinds[inner] !== (CKind.subscript_expression as number)) continue;
    const index = tree.childByField(inner, Field.index);
    if (index === NONE || !speaksOf(tree, index, counter)) continue;
    const array = tree.childByField(inner, Field.argument);
    const from = pointsInto(tree, array, outside);
    if (from === 'element' || from === 'request') continue;
    if (from !== undefined)
      return {
        node: at,
        number,
        at,
        message: (name) =>
          `${shown(tree, array)}[] is gone through up to ${name}, and nothing compares that number, which was received, with how much has arrived`,
      };
    if (!tree.hasText(index, counter)) continue;
    const size = elementsOf(tree, definition, array);
    // An array that a header declares may be a pointer to as many elements.
    if (size === '' || size === '?' || (!number.isWide && holdsAnyByte(size))) continue;
    return {
      node: at,
      number,
      at,
      message: (name) =>
        `${shown(tree, array)}[], an array of ${size}, is gone through up to ${name}, and nothing compares that number, which was received, with the number of elements`,
    };
  }
  return undefined;
}

/** `if (i >= room) break;` in the body of a loop over i. */
function isLeftAt(tree: SyntaxTree, loop: number, counter: string): boolean {
  for (let node = loop; node < tree.nexts[loop]!; node++) {
    if (tree.kinds[node] !== (CKind.if_statement as number)) continue;
    const condition = tree.textOf(tree.childByField(node, Field.condition));
    const then = tree.childByField(node, Field.consequence);
    if (
      condition.includes(counter) &&
      new RegExp(`(?<![\\w.>])${counter} >=? `).test(condition) &&
      /\b(?:break|return|goto)\b/.test(tree.textOf(then))
    )
      return true;
  }
  return false;
}

function speaksOf(tree: SyntaxTree, node: number, name: string): boolean {
  for (let at = node; at < tree.nexts[node]!; at++)
    if (tree.kinds[at] === (CKind.identifier as number) && tree.hasText(at, name)) return true;
  return false;
}

/** What sets how long a packet is: function | position of the length. Source: include/linux/skbuff.h. */
const LENGTHS = new Map<string, number>([
  ['skb_put', 1],
  ['skb_set_tail_pointer', 1],
]);

/** `skb_put(skb, len)` on a packet that the function has not made for that length. */
function sizeOfPacket(
  tree: SyntaxTree,
  { start, end }: FunctionDefinition,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
): OutsideUse | undefined {
  const callee = calleeOf(tree, node);
  const position = LENGTHS.get(callee);
  if (position === undefined) return undefined;
  const args = argumentsOf(tree, node);
  const at = args[position];
  const packet = args[0] === undefined ? '' : plain(tree.textOf(args[0]));
  if (at === undefined || !/^[\w.>-]+$/.test(packet)) return undefined;
  const number = numberAt(tree, at, outside, known);
  if (!number?.isWide) return undefined;
  const made = new RegExp(`(?<![\\w>.])${packet}\\s*=\\s*\\w*(?:alloc|build)\\w*\\s*\\(`);
  if (made.test(tree.text.slice(start, end))) return undefined;
  return {
    node,
    number,
    at,
    message: (name) =>
      `${callee}() makes ${packet} ${name} bytes long, and nothing compares that number, which was received, with its room`,
  };
}
