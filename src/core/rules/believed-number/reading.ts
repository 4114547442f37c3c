import type { FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { placedIn, pointsInto, type Outside, type Sender } from './outside';
import { CONVERTS, assignment, plain } from './received';

/** A number that another side has written. */
export interface OutsideNumber {
  from: Sender;
  /** Where it is read. */
  node: number;
  /** Names that a comparison would speak of, fields with a `>` before them; `data[3]` for what is read by its place. */
  words: readonly string[];
  /** Name of the field, '' if it was read by its place. */
  field: string;
  /** It has more than eight bits. */
  isWide: boolean;
  /** A mask, a shift or a remainder has made it smaller. */
  isMasked: boolean;
}

/** The number from outside that an expression is, or is made of by plain arithmetic; undefined if there is none. */
export function numberAt(
  tree: SyntaxTree,
  node: number,
  outside: Outside,
  known: ReadonlyMap<string, OutsideNumber>,
  depth = 0,
): OutsideNumber | undefined {
  if (node === NONE || depth > 6) return undefined;
  const again = (inner: number) => numberAt(tree, inner, outside, known, depth + 1);
  switch (tree.kinds[node] as CKind) {
    case CKind.parenthesized_expression:
      return again(tree.children(node, true)[0] ?? NONE);
    case CKind.cast_expression: {
      const value = again(tree.childByField(node, Field.value));
      return value && /^\(\s*(?:u8|__u8|uint8_t|unsigned char)\s*\)/.test(tree.textOf(node))
        ? { ...value, isWide: false }
        : value;
    }
    case CKind.assignment_expression:
      return again(tree.childByField(node, Field.right));
    case CKind.identifier:
      return known.get(tree.textOf(node));
    case CKind.binary_expression: {
      const operator = tree.textOf(tree.childByField(node, Field.operator));
      if (!/^(?:[-+*/|&%]|<<|>>)$/.test(operator)) return undefined;
      const left = again(tree.childByField(node, Field.left));
      const right =
        operator === '-' || operator === '/' || operator === '>>' ? undefined : again(tree.childByField(node, Field.right));
      const value = left ?? right;
      if (!value) return undefined;
      // A whole byte of it is any byte.
      if (operator === '&' && /^0xff$/i.test(tree.textOf(tree.childByField(node, Field.right))))
        return { ...value, node, isWide: false };
      const isMasked = value.isMasked || /^(?:[&%]|>>)$/.test(operator);
      const words = left && right ? [...left.words, ...right.words] : value.words;
      return { ...value, words, node, isMasked, isWide: value.isWide || (left !== undefined && right !== undefined) };
    }
    case CKind.field_expression: {
      const path = plain(tree.textOf(node));
      const kept = known.get(path);
      if (kept) return kept;
      const from = placedIn(tree, node, outside);
      if (from === undefined || outside.has(path)) return undefined;
      const field = tree.textOf(tree.childByField(node, Field.field));
      return { from, node, words: [`>${field}`], field, isWide: from === 'request' && !/^b[A-Z]/.test(field), isMasked: false };
    }
    case CKind.subscript_expression: {
      const base = tree.childByField(node, Field.argument);
      const from = pointsInto(tree, base, outside);
      if (from === undefined) return undefined;
      return { from, node, words: [plain(tree.textOf(node))], field: '', isWide: from === 'request', isMasked: false };
    }
    case CKind.pointer_expression: {
      if (!tree.text.startsWith('*', tree.starts[node])) return undefined;
      let inner = tree.childByField(node, Field.argument);
      if (tree.kinds[inner] === (CKind.update_expression as number)) inner = tree.childByField(inner, Field.argument);
      const from = pointsInto(tree, inner, outside);
      const isWide = /\*\s*\(\s*(?:const\s+)?(?:__)?(?:[lb]e|u)(?:16|32)\b/.test(tree.textOf(node));
      return from === undefined
        ? undefined
        : { from, node, words: [plain(tree.textOf(node))], field: '', isWide, isMasked: false };
    }
    case CKind.call_expression: {
      const callee = calleeOf(tree, node);
      const args = argumentsOf(tree, node);
      const last = args[args.length - 1];
      if (last === undefined) return undefined;
      // `(u16)(x >> 16)` reads like a call.
      if (/^\(\s*(?:__)?[ulb]e?\d+\s*\)\s*\(/.test(tree.textOf(node))) return again(last);
      if (callee === 'of_alias_get_id')
        return { from: 'request', node, words: ['of_alias_get_id'], field: '', isWide: true, isMasked: false };
      if (callee === 'FIELD_GET' || /^(?:u\d+|[lb]e\d+)_get_bits$/.test(callee)) {
        const value = again(callee === 'FIELD_GET' ? last : args[0]!);
        return value && { ...value, isMasked: true, isWide: true };
      }
      if (callee === 'rcu_dereference' || !(CONVERTS.test(callee) || /dev\d+_to_cpu$|_to_host$|^READEF\dBYTE$/.test(callee)))
        return undefined;
      let inner = CONVERTS.test(callee) ? args[0]! : last;
      if (tree.kinds[inner] === (CKind.pointer_expression as number) && tree.text.startsWith('&', tree.starts[inner]))
        inner = tree.childByField(inner, Field.argument);
      const value = again(inner);
      if (value) return { ...value, isWide: !/u8|_8/.test(callee) };
      const from = pointsInto(tree, inner, outside);
      return from && { from, node, words: [plain(tree.textOf(node))], field: '', isWide: true, isMasked: false };
    }
    default:
      return undefined;
  }
}

/** What stores a number from outside where an argument points to: position | who says it. */
const ANSWERS = new Map<string, readonly [number, Sender]>([
  ...['of_property_read_u32', 'fwnode_property_read_u32', 'device_property_read_u32'].map(
    (name) => [name, [2, 'request']] as const,
  ),
  ...['kstrtouint', 'kstrtoint', 'kstrtoul', 'kstrtol', 'kstrtou32'].map((name) => [name, [2, 'request']] as const),
  ['rtw_get_ie', [2, 'element']],
  ['r8712_get_ie', [2, 'element']],
]);

/** Variables and fields that hold a number from outside, and nothing else. */
export function numbersIn(
  tree: SyntaxTree,
  { body, start, end }: FunctionDefinition,
  outside: Outside,
): Map<string, OutsideNumber> {
  const known = new Map<string, OutsideNumber>();
  const spoiled = new Set<string>();
  const stop = tree.nexts[body]!;
  for (let node = body; node < stop; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.call_expression) {
      const told = ANSWERS.get(calleeOf(tree, node));
      if (told === undefined) continue;
      const args = argumentsOf(tree, node);
      const target = args[told[0]];
      const name = target === undefined ? '' : plain(tree.textOf(target));
      if (!/^&\w+$/.test(name)) continue;
      known.set(name.slice(1), {
        from: told[1],
        node,
        words: [name.slice(1)],
        field: '',
        isWide: true,
        isMasked: false,
      });
      continue;
    }
    if (kind !== CKind.init_declarator && kind !== CKind.assignment_expression) continue;
    let [left, right] = assignment(tree, node);
    const isPlain = left !== NONE;
    if (!isPlain) {
      if (kind !== CKind.assignment_expression) continue;
      left = tree.childByField(node, Field.left);
      right = tree.childByField(node, Field.right);
    }
    if (right === NONE || tree.ends[left]! - tree.starts[left]! > LONGEST_PATH) continue;
    const path = plain(tree.textOf(left));
    if (!/^[A-Za-z_][\w.>-]*$/.test(path) || outside.has(path)) continue;
    // `cookie &= MASK`, `index %= COUNT`: what is left is small.
    if (!isPlain && /^[&%]=|^>>=/.test(tree.textOf(tree.childByField(node, Field.operator)))) {
      spoiled.add(path);
      continue;
    }
    const value = numberAt(tree, right, outside, known);
    if (!value) {
      if (isPlain && !/^(?:-?\d+|NULL|-?[A-Z][A-Z0-9_]+|false|true|sizeof.*)$/.test(tree.textOf(right))) spoiled.add(path);
      continue;
    }
    if (!isPlain && !/^[+|]=$/.test(tree.textOf(tree.childByField(node, Field.operator)))) continue;
    const last = /(->|\.)?(\w+)$/.exec(path)!;
    const word = (last[1] ? '>' : '') + last[2]!;
    const isByte =
      value.isWide && new RegExp(`\\b(?:__)?u(?:int)?8(?:_t)?\\s[^;(){}]*\\b${path}\\b`).test(tree.text.slice(start, end));
    const before = known.get(path);
    known.set(path, {
      ...value,
      node: before?.node ?? right,
      words: [...new Set([...(before?.words ?? []), ...value.words, word])],
      isWide: value.isWide && !isByte,
    });
  }
  for (const name of spoiled) known.delete(name);
  // The cursor of a macro's loop.
  const text = tree.text.slice(start, end);
  if (text.includes('for_each'))
    for (const [, cursor] of text.matchAll(/\bfor_each_\w+\s*\(\s*(\w+)\s*,/g)) known.delete(cursor!);
  return known;
}

/** Paths of more characters name no number. */
const LONGEST_PATH = 64;
