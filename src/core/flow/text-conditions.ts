import { CKind, Field } from '../syntax';
import type { Builder } from './builder';
import { TRUTHS, isPredicate } from './conditions';
import { lowerExpression } from './expressions';
import { Known, Op, Test } from './ir';
import { arrowed, dotted } from './paths';
import { ownKeys } from '../own-keys';

const INVERSE: Readonly<Record<string, string>> = ownKeys({ '!=': '==', '>=': '<', '<=': '>' });

/**
 * A condition that is remembered by its text until one of its variables is written: asked again, it has the same outcome.
 * `lowered`: its operands have been evaluated.
 */
export function byText(b: Builder, node: number, yes: number, no: number, lowered = false): void {
  const { tree, slots } = b;
  const operator =
    tree.kinds[node] === (CKind.binary_expression as number) ? tree.textOf(tree.childByField(node, Field.operator)) : '';
  if (!lowered) lowerOperands(b, node, /^[<>]=?$|^[=!]=$/.test(operator));
  let text = tree.textOf(node).replace(/\s+/g, '');
  const inverse = INVERSE[operator];
  if (inverse !== undefined) {
    text =
      tree.textOf(tree.childByField(node, Field.left)).replace(/\s+/g, '') +
      inverse +
      tree.textOf(tree.childByField(node, Field.right)).replace(/\s+/g, '');
    [yes, no] = [no, yes];
  }
  const { isPure, used } = operandsOf(b, node);
  if (!isPure) {
    b.branch(Test.truth, Known.unknown, node, yes, no);
    return;
  }
  const slot = slots.condition(text, node);
  for (const place of used) slots.depend(place, slot);
  slots.operands.set(slot, used);
  b.branch(Test.truth, slot, node, yes, no, operator === '==' || operator === '!=' ? equality(b, node) : undefined);
}

/** The path and the constant that `x == CONSTANT` compares. */
function equality(b: Builder, node: number): readonly [number, number] | undefined {
  const { tree } = b;
  const sides = [tree.childByField(node, Field.left), tree.childByField(node, Field.right)] as const;
  for (const [path, constant] of [sides, [sides[1], sides[0]]] as const) {
    const to = namedConstant(b, constant);
    const from = to === 0 ? 0 : pathOf(b, path);
    if (from >= (Known.count as number)) return [from, to];
  }
  return undefined;
}

/** The slot of a constant by its text, `-EINVAL` and 3 among them; 0 if the node is none. */
export function namedConstant(b: Builder, node: number): number {
  const { tree } = b;
  const kind = tree.kinds[node] as CKind;
  if (kind !== CKind.identifier && kind !== CKind.number_literal && kind !== CKind.unary_expression) return 0;
  const text = kind === CKind.identifier ? tree.nameOf(node) : tree.textOf(node);
  return /^(?:[A-Z][A-Z0-9_]{2,}|[1-9]\d*)$/.test(text) && text !== 'NULL' ? b.slots.constant(text, node) : 0;
}

/** Evaluates the operands of a condition; `bounds`: as a comparison, which bounds the numbers in it. */
function lowerOperands(b: Builder, node: number, bounds: boolean): void {
  const { tree } = b;
  lowerExpression(b, node);
  if (!bounds) return;
  const end = tree.nexts[node]!;
  for (let inner = node + 1; inner < end; inner++) {
    const kind = tree.kinds[inner] as CKind;
    if (kind === CKind.call_expression) {
      inner = tree.nexts[inner]! - 1;
      continue;
    }
    const isPath = kind === CKind.field_expression || kind === CKind.identifier || kind === CKind.subscript_expression;
    if (!isPath) continue;
    const slot = pathOf(b, inner);
    if (slot >= (Known.count as number)) b.emit(Op.checked, slot, 0, 0, node);
    inner = tree.nexts[inner]! - 1;
  }
}

/** The variables in an expression, and whether asking it twice gives the same answer. */
function operandsOf(b: Builder, node: number): { isPure: boolean; used: number[] } {
  const { tree } = b;
  const used: number[] = [];
  const end = tree.nexts[node]!;
  for (let inner = node; inner < end; inner++) {
    switch (tree.kinds[inner] as CKind) {
      case CKind.assignment_expression:
      case CKind.update_expression:
      case CKind.compound_statement:
        return { isPure: false, used };
      case CKind.call_expression: {
        const name = b.calleeName(inner);
        if (
          !isPredicate(b, name, -1) &&
          !(inner === node && isPredicate(b, name, 0)) &&
          !TRUTHS.test(name) &&
          !/^[A-Z_0-9]+$/.test(name) &&
          !/_to_cpup?$/.test(name)
        )
          return { isPure: false, used };
        break;
      }
      case CKind.field_expression:
      case CKind.identifier: {
        if (tree.fields[inner] === (Field.function as number)) break;
        const slot = pathOf(b, inner);
        if (slot >= (Known.count as number)) used.push(slot);
        if (tree.kinds[inner] === (CKind.field_expression as number) && slot >= (Known.count as number))
          inner = tree.nexts[inner]! - 1;
        break;
      }
      default:
    }
  }
  return { isPure: true, used };
}

/** The slot of a path that has been lowered before; emits nothing. */
export function pathOf(b: Builder, node: number): number {
  const { tree, slots } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.identifier:
      return b.slotOfName(tree.nameOf(node), node);
    case CKind.parenthesized_expression:
      for (const child of tree.children(node, true)) return pathOf(b, child);
      return Known.unknown;
    case CKind.field_expression: {
      const base = pathOf(b, tree.childByField(node, Field.argument));
      const isDot = tree.text.charCodeAt(tree.starts[tree.childByField(node, Field.operator)]!) === 0x2e;
      const name = tree.nameOf(tree.childByField(node, Field.field));
      return slots.field(base, isDot ? dotted(name) : arrowed(name), node);
    }
    case CKind.subscript_expression:
      return slots.field(
        pathOf(b, tree.childByField(node, Field.argument)),
        `[${tree.textOf(tree.childByField(node, Field.index))}]`,
        node,
      );
    default:
      return Known.unknown;
  }
}
