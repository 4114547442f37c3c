import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf, parameterNames } from '../guards';

/** How deep functions of the file that hand a place on to each other are looked through. */
const MAX_DEPTH = 4;
/** They change what is there, or ask how large it is, and set nothing. */
const ADJUSTS = /^(?:(?:le|be)(?:16|32|64)_to_cpus|sizeof)$/;

/**
 * The functions of a file that store where a parameter points to only if what they call has not failed: they hand it on to `stores`, or set it
 * behind a test of a result. By name: the position of the parameter.
 * @param stores functions of the kernel that do so: the position of their argument
 */
export function storingFunctions(
  tree: SyntaxTree,
  model: DriverModel,
  stores: Readonly<Record<string, number>>,
): Record<string, number> {
  const found: Record<string, number> = Object.create(null) as Record<string, number>;
  const all = Object.assign(Object.create(null) as Record<string, number>, stores);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    let isMore = false;
    for (const definition of model.functions) {
      const { name, node, body } = definition;
      if (name in all || tree.hasError(node)) continue;
      const head = tree.text.slice(tree.starts[node], tree.starts[body]);
      if (!head.includes('*')) continue;
      const at = parameterNames(tree, node).findIndex(
        (parameter) => isOut(head, parameter) && storesOnSuccess(tree, definition, parameter, all),
      );
      if (at < 0) continue;
      found[name] = all[name] = at;
      isMore = true;
    }
    if (!isMore) break;
  }
  return found;
}

/** A pointer to numbers, or to anything: not one to a structure, nor to a constant. */
const isOut = (head: string, parameter: string): boolean =>
  parameter !== '' &&
  new RegExp(
    `[(,]\\s*(?:unsigned\\s+|signed\\s+)?(?:void|char|short|int|long|size_t|(?:__)?[usbl]e?(?:8|16|32|64))\\s*\\*\\s*${parameter}\\s*[,)\\[]`,
  ).test(head);

/** A result that was tested, with the way out for a failure, or what is done otherwise. */
const TESTED =
  /\b(\w+)\s*=\s*[a-z]\w*\s*\([^;{}]*\)\s*;\s*if\s*\(\s*(?:unlikely\s*\(\s*)?\1(?:\s*(?:<\s*0|!=\s*0))?\s*\)?\s*\)\s*(?:\{[^{}]*)?\b(?:return|goto)\b/;
const OTHERWISE = /\b(\w+)\s*=\s*[a-z]\w*\s*\([^;{}]*\)\s*;\s*if\s*\(\s*(?:!\s*\1|\1\s*>=\s*0|\1\s*==\s*0)\s*\)\s*\{?\s*$/;

function storesOnSuccess(
  tree: SyntaxTree,
  { body, start, end }: FunctionDefinition,
  parameter: string,
  stores: Readonly<Record<string, number>>,
): boolean {
  for (let node = body; node < tree.nexts[body]!; node++) {
    if (tree.kinds[node] !== (CKind.identifier as number) || !tree.hasText(node, parameter)) continue;
    const parent = tree.parents[node]!;
    const call = tree.parents[parent]!;
    if (tree.ancestorOfKind(node, CKind.sizeof_expression) > body) continue;
    if (tree.kinds[parent] === (CKind.argument_list as number)) {
      const callee = calleeOf(tree, call);
      if (ADJUSTS.test(callee)) continue;
      const isFirst = callee in stores && argumentsOf(tree, call)[stores[callee]!] === node;
      return (
        isFirst && !new RegExp(`\\*\\s*${parameter}\\s*=[^=]|memset\\s*\\(\\s*${parameter}\\b`).test(tree.text.slice(start, end))
      );
    }
    const isSet =
      tree.kinds[parent] === (CKind.pointer_expression as number) &&
      tree.kinds[tree.parents[parent]!] === (CKind.assignment_expression as number) &&
      tree.nodeAt(tree.starts[parent]!) >= 0 &&
      tree.starts[tree.parents[parent]!] === tree.starts[parent];
    if (!isSet) return false;
    const before = tree.text.slice(tree.starts[body], tree.starts[parent]);
    // Set at another place, too: for a failure.
    if (new RegExp(`\\*\\s*${parameter}\\s*=[^=]`).test(tree.text.slice(tree.ends[parent]! + 3, end))) return false;
    return TESTED.test(before) || OTHERWISE.test(before);
  }
  return false;
}
