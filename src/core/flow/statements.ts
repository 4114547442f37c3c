import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { lowerBranch } from './conditions';
import { namedConstant, pathOf } from './text-conditions';
import { lowerDeclaration } from './declarations';
import { lowerExpression } from './expressions';
import { Known, Op, Test } from './ir';
import { lowerLoop, lowerMacroLoop } from './loops';

/** Lowers the statements and declarations directly in `node`. */
function lowerChildren(b: Builder, node: number): void {
  for (const child of b.tree.children(node, true)) lowerStatement(b, child);
}

/** Lowers a statement or a declaration. */
export function lowerStatement(b: Builder, node: number): void {
  if (node === NONE) return;
  const { tree } = b;
  switch (tree.kinds[node] as CKind) {
    case CKind.compound_statement:
      b.openScope(node);
      lowerChildren(b, node);
      b.closeScope();
      break;
    case CKind.expression_statement:
      for (const child of tree.children(node, true)) lowerStatementCall(b, child);
      break;
    case CKind.declaration:
      lowerDeclaration(b, node);
      break;
    case CKind.if_statement:
      lowerIf(b, node);
      break;
    case CKind.while_statement:
      lowerLoop(b, node, NONE, tree.childByField(node, Field.condition), NONE, true);
      break;
    case CKind.do_statement:
      lowerLoop(b, node, NONE, tree.childByField(node, Field.condition), NONE, false);
      break;
    case CKind.for_statement:
      lowerLoop(
        b,
        node,
        tree.childByField(node, Field.initializer),
        tree.childByField(node, Field.condition),
        tree.childByField(node, Field.update),
        true,
      );
      break;
    case CKind.macro_loop_statement:
      lowerMacroLoop(b, node);
      break;
    case CKind.switch_statement:
      lowerSwitch(b, node);
      break;
    case CKind.labeled_statement: {
      const label = tree.textOf(tree.childByField(node, Field.label));
      const block = labelBlock(b, label);
      b.place(block);
      for (const child of tree.children(node, true)) if (tree.fields[child] !== (Field.label as number)) lowerStatement(b, child);
      break;
    }
    case CKind.goto_statement:
      lowerGoto(b, node);
      break;
    case CKind.break_statement:
    case CKind.continue_statement:
      lowerLeave(b, tree.kinds[node] === (CKind.break_statement as number));
      break;
    case CKind.return_statement:
      lowerReturn(b, node);
      break;
    case CKind.attributed_statement:
    case CKind.preproc_else:
      lowerChildren(b, node);
      break;
    case CKind.preproc_if:
    case CKind.preproc_ifdef:
    case CKind.preproc_elif:
    case CKind.preproc_elifdef:
      lowerAlternatives(b, node);
      break;
    case CKind.identifier:
    case CKind.call_expression:
      lowerStatementCall(b, node);
      break;
    default:
  }
}

/** An expression as a statement: BUG_ON ends the way on which it holds, `return_VOID` is a return. */
function lowerStatementCall(b: Builder, node: number): void {
  const { tree } = b;
  if (tree.kinds[node] === (CKind.identifier as number) && tree.text.startsWith('return_', tree.starts[node])) {
    b.stop();
    return;
  }
  const name = tree.kinds[node] === (CKind.call_expression as number) ? b.calleeName(node) : '';
  if (name === 'BUG_ON' || name === 'VM_BUG_ON' || name === 'ASSERT') {
    const [condition] = tree.children(tree.childByField(node, Field.arguments), true);
    if (condition !== undefined) {
      const bug = b.newBlock();
      const after = b.newBlock();
      lowerBranch(b, condition, name === 'ASSERT' ? after : bug, name === 'ASSERT' ? bug : after);
      b.place(bug);
      b.stop();
      b.place(after);
      return;
    }
  }
  if (name === 'return_ptr') {
    const [value] = tree.children(tree.childByField(node, Field.arguments), true);
    if (b.open && value !== undefined) leaveWith(b, node, lowerExpression(b, value));
    return;
  }
  // A macro of capitals may set variables of the function.
  if (/^[A-Z][A-Z0-9_]+$/.test(name) && !b.apis.has(name)) b.emit(Op.settled, 0, b.usedSince(b.log.length), 0, node);
  // What WARN_ON finds is not prevented by it, and not expected either.
  if (/WARN(?:_ON)?(?:_ONCE)?$|BUG_ON$|WARN_ON_PARANOID$/.test(name) || (/assert/i.test(name) && asksSomething(b, node))) return;
  lowerExpression(b, node);
}

function lowerIf(b: Builder, node: number): void {
  const { tree } = b;
  const alternative = tree.childByField(node, Field.alternative);
  const yes = b.newBlock();
  const after = b.newBlock();
  const no = alternative === NONE ? after : b.newBlock();
  lowerBranch(b, tree.childByField(node, Field.condition), yes, no);
  b.place(yes);
  lowerStatement(b, tree.childByField(node, Field.consequence));
  b.jump(after);
  if (alternative !== NONE) {
    b.place(no);
    lowerChildren(b, alternative);
  }
  b.place(after);
}

function lowerSwitch(b: Builder, node: number): void {
  const { tree } = b;
  const log = b.log.length;
  lowerExpression(b, tree.childByField(node, Field.condition));
  const body = tree.childByField(node, Field.body);
  const after = b.newBlock();
  const cases: number[] = [];
  collectCases(b, body, cases);
  const blocks = cases.map(() => b.newBlock());
  const hasDefault = cases.some((at) => tree.childByField(at, Field.value) === NONE);
  const none = b.newBlock();
  const asked = pathOf(b, tree.childByField(node, Field.condition));
  const entries = cases.map((at, i) => {
    const constant = tree.childByField(at, Field.value) === NONE ? 0 : namedConstant(b, tree.childByField(at, Field.value));
    return constant === 0 || asked < (Known.count as number) ? blocks[i]! : b.newBlock();
  });
  b.choose(hasDefault ? entries : [...entries, none], node, asked);
  entries.forEach((entry, i) => {
    if (entry === blocks[i]) return;
    b.place(entry);
    const value = tree.childByField(cases[i]!, Field.value);
    b.branch(Test.truth, Known.unknown, value, blocks[i]!, b.deadEnd(), [asked, namedConstant(b, value)]);
  });
  b.openScope(node, after);
  const lowerCases = (list: number): void => {
    for (const child of tree.children(list, true)) {
      const number = cases.indexOf(child);
      if (number >= 0) {
        b.place(blocks[number]!);
        for (const inner of tree.children(child, true))
          if (tree.fields[inner] !== (Field.value as number) && tree.fields[inner] !== (Field.end as number)) {
            if (cases.includes(inner)) b.place(blocks[cases.indexOf(inner)]!);
            lowerStatement(b, inner);
          }
      } else if (isPreprocessor(tree.kinds[child]!)) lowerCases(child);
      else if (b.open) lowerStatement(b, child);
    }
  };
  if (body !== NONE) lowerCases(body);
  b.closeScope();
  b.jump(after);
  if (!hasDefault) {
    b.place(none);
    b.emit(Op.settled, 0, b.usedSince(log), 0, node);
  }
  b.place(after);
}

const isPreprocessor = (kind: number): boolean => {
  switch (kind as CKind) {
    case CKind.preproc_if:
    case CKind.preproc_ifdef:
    case CKind.preproc_elif:
    case CKind.preproc_elifdef:
    case CKind.preproc_else:
      return true;
    default:
      return false;
  }
};

/** The case statements directly in a switch's body, in `#if` groups, too. */
function collectCases(b: Builder, node: number, cases: number[]): void {
  if (node === NONE) return;
  for (const child of b.tree.children(node, true)) {
    const kind = b.tree.kinds[child]!;
    if (kind === (CKind.case_statement as number)) cases.push(child);
    else if (isPreprocessor(kind)) collectCases(b, child, cases);
  }
}

function labelBlock(b: Builder, label: string): number {
  let block = b.labels.get(label);
  if (block === undefined) b.labels.set(label, (block = b.newBlock()));
  return block;
}

function lowerGoto(b: Builder, node: number): void {
  const { tree } = b;
  const label = tree.childByField(node, Field.label);
  if (label === NONE) {
    b.stop();
    return;
  }
  // Scopes that do not hold the label are left. Labels of kernel functions stand at the end of the outermost block nearly always.
  const text = tree.textOf(label);
  const target = labelNode(b, text);
  let outermost = b.scopes.length;
  while (
    outermost > 1 &&
    target !== NONE &&
    !(b.scopes[outermost - 1]!.node < target && target < tree.nexts[b.scopes[outermost - 1]!.node]!)
  )
    outermost--;
  if (b.open) b.runCleanups(outermost);
  const known = b.labels.get(text);
  const block = labelBlock(b, text);
  b.jump(block);
  // A jump backwards is a loop.
  if (known !== undefined && b.blocks[block]!.first >= 0 && target < node) b.loopEnd(0);
}

/** The labeled statement of a label in the function being lowered. */
function labelNode(b: Builder, label: string): number {
  const { tree } = b;
  const body = b.scopes[1]?.node ?? b.scopes[0]!.node;
  const end = tree.nexts[body]!;
  for (let node = body; node < end; node++)
    if (tree.kinds[node] === (CKind.labeled_statement as number) && tree.hasText(tree.childByField(node, Field.label), label))
      return node;
  return NONE;
}

function lowerLeave(b: Builder, isBreak: boolean): void {
  for (let i = b.scopes.length - 1; i >= 0; i--) {
    const target = isBreak ? b.scopes[i]!.breakTo : b.scopes[i]!.continueTo;
    if (target < 0) continue;
    if (b.open) b.runCleanups(i);
    b.jump(target);
    return;
  }
  b.stop();
}

function lowerReturn(b: Builder, node: number): void {
  if (!b.open) return;
  const value = [...b.tree.children(node, true)][0];
  const slot = value === undefined ? Known.unknown : lowerExpression(b, value);
  if (value === undefined) {
    b.runCleanups(0);
    b.emit(Op.return, slot, 0, 0, node);
    b.stop();
  } else leaveWith(b, node, slot);
}

function leaveWith(b: Builder, node: number, slot: number): void {
  // Returned before the clean-ups run: `return_ptr(p)` takes p out of their hands.
  const isMoved = b.tree.kinds[node] === (CKind.call_expression as number);
  const value = isMoved ? b.temporary(node) : slot;
  if (isMoved && slot >= (Known.count as number)) {
    b.emit(Op.assign, value, slot, 0, node);
    b.emit(Op.assign, slot, Known.zero, 0, node);
  }
  b.runCleanups(0);
  b.emit(Op.return, value, 1, 0, node);
  b.stop();
}

/** Whether an argument of a call is a condition: `acme_assert(p && p->len)`. */
const asksSomething = ({ tree }: Builder, call: number): boolean =>
  tree
    .children(tree.childByField(call, Field.arguments), true)
    .some(
      (argument) => tree.kinds[argument] === (CKind.binary_expression as number) || tree.text[tree.starts[argument]!] === '!',
    );

/** `#if … #else … #endif`: one side or the other, the same one wherever the condition is the same. */
function lowerAlternatives(b: Builder, node: number): void {
  const { tree } = b;
  const condition = tree.childByField(node, Field.condition);
  const name = condition === NONE ? tree.childByField(node, Field.name) : condition;
  const alternative = tree.childByField(node, Field.alternative);
  const yes = b.newBlock();
  const no = b.newBlock();
  const after = b.newBlock();
  const slot = name === NONE ? (Known.unknown as number) : b.slots.condition(`#${tree.textOf(name)}`, node);
  const negated = tree.text.startsWith('#ifndef', tree.starts[node]);
  b.branch(Test.truth, slot, node, negated ? no : yes, negated ? yes : no);
  b.place(yes);
  for (const child of tree.children(node, true))
    if (child !== condition && child !== name && child !== alternative) lowerStatement(b, child);
  b.jump(after);
  b.place(no);
  if (alternative !== NONE) lowerStatement(b, alternative);
  b.place(after);
}
