import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

/** Allocators whose size is one product-prone argument, by its position. Source: include/linux/slab.h, vmalloc.h, device/devres.h. */
const SIZE_ARGUMENT = new Map([
  ...['kmalloc', 'kzalloc', 'kvmalloc', 'kvzalloc', 'vmalloc', 'vzalloc', 'kmalloc_node', 'kzalloc_node'].map(
    (name) => [name, 0] as const,
  ),
  ...['devm_kmalloc', 'devm_kzalloc'].map((name) => [name, 1] as const),
]);
const ALLOCATORS: ReadonlySet<string> = new Set(SIZE_ARGUMENT.keys());

const rule: Rule = {
  metadata: {
    id: 'allocation-size-overflow',
    title: 'Open-coded product as allocation size',
    kind: 'hazard',
    severity: 'hint',
    confidence: 'medium',
    cwe: 'CWE-190',
    why: 'If the product wraps around, the allocation is smaller than the array that is then written to it.',
    falsePositives: ['The factors are known to be small for reasons outside of the expression.'],
    references: [
      'Documentation/process/deprecated.rst: open-coded arithmetic in allocator arguments',
      'https://cwe.mitre.org/data/definitions/190.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'A vector takes a number of elements, and computes its size with overflow checks.',
      items: ['kernel::alloc::KVec', 'kernel::alloc::KVec::with_capacity'],
    },
  },
  run: ({ tree, calls }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const { name, arguments: args } of calls(ALLOCATORS)) {
      const product = productIn(tree, args[SIZE_ARGUMENT.get(name)!] ?? NONE);
      if (product !== NONE)
        reports.push({
          node: product,
          message: `the size passed to ${name}() is the product ${oneLine(tree.textOf(product))}, which may wrap around`,
        });
    }
    return reports;
  },
};
export default rule;

/** A product with a factor that is no constant, at the top of the size expression or in a sum of it; or `NONE`. */
function productIn(tree: SyntaxTree, node: number): number {
  if (node === NONE) return NONE;
  const kind = tree.kinds[node]! as CKind;
  if (kind === CKind.parenthesized_expression) {
    for (const child of tree.children(node, true)) return productIn(tree, child);
    return NONE;
  }
  if (kind !== CKind.binary_expression) return NONE;
  const left = tree.childByField(node, Field.left);
  const right = tree.childByField(node, Field.right);
  const operator = tree.childByField(node, Field.operator);
  if (tree.hasText(operator, '*')) return isConstant(tree, left) && isConstant(tree, right) ? NONE : node;
  if (!tree.hasText(operator, '+')) return NONE;
  const first = productIn(tree, left);
  return first === NONE ? productIn(tree, right) : first;
}

/** Number literals, sizeof and names in capitals: known to the compiler, as far as the text tells. */
function isConstant(tree: SyntaxTree, node: number): boolean {
  switch (tree.kinds[node]! as CKind) {
    case CKind.number_literal:
    case CKind.sizeof_expression:
      return true;
    case CKind.identifier:
      return /^[A-Z][A-Z0-9_]*$/.test(tree.textOf(node));
    case CKind.parenthesized_expression:
    case CKind.binary_expression:
      return [...tree.children(node, true)].every((child) => isConstant(tree, child));
    default:
      return false;
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
