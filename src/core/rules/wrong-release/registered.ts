import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Call, Report, RuleContext } from '../model';

const NAMES = new Set(['device_register']);

/** Devices that are freed by hand after device_register() has failed: their names and references are not. Source: drivers/base/core.c, kernel-doc of device_register(). */
export function freedAfterRegistering({ tree, calls, model }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const call of calls(NAMES)) {
    const object = /^&\(?([\w>.-]+?)->\w+(?:\.\w+)*\)?$/.exec(
      call.arguments[0] === undefined ? '' : tree.textOf(call.arguments[0]),
    )?.[1];
    const failure = object === undefined ? NONE : failureOf(tree, call);
    const definition = tree.ancestorOfKind(call.node, CKind.function_definition);
    if (object === undefined || failure === NONE || definition === NONE) continue;
    const free = freeIn(tree, failure, object) ?? freeAtLabel(tree, definition, failure, object);
    if (free === undefined) continue;
    reports.push({
      node: free,
      function: model.functions.find(({ node }) => node === definition)?.name ?? '',
      message: `${object} is freed by hand after device_register() has failed; only put_device() gives back what was set up of its device`,
      related: [{ start: tree.starts[call.node]!, end: tree.ends[call.node]!, message: 'device_register() may fail here' }],
    });
  }
  return reports;
}

/** The statement that is done when the call fails. */
function failureOf(tree: SyntaxTree, { node }: Call): number {
  const parent = tree.parents[node]!;
  if (tree.kinds[parent] !== (CKind.assignment_expression as number)) {
    const statement = tree.parents[parent]!;
    return tree.kinds[parent] === (CKind.parenthesized_expression as number) &&
      tree.kinds[statement] === (CKind.if_statement as number)
      ? tree.childByField(statement, Field.consequence)
      : NONE;
  }
  const next = tree.nextSibling(tree.parents[parent]!);
  if (next === NONE || tree.kinds[next] !== (CKind.if_statement as number)) return NONE;
  const place = tree.textOf(tree.childByField(parent, Field.left));
  const condition = tree.textOf(tree.childByField(next, Field.condition)).replace(/\s+/g, '');
  return [`(${place})`, `(${place}<0)`, `(${place}!=0)`].includes(condition) ? tree.childByField(next, Field.consequence) : NONE;
}

/** A call that frees the object in a part of the text which puts no device. */
function freeIn(tree: SyntaxTree, part: number, object: string, from = part): number | undefined {
  if (/put_device|_put\(/.test(tree.text.slice(tree.starts[from], tree.ends[part]))) return undefined;
  for (let node = from; node < tree.nexts[part]!; node++)
    if (
      tree.kinds[node] === (CKind.call_expression as number) &&
      new RegExp(`^kfree(?:_sensitive)?\\(\\s*${object}\\s*\\)$`).test(tree.textOf(node))
    )
      return node;
  return undefined;
}

function freeAtLabel(tree: SyntaxTree, definition: number, failure: number, object: string): number | undefined {
  const label = /\bgoto\s+(\w+)\s*;/.exec(tree.textOf(failure))?.[1];
  if (label === undefined || /put_device/.test(tree.textOf(failure))) return undefined;
  for (let node = definition; node < tree.nexts[definition]!; node++)
    if (tree.kinds[node] === (CKind.labeled_statement as number) && tree.textOf(node).startsWith(label))
      return freeIn(tree, definition, object, node);
  return undefined;
}
