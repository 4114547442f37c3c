import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { CCase, CExpr, CStatement, CVariable } from './ast';
import { readExpression } from './expressions';
import { baseType, declared, qualifiers } from './types';

/** The statements of the compound statement `node`. */
export function readBody(tree: SyntaxTree, node: number): CStatement[] {
  const body: CStatement[] = [];
  for (const child of tree.children(node, true)) body.push(readStatement(tree, child));
  return body;
}

/** Reads the statement at `node`; what is not understood is `other`. */
export function readStatement(tree: SyntaxTree, node: number): CStatement {
  const at = { start: tree.starts[node]!, end: tree.ends[node]! };
  const part = (field: Field): number => tree.childByField(node, field);
  const other = (what: string): CStatement => ({ ...at, k: 'other', what, inner: 1 + innerStatements(tree, node) });
  const nested = (child: number): CStatement =>
    child === NONE ? { start: at.end, end: at.end, k: 'empty' } : readStatement(tree, child);
  switch (tree.kinds[node] as CKind) {
    case CKind.declaration:
      if (tree.hasError(node)) return other('syntax');
      return { ...at, k: 'decl', variables: readVariables(tree, node) };
    case CKind.expression_statement: {
      for (const child of tree.children(node, true)) return { ...at, k: 'expr', e: readExpression(tree, child) };
      return { ...at, k: 'empty' };
    }
    case CKind.compound_statement:
      return { ...at, k: 'block', body: readBody(tree, node) };
    case CKind.if_statement: {
      const test = part(Field.condition);
      const clause = part(Field.alternative);
      const alternative = clause === NONE ? NONE : ([...tree.children(clause, true)][0] ?? NONE);
      return {
        ...at,
        k: 'if',
        test: readExpression(tree, test),
        yes: nested(part(Field.consequence)),
        no: alternative === NONE ? null : readStatement(tree, alternative),
        headEnd: tree.ends[test] ?? at.end,
      };
    }
    case CKind.while_statement: {
      const test = part(Field.condition);
      return {
        ...at,
        k: 'while',
        test: readExpression(tree, test),
        body: nested(part(Field.body)),
        headEnd: tree.ends[test] ?? at.end,
      };
    }
    case CKind.do_statement:
      return { ...at, k: 'do', test: readExpression(tree, part(Field.condition)), body: nested(part(Field.body)) };
    case CKind.for_statement: {
      const body = part(Field.body);
      return {
        ...at,
        k: 'for',
        ...forHead(tree, node),
        body: nested(body),
        headEnd: body === NONE ? at.end : tree.starts[body]!,
      };
    }
    case CKind.switch_statement: {
      const on = part(Field.condition);
      const cases = readCases(tree, part(Field.body));
      if (!cases) return other('switch');
      return { ...at, k: 'switch', on: readExpression(tree, on), cases, headEnd: tree.ends[on] ?? at.end };
    }
    case CKind.return_statement: {
      for (const child of tree.children(node, true)) return { ...at, k: 'return', e: readExpression(tree, child) };
      return { ...at, k: 'return', e: null };
    }
    case CKind.break_statement:
      return { ...at, k: 'break' };
    case CKind.continue_statement:
      return { ...at, k: 'continue' };
    case CKind.goto_statement: {
      const label = part(Field.label);
      return label === NONE ? other('goto') : { ...at, k: 'goto', label: tree.textOf(label) };
    }
    case CKind.labeled_statement: {
      const label = part(Field.label);
      let body: CStatement | null = null;
      for (const child of tree.children(node, true)) if (child !== label) body = readStatement(tree, child);
      return label === NONE ? other('label') : { ...at, k: 'label', label: tree.textOf(label), body };
    }
    case CKind.macro_loop_statement:
      return readGuard(tree, node) ?? readBits(tree, node) ?? other('macro loop');
    case CKind.preproc_if:
    case CKind.preproc_ifdef:
    case CKind.preproc_call:
    case CKind.preproc_def:
    case CKind.preproc_function_def:
      return other('conditional compilation');
    default:
      return other('syntax');
  }
}

/**
 * `scoped_guard(mutex, &x->lock) { … }` as a block that starts with the call; undefined if `node` is something else, or a `break` in
 * it would leave the guard, which the macro makes of a loop.
 */
function readGuard(tree: SyntaxTree, node: number): CStatement | undefined {
  const macro = tree.childByField(node, Field.macro);
  const body = tree.childByField(node, Field.body);
  if (macro === NONE || body === NONE) return undefined;
  const e = readExpression(tree, macro);
  if (e.k !== 'call' || e.callee.k !== 'id' || e.callee.name !== 'scoped_guard') return undefined;
  const inner = readStatement(tree, body);
  if (leavesLoop(inner)) return undefined;
  const call: CStatement = { start: tree.starts[macro]!, end: tree.ends[macro]!, k: 'expr', e };
  const rest = inner.k === 'block' ? inner.body : [inner];
  return { start: tree.starts[node]!, end: tree.ends[node]!, k: 'block', body: [call, ...rest] };
}

/** `for_each_set_bit(i, words, size) …` as the loop over all bits that tests each; undefined if `node` is something else. */
function readBits(tree: SyntaxTree, node: number): CStatement | undefined {
  const macro = tree.childByField(node, Field.macro);
  const body = tree.childByField(node, Field.body);
  if (macro === NONE || body === NONE) return undefined;
  const e = readExpression(tree, macro);
  if (e.k !== 'call' || e.callee.k !== 'id' || !/^for_each_(?:set|clear)_bit$/.test(e.callee.name)) return undefined;
  const [bit, words, size] = e.args;
  if (bit?.k !== 'id' || !words || !size || e.args.length !== 3) return undefined;
  const at = { start: tree.starts[node]!, end: tree.ends[node]! };
  const isSet: CExpr = { k: 'call', callee: { k: 'id', name: 'test_bit' }, args: [bit, words] };
  const test: CExpr = e.callee.name === 'for_each_set_bit' ? isSet : { k: 'un', op: '!', of: isSet };
  const headEnd = tree.ends[macro]!;
  return {
    ...at,
    k: 'for',
    init: { ...at, k: 'expr', e: { k: 'assign', op: '=', l: bit, r: { k: 'num', value: 0n, type: 'i32', text: '0' } } },
    test: { k: 'bin', op: '<', l: bit, r: size },
    update: { k: 'step', op: '++', of: bit, prefix: false },
    body: { ...at, k: 'if', test, yes: readStatement(tree, body), no: null, headEnd },
    headEnd,
  };
}

/** Whether a statement has a `break` or `continue` that is for a loop around it. */
function leavesLoop(statement: CStatement): boolean {
  switch (statement.k) {
    case 'break':
    case 'continue':
    case 'other':
      return true;
    case 'block':
      return statement.body.some(leavesLoop);
    case 'if':
      return leavesLoop(statement.yes) || (statement.no !== null && leavesLoop(statement.no));
    case 'label':
      return statement.body !== null && leavesLoop(statement.body);
    case 'switch':
      return statement.cases.some(({ body }) => body.some((one) => one.k !== 'break' && leavesLoop(one)));
    default:
      return false;
  }
}

function readVariables(tree: SyntaxTree, node: number): CVariable[] {
  const base = baseType(tree, node);
  const flags = qualifiers(tree, node);
  const variables: CVariable[] = [];
  for (const child of tree.children(node)) {
    if (tree.fields[child] !== (Field.declarator as number)) continue;
    const { name, type } = declared(tree, child, base, flags);
    const value = tree.kinds[child] === (CKind.init_declarator as number) ? tree.childByField(child, Field.value) : NONE;
    variables.push({ name, type, init: value === NONE ? null : readExpression(tree, value), isStatic: flags.isStatic });
  }
  return variables;
}

function forHead(tree: SyntaxTree, node: number): Pick<CStatement & { k: 'for' }, 'init' | 'test' | 'update'> {
  const init = tree.childByField(node, Field.initializer);
  const test = tree.childByField(node, Field.condition);
  const update = tree.childByField(node, Field.update);
  const isDeclaration = init !== NONE && tree.kinds[init] === (CKind.declaration as number);
  return {
    init:
      init === NONE
        ? null
        : isDeclaration
          ? readStatement(tree, init)
          : { start: tree.starts[init]!, end: tree.ends[init]!, k: 'expr', e: readExpression(tree, init) },
    test: test === NONE ? null : readExpression(tree, test),
    update: update === NONE ? null : readExpression(tree, update),
  };
}

/** The cases of a switch; undefined if something stands outside of them. */
function readCases(tree: SyntaxTree, body: number): CCase[] | undefined {
  if (body === NONE) return undefined;
  const cases: CCase[] = [];
  for (const child of tree.children(body, true)) {
    if (tree.kinds[child] !== (CKind.case_statement as number)) return undefined;
    const value = tree.childByField(child, Field.value);
    const range = tree.childByField(child, Field.end);
    const one: CCase = {
      value: value === NONE ? null : readExpression(tree, value),
      upTo: range === NONE ? null : readExpression(tree, range),
      body: [],
      start: tree.starts[child]!,
      end: tree.ends[child]!,
    };
    for (const inner of tree.children(child, true))
      if (inner !== value && inner !== range) one.body.push(readStatement(tree, inner));
    cases.push(one);
  }
  return cases;
}

const COUNTED = new Set<CKind>([
  CKind.expression_statement,
  CKind.if_statement,
  CKind.while_statement,
  CKind.do_statement,
  CKind.for_statement,
  CKind.switch_statement,
  CKind.return_statement,
  CKind.break_statement,
  CKind.continue_statement,
  CKind.goto_statement,
  CKind.macro_loop_statement,
]);

/** The number of statements inside `node`, not counting itself. */
function innerStatements(tree: SyntaxTree, node: number): number {
  let count = 0;
  for (let i = node + 1; i < tree.nexts[node]!; i++) if (COUNTED.has(tree.kinds[i] as CKind)) count++;
  return count;
}

/** What counts as statements: declarations with an initializer, and everything that does something; blocks and labels do not. */
export function countStatements(statement: CStatement): number {
  const all = (list: readonly CStatement[]): number => list.reduce((sum, one) => sum + countStatements(one), 0);
  switch (statement.k) {
    case 'decl':
      return statement.variables.filter(({ init }) => init !== null).length;
    case 'block':
      return all(statement.body);
    case 'if':
      return 1 + countStatements(statement.yes) + (statement.no ? countStatements(statement.no) : 0);
    case 'while':
    case 'do':
    case 'for':
      return 1 + countStatements(statement.body);
    case 'switch':
      return 1 + statement.cases.reduce((sum, one) => sum + all(one.body), 0);
    case 'label':
      return statement.body ? countStatements(statement.body) : 0;
    case 'empty':
      return 0;
    case 'other':
      return statement.inner;
    default:
      return 1;
  }
}
