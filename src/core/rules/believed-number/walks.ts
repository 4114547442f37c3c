import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { outsideIn, pointsInto, type Outside } from './outside';
import { numberAt, numbersIn, type OutsideNumber } from './reading';
import { plain } from './received';

/** A walk from element to element that only asks whether anything is left, not whether a whole header is. */
export interface Walk {
  /** The read of the element's header behind its first byte. */
  node: number;
  /** The test of the loop. */
  test: number;
}

const BYTES = /\b(?:void|u8|__u8|uint8_t|unsigned char)\s*\*\s*(?:const\s+)?(\w+)\s*[,)]/g;
/** Elements that user space hands over are well-formed: nl80211 has looked. Source: net/wireless/nl80211.c, validate_ie_attr(). */
const CHECKED = /^ies$/;
const COMPARES = /^(?:[<>]=?|[!=]=)$/;
/** What asks by itself whether there is enough. */
const ASKS = /valid|check|verify|may_pull|overflow|enough|remaining|min|clamp|skb_pull_data|for_each/;

/** The loops of a function that go through elements whose lengths stand in themselves. */
export function* walksOf(tree: SyntaxTree, model: DriverModel, definition: FunctionDefinition): Generator<Walk> {
  const { body, start } = definition;
  const text = tree.text.slice(start, tree.ends[body]);
  if (!/\b(?:while|for|do)\b/.test(text) || !/\+=|skb_pull\s*\(/.test(text)) return;
  const bytes = [...tree.text.slice(start, tree.starts[body]).matchAll(BYTES)]
    .map(([, name]) => name!)
    .filter((name) => !CHECKED.test(name));
  const outside = outsideIn(tree, model, definition, bytes);
  if (!outside || outside.size === 0) return;
  const known = numbersIn(tree, definition, outside);
  const stop = tree.nexts[body]!;
  for (let node = body; node < stop; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind !== CKind.while_statement && kind !== CKind.for_statement && kind !== CKind.do_statement) continue;
    const walk = walkOf(tree, node, outside, known);
    if (walk) yield walk;
  }
}

/** What is left, or where one is, and the packet or the pointer that it is of. */
interface Step {
  names: Set<string>;
  /** The path that is moved on. */
  place: string;
}

function walkOf(tree: SyntaxTree, loop: number, outside: Outside, known: ReadonlyMap<string, OutsideNumber>): Walk | undefined {
  const step = stepOf(tree, loop, outside, known);
  if (!step) return undefined;
  const { names, place } = step;
  let test = NONE;
  for (let node = loop; node < tree.nexts[loop]!; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.call_expression && (ASKS.test(calleeOf(tree, node)) || isPulled(tree, node))) return undefined;
    if (kind !== CKind.binary_expression) continue;
    if (!COMPARES.test(tree.textOf(tree.childByField(node, Field.operator)))) continue;
    if (!speaksOfAny(tree, node, names)) continue;
    if (test !== NONE || !isPlainTest(tree, node, names)) return undefined;
    test = node;
  }
  const condition = conditionOf(tree, loop);
  if (test === NONE && condition !== NONE && names.has(plain(tree.textOf(condition)))) test = condition;
  if (test === NONE) return undefined;
  const read = headerRead(tree, loop, place, outside);
  return read === NONE ? undefined : { node: read, test };
}

/** `if (!skb_pull(skb, sizeof(*h)))`: asks whether there is enough. */
const isPulled = (tree: SyntaxTree, node: number): boolean =>
  calleeOf(tree, node) === 'skb_pull' && tree.kinds[tree.parents[node]!] !== (CKind.expression_statement as number);

function conditionOf(tree: SyntaxTree, loop: number): number {
  const condition = tree.childByField(loop, Field.condition);
  if (condition === NONE || tree.kinds[condition] !== (CKind.parenthesized_expression as number)) return condition;
  return tree.children(condition, true)[0] ?? NONE;
}

/** What the loop moves on by a number that stands in the element itself. */
function stepOf(tree: SyntaxTree, loop: number, outside: Outside, known: ReadonlyMap<string, OutsideNumber>): Step | undefined {
  const names = new Set<string>();
  let place = '';
  for (let node = loop; node < tree.nexts[loop]!; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.call_expression && calleeOf(tree, node) === 'skb_pull') {
      const [packet, by] = argumentsOf(tree, node);
      if (packet === undefined || by === undefined || !numberAt(tree, by, outside, known)) continue;
      place = `${plain(tree.textOf(packet))}->data`;
      names.add(`${plain(tree.textOf(packet))}->len`);
    } else if (kind === CKind.assignment_expression) {
      const operator = tree.textOf(tree.childByField(node, Field.operator));
      if (operator !== '+=' && operator !== '-=') continue;
      const by = tree.childByField(node, Field.right);
      const name = plain(tree.textOf(tree.childByField(node, Field.left)));
      const isRecord = /^sizeof\b/.test(tree.textOf(by)) && /actual_length/.test(tree.textOf(conditionOf(tree, loop)));
      const number = isRecord ? RECORD : numberAt(tree, by, outside, known);
      if (!number || !/^[\w.>-]+$/.test(name)) continue;
      names.add(name);
      if (operator === '+=' && (place === '' || outside.has(name))) place = name;
      for (const word of number.words) if (!word.startsWith('>')) names.add(word);
    }
  }
  return place === '' ? undefined : { names, place };
}

/** Records of one size, of which the device sends as many as it likes, and the last one in part. */
const RECORD = { words: [] as readonly string[] };

function speaksOfAny(tree: SyntaxTree, node: number, names: ReadonlySet<string>): boolean {
  for (let at = node; at < tree.nexts[node]!; at++) {
    const kind = tree.kinds[at] as CKind;
    if (kind !== CKind.identifier && kind !== CKind.field_expression) continue;
    if (names.has(plain(tree.textOf(at)))) return !isInside(tree, at, node);
  }
  return false;
}

/** `p[0] == 5`: the element is looked at, not the place. */
const isInside = (tree: SyntaxTree, at: number, node: number): boolean => {
  for (let up = tree.parents[at]!; up !== node && up !== NONE; up = tree.parents[up]!) {
    const kind = tree.kinds[up] as CKind;
    if (kind === CKind.subscript_expression || kind === CKind.call_expression || kind === CKind.pointer_expression) return true;
  }
  return false;
};

/** `offset < total`, `left > 0`: whether anything is left. */
function isPlainTest(tree: SyntaxTree, node: number, names: ReadonlySet<string>): boolean {
  const left = plain(tree.textOf(tree.childByField(node, Field.left)));
  const right = plain(tree.textOf(tree.childByField(node, Field.right)));
  const operator = tree.textOf(tree.childByField(node, Field.operator));
  if (operator === '==') return false;
  const isPath = (text: string) => /^[A-Za-z_][\w.>-]*(?:\+[a-z_][\w.>-]*)?$/.test(text) && !text.includes('sizeof');
  if (names.has(left)) return right === '0' ? /^(?:>|!=|<=)$/.test(operator) : isPath(right);
  return names.has(right) && isPath(left) && /^[<>]/.test(operator);
}

/** The first read behind the first byte of the element. */
function headerRead(tree: SyntaxTree, loop: number, place: string, outside: Outside): number {
  const structures = new Set<string>();
  const isPlace = (text: string) => text === place;
  for (let node = loop; node < tree.nexts[loop]!; node++) {
    switch (tree.kinds[node] as CKind) {
      case CKind.subscript_expression: {
        if (isAddress(tree, node)) continue;
        const base = plain(tree.textOf(tree.childByField(node, Field.argument)));
        const index = plain(tree.textOf(tree.childByField(node, Field.index)));
        if (isPlace(base) && /^(?:[1-9]\d*|[A-Z][A-Z0-9_]+)$/.test(index)) return node;
        if (outside.has(base) && index.startsWith(`${place}+`)) return node;
        break;
      }
      case CKind.pointer_expression:
        if (plain(tree.textOf(node)).startsWith(`*(${place}+`)) return node;
        break;
      case CKind.call_expression:
        if (argumentsOf(tree, node).some((argument) => structures.has(tree.textOf(argument)))) return node;
        if (/^get_unaligned|_to_cpup$/.test(calleeOf(tree, node))) {
          const argument = plain(tree.textOf(argumentsOf(tree, node)[0] ?? node));
          if (isPlace(argument) || argument.startsWith(`${place}+`)) return node;
        }
        break;
      case CKind.assignment_expression:
      case CKind.init_declarator: {
        const isDeclared = tree.kinds[node] === (CKind.init_declarator as number);
        const left = tree.childByField(node, isDeclared ? Field.declarator : Field.left);
        const right = tree.childByField(node, isDeclared ? Field.value : Field.right);
        if (left === NONE || right === NONE) break;
        const value = plain(tree.textOf(right)).replace(/^[(&]+/, '');
        const isThere =
          isPlace(value.replace(/\)+$/, '')) ||
          (value.includes(place) && new RegExp(`^[\\w.>-]+(?:\\+|\\[)${place.replace(/\W/g, '\\$&')}[\\])]*$`).test(value));
        if (isThere && (isPlace(value) || pointsInto(tree, right, outside) !== undefined))
          structures.add(tree.textOf(left).replace(/[\s*]/g, ''));
        break;
      }
      case CKind.field_expression: {
        const base = tree.childByField(node, Field.argument);
        if (
          structures.has(tree.textOf(base)) &&
          tree.hasText(tree.childByField(node, Field.operator), '->') &&
          !isAddress(tree, node)
        )
          return node;
        break;
      }
      default:
    }
  }
  return NONE;
}

const isAddress = (tree: SyntaxTree, node: number): boolean =>
  tree.kinds[tree.parents[node]!] === (CKind.pointer_expression as number) &&
  tree.text.startsWith('&', tree.starts[tree.parents[node]!]);
