import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { Form, calleeOf } from './callee';
import { isExpression, lowerExpression, lowerPlace, lowerValue } from './expressions';
import { Known, Op } from './ir';
import { SlotKind } from './paths';
import { ownKeys } from '../own-keys';

function lowerStore(b: Builder, node: number, target: number, from: number): number {
  const { tree } = b;
  const value = lowerValue(b, from);
  const isAddress = tree.kinds[target] === (CKind.pointer_expression as number) && tree.text[tree.starts[target]!] === '&';
  const place = lowerPlace(b, isAddress ? tree.childByField(target, Field.argument) : target, true);
  b.emit(Op.assign, place, value, 0, node);
  return Known.unknown;
}

export function lowerCall(b: Builder, node: number): number {
  const { tree } = b;
  const callee = tree.childByField(node, Field.function);
  const name = b.calleeName(node);
  const list = tree.childByField(node, Field.arguments);
  const nodes = list === NONE ? [] : tree.children(list, true);
  if (name === '' && callee !== NONE) {
    // guard(mutex)(&lock): a clean-up at the end of the scope.
    if (
      tree.kinds[callee] === (CKind.call_expression as number) &&
      /^(?:guard|scoped_cond_guard|class)$/.test(b.calleeName(callee))
    )
      return lowerGuard(b, callee, node, nodes);
    lowerExpression(b, callee);
  }
  const known = calleeOf(name);
  const { form } = known;
  if (form & Form.transparent && nodes.length > 0) {
    const slot = lowerExpression(b, nodes[0]!);
    if (!(form & Form.moves) || slot < (Known.count as number)) return slot;
    const moved = b.temporary(node);
    b.emit(Op.assign, moved, slot, 0, node);
    b.emit(Op.assign, slot, Known.zero, 0, node);
    return moved;
  }
  if (form & Form.stores && nodes.length > 1) return lowerStore(b, node, nodes[0]!, nodes[1]!);
  if (form & Form.annotation) return Known.unknown;
  if (form & Form.writes) {
    for (const argument of nodes) {
      const kind = tree.kinds[argument] as CKind;
      const slot =
        kind === CKind.identifier || (name === 'swap' && kind === CKind.field_expression)
          ? lowerExpression(b, argument)
          : Known.unknown;
      if (slot >= (Known.count as number)) b.emit(Op.fresh, slot, 0, 0, node);
    }
    return b.call(known, node, [], []);
  }
  const unevaluated = (form & Form.unevaluated) !== 0;
  // A macro of which nothing is known may take an argument for its type, or not evaluate it at all.
  const capitals = (form & Form.capitals) !== 0;
  const prints = (form & Form.prints) !== 0;
  const slots = nodes.map((argument, i) =>
    // What a print asks before it prints says nothing of what is expected.
    prints && tree.kinds[argument] === (CKind.conditional_expression as number)
      ? Known.unknown
      : capitals || (unevaluated && i === 0)
        ? lowerUnevaluated(b, argument)
        : isExpression(tree.kinds[argument]!)
          ? lowerArgument(b, argument)
          : Known.unknown,
  );
  if (form & Form.bounds) {
    for (const slot of slots) if (slot >= (Known.count as number)) b.touch(slot);
    const result = b.temporary(node);
    b.emit(Op.fresh, result, 0, 0, node);
    return result;
  }
  if (form & Form.converts) {
    const result = b.temporary(node);
    const { traits, api } = known;
    b.calls.push({ name, traits, node, slots, nodes, result, api, fails: undefined, cleanup: false, lock: -1 });
    b.emit(Op.call, b.calls.length - 1, result, 0, node);
    for (const slot of slots) b.touch(slot);
    return result;
  }
  const result = b.call(known, node, slots, nodes);
  // A type among the arguments: a macro, which may assign the variables that it is given.
  if (
    !unevaluated &&
    !(form & Form.pureWithType) &&
    nodes.some((argument) => tree.kinds[argument] === (CKind.type_descriptor as number))
  )
    nodes.forEach((argument, i) => {
      const kind = slots[i]! >= (Known.count as number) ? (b.slots.kinds[slots[i]!] as SlotKind) : SlotKind.constant;
      if (kind === SlotKind.local && tree.kinds[argument] === (CKind.identifier as number))
        b.emit(Op.fresh, slots[i]!, 0, 0, node);
    });
  return result;
}

function lowerUnevaluated(b: Builder, node: number): number {
  const kind = b.tree.kinds[node] as CKind;
  if (kind === CKind.identifier || (kind === CKind.pointer_expression && b.tree.text.charCodeAt(b.tree.starts[node]!) === 0x26))
    return lowerExpression(b, node);
  if (kind === CKind.cast_expression) return lowerUnevaluated(b, b.tree.childByField(node, Field.value));
  if (kind === CKind.call_expression || kind === CKind.assignment_expression) return lowerExpression(b, node);
  return Known.unknown;
}

/** `return` in a macro's argument and the like is a statement; a block is a statement expression. */
function lowerArgument(b: Builder, node: number): number {
  switch (b.tree.kinds[node] as CKind) {
    case CKind.return_statement:
    case CKind.break_statement:
    case CKind.continue_statement:
    case CKind.goto_statement:
    case CKind.if_statement:
    case CKind.expression_statement:
    case CKind.declaration:
      return Known.unknown;
    default:
      return lowerExpression(b, node);
  }
}

/** Which function undoes a guard of this class. */
export const GUARDS: Readonly<Record<string, readonly [string, string]>> = ownKeys({
  mutex: ['mutex_lock', 'mutex_unlock'],
  mutex_init: ['', ''],
  spinlock: ['spin_lock', 'spin_unlock'],
  spinlock_irq: ['spin_lock_irq', 'spin_unlock_irq'],
  spinlock_bh: ['spin_lock_bh', 'spin_unlock_bh'],
  spinlock_irqsave: ['spin_lock_irqsave', 'spin_unlock_irqrestore'],
  raw_spinlock: ['raw_spin_lock', 'raw_spin_unlock'],
  raw_spinlock_irq: ['raw_spin_lock_irq', 'raw_spin_unlock_irq'],
  raw_spinlock_irqsave: ['raw_spin_lock_irqsave', 'raw_spin_unlock_irqrestore'],
  rwsem_read: ['down_read', 'up_read'],
  rwsem_write: ['down_write', 'up_write'],
  read_lock: ['read_lock', 'read_unlock'],
  write_lock: ['write_lock', 'write_unlock'],
  rcu: ['rcu_read_lock', 'rcu_read_unlock'],
  irqsave: ['local_irq_save', 'local_irq_restore'],
  irq: ['local_irq_disable', 'local_irq_enable'],
  preempt: ['preempt_disable', 'preempt_enable'],
  device: ['device_lock', 'device_unlock'],
});

function lowerGuard(b: Builder, guard: number, node: number, nodes: number[]): number {
  const kind = [...b.tree.children(b.tree.childByField(guard, Field.arguments), true)][0];
  const slots = nodes.map((argument) => lowerExpression(b, argument));
  const [take, give] = (kind !== undefined && GUARDS[b.tree.textOf(kind)]) || ['', ''];
  if (take === '' || give === '') return Known.unknown;
  b.call(calleeOf(take), node, slots, nodes);
  b.scopes.at(-1)?.cleanups.push({ function: give, slot: slots[0] ?? Known.unknown, argument: nodes[0] ?? NONE, node });
  return Known.unknown;
}
