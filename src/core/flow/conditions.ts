import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { remembered } from '../remembered';
import { lowerExpression } from './expressions';
import { Known, Op, Test } from './ir';
import { SlotKind } from './paths';
import { byText } from './text-conditions';

/** Calls that are asked for twice in one function and answer the same as long as their argument is not written: `is_foo(x)`. */
const PREDICATE =
  /^static_(?:branch|key)_|(?:^|_)(?:strcmp|strncmp|strcasecmp|memcmp|is|has|have|can|needs?|should|supports?|supported|enabled|present|valid|test_bit|IS)(?:_|$)|^IS_|^Page[A-Z]|^test_bit$/;
const NOT_PREDICATE = /_and_(?:set|clear|test)|^(?:wait|try)|IS_ERR/;

/** Whether a call answers the same if it is asked again; without arguments, unless its name says otherwise. */
export const isPredicate = (b: Builder, name: string, args: number): boolean =>
  isAsking(name) || (args === 0 && isQuiet(name) && !b.apis.has(name));

const isAsking = remembered((name) => !NOT_PREDICATE.test(name) && PREDICATE.test(name));
const isQuiet = remembered((name) => !NOT_PREDICATE.test(name) && !/try|get|next|alloc|pending|poll|read/.test(name));

/** Macros whose value is the truth of their argument. */
export const TRUTHS =
  /^(?:likely|unlikely|WARN_ON(?:_ONCE)?|BUG_ON|WARN|WARN_ONCE|RTE_VERIFY|snd_BUG_ON|READ_ONCE|XE_WARN_ON|__builtin_expect|ASSERT)$/;

/** The same of a subsystem, by its name; a second argument, if there is one, is what is asked. */
const OWN_WARNING = /^(?!KVM_)[A-Z][A-Z0-9_]*_(?:WARN|BUG)_ON(?:_ONCE)?$/;

/** The same with a device before it. */
const SECOND_TRUTH = /^[a-z_0-9]+_WARN(?:_ON)?(?:_ONCE)?$|^(?:i915|XFS|xe_gt)_WARN_ON|_IOCTL_DBG$/;

/** Lowers `node` as a condition: control goes to `yes` or to `no`. */
export function lowerBranch(b: Builder, node: number, yes: number, no: number): void {
  const { tree } = b;
  switch (node === NONE ? CKind.ERROR : (tree.kinds[node] as CKind)) {
    case CKind.parenthesized_expression: {
      const inner = tree.children(node, true);
      if (inner.length === 1 && tree.kinds[inner[0]!] !== (CKind.compound_statement as number)) {
        lowerBranch(b, inner[0]!, yes, no);
        return;
      }
      truth(b, lowerExpression(b, node), node, yes, no);
      return;
    }
    case CKind.unary_expression:
      if (tree.text.charCodeAt(tree.starts[node]!) === 0x21) {
        lowerBranch(b, tree.childByField(node, Field.argument), no, yes);
        return;
      }
      {
        truth(b, lowerExpression(b, node), node, yes, no);
        return;
      }
    case CKind.comma_expression:
      lowerExpression(b, tree.childByField(node, Field.left));
      {
        lowerBranch(b, tree.childByField(node, Field.right), yes, no);
        return;
      }
    case CKind.binary_expression: {
      lowerComparison(b, node, yes, no);
      return;
    }
    case CKind.call_expression: {
      lowerCallCondition(b, node, yes, no);
      return;
    }
    case CKind.number_literal:
    case CKind.true:
    case CKind.false: {
      truth(b, lowerExpression(b, node), node, yes, no);
      return;
    }
    default: {
      truth(b, lowerExpression(b, node), node, yes, no);
      return;
    }
  }
}

function truth(b: Builder, slot: number, node: number, yes: number, no: number): void {
  if (slot === (Known.zero as number)) b.jump(no);
  else if (slot === (Known.positive as number) || slot === (Known.negative as number)) b.jump(yes);
  else branchOn(b, Test.truth, slot, node, yes, no);
}

/** Branches on a slot; a field's outcome is remembered by its text, too. */
function branchOn(b: Builder, test: Test, slot: number, node: number, yes: number, no: number): void {
  let shadow = 0;
  if (b.slots.kinds[slot] === (SlotKind.field as number)) {
    shadow = b.slots.condition(`?${test}${b.slots.textOf(slot)}`, node);
    if (shadow > 0) for (let at = slot; at >= (Known.count as number); at = b.slots.bases[at]!) b.slots.depend(at, shadow);
  }
  b.branch(test, slot, node, yes, no, undefined, shadow);
}

function lowerCallCondition(b: Builder, node: number, yes: number, no: number): void {
  const { tree } = b;
  const name = b.calleeName(node);
  const list = tree.childByField(node, Field.arguments);
  const args = list === NONE ? [] : tree.children(list, true);
  if (args.length > 0) {
    if (name === 'ZERO_OR_NULL_PTR') {
      truth(b, lowerExpression(b, args[0]!), node, no, yes);
      return;
    }
    if (TRUTHS.test(name)) {
      lowerBranch(b, args[0]!, yes, no);
      return;
    }
    if (args.length === 1 && OWN_WARNING.test(name)) {
      lowerBranch(b, args[0]!, yes, no);
      return;
    }
    if (args.length > 1 && (SECOND_TRUTH.test(name) || (args.length === 2 && OWN_WARNING.test(name)))) {
      lowerExpression(b, args[0]!);
      lowerBranch(b, args[1]!, yes, no);
      return;
    }
    if (name === 'IS_ERR' || name === 'IS_ERR_OR_NULL' || name === 'IS_ERR_VALUE' || name === 'IS_ERR_PCPU') {
      const slot = lowerExpression(b, args[0]!);
      b.branch(name === 'IS_ERR_OR_NULL' ? Test.errorOrNull : Test.error, slot, node, yes, no);
      return;
    }
  }
  if (isPredicate(b, name, args.length)) {
    byText(b, node, yes, no);
    return;
  }
  truth(b, lowerExpression(b, node), node, yes, no);
}

const COMPARES: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function lowerComparison(b: Builder, node: number, yes: number, no: number): void {
  const { tree } = b;
  const operator = tree.textOf(tree.childByField(node, Field.operator));
  const left = tree.childByField(node, Field.left);
  const right = tree.childByField(node, Field.right);
  if (operator === '&&' || operator === '||') {
    const middle = b.newBlock();
    if (operator === '&&') lowerBranch(b, left, middle, no);
    else lowerBranch(b, left, yes, middle);
    b.place(middle);
    lowerBranch(b, right, yes, no);
    return;
  }
  if (!COMPARES.has(operator)) {
    byText(b, node, yes, no);
    return;
  }
  const leftValue = constantOf(b, left);
  const rightValue = constantOf(b, right);
  if (leftValue !== Known.unknown && rightValue === Known.unknown) {
    compareWith(b, node, right, mirrored(operator), leftValue, yes, no);
    return;
  }
  if (rightValue !== Known.unknown) {
    compareWith(b, node, left, operator, rightValue, yes, no);
    return;
  }
  byText(b, node, yes, no);
}

/** An operation of two operands, in brackets or not. */
function isBinary({ tree }: Builder, node: number): boolean {
  while (tree.kinds[node] === (CKind.parenthesized_expression as number)) node = tree.children(node, true)[0] ?? NONE;
  return node !== NONE && tree.kinds[node] === (CKind.binary_expression as number);
}

const mirrored = (operator: string): string => operator.replace(/[<>]/, (sign) => (sign === '<' ? '>' : '<'));

/** Zero, a negative number, or a positive one; unknown for all else. */
function constantOf(b: Builder, node: number): Known {
  const { tree } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.number_literal:
    case CKind.null:
    case CKind.char_literal:
    case CKind.true:
    case CKind.false:
      return lowerExpression(b, node);
    case CKind.parenthesized_expression:
      for (const child of tree.children(node, true)) return constantOf(b, child);
      return Known.unknown;
    case CKind.unary_expression: {
      const text = tree.textOf(node);
      return /^-(?:\d|E[A-Z0-9]+$)/.test(text) ? Known.negative : Known.unknown;
    }
    case CKind.identifier:
      return tree.hasText(node, 'NULL') ? Known.zero : Known.unknown;
    default:
      return Known.unknown;
  }
}

function compareWith(b: Builder, node: number, operand: number, operator: string, value: Known, yes: number, no: number): void {
  const { tree } = b;
  if (value === Known.zero) {
    // `(flags & MASK) == 0` is `!(flags & MASK)`.
    if ((operator === '==' || operator === '!=') && isBinary(b, operand)) {
      lowerBranch(b, operand, operator === '==' ? no : yes, operator === '==' ? yes : no);
      return;
    }
    const slot = lowerExpression(b, operand);
    if (slot < (Known.count as number)) {
      truth(b, Known.unknown, node, yes, no);
      return;
    }
    switch (operator) {
      case '==': {
        branchOn(b, Test.truth, slot, node, no, yes);
        return;
      }
      case '!=': {
        branchOn(b, Test.truth, slot, node, yes, no);
        return;
      }
      case '<': {
        branchOn(b, Test.negative, slot, node, yes, no);
        return;
      }
      case '>=': {
        branchOn(b, Test.negative, slot, node, no, yes);
        return;
      }
      case '>': {
        branchOn(b, Test.positive, slot, node, yes, no);
        return;
      }
      default: {
        branchOn(b, Test.positive, slot, node, no, yes);
        return;
      }
    }
  }
  if (
    value === Known.positive &&
    (operator === '<' || operator === '>=') &&
    /^1[uUlL]*$/.test(tree.textOf(tree.childByField(node, Field.right)))
  ) {
    const slot = lowerExpression(b, operand);
    b.branch(Test.positive, slot, node, operator === '<' ? no : yes, operator === '<' ? yes : no);
    return;
  }
  // `x == -EPROBE_DEFER` and `x == 3`: by its text; where it holds, the sign is known as well.
  const slot = lowerExpression(b, operand);
  if (
    (operator === '==' || operator === '!=') &&
    slot >= (Known.count as number) &&
    b.slots.kinds[slot] !== (SlotKind.temporary as number)
  ) {
    const holds = b.newBlock();
    if (operator === '==') byText(b, node, holds, no);
    else byText(b, node, yes, holds);
    b.place(holds);
    const impossible = b.newBlock();
    b.branch(value === Known.negative ? Test.negative : Test.positive, slot, node, operator === '==' ? yes : no, impossible);
    b.place(impossible);
    b.stop();
    return;
  }
  if (slot >= (Known.count as number)) b.emit(Op.checked, slot, 0, 0, node);
  byText(b, node, yes, no, true);
}
