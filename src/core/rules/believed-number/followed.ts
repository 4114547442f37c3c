import type { DriverModel, FunctionDefinition } from '../../driver';
import type { SyntaxTree } from '../../syntax';
import type { Report } from '../model';
import { isBounded } from './bounded';
import { outsideIn } from './outside';
import { numbersIn } from './reading';
import { usesOf } from './uses';
import { walksOf } from './walks';

/** Lengths of headers that the network stack has looked at. */
const IN_STACK = /^(?:ihl|doff|hdrlen)$/;

/** The variables that take the length of an element that was found: `get_ie(frame, ID, &len, limit)`. */
const toldBy = (tree: SyntaxTree, { start, end }: FunctionDefinition): string[] =>
  [...tree.text.slice(start, end).matchAll(/_get_ie\w*\s*\([^;]*&(\w+)/g)].map(([, name]) => name!);

/** A type that no function knows. */
const NO_TYPE = '\0';

/** Numbers from outside, followed through fields, elements and arithmetic. */
export function* followed(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  said: Set<string>,
): Generator<Report> {
  const outside = outsideIn(tree, model, definition);
  let walks = false;
  for (const { node, test } of walksOf(tree, model, definition)) {
    if (walks) break;
    walks = true;
    yield {
      node,
      function: definition.name,
      message: `${tree.textOf(node).replace(/\s+/g, ' ')} is read where the loop has only asked whether anything is left: lengths in the message decide where an element begins, and its header may reach behind the end`,
      related: [{ start: tree.starts[test]!, end: tree.ends[test]!, message: 'this is all that is asked' }],
    };
  }
  if (!outside) return;
  const known = numbersIn(tree, definition, outside);
  for (const { node, number, at, message } of usesOf(tree, definition, outside, known)) {
    const key = number.field || `${definition.name} ${tree.textOf(number.node)}`;
    const text = message('');
    if (walks && number.from !== 'request') continue;
    if (isHanded(tree, definition, number.node) || isSetBefore(tree, definition, number.node, at)) continue;
    if (said.has(key) || said.has(`${definition.name} ${text}`) || number.words.length === 0 || IN_STACK.test(number.field))
      continue;
    const base = /^\W*(\w+)/.exec(tree.textOf(number.node))?.[1] ?? '';
    // What a request names, other functions are asked of by other requests.
    const type = number.from === 'request' ? NO_TYPE : typeOf(tree, definition, base);
    // The function that finds the element has told its length, too.
    const words = number.from === 'element' ? [...number.words, ...toldBy(tree, definition)] : number.words;
    if (isBounded(tree, model, definition, words, number.field, type, at, outside)) continue;
    said.add(key).add(`${definition.name} ${text}`);
    yield {
      node,
      function: definition.name,
      message:
        number.from === 'request'
          ? message(tree.textOf(at).replace(/\s+/g, ' ')).replace('which was received', 'which comes from outside')
          : message(tree.textOf(at).replace(/\s+/g, ' ')),
      related:
        number.node >= at
          ? []
          : [{ start: tree.starts[number.node]!, end: tree.ends[number.node]!, message: 'the number is read here' }],
    };
  }
}

/** `ACME_READ("count", info.count, …)`: a field of a local structure that a macro sets. */
function isHanded(tree: SyntaxTree, { body }: FunctionDefinition, node: number): boolean {
  const path = tree.textOf(node);
  return /^\w+\.[\w.]+$/.test(path) && new RegExp(`\\(\\s*[^()]*,\\s*${path}\\s*,`).test(tree.textOf(body));
}

/** `info.count = ACME_MAX;` before the use: the field no longer holds what has come. */
function isSetBefore(tree: SyntaxTree, { body }: FunctionDefinition, node: number, use: number): boolean {
  const path = tree.textOf(node);
  if (!/^\w+(?:(?:\.|->)\w+)+$/.test(path)) return false;
  const before = tree.text.slice(tree.starts[body], tree.starts[use]);
  return before.includes(`${path} =`) && new RegExp(`(?<![\\w.>])${path} = (?:\\d|[A-Z_]+\\b|min|clamp)`).test(before);
}

/** The structure that a variable points to, by its declaration; '' if it is none. */
export const typeOf = (tree: SyntaxTree, { start, end }: FunctionDefinition, name: string): string =>
  new RegExp(`\\bstruct\\s+(\\w+)\\s*\\*\\s*${name.replace(/[^\w]/g, '.')}\\b`).exec(tree.text.slice(start, end))?.[1] ?? '';
