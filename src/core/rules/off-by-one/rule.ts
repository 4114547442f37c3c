import { functionAt } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

const rule: Rule = {
  metadata: {
    id: 'off-by-one',
    title: 'Bound that lets one index too many through',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-193',
    why: 'An array of N elements has no element N: a check with > instead of >=, or a loop with <= instead of <, reads or writes behind its end.',
    falsePositives: ['The index is made smaller between the check and its use.'],
    references: ['https://cwe.mitre.org/data/definitions/193.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Indexing a slice checks the bounds; iterators need no index.',
      items: ['kernel::alloc::KVec', 'kernel::num::Bounded'],
    },
  },
  run: ({ tree, model }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const test of tree.nodesOfKind(CKind.binary_expression)) {
      const bound = isCompared(tree, test) && !tree.hasError(test) ? lateBound(tree, test) : undefined;
      const within = bound && functionAt(model, tree.starts[test]!);
      const use = within ? useOf(tree, bound, tree.nexts[within.node]!) : NONE;
      if (!within || use === NONE) continue;
      const { index, array, isConstant } = bound;
      reports.push({
        node: test,
        function: within.name,
        message: `${index} may be ${isConstant ? array : `ARRAY_SIZE(${array})`} after this test: one too many for an index`,
        related: [
          {
            start: tree.starts[use]!,
            end: tree.ends[use]!,
            message: `${isConstant ? 'an array of that many' : array} is indexed with it here`,
          },
        ],
      });
    }
    return reports;
  },
};
export default rule;

/** Whether it compares with the size of an array, or with a constant at the end of a condition: `> ARRAY_SIZE(a)`, `> MAX)`. */
function isCompared(tree: SyntaxTree, test: number): boolean {
  const operator = tree.childByField(test, Field.operator);
  const right = operator === NONE ? NONE : tree.childByField(test, Field.right);
  if (right === NONE) return false;
  const first = tree.text.charCodeAt(tree.starts[right]!);
  if (first < CAPITAL_A || first > CAPITAL_Z) return false;
  COMPARED.lastIndex = tree.starts[operator]!;
  return COMPARED.test(tree.text);
}

const CAPITAL_A = 0x41;
const CAPITAL_Z = 0x5a;
const COMPARED = /(?:>|<=)\s*(?:ARRAY_SIZE\(|[A-Z][A-Z0-9_]{2,}\s*\))/y;

interface Bound {
  index: string;
  /** The array, or the constant that arrays are declared with. */
  array: string;
  isConstant: boolean;
  /** Nodes among which the index may be the number of elements. */
  from: number;
  to: number;
}

/** `if (i > ARRAY_SIZE(a)) return`, `for (; i <= ARRAY_SIZE(a); )`: what the test lets through. */
function lateBound(tree: SyntaxTree, test: number): Bound | undefined {
  const operator = tree.textOf(tree.childByField(test, Field.operator));
  if (operator !== '>' && operator !== '<=') return undefined;
  const right = tree.textOf(tree.childByField(test, Field.right));
  const constant = operator === '>' && /^[A-Z][A-Z0-9_]{2,}$/.test(right) ? right : undefined;
  const array = constant ?? /^ARRAY_SIZE\(\s*(.+?)\s*\)$/s.exec(right)?.[1];
  const index = tree.textOf(tree.childByField(test, Field.left));
  if (array === undefined || !/^[\w.>-]+$/.test(index)) return undefined;
  const parent = tree.parents[test]!;
  if (operator === '<=') {
    if (tree.kinds[parent] !== (CKind.for_statement as number)) return undefined;
    const body = tree.childByField(parent, Field.body);
    return body === NONE ? undefined : { index, array, isConstant: false, from: body, to: tree.nexts[body]! };
  }
  const statement = tree.parents[parent]!;
  if (
    statement === NONE ||
    tree.kinds[statement] !== (CKind.if_statement as number) ||
    tree.childByField(statement, Field.alternative) !== NONE
  )
    return undefined;
  const consequence = tree.childByField(statement, Field.consequence);
  if (consequence === NONE || !/^\{?[^{}]*\b(?:return|goto|continue|break)\b[^{}]*\}?$/.test(tree.textOf(consequence)))
    return undefined;
  return {
    index,
    array,
    isConstant: constant !== undefined,
    from: tree.nexts[statement]!,
    to: tree.nexts[tree.parents[statement]!]!,
  };
}

/** The first use of the index on the array; NONE if the index is set before, or there is none. */
function useOf(tree: SyntaxTree, { index, array, isConstant, from, to }: Bound, end: number): number {
  for (let node = from; node < Math.min(to, end); node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.assignment_expression && tree.hasText(tree.childByField(node, Field.left), index)) return NONE;
    if (kind === CKind.update_expression && tree.hasText(tree.childByField(node, Field.argument), index)) return NONE;
    // Asked once more: the number of elements may be let through for a reason of its own.
    if (kind === CKind.if_statement && speaksOf(tree, tree.childByField(node, Field.condition), index)) return NONE;
    if (kind !== CKind.subscript_expression) continue;
    if (!tree.hasText(tree.childByField(node, Field.index), index)) continue;
    const place = tree.childByField(node, Field.argument);
    if (isConstant ? isDeclaredWith(tree, tree.textOf(place), array) : tree.hasText(place, array)) return node;
  }
  return NONE;
}

/** Whether an expression compares a place with something, or asks for a bit of that number. */
function speaksOf(tree: SyntaxTree, node: number, place: string): boolean {
  for (let at = node; at < tree.nexts[node]!; at++) {
    const kind = tree.kinds[at] as CKind;
    if ((kind === CKind.identifier || kind === CKind.field_expression) && tree.hasText(at, place))
      if (tree.kinds[tree.parents[at]!] === (CKind.binary_expression as number)) return true;
  }
  return false;
}

/** Whether the file declares the last name of a path as an array of `size` elements, and nothing else of that name. */
function isDeclaredWith(tree: SyntaxTree, path: string, size: string): boolean {
  const name = /(\w+)$/.exec(path)?.[1];
  if (name === undefined) return false;
  const sizes = new Set(
    [...tree.text.matchAll(new RegExp(`^[\\t \\w*]*[\\t *]${name}\\s*\\[\\s*([^\\]\\n]*?)\\s*\\]`, 'gm'))].map(([, of]) => of),
  );
  return sizes.size === 1 && sizes.has(size);
}
