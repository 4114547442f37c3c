import { CKind, Field, NONE, type SyntaxTree } from '../syntax';

/** Prints look at a number and bound nothing. */
const PRINTS =
  /(?:^|_)(?:printk|emerg|alert|crit|err|error|warn|warning|notice|info|dbg|debug|trace|log)\w*$|^print_hex|hex_dump|^trace_|^DBG/i;

/**
 * Whether anything on the way to `node` speaks of what `words` matches: a condition around it, or a statement before it in the
 * blocks around it, up to `body`. Prints do not count, nor do the other cases of a switch.
 */
export function isSpokenOf(tree: SyntaxTree, node: number, body: number, words: RegExp): boolean {
  for (let at = node; at !== body && at !== NONE; at = tree.parents[at]!) {
    const parent = tree.parents[at]!;
    if (parent === NONE) return false;
    const isCase = tree.kinds[at] === (CKind.case_statement as number);
    for (const child of tree.children(parent)) {
      if (child >= at) break;
      if (isCase && tree.kinds[child] === (CKind.case_statement as number)) continue;
      if (mentions(tree, child, words)) return true;
    }
  }
  return false;
}

/** Whether the text of a node, without the prints in it, matches `words`. */
export function mentions(tree: SyntaxTree, node: number, words: RegExp): boolean {
  const text = tree.textOf(node);
  if (!words.test(text)) return false;
  for (let at = node; at < tree.nexts[node]!; at++) {
    const kind = tree.kinds[at] as CKind;
    if (kind === CKind.call_expression && PRINTS.test(tree.textOf(tree.childByField(at, Field.function)))) {
      at = tree.nexts[at]! - 1;
      continue;
    }
    if (kind === CKind.comment || tree.nexts[at] !== at + 1) continue;
    // A field is spoken of with what it is a field of.
    const parent = tree.parents[at]!;
    const whole = tree.kinds[parent] === (CKind.field_expression as number) ? parent : at;
    if (words.test(tree.textOf(whole))) return true;
  }
  return false;
}

/** Names of the parameters of a function definition, in order; '' where one has none. */
export function parameterNames(tree: SyntaxTree, definition: number): string[] {
  let declarator = tree.childByField(definition, Field.declarator);
  while (declarator !== NONE && tree.kinds[declarator] !== (CKind.function_declarator as number))
    declarator = tree.childByField(declarator, Field.declarator);
  const list = declarator === NONE ? NONE : tree.childByField(declarator, Field.parameters);
  if (list === NONE) return [];
  return [...tree.children(list, true)].map((parameter) => {
    let inner = tree.childByField(parameter, Field.declarator);
    while (inner !== NONE && tree.kinds[inner] !== (CKind.identifier as number))
      inner = tree.childByField(inner, Field.declarator);
    return inner === NONE ? '' : tree.textOf(inner);
  });
}

/** The callee's name of a call; '' if it is no plain name. */
export function calleeOf(tree: SyntaxTree, call: number): string {
  const callee = tree.childByField(call, Field.function);
  return callee !== NONE && tree.kinds[callee] === (CKind.identifier as number) ? tree.textOf(callee) : '';
}

/** The argument nodes of a call. */
export function argumentsOf(tree: SyntaxTree, call: number): number[] {
  const list = tree.childByField(call, Field.arguments);
  return list === NONE ? [] : [...tree.children(list, true)];
}

/** The call that begins at an offset of the text of a function; NONE if there is none. */
export function callAt(tree: SyntaxTree, start: number, inside: { body: number }): number {
  for (let node = inside.body; node < tree.nexts[inside.body]!; node++)
    if (tree.starts[node] === start && tree.kinds[node] === (CKind.call_expression as number)) return node;
  return NONE;
}
