import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';

/**
 * Whether a statement is in the default of a switch that an earlier switch over the same value keeps from being taken: that one has
 * the same cases, leaves the function by its default, and nothing is written to the value after it.
 */
export function isSettledByEarlierSwitch(tree: SyntaxTree, node: number, body: number): boolean {
  const later = switchOfDefault(tree, node, body);
  if (later === NONE) return false;
  const value = valueOf(tree, later);
  const root = /^\w+/.exec(value)?.[0];
  // What is read through a pointer, or given by a call, may be another thing the second time.
  if (root === undefined || !/^\w+(?:\.\w+)*$/.test(value)) return false;
  const cases = casesOf(tree, later);
  return tree.nodesOfKind(CKind.switch_statement, body, later).some((earlier) => {
    if (tree.ends[earlier]! > tree.starts[later]! || valueOf(tree, earlier) !== value) return false;
    // A switch that is not done on all ways says nothing.
    if (tree.parents[earlier] !== tree.parents[later]) return false;
    const known = casesOf(tree, earlier);
    if (!leavesByDefault(tree, earlier) || [...known.keys()].some((label) => !cases.has(label))) return false;
    const between = tree.text.slice(tree.starts[earlier], tree.starts[later]);
    return !new RegExp(
      `&${root}\\b|\\b${root}(?:\\.\\w+)*\\s*(?:[-+*/%&|^]|<<|>>)?=[^=]|\\b${root}(?:\\.\\w+)*(?:\\+\\+|--)|(?:\\+\\+|--)${root}\\b`,
    ).test(between);
  });
}

/** The switch whose default a statement is in; NONE if it is in none. */
function switchOfDefault(tree: SyntaxTree, node: number, body: number): number {
  for (let at = node; at !== body && at !== NONE; at = tree.parents[at]!) {
    if (tree.kinds[at] !== (CKind.case_statement as number)) continue;
    const switch_ = tree.parents[tree.parents[at]!]!;
    const isDefault = tree.childByField(at, Field.value) === NONE && tree.kinds[switch_] === (CKind.switch_statement as number);
    return isDefault && !fallsInto(tree, at) ? switch_ : NONE;
  }
  return NONE;
}

/** The case before a default goes on into it. */
function fallsInto(tree: SyntaxTree, default_: number): boolean {
  let before = NONE;
  for (const child of tree.children(tree.parents[default_]!, true)) {
    if (child === default_) break;
    if (tree.kinds[child] === (CKind.case_statement as number)) before = child;
  }
  return before !== NONE && !/\b(?:break|return\b[^;]*|goto\s+\w+|continue)\s*;\s*\}?\s*$/.test(tree.textOf(before));
}

const valueOf = (tree: SyntaxTree, switch_: number): string =>
  tree
    .textOf(tree.childByField(switch_, Field.condition))
    .replace(/\s+/g, '')
    .replace(/^\((.*)\)$/, '$1');

/** The cases of a switch by what they are of; the default by ''. */
function casesOf(tree: SyntaxTree, switch_: number): Map<string, number> {
  const cases = new Map<string, number>();
  for (const child of tree.children(tree.childByField(switch_, Field.body), true)) {
    if (tree.kinds[child] !== (CKind.case_statement as number)) continue;
    const label = tree.childByField(child, Field.value);
    cases.set(label === NONE ? '' : tree.textOf(label).replace(/\s+/g, ''), child);
  }
  return cases;
}

/** The last statement of the default leaves the function. */
function leavesByDefault(tree: SyntaxTree, switch_: number): boolean {
  const default_ = casesOf(tree, switch_).get('');
  return default_ !== undefined && /\b(?:return\b[^;]*|goto\s+\w+)\s*;\s*\}?\s*$/.test(tree.textOf(default_));
}
