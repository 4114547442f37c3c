import { functionAt } from '../../driver';
import { kernelApis } from '../api';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import type { Report, Rule, RuleContext } from '../model';

/** References that functions borrow as a rule: what they are handed to does not put them. */
const FAMILIES = new Set(['of_node', 'fwnode', 'ofpdev', 'pcidev', 'phydev', 'device']);
/** Functions that only look at what they are handed. */
const BORROWS =
  /^(?:of_(?!node_get|find_|get_next|node_put|fwnode_handle_put|graph_get_next)\w+|irq_of_\w+|(?:dev|pr|netdev)_(?!to_)\w+|fwnode_(?!handle|get_next|find)\w+|syscon_node_to_regmap|device_node_to_regmap|platform_get_\w+|pci_(?:read|write|resource|get_drvdata|find_capability|name|domain)\w*|dev_get_drvdata|dev_name|i2c_get_clientdata|IS_ERR\w*|WARN\w*|strcmp|str\w+|printk|seq_printf|sizeof|clk_get_by_name|\w+_is_\w+|if|while|switch|return|unlikely|likely)$/;

const GIVES: ReadonlySet<string> = new Set(
  [...kernelApis().values()].filter(({ gives }) => gives !== undefined && FAMILIES.has(gives)).map(({ name }) => name),
);

const rule: Rule = {
  metadata: {
    id: 'reference-never-put',
    title: 'Reference that nothing gives back',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-911',
    supersedes: ['memory-leak'],
    why: 'The look-up takes a reference for its caller. The function looks at the object and forgets it: the count never comes back to zero.',
    falsePositives: ['The object is never to go: a node of a tree that does not change.'],
    references: [
      'Documentation/devicetree/kernel-api.rst',
      'include/linux/of.h',
      'https://cwe.mitre.org/data/definitions/911.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'ARef gives its reference back when it is dropped.',
      items: ['kernel::types::ARef', 'kernel::sync::aref::ARef', 'kernel::device::property::FwNode'],
    },
  },
  run: ({ tree, model, calls }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const { name, node } of calls(GIVES)) {
      const variable = keptIn(tree, node);
      const within = variable === '' ? undefined : functionAt(model, tree.starts[node]!);
      if (!within || tree.hasError(within.node)) continue;
      const text = tree.text.slice(within.start, within.end);
      if (isKeptOnPurpose(tree.text.slice(within.start, tree.starts[node]))) continue;
      if (!isLocal(text, variable) || !onlyLookedAt(tree, within.body, variable, node)) continue;
      reports.push({
        node,
        function: within.name,
        message: `${name}() gives ${variable} with a reference, and nothing in ${within.name}() gives it back or keeps it`,
      });
    }
    return reports;
  },
};
export default rule;

/** The comments just before the statement say that the reference is kept for ever. */
function isKeptOnPurpose(before: string): boolean {
  const [, comment] = /((?:(?:\/\*(?:(?!\*\/)[^])*\*\/|\/\/[^\n]*)\s*)+)[^;{}/]*$/.exec(before) ?? [];
  return (
    comment !== undefined &&
    /\b(?:do not|don't|never(?!-)|no need to|not necessary to)\b[^.]*\b(?:release|put|drop|free)\b|\bperpetual|\bfor ?ever\b/i.test(
      comment,
    )
  );
}

/** The plain variable that the result goes to; '' if there is none. */
function keptIn(tree: SyntaxTree, call: number): string {
  const parent = tree.parents[call]!;
  const kind = tree.kinds[parent] as CKind;
  if (kind !== CKind.init_declarator && kind !== CKind.assignment_expression) return '';
  if (kind === CKind.init_declarator && tree.textOf(tree.parents[parent]!).includes('__free')) return '';
  const left = tree.childByField(parent, kind === CKind.init_declarator ? Field.declarator : Field.left);
  const name = tree.textOf(left).replace(/[\s*]/g, '');
  return /^\w+$/.test(name) ? name : '';
}

const isLocal = (text: string, name: string): boolean =>
  new RegExp(`\\n\\s+(?:const\\s+)?struct\\s+\\w+\\s*\\*[^;(){}]*\\b${name}\\b`).test(text) &&
  !new RegExp(`\\n\\s+static[^;]*\\b${name}\\b|__free[^;]*\\b${name}\\b|\\b${name}\\s+__free`).test(text);

/** Whether all uses of a variable in the function are looks: tests, fields, functions that borrow. */
function onlyLookedAt(tree: SyntaxTree, body: number, name: string, call: number): boolean {
  let uses = 0;
  for (let node = body; node < tree.nexts[body]!; node++) {
    if (tree.kinds[node] !== (CKind.identifier as number) || !tree.hasText(node, name)) continue;
    const parent = tree.parents[node]!;
    switch (tree.kinds[parent] as CKind) {
      case CKind.argument_list: {
        const callee = tree.parents[parent]!;
        if (tree.kinds[callee] !== (CKind.call_expression as number)) return false;
        const function_ = calleeOf(tree, callee);
        if (callee === call || !BORROWS.test(function_)) return false;
        uses++;
        break;
      }
      case CKind.field_expression: {
        if (!usesField(tree, parent)) return false;
        uses++;
        break;
      }
      case CKind.assignment_expression:
        if (tree.childByField(parent, Field.left) !== node) return false;
        break;
      case CKind.init_declarator:
      case CKind.pointer_declarator:
      case CKind.declaration:
        if (tree.fields[node] === (Field.value as number)) return false;
        break;
      case CKind.unary_expression:
      case CKind.binary_expression:
      case CKind.parenthesized_expression:
        break;
      default:
        return false;
    }
  }
  return uses > 0;
}

/** `np->name` is a look; the address of a part (`&pdev->dev`) only as what a function borrows. */
function usesField(tree: SyntaxTree, first: number): boolean {
  let field = first;
  while (tree.kinds[tree.parents[field]!] === (CKind.field_expression as number)) field = tree.parents[field]!;
  const parent = tree.parents[field]!;
  if (tree.kinds[parent] !== (CKind.pointer_expression as number) || tree.text.charCodeAt(tree.starts[parent]!) !== 0x26)
    return tree.kinds[parent] !== (CKind.assignment_expression as number) || tree.childByField(parent, Field.left) !== field;
  const list = tree.parents[parent]!;
  const call = list === NONE ? NONE : tree.parents[list]!;
  return (
    call !== NONE &&
    tree.kinds[call] === (CKind.call_expression as number) &&
    argumentsOf(tree, call).includes(parent) &&
    BORROWS.test(calleeOf(tree, call))
  );
}
