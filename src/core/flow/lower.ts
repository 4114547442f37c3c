import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { Builder } from './builder';
import { lowerParameters } from './declarations';
import { Op, type FlowFunction } from './ir';
import { lowerStatement } from './statements';

/** Functions with more nodes than this are not analysed: generated tables of statements, mostly. */
const MAX_NODES = 40_000;

/** Lowers the function definition at `node` to blocks; undefined if it is too large. */
export function lowerFunction(
  tree: SyntaxTree,
  name: string,
  node: number,
  body: number,
  isVariable: (name: string) => boolean,
  hasFree: boolean,
  leavingMacros: ReadonlySet<string>,
): FlowFunction | undefined {
  if (tree.nexts[node]! - node > MAX_NODES || body === node) return undefined;
  const b = new Builder(tree, isVariable, hasFree, leavingMacros);
  b.openScope(node);
  b.place(b.newBlock());
  const parameters = lowerParameters(b, node);
  lowerStatement(b, body);
  if (b.open) {
    b.runCleanups(0);
    b.emit(Op.return, 0, 0, 0, closingBrace(tree, body));
    b.stop();
  }
  const type = tree.childByField(node, Field.type);
  const declarator = tree.childByField(node, Field.declarator);
  const returnsPointer = declarator !== NONE && tree.kinds[declarator] === (CKind.pointer_declarator as number);
  return {
    name,
    node,
    body,
    parameters,
    fromUser: tree.text.slice(tree.starts[node], tree.starts[body]).includes('__user'),
    slots: b.slots,
    code: b.code,
    blocks: b.finish(),
    calls: b.calls,
    loops: b.loops,
    locks: b.locks,
    lockSlots: b.lockSlots,
    loopUses: b.loopUses,
    returnsValue: returnsPointer || type === NONE || !tree.hasText(type, 'void'),
    returnsPointer,
    returnsTruth: !returnsPointer && type !== NONE && tree.hasText(type, 'bool'),
  };
}

/** The last token of a block. */
function closingBrace(tree: SyntaxTree, body: number): number {
  let last = body;
  for (const child of tree.children(body)) last = child;
  return last;
}
