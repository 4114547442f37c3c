import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { GUARDS } from './call-expressions';
import { calleeOf } from './callee';
import { lowerBranch } from './conditions';
import { lowerDeclaration } from './declarations';
import { heldByLoop } from './ends';
import { lowerExpression } from './expressions';
import { Known, Op, Test } from './ir';
import { SlotKind } from './paths';
import { lowerStatement } from './statements';

export function lowerLoop(
  b: Builder,
  node: number,
  initializer: number,
  condition: number,
  update: number,
  asksFirst: boolean,
): void {
  const { tree } = b;
  const head = b.newBlock();
  const body = b.newBlock();
  const next = b.newBlock();
  const over = b.newBlock();
  const after = b.newBlock();
  b.openScope(node);
  if (initializer !== NONE) {
    if (tree.kinds[initializer] === (CKind.declaration as number)) lowerDeclaration(b, initializer);
    else lowerExpression(b, initializer);
  }
  b.openScope(node, after, next);
  const start = b.placed;
  const log = b.log.length;
  const always = condition === NONE;
  if (asksFirst) {
    if (comesOnce(b, initializer, condition)) b.jump(body);
    b.place(head);
    boundedCounter(b, condition);
    b.inLoopCondition = true;
    const first = b.blocks.length;
    if (always) b.jump(body);
    else lowerBranch(b, condition, body, over);
    b.inLoopCondition = false;
    b.markLoop(head, first);
  }
  b.place(body);
  lowerStatement(b, tree.childByField(node, Field.body));
  b.place(next);
  if (update !== NONE) lowerExpression(b, update);
  if (asksFirst) b.jump(head);
  else lowerBranch(b, condition, body, over);
  b.loopEnd(start);
  if (!always) {
    b.place(over);
    b.emit(Op.settled, 0, b.usedSince(log), 0, node);
  }
  b.scopes.pop();
  b.place(after);
  b.closeScope();
}

/** `for (i = 0; i < ACME_MAX; i++)`: how often is fixed, and it would not have been written for no round at all. */
function comesOnce({ tree }: Builder, initializer: number, condition: number): boolean {
  if (initializer === NONE || condition === NONE || tree.kinds[condition] !== (CKind.binary_expression as number)) return false;
  const counter = /(\w+)\s*=\s*0\s*;?$/.exec(tree.textOf(initializer))?.[1];
  const compared = /^(\w+)\s*<=?\s*(?:[1-9]\d*|[A-Z][A-Z0-9_]+|ARRAY_SIZE\([^()]*\))$/.exec(tree.textOf(condition))?.[1];
  return counter !== undefined && counter === compared;
}

/** `i < n` as a loop's condition bounds the counter by n, not n by the counter. */
function boundedCounter(b: Builder, condition: number): void {
  const { tree } = b;
  if (condition === NONE || tree.kinds[condition] !== (CKind.binary_expression as number)) return;
  const operator = tree.textOf(tree.childByField(condition, Field.operator));
  const left = tree.childByField(condition, Field.left);
  if (!/^<=?$/.test(operator) || tree.kinds[left] !== (CKind.identifier as number)) return;
  const counter = lowerExpression(b, left);
  const bound = lowerExpression(b, tree.childByField(condition, Field.right));
  if (counter >= (Known.count as number) && bound >= (Known.count as number)) b.emit(Op.bounded, counter, bound, 0, condition);
}

/** Loops whose cursor is their second argument: what is iterated comes first. */
const CURSOR_SECOND = /child|endpoint|_port|_of_node_opts|of_property|of_phandle|of_parent|of_bus|_of_child/;

export function lowerMacroLoop(b: Builder, node: number): void {
  const { tree } = b;
  const macro = tree.childByField(node, Field.macro);
  const name = b.calleeName(macro);
  const args = tree.children(tree.childByField(macro, Field.arguments), true);
  const body = tree.childByField(node, Field.body);
  if (name === 'scoped_guard') {
    lowerScopedGuard(b, node, args, body);
    return;
  }
  // nvkm_list_foreach(p, head, member, p->ready): what is asked of the cursor is asked in the loop.
  const slots = args.map((argument) =>
    tree.kinds[argument] === (CKind.binary_expression as number) ? Known.unknown : lowerExpression(b, argument),
  );
  const at = CURSOR_SECOND.test(name) && slots.length > 1 ? 1 : 0;
  const cursor = slots[at] ?? Known.unknown;
  const assigned = /^(?:__)?h?l?list_/.test(name)
    ? []
    : slots.filter((slot, i) => i !== at && isLocal(b, slot) && tree.kinds[args[i]!] === (CKind.identifier as number));
  const family = heldByLoop(name);
  const site = family === '' ? -1 : b.loopCall(name, macro, cursor, family);
  const number = b.loops.push({ name, node, cursor, call: macro, site }) - 1;
  const head = b.newBlock();
  const inside = b.newBlock();
  const over = b.newBlock();
  const after = b.newBlock();
  b.openScope(node, after, head);
  const start = b.placed;
  const log = b.log.length;
  b.emit(Op.enter, number, 0, 0, macro);
  b.place(head);
  b.branch(Test.truth, Known.unknown, macro, inside, over);
  b.place(inside);
  b.emit(Op.cursor, cursor, number, 0, macro);
  for (const slot of slots)
    if (b.slots.kinds[slot] === (SlotKind.address as number)) b.emit(Op.fresh, b.slots.bases[slot]!, 0, 0, macro);
  for (const slot of assigned) b.emit(Op.fresh, slot, 0, 0, macro);
  if (/_safe/.test(name) && slots.length > 1 && at === 0 && slots[1]! >= (Known.count as number))
    b.emit(Op.fresh, slots[1]!, 0, 0, macro);
  lowerStatement(b, body);
  // scoped_timer_get_or_fail(id) { … }: a scope that is entered once, written as a loop.
  b.jump(name.startsWith('scoped_') ? over : head);
  b.loopEnd(start);
  b.place(over);
  b.emit(Op.exhausted, cursor, number, 0, macro);
  b.emit(Op.settled, 0, b.usedSince(log), 0, macro);
  b.scopes.pop();
  b.place(after);
}

const isLocal = (b: Builder, slot: number): boolean =>
  slot >= (Known.count as number) &&
  (b.slots.kinds[slot] === (SlotKind.local as number) || b.slots.kinds[slot] === (SlotKind.parameter as number));

function lowerScopedGuard(b: Builder, node: number, args: number[], body: number): void {
  const [take, give] = (args[0] !== undefined && GUARDS[b.tree.textOf(args[0])]) || ['', ''];
  const locks = args.slice(1);
  const slots = locks.map((argument) => lowerExpression(b, argument));
  const after = b.newBlock();
  b.openScope(node, after);
  if (take !== '' && give !== '') {
    b.call(calleeOf(take), node, slots, locks);
    b.scopes.at(-1)!.cleanups.push({ function: give, slot: slots[0] ?? Known.unknown, argument: locks[0] ?? NONE, node });
  }
  lowerStatement(b, body);
  b.closeScope();
  b.place(after);
}
