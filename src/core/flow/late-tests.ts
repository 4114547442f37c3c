import { CKind, type SyntaxTree } from '../syntax';

const STATEMENTS: ReadonlySet<number> = new Set<CKind>([
  CKind.expression_statement,
  CKind.declaration,
  CKind.return_statement,
  CKind.if_statement,
  CKind.while_statement,
  CKind.for_statement,
  CKind.do_statement,
  CKind.switch_statement,
  CKind.compound_statement,
]);

const SIMPLE: ReadonlySet<number> = new Set<CKind>([CKind.expression_statement, CKind.return_statement, CKind.declaration]);

/** Whether a test for NULL is the text's own question: not the expansion of a macro, no assertion, and nothing of a clean-up. */
export function isPlainTest(tree: SyntaxTree, node: number): boolean {
  if (/^(?:WARN|BUG|IS_ERR)/.test(tree.text.slice(tree.starts[node], tree.starts[node]! + 7))) return false;
  for (let at = tree.parents[node]!; at > 0 && !STATEMENTS.has(tree.kinds[at]!); at = tree.parents[at]!)
    if (tree.kinds[at] === (CKind.call_expression as number))
      return !/^(?:\w*ASSERT\w*|(?:\w+_)?BUG_ON)\b/i.test(tree.text.slice(tree.starts[at], tree.ends[at]));
  return true;
}

/** `f(p->name, p ? p->length : 0)`: what is followed beside its own test is the address of an array. */
export function isOneStatement(tree: SyntaxTree, first: number, test: number): boolean {
  let at = test;
  while (at > 0 && !STATEMENTS.has(tree.kinds[at]!)) at = tree.parents[at]!;
  return at > 0 && SIMPLE.has(tree.kinds[at]!) && first > at && tree.starts[first]! < tree.ends[at]!;
}
