import { functionAt } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

const rule: Rule = {
  metadata: {
    id: 'unbounded-fill',
    title: 'Array filled without asking whether there is room',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-787',
    why: 'Each round or call adds an element to an array of a fixed size; how many there will be is decided elsewhere: by firmware, a device tree, a list.',
    falsePositives: ['There cannot be more of them than the array holds, for reasons outside of the file.'],
    references: ['https://cwe.mitre.org/data/definitions/787.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Indexing a slice checks the bounds; pushing to a vector makes room or fails.',
      items: ['kernel::alloc::KVec'],
    },
  },
  run: ({ tree, model }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const index of tree.nodesOfKind(CKind.update_expression)) {
      const node = tree.parents[index]!;
      if (tree.kinds[node] !== (CKind.subscript_expression as number) || tree.fields[index] !== (Field.index as number)) continue;
      if (tree.hasError(node) || !tree.textOf(index).endsWith('++')) continue;
      const assignment = tree.parents[node]!;
      if (
        tree.kinds[assignment] !== (CKind.assignment_expression as number) ||
        tree.childByField(assignment, Field.left) !== node
      )
        continue;
      const inside = functionAt(model, tree.starts[node]!);
      const report = inside && judge(tree, inside.body, node, tree.textOf(index).slice(0, -2).trim());
      if (report) reports.push({ ...report, function: inside.name });
    }
    return reports;
  },
};
export default rule;

/** Loops whose rounds firmware decides; a list holds no more than the driver itself has put on it. */
const UNCOUNTED =
  /^(?:for_each_\w*(?:node|child|endpoint|of_|matching|pci_dev|compatible)|\w*for_each_child|fwnode_|device_for_each)/;

function judge(tree: SyntaxTree, body: number, node: number, counter: string): Report | undefined {
  const place = tree.textOf(tree.childByField(node, Field.argument));
  const array = lastName(place);
  const count = lastName(counter);
  const size = sizeOf(tree, array, /->|\./.test(place));
  if (size === '' || count === '') return undefined;
  if (isCompared(tree.text, array, size)) return undefined;
  const isKept = /->|\./.test(counter);
  const loop = loopOf(tree, node, body);
  // Without a loop, those who call decide how often.
  if (loop === NONE || !UNCOUNTED.test(tree.textOf(loop))) return undefined;
  const scope = isKept ? tree.text : tree.textOf(body);
  const compared = new RegExp(
    `\\b${count}\\b\\s*\\)*\\s*(?:[<>]=?|[=!]=)\\s*(?!0\\b|NULL)|(?:(?<!-)[<>]=?|[=!]=)\\s*[\\w>.-]*\\b${count}\\b|\\b(?:min|clamp|min_t)\\([^;]*\\b${count}\\b`,
  );
  // A loop over what was filled compares its own counter with it: that bounds nothing.
  const rest = scope.replace(new RegExp(`\\b\\w+\\s*<\\s*[\\w>.-]*\\b${count}\\b`, 'g'), '');
  if (compared.test(rest)) return undefined;
  return {
    node,
    message: `${array}, an array of ${size}, gets an element more, and nothing compares ${counter} with that size`,
  };
}

/** A count of its own (no other field) is compared with the size by name: a caller may have asked for room, or made no more elements. */
const isCompared = (text: string, array: string, size: string): boolean =>
  new RegExp(
    `(?<![\\w>.-])\\w+\\s*[<>]=?\\s*(?:ARRAY_SIZE\\([^()]*\\b${array}\\)${/^[A-Z]\w*$/.test(size) ? `|${size}\\b` : ''})`,
  ).test(text);

const lastName = (path: string): string => /(\w+)\s*$/.exec(path)?.[1] ?? '';

/** The innermost loop around a node; NONE if there is none. */
function loopOf(tree: SyntaxTree, node: number, body: number): number {
  for (let at = node; at !== body && at !== NONE; at = tree.parents[at]!) {
    const kind = tree.kinds[at] as CKind;
    if (
      kind === CKind.for_statement ||
      kind === CKind.while_statement ||
      kind === CKind.do_statement ||
      kind === CKind.macro_loop_statement
    )
      return at;
  }
  return NONE;
}

/** The declared size of an array of the file; '' if there is none, or more than one of the name. */
function sizeOf(tree: SyntaxTree, name: string, isField: boolean): string {
  if (name === '') return '';
  const sizes = new Set<string>();
  const declared = `\\b${name}\\s*\\[([^\\]\\n]*)\\]\\s*(?:;|,|=\\s*\\{)`;
  if (!new RegExp(declared).test(tree.text)) return ''; // quicker to see than where a line begins
  for (const match of tree.text.matchAll(new RegExp(`^([^\\n(=;]*?)${declared}`, 'gm'))) {
    if (!/\w/.test(match[1]!)) continue;
    if (isInStructure(tree, match.index) === isField) sizes.add(match[2]!.trim());
    else if (!isField) return '';
  }
  const size = sizes.size === 1 ? [...sizes][0]! : '';
  return /^(?:\d+|[A-Z][A-Z0-9_]*)(?:\s*[-+*]\s*\d+)?$/.test(size) ? size : '';
}

const isInStructure = (tree: SyntaxTree, offset: number): boolean =>
  tree.ancestorOfKind(tree.nodeAt(offset), CKind.field_declaration_list) !== NONE ||
  tree.ancestorOfKind(tree.nodeAt(offset + 1), CKind.field_declaration_list) !== NONE;
