import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import type { FlowFunction } from './ir';

/**
 * What the text of a function says against a path: reasons for which a way that the graph has is none, and none that the analysis could
 * follow. A report that meets one of them is not made.
 */

const LOOPS: ReadonlySet<number> = new Set<number>([
  CKind.for_statement,
  CKind.while_statement,
  CKind.do_statement,
  CKind.macro_loop_statement,
]);

/** The loops around a node, the innermost first. */
function loopsAround(tree: SyntaxTree, node: number, end: number): number[] {
  const loops: number[] = [];
  for (let up = tree.parents[node]!; up !== NONE && up !== end; up = tree.parents[up]!)
    if (LOOPS.has(tree.kinds[up]!)) loops.push(up);
  return loops;
}

/** Whether `node` is part of `outer`. */
const isWithin = (tree: SyntaxTree, node: number, outer: number): boolean => node >= outer && node < tree.nexts[outer]!;

/** The if statement in whose branch (not its condition) a node is; NONE if there is none. */
function branchAround(tree: SyntaxTree, node: number, end: number): number {
  for (let up = tree.parents[node]!, from = node; up !== NONE && up !== end; from = up, up = tree.parents[up]!)
    if (tree.kinds[up] === (CKind.if_statement as number) && tree.fields[from] !== (Field.condition as number)) return up;
  return NONE;
}

const conditionOf = (tree: SyntaxTree, branch: number): string =>
  tree.textOf(tree.childByField(branch, Field.condition)).replace(/\s+/g, '');

const LEAVES = /\b(?:return|goto|break|continue)\b/;

/** `name = …`, not a field of that name, nor a comparison. */
const setting = (name: string): RegExp => new RegExp(`(?<![\\w.>])${name.replace(/[^\w]/g, '\\$&')}\\s*=[^=]`);

/**
 * Whether a variable may well be set where it is used: the loop around the use sets it in an earlier round; a call is handed its address, or
 * a macro sets it; or it is set in a branch together with something that is asked before it is used.
 */
export function mayBeSet(tree: SyntaxTree, { node: whole }: FlowFunction, name: string, use: number): boolean {
  const sets = setting(name);
  if (loopsAround(tree, use, whole).some((loop) => sets.test(tree.textOf(loop)))) return true;
  const before = tree.text.slice(tree.starts[whole], tree.starts[use]);
  // What a macro loop that is not told of it sets besides: `for_each_route(node) use(rt)`.
  if (loopsAround(tree, use, whole).some((loop) => isOfOneArgument(tree, loop))) return true;
  // A loop macro is told of it; or nothing in the text sets it, so a macro does.
  if (new RegExp(`for_?each\\w*\\s*\\([^;{]*\\b${name}\\b`).test(before)) return true;
  if (!new RegExp(`(?<![\\w.>])${name}\\s*=[^=]|&\\s*\\(?${name}\\b`).test(tree.textOf(whole))) return true;
  if (asksStatus(tree, whole, use)) return true;
  for (let node = whole; node < tree.nexts[whole]!; node++) {
    const kind = tree.kinds[node] as CKind;
    const isAddress = kind === CKind.pointer_expression && tree.textOf(node).replace(/[\s()]/g, '') === `&${name}`;
    const isSet = kind === CKind.assignment_expression && tree.hasText(tree.childByField(node, Field.left), name);
    if (!isAddress && !isSet) continue;
    const branch = branchAround(tree, node, whole);
    if (isSet && tree.kinds[tree.parents[node]!] === (CKind.argument_list as number)) return true;
    if (branch === NONE || isWithin(tree, use, branch)) {
      if (isAddress) return true;
      continue;
    }
    if (isAddress && tree.childByField(branch, Field.alternative) !== NONE) return true;
    if (asksWhatIsSet(tree, whole, outermost(tree, branch, use, whole), name, use)) return true;
  }
  return false;
}

/** The outermost if statement around `branch` that does not hold `use`. */
function outermost(tree: SyntaxTree, branch: number, use: number, whole: number): number {
  for (let up = branchAround(tree, branch, whole); up !== NONE; up = branchAround(tree, up, whole)) {
    if (isWithin(tree, use, up)) break;
    branch = up;
  }
  return branch;
}

const isOfOneArgument = (tree: SyntaxTree, loop: number): boolean =>
  tree.kinds[loop] === (CKind.macro_loop_statement as number) && !tree.textOf(tree.childByField(loop, Field.macro)).includes(',');

const ASKS: ReadonlySet<number> = new Set<number>([...LOOPS, CKind.if_statement, CKind.switch_statement]);

/** Whether a condition before `use` names something that `branch` sets beside the variable, or that its own condition names. */
function asksWhatIsSet(tree: SyntaxTree, whole: number, branch: number, name: string, use: number): boolean {
  const set = new Set<string>(pathsIn(tree.textOf(tree.childByField(branch, Field.condition))));
  for (let node = branch; node < tree.nexts[branch]!; node++)
    if (tree.kinds[node] === (CKind.assignment_expression as number))
      set.add(tree.textOf(tree.childByField(node, Field.left)).replace(/\s+/g, ''));
  set.delete(name);
  for (let node = whole; node <= use; node++) {
    if (node === branch) node = tree.nexts[branch]!;
    if (!ASKS.has(tree.kinds[node]!)) continue;
    const asked = tree.childByField(node, Field.condition);
    if (asked === NONE) continue;
    if (pathsIn(tree.textOf(asked)).some((path) => set.has(path))) return true;
  }
  return false;
}

const pathsIn = (text: string): string[] => text.match(/[A-Za-z_]\w*(?:(?:->|\.)\w+)*/g) ?? [];

/** Whether what is used after a label is used under a condition that asks a variable set before the label: `if (ret == 0) use(p)`. */
function asksStatus(tree: SyntaxTree, whole: number, use: number): boolean {
  let label = NONE;
  for (let node = whole; node < use; node++) if (tree.kinds[node] === (CKind.labeled_statement as number)) label = node;
  if (label === NONE) return false;
  const before = tree.text.slice(tree.starts[whole], tree.starts[label]);
  for (let up = branchAround(tree, use, whole); up !== NONE; up = branchAround(tree, up, whole)) {
    const between = tree.text.slice(tree.starts[label], tree.starts[up]);
    const asked = pathsIn(tree.textOf(tree.childByField(up, Field.condition)));
    if (
      tree.starts[up]! > tree.starts[label]! &&
      asked.some((path) => setting(path).test(before) && !setting(path).test(between))
    )
      return true;
  }
  return false;
}

/** Whether a node is an argument of a macro of the file, which may take it for its type alone. */
export function isInMacro(tree: SyntaxTree, { node: whole }: FlowFunction, use: number): boolean {
  for (let up = tree.parents[use]!; up !== NONE && up !== whole; up = tree.parents[up]!) {
    if (tree.kinds[up] !== (CKind.call_expression as number)) continue;
    const name = tree.textOf(tree.childByField(up, Field.function));
    if (/^\w+$/.test(name) && new RegExp(`#\\s*define\\s+${name}\\(`).test(tree.text)) return true;
  }
  return false;
}

/** Whether the function counts references of the object itself: `refcount_add(n, &skb->users)`. */
export const countsReferences = (f: FlowFunction): boolean =>
  f.calls.some(({ name }) => /^(?:kref|refcount)_(?:read|add|inc|set)$/.test(name));

/** Whether of two calls that give back `name` one is in a branch of its own whose condition may say that the other gives back something else. */
export function isBranchOfItsOwn(
  tree: SyntaxTree,
  { node: whole }: FlowFunction,
  name: string,
  second: number,
  first: number,
): boolean {
  const branch = branchAround(tree, second, whole);
  if (isCompared(tree, whole, name, second, first)) return true;
  return branch !== NONE && !isWithin(tree, first, branch) && isUnderCondition(tree, whole, first, second);
}

/** Whether a call is in a branch, a case or a loop that another node is not in. */
function isUnderCondition(tree: SyntaxTree, whole: number, call: number, other: number): boolean {
  for (let up = tree.parents[call]!, from = call; up !== NONE && up !== whole; from = up, up = tree.parents[up]!)
    if (ASKS.has(tree.kinds[up]!) && tree.fields[from] !== (Field.condition as number) && !isWithin(tree, other, up)) return true;
  return false;
}

/** Whether the pointer is freed only if it is not another one, or, for a use on some ways, if a field of it says so: `if (sums != on_stack) kfree(sums)`. */
export function isCompared(tree: SyntaxTree, whole: number, name: string, use: number, freed: number, isOwn = false): boolean {
  const branch = branchAround(tree, freed, whole);
  if (branch === NONE || isWithin(tree, use, branch)) return false;
  const condition = conditionOf(tree, branch);
  const plain = name.replace(/\s+/g, '');
  if (condition.includes('!=') && condition.includes(plain)) return true;
  // What is used on either way is used on the one that frees: unless a function of the file itself does, for reasons of its own.
  return condition.includes(`${plain}->`) && (isOwn || isUnderCondition(tree, whole, use, freed));
}

/** Whether the macro of a loop is told of what the name begins with. */
const setByMacro = (tree: SyntaxTree, loop: number, name: string): boolean =>
  tree.kinds[loop] === (CKind.macro_loop_statement as number) &&
  name.includes('.') &&
  new RegExp(`\\b${/^\w+/.exec(name)?.[0] ?? ''}\\b`).test(tree.textOf(tree.childByField(loop, Field.macro)));

/** Whether a loop that frees a pointer sets it in its body, and it is used after the loop or in the next round. */
export function isStepped(tree: SyntaxTree, { node: whole }: FlowFunction, name: string, use: number, freed: number): boolean {
  const sets = setting(name);
  return loopsAround(tree, freed, whole).some(
    (loop) =>
      (!isWithin(tree, use, loop) || use <= tree.nexts[freed]!) &&
      (setByMacro(tree, loop, name) || sets.test(tree.textOf(tree.childByField(loop, Field.body)))),
  );
}

/** Whether a function says that it takes or gives back locks for its callers: `__acquires(RCU)`. */
export const locksForCaller = (tree: SyntaxTree, { node, body }: FlowFunction): boolean =>
  /\b__(?:cond_)?(?:acquires|releases)\w*\b|\b__must_hold\w*\b/.test(tree.text.slice(tree.starts[node], tree.starts[body]));

/**
 * Whether a lock is taken in a way that only its conditions explain: under a condition, and where it shows is not; or taken and given back in a loop that may be left in the middle, for a reason that a test after the loop asks again.
 * @param taken the call that takes it, or gives it back first
 * @param others all calls that take or give the same lock
 * @param place where it shows
 * @param isGiven `taken` gives it back: then a branch that leaves says enough
 */
export function isConditional(
  tree: SyntaxTree,
  { node: whole }: FlowFunction,
  taken: number,
  others: readonly number[],
  place: number,
  isGiven = false,
): boolean {
  const branch = branchAround(tree, taken, whole);
  if (branch !== NONE && !isWithin(tree, place, branch) && !(isGiven && LEAVES.test(tree.textOf(branch)))) return true;
  // `if (ret != -EBUSY) unlock(); return ret;`
  for (const other of others) {
    const around = branchAround(tree, other, whole);
    if (around === NONE || around < taken || around > place || isWithin(tree, place, around)) continue;
    if (!LEAVES.test(tree.textOf(around))) return true;
  }
  return loopsAround(tree, taken, whole).some(
    (loop) => !isWithin(tree, place, loop) && others.some((other) => other !== taken && isWithin(tree, other, loop)),
  );
}

/** Whether a lock is given back only if its owner says that it is held, by a member that the function itself sets: `if (a->pending) unlock(&a->lock)`. */
export function isUnderOwnFlag(tree: SyntaxTree, { node: whole }: FlowFunction, call: number, lock: string): boolean {
  const branch = branchAround(tree, call, whole);
  if (branch === NONE) return false;
  const asked = /^\((\w+)->\w+\)$/.exec(conditionOf(tree, branch));
  if (!asked || !lock.replace(/^&/, '').startsWith(`${asked[1]!}->`)) return false;
  return setting(asked[0].slice(1, -1)).test(tree.text.slice(tree.starts[whole], tree.starts[branch]));
}

/** Whether a call is in a loop that ends before `place`: how often the loop runs, its counter says. */
export const isInLoopBefore = (tree: SyntaxTree, { node: whole }: FlowFunction, call: number, place: number): boolean =>
  loopsAround(tree, call, whole).some((loop) => loop < place && !isWithin(tree, place, loop));

/** Whether a call is in a loop whose condition sets the pointer: `while ((p = next(p)))`. */
export const isSetAnew = (tree: SyntaxTree, { node: whole }: FlowFunction, name: string, call: number): boolean =>
  loopsAround(tree, call, whole).some((loop) => {
    const condition = tree.childByField(loop, Field.condition);
    return condition !== NONE && setting(name).test(tree.textOf(condition));
  });

/** Whether after a loop over a list its cursor is fine although it came to its end: something that the loop sets is asked, or the head is part of an entry. */
export function isCursorExplained(tree: SyntaxTree, loop: number, head: string, use: number): boolean {
  const [, list, member] = /&\s*([^,]+?)\s*,\s*(\w+)\s*\)$/.exec(head) ?? [];
  if (list !== undefined && member !== undefined && new RegExp(`(?:->|\\.)${member}$`).test(list)) return true;
  const set = new Set<string>();
  for (let node = loop; node < tree.nexts[loop]!; node++)
    if (tree.kinds[node] === (CKind.assignment_expression as number)) set.add(tree.textOf(tree.childByField(node, Field.left)));
  for (let node = tree.nexts[loop]!; node <= use; node++)
    if (
      tree.kinds[node] === (CKind.if_statement as number) &&
      pathsIn(tree.textOf(tree.childByField(node, Field.condition))).some((path) => set.has(path))
    )
      return true;
  return false;
}

/**
 * Whether what is returned is a number that the function was handed and has left alone: `return num_vfs` tells the caller how many, it is
 * no error. A status that is handed in (`return err`) may be one.
 */
export function returnsParameter(
  tree: SyntaxTree,
  { node: whole, parameters, slots, returnsPointer }: FlowFunction,
  node: number,
): boolean {
  const name = /^return\s+(\w+)\s*;?$/.exec(tree.textOf(node))?.[1];
  return (
    name !== undefined &&
    !returnsPointer &&
    !/^(?:ret\w*|rv|rc|r|e|\w*err\w*|status|result|res)$/.test(name) &&
    parameters.some((slot) => slots.names[slot] === name) &&
    !setting(name).test(tree.textOf(whole))
  );
}

/**
 * Whether a way out is taken of memory only if it is not aligned: `if (!ring || (unsigned long)ring & 0xff) return`. Coherent DMA memory
 * begins at a page (Documentation/core-api/dma-api-howto.rst), so it is the way out of an allocation that failed.
 */
export function isMisaligned(tree: SyntaxTree, { node: whole }: FlowFunction, node: number, name: string): boolean {
  const branch = branchAround(tree, node, whole);
  if (branch === NONE) return false;
  const of = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`^\\(!${of}\\|\\|\\(?\\((?:unsignedlong|ulong|uintptr_t|size_t)\\)${of}&\\w+\\)+$`).test(
    conditionOf(tree, branch),
  );
}

/** Whether what is returned is the object in another form, so that the caller has it: `return of_fwnode_handle(child)`, `return &p->base`. */
export function returnsForm(tree: SyntaxTree, node: number, name: string): boolean {
  const of = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`^return\\s+(?:(?:\\w+_handle|to_\\w+)\\s*\\(\\s*${of}\\s*\\)|&\\s*${of}->\\w+)\\s*;$`).test(
    tree.textOf(node),
  );
}

/** The functions that are called in the condition under which `node` runs. */
export function askedAround(tree: SyntaxTree, { node: whole }: FlowFunction, node: number): string[] {
  const branch = branchAround(tree, node, whole);
  return branch === NONE ? [] : [...conditionOf(tree, branch).matchAll(/(\w+)\(/g)].map(([, name]) => name!);
}
