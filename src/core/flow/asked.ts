import { CKind, Field, type SyntaxTree } from '../syntax';
import type { Run } from './run';

/**
 * Whether the pointer in `slot` was handed to a function whose answer decides, between two places of the text:
 * `if (!acme_memory_ok(p)) return`. What the function asks of it is not known, but that it is asked is.
 */
export function isAskedByCall(run: Run, slot: number, after: number, before: number): boolean {
  return run.f.calls.some(
    (call) =>
      call.node > after && call.node < before && !call.api && call.slots.includes(slot) && isInCondition(run.tree, call.node),
  );
}

function isInCondition(tree: SyntaxTree, node: number): boolean {
  for (let at = node; ; at = tree.parents[at]!) {
    const parent = tree.parents[at]!;
    switch (tree.kinds[parent] as CKind) {
      case CKind.parenthesized_expression:
      case CKind.unary_expression:
      case CKind.binary_expression:
        continue;
      case CKind.if_statement:
      case CKind.while_statement:
        return tree.childByField(parent, Field.condition) === at;
      default:
        return false;
    }
  }
}
