import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { lowerBranch } from './conditions';
import { namedConstant } from './text-conditions';
import { Known, Op } from './ir';
import { SlotKind, arrowed, dotted } from './paths';
import { lowerStatement } from './statements';
import { lowerCall } from './call-expressions';

/** Lowers `node` for its value; returns the slot that holds it. */
export function lowerExpression(b: Builder, node: number): number {
  if (node === NONE) return Known.unknown;
  const { tree } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.identifier: {
      const text = tree.nameOf(node);
      if (text === 'NULL' || text === 'false') return Known.zero;
      if (text === 'true') return Known.positive;
      const slot = b.slotOfName(text, node);
      b.touch(slot);
      return slot;
    }
    case CKind.null:
    case CKind.false:
      return Known.zero;
    case CKind.true:
    case CKind.string_literal:
    case CKind.concatenated_string:
      return Known.positive;
    case CKind.number_literal:
      return /^0[xX]?0*[uUlL]*$/.test(tree.textOf(node)) ? Known.zero : Known.positive;
    case CKind.char_literal:
      return tree.hasText(node, "'\\0'") ? Known.zero : Known.positive;
    case CKind.sizeof_expression:
    case CKind.alignof_expression:
    case CKind.offsetof_expression:
      return Known.positive;
    case CKind.parenthesized_expression:
      return lowerParenthesized(b, node);
    case CKind.cast_expression:
      return lowerExpression(b, tree.childByField(node, Field.value));
    case CKind.comma_expression:
      lowerExpression(b, tree.childByField(node, Field.left));
      return lowerExpression(b, tree.childByField(node, Field.right));
    case CKind.field_expression:
    case CKind.subscript_expression:
    case CKind.pointer_expression: {
      const slot = lowerPlace(b, node, true);
      b.touch(slot);
      return slot;
    }
    case CKind.call_expression:
      return lowerCall(b, node);
    case CKind.assignment_expression:
      return lowerAssignment(b, node);
    case CKind.update_expression: {
      const slot = lowerPlace(b, tree.childByField(node, Field.argument), true);
      b.emit(Op.combine, slot, slot, Known.unknown, node);
      return slot;
    }
    case CKind.unary_expression:
      return lowerUnary(b, node);
    case CKind.binary_expression:
      return lowerBinary(b, node);
    case CKind.conditional_expression:
      return lowerConditional(b, node);
    case CKind.compound_statement:
      return lowerStatementExpression(b, node);
    case CKind.initializer_list:
    case CKind.compound_literal_expression:
    case CKind.initializer_pair:
    case CKind.extension_expression: {
      for (const child of tree.children(node, true)) {
        if (!isExpression(tree.kinds[child]!)) continue;
        const slot = lowerExpression(b, child);
        if (slot < (Known.count as number)) continue;
        // What is put into a structure is somebody else's as well, and what its address is put into may be written there.
        if (b.slots.kinds[slot] === (SlotKind.address as number)) b.emit(Op.fresh, b.slots.bases[slot]!, 0, 0, child);
        else b.emit(Op.assign, b.slotOfName('', node), slot, 0, child);
      }
      return Known.unknown;
    }
    case CKind.gnu_asm_expression:
      return lowerAssembly(b, node);
    default:
      return Known.unknown;
  }
}

/** Operands of an asm: any may be written. */
function lowerAssembly(b: Builder, node: number): number {
  const { tree } = b;
  for (let inner = node + 1; inner < tree.nexts[node]!; inner++) {
    if (tree.fields[inner] !== (Field.value as number)) continue;
    const slot = lowerPlace(b, inner, false);
    if (slot >= (Known.count as number)) b.emit(Op.fresh, slot, 0, 0, inner);
    inner = tree.nexts[inner]! - 1;
  }
  return Known.unknown;
}

/** What of a list may be lowered as an expression; names of types and designators may not. */
export function isExpression(kind: number): boolean {
  switch (kind as CKind) {
    case CKind.type_descriptor:
    case CKind.field_designator:
    case CKind.subscript_designator:
    case CKind.type_identifier:
    case CKind.ERROR:
      return false;
    default:
      return true;
  }
}

function lowerParenthesized(b: Builder, node: number): number {
  let slot: number = Known.unknown;
  for (const child of b.tree.children(node, true)) slot = lowerExpression(b, child);
  return slot;
}

/** Lowers the way to a place in memory; `read`: the place itself is accessed, too. Returns its slot. */
export function lowerPlace(b: Builder, node: number, read: boolean): number {
  const { tree, slots } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.parenthesized_expression:
      for (const child of tree.children(node, true)) return lowerPlace(b, child, read);
      return Known.unknown;
    case CKind.field_expression: {
      const argument = tree.childByField(node, Field.argument);
      const name = tree.nameOf(tree.childByField(node, Field.field));
      if (tree.text.charCodeAt(tree.starts[tree.childByField(node, Field.operator)]!) === 0x2e)
        return slots.field(lowerPlace(b, argument, read), dotted(name), node);
      const base = lowerExpression(b, argument);
      if (read && base >= (Known.count as number)) b.emit(Op.dereference, base, 0, 0, node);
      // `(&x)->f` is `x.f`.
      if (slots.kinds[base] === (SlotKind.address as number)) return slots.field(slots.bases[base]!, dotted(name), node);
      return slots.field(base, arrowed(name), node);
    }
    case CKind.subscript_expression: {
      const base = lowerExpression(b, tree.childByField(node, Field.argument));
      const indexNode = tree.childByField(node, Field.index);
      const index = lowerExpression(b, indexNode);
      if (base >= (Known.count as number) && (read || index >= (Known.count as number)))
        b.emit(Op.index, base, index, read ? 1 : 0, node);
      const slot = slots.field(base, `[${tree.textOf(indexNode)}]`, node);
      if (index >= (Known.count as number) && slot > 0) slots.depend(index, slot);
      return slot;
    }
    case CKind.pointer_expression: {
      const argument = tree.childByField(node, Field.argument);
      if (tree.text.charCodeAt(tree.starts[node]!) === 0x26) {
        const place = lowerPlace(b, argument, false);
        return slots.field(place, '&', node, SlotKind.address);
      }
      if (tree.kinds[argument] === (CKind.update_expression as number) && tree.text.charCodeAt(tree.ends[argument]! - 1) < 0x2e) {
        // *p++ follows what p was.
        const before = lowerPlace(b, tree.childByField(argument, Field.argument), true);
        if (before >= (Known.count as number)) {
          b.emit(Op.dereference, before, 0, 0, node);
          b.emit(Op.combine, before, before, Known.unknown, node);
        }
        return Known.unknown;
      }
      const base = lowerExpression(b, argument);
      if (slots.kinds[base] === (SlotKind.address as number)) return slots.bases[base]!;
      if (read && base >= (Known.count as number)) b.emit(Op.dereference, base, 0, 0, node);
      return slots.field(base, '*', node);
    }
    default:
      return lowerExpression(b, node);
  }
}

function lowerAssignment(b: Builder, node: number): number {
  const { tree } = b;
  const left = tree.childByField(node, Field.left);
  const right = tree.childByField(node, Field.right);
  const operator = tree.childByField(node, Field.operator);
  const plain = tree.hasText(operator, '=');
  const value = plain ? lowerValue(b, right) : lowerExpression(b, right);
  const place = lowerPlace(b, left, true);
  if (plain) b.emit(Op.assign, place, value, 0, node);
  else b.emit(Op.combine, place, place, /^(?:&|%|>>|\/)=$/.test(tree.textOf(operator)) ? Known.zero : value, node);
  return place;
}

/** A value to be kept: a constant keeps its name, and the outcome of a test what it says of the pointer. */
export function lowerValue(b: Builder, node: number): number {
  return namedConstant(b, node) || (isPointerTest(b, node) ? lowerTruth(b, node) : lowerExpression(b, node));
}

/** `p == NULL`, `!p`, `IS_ERR(p)` */
function isPointerTest(b: Builder, node: number): boolean {
  const { tree } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.parenthesized_expression: {
      const inner = tree.children(node, true);
      return inner.length === 1 && isPointerTest(b, inner[0]!);
    }
    case CKind.unary_expression:
      return tree.text.charCodeAt(tree.starts[node]!) === 0x21 && isPlace(tree.kinds[tree.childByField(node, Field.argument)]!);
    case CKind.binary_expression:
      return (
        /^[!=]=$/.test(tree.textOf(tree.childByField(node, Field.operator))) &&
        [Field.left, Field.right].some((side) => tree.hasText(tree.childByField(node, side), 'NULL'))
      );
    case CKind.call_expression:
      return /^IS_ERR(?:_OR_NULL)?$/.test(b.calleeName(node));
    default:
      return false;
  }
}

const isPlace = (kind: number): boolean => kind === (CKind.identifier as number) || kind === (CKind.field_expression as number);

function lowerUnary(b: Builder, node: number): number {
  const { tree } = b;
  const argument = tree.childByField(node, Field.argument);
  const operator = tree.text.charCodeAt(tree.starts[node]!);
  if (operator === 0x2d) {
    if (tree.kinds[argument] === (CKind.number_literal as number)) return Known.negative;
    if (tree.kinds[argument] === (CKind.identifier as number) && /^E[A-Z0-9]+$/.test(tree.textOf(argument)))
      return Known.negative;
  }
  const slot = lowerExpression(b, argument);
  const result = b.temporary(node);
  b.emit(Op.fresh, result, slot, 0, node);
  return result;
}

/** Operators after which a number is as big as the smaller of its operands, or a truth value. */
const BOUNDED: ReadonlySet<string> = new Set(['&', '%', '==', '!=', '<', '>', '<=', '>=', '>>']);

function lowerBinary(b: Builder, node: number): number {
  const { tree } = b;
  const operator = tree.textOf(tree.childByField(node, Field.operator));
  if (operator === '&&' || operator === '||') return lowerTruth(b, node);
  const left = lowerExpression(b, tree.childByField(node, Field.left));
  const right = lowerExpression(b, tree.childByField(node, Field.right));
  const result = b.temporary(node);
  if (BOUNDED.has(operator)) {
    if (/^[<>]=?$/.test(operator))
      for (const slot of [left, right]) if (slot >= (Known.count as number)) b.emit(Op.checked, slot, 0, 0, node);
    b.emit(Op.fresh, result, 0, 0, node);
  } else if (left < (Known.count as number) && right < (Known.count as number)) return Known.unknown;
  else b.emit(Op.combine, result, left, right, node);
  return result;
}

/** `a && b` as a value. */
function lowerTruth(b: Builder, node: number): number {
  const result = b.temporary(node);
  const yes = b.newBlock();
  const no = b.newBlock();
  const after = b.newBlock();
  lowerBranch(b, node, yes, no);
  b.place(yes);
  b.emit(Op.assign, result, Known.positive, 0, node);
  b.jump(after);
  b.place(no);
  b.emit(Op.assign, result, Known.zero, 0, node);
  b.place(after);
  b.touch(result);
  return result;
}

function lowerConditional(b: Builder, node: number): number {
  const { tree } = b;
  const condition = tree.childByField(node, Field.condition);
  const consequence = tree.childByField(node, Field.consequence);
  const alternative = tree.childByField(node, Field.alternative);
  const result = b.temporary(node);
  const yes = b.newBlock();
  const no = b.newBlock();
  const after = b.newBlock();
  if (consequence === NONE) {
    const value = lowerExpression(b, condition);
    b.emit(Op.assign, result, value, 0, node);
    b.branch(1, result, condition, after, no);
  } else {
    lowerBranch(b, condition, yes, no);
    b.place(yes);
    b.emit(Op.assign, result, lowerExpression(b, consequence), 0, node);
    b.jump(after);
  }
  b.place(no);
  b.emit(Op.assign, result, lowerExpression(b, alternative), 0, node);
  b.place(after);
  b.touch(result);
  return result;
}

/** `({ …; value; })` */
function lowerStatementExpression(b: Builder, node: number): number {
  const { tree } = b;
  b.openScope(node);
  let value: number = Known.unknown;
  for (const child of tree.children(node, true)) {
    if (tree.nextSibling(child) !== NONE && tree.kinds[child] === (CKind.expression_statement as number)) {
      value = Known.unknown;
      for (const inner of tree.children(child, true)) value = lowerExpression(b, inner);
    } else {
      lowerStatement(b, child);
      value = Known.unknown;
    }
  }
  b.closeScope();
  return value;
}
