import { CKind, Field, type SyntaxTree } from '../syntax';
import type { Run } from './run';
import { May } from './state';

/** Names of functions that make what they return. */
const MAKES = /(?:^|_)(?:alloc|allocate|create|new|dup|clone)(?:_|$)/;

/**
 * Whether a function of the file returns NULL just if an allocation in it fails. One that also says so by an argument
 * (`int *err`), or returns NULL for what it was asked, has callers that know when it does.
 */
export function mayGiveNothing(run: Run): boolean {
  const { f, tree } = run;
  if (!f.returnsPointer || !MAKES.test(f.name)) return false;
  const empty = run.returns.filter(({ result }) => result === May.zero);
  if (empty.length === 0) return false;
  const parameters = tree.textOf(tree.childByField(tree.childByField(f.node, Field.declarator), Field.declarator));
  if (/\b(?:int|bool)\s*\*\s*\w+/.test(parameters)) return false;
  return empty.every(({ node }) => isAfterFailure(run, node));
}

/** `if (!p) return NULL`, of a `p` that an allocation gave; a label's way out comes from such places. */
function isAfterFailure({ tree, f, file }: Run, node: number): boolean {
  const condition = conditionOf(tree, node);
  if (condition === undefined) return true;
  const asked = /^\(\s*(?:unlikely\s*\(\s*)?(?:!\s*([\w.>[\]-]+)|([\w.>[\]-]+)\s*==\s*NULL)\s*\)*$/.exec(condition);
  const name = asked?.[1] ?? asked?.[2];
  return (
    name !== undefined &&
    f.calls.some((call) => {
      const fails = call.api ? call.api.fails : (call.fails ?? (file.summaryOf(call.name)?.mayGiveNothing ? 'null' : undefined));
      return fails === 'null' && tree.text.slice(tree.starts[tree.parents[call.node]!], tree.starts[call.node]).includes(name);
    })
  );
}

/** The condition of the `if` whose branch a statement is; undefined if it is in none. */
function conditionOf(tree: SyntaxTree, node: number): string | undefined {
  for (let at = tree.parents[node]!; at > 0; at = tree.parents[at]!) {
    if (tree.kinds[at] === (CKind.if_statement as number)) return tree.textOf(tree.childByField(at, Field.condition));
    if (tree.kinds[at] === (CKind.function_definition as number)) return undefined;
  }
  return undefined;
}
