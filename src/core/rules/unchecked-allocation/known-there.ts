import { functionAt, type DriverModel, type FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf, parameterNames } from '../guards';
import type { RuleContext } from '../model';
import { asksFor, assignedTo, callAround, isTestedNext } from './untested';

/** What finds something, so that the same question has the same answer. */
const LOOKS_UP = /(?:^|_)(?:get|find|lookup|match)(?:_|$)/;

/** They fail for a node that is NULL. Source: drivers/of/base.c, __of_find_property(). */
const FAILS_FOR_NULL = 'of_property_(?:read_(?!bool)|count_|match_)\\w+';

/** How many calls lead from one function of a file to another, at most. */
const MAX_CALLS = 4;

/**
 * Whether the text on the way to where a result is followed says that it is there, though nothing tests it.
 * @param made the call that gives it
 * @param use where it is followed
 * @param name what holds it
 */
export function isKnownThere(context: RuleContext, made: number, use: number, name: string): boolean {
  const { tree, model } = context;
  const inside = functionAt(model, tree.starts[made]!);
  const callee = calleeOf(tree, made);
  if (!inside || callee === '') return false;
  return (
    isDecidedByConfiguration(tree, model, callee) ||
    isFoundBefore(context, inside, made, callee) ||
    (/^\w+$/.test(name) && (isAnswered(tree, made, use, name) || isRefused(tree, model, made, use, name))) ||
    isCounted(tree, inside, made, callee)
  );
}

/** What a function of the file gives is decided by the configuration: `#ifdef A return &p->a; #else return ERR_PTR(-EOPNOTSUPP); #endif`. */
function isDecidedByConfiguration(tree: SyntaxTree, model: DriverModel, callee: string): boolean {
  const definition = model.functions.find(({ name }) => name === callee);
  if (!definition) return false;
  const text = tree.text.slice(tree.starts[definition.body], definition.end);
  return /^\s*#\s*if/m.test(text) && !/\breturn\b/.test(text.replace(/^\s*#\s*if[^]*?^\s*#\s*endif/gm, ''));
}

/** The same look-up, of the same type and number, is tested in a function that leads here, or further up in this one. */
function isFoundBefore({ tree, model, calls }: RuleContext, inside: FunctionDefinition, made: number, callee: string): boolean {
  const asked = questionOf(tree, made);
  if (!LOOKS_UP.test(callee) || asked === '') return false;
  for (const { node } of calls(new Set([callee]))) {
    if (node === made || questionOf(tree, node) !== asked) continue;
    const place = assignedTo(tree, node);
    const other = functionAt(model, tree.starts[node]!);
    if (place === '' || !other || !isTestedNext(tree, node, place)) continue;
    if (
      other === inside ? node < made : leadsTo(tree, model, tree.text.slice(tree.ends[node], other.end), inside.name, MAX_CALLS)
    )
      return true;
  }
  return false;
}

/** What is asked of the object that is the first argument; '' if nothing is. */
const questionOf = (tree: SyntaxTree, call: number): string =>
  argumentsOf(tree, call)
    .slice(1)
    .map((argument) => tree.textOf(argument))
    .join();

/** Whether a text calls a function of the file, by others of the file or by itself. */
function leadsTo(tree: SyntaxTree, model: DriverModel, text: string, name: string, calls: number): boolean {
  if (new RegExp(`\\b${name}\\s*\\(`).test(text)) return true;
  if (calls === 0) return false;
  const called = new Set([...text.matchAll(/\b(\w+)\s*\(/g)].map(([, callee]) => callee!));
  return model.functions.some(
    (one) => called.has(one.name) && leadsTo(tree, model, tree.text.slice(tree.starts[one.body], one.end), name, calls - 1),
  );
}

const LEAVES = '[^{};]*\\)\\s*(?:\\{[^{}]*?)?\\b(?:return|goto|continue|break)\\b';

/** A call that fails for NULL was handed it, and a failure leaves: `ret = of_property_read_u32(np, "a", &a); if (ret) return ret;` */
function isAnswered(tree: SyntaxTree, made: number, use: number, name: string): boolean {
  const between = tree.text.slice(tree.ends[made], tree.starts[use]);
  const call = `${FAILS_FOR_NULL}\\s*\\(\\s*${name}\\s*,`;
  if (new RegExp(`\\bif\\s*\\(\\s*${call}${LEAVES}`).test(between)) return true;
  const status = new RegExp(`\\b(\\w+)\\s*=\\s*${call}`).exec(between);
  return status !== null && new RegExp(`\\bif\\s*\\(\\s*${status[1]!}\\b${LEAVES}`).test(between.slice(status.index));
}

/** It was handed to a function of the file that asks for it, and what that answered is asked before the use. */
function isRefused(tree: SyntaxTree, model: DriverModel, made: number, use: number, name: string): boolean {
  const from = tree.ends[made]!;
  const between = tree.text.slice(from, tree.starts[use]);
  for (const { index } of between.matchAll(new RegExp(`(?<=[(,]\\s*)${name}(?=\\s*[,)])`, 'g'))) {
    const call = callAround(between, index);
    if (!call || !asks(tree, model, call.callee, call.argument, 2)) continue;
    const status = /(\w+)\s*=\s*$/.exec(between.slice(0, call.start))?.[1];
    if (status !== undefined && new RegExp(`\\bif\\s*\\(\\s*!?${status}\\b`).test(between.slice(index))) return true;
  }
  return false;
}

/** Whether a function of the file asks for what it is handed, or hands it on to one that does. */
function asks(tree: SyntaxTree, model: DriverModel, callee: string, argument: number, depth: number): boolean {
  const definition = model.functions.find(({ name }) => name === callee);
  const parameter = definition && parameterNames(tree, definition.node)[argument];
  if (!definition || parameter === undefined || parameter === '') return false;
  const text = tree.text.slice(tree.starts[definition.body], definition.end);
  if (asksFor(text, [parameter], '(?<!\\w)')) return true;
  const handed = new RegExp(`\\breturn\\s+(\\w+)\\s*\\(`).exec(text);
  if (!handed || depth === 0) return false;
  const at = text.slice(handed.index).search(new RegExp(`(?<=[(,]\\s*)${parameter}(?=\\s*[,)])`));
  const call = at === -1 ? undefined : callAround(text, handed.index + at);
  return call?.callee === handed[1] && asks(tree, model, call!.callee, call!.argument, depth - 1);
}

/** One child after the other, as often as children were counted. Source: include/linux/of.h. */
function isCounted(tree: SyntaxTree, inside: FunctionDefinition, made: number, callee: string): boolean {
  const kind = /^of_get_next_(available_)?child$/.exec(callee);
  if (!kind) return false;
  for (let at = tree.parents[made]!; at !== inside.body && at !== NONE; at = tree.parents[at]!) {
    if (tree.kinds[at] !== (CKind.for_statement as number)) continue;
    const condition = tree.childByField(at, Field.condition);
    const bound = condition === NONE ? undefined : /<\s*(\w+)$/.exec(tree.textOf(condition))?.[1];
    return (
      bound !== undefined &&
      new RegExp(`\\b${bound}\\s*=\\s*of_get_${kind[1] ?? ''}child_count\\s*\\(`).test(
        tree.text.slice(inside.start, tree.starts[at]),
      )
    );
  }
  return false;
}

/**
 * Whether it is the address of shared memory just allocated: all of it has one. Source: drivers/tee/tee_shm.c, tee_shm_get_va(), which
 * fails for memory without an address and for an offset beyond its end.
 */
export const isOwnMemory = (tree: SyntaxTree, inside: FunctionDefinition, call: number): boolean =>
  calleeOf(tree, call) === 'tee_shm_get_va' &&
  tree.textOf(argumentsOf(tree, call)[1] ?? call) === '0' &&
  /\btee_shm_alloc_(?:kernel|priv|user)_buf\s*\(/.test(tree.text.slice(inside.start, tree.starts[call]));
