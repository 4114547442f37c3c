import type { FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';

interface Declared {
  size: string;
  start: number;
}

/** What a file declares: arrays by name, and all fields of its structures. */
interface Declarations {
  arrays: Map<string, Declared[]>;
  fields: Set<string>;
}

const known = new WeakMap<SyntaxTree, Declarations>();

function declarationsOf(tree: SyntaxTree): Declarations {
  let found = known.get(tree);
  if (found) return found;
  known.set(tree, (found = { arrays: new Map(), fields: new Set() }));
  for (const node of tree.nodesOfKind(CKind.array_declarator)) {
    const parent = tree.parents[node]!;
    if (tree.kinds[parent] === (CKind.array_declarator as number)) continue;
    let inner = node;
    let first = node;
    while (inner !== NONE && tree.kinds[inner] === (CKind.array_declarator as number)) {
      first = inner;
      inner = tree.childByField(inner, Field.declarator);
    }
    if (inner === NONE) continue;
    const size = tree.childByField(first, Field.size);
    const name = tree.textOf(inner).replace(/\W/g, '');
    const declared = { size: size === NONE ? '?' : tree.textOf(size), start: tree.starts[node]! };
    const others = found.arrays.get(name);
    if (others) others.push(declared);
    else found.arrays.set(name, [declared]);
  }
  for (const node of tree.nodesOfKind(CKind.field_identifier))
    if (tree.kinds[tree.parents[node]!] !== (CKind.field_expression as number)) found.fields.add(tree.nameOf(node));
  return found;
}

/** The declared size of a local or global array; undefined if the file declares none of that name that the function sees. */
export function arrayOf(tree: SyntaxTree, { start, end }: FunctionDefinition, name: string): string | undefined {
  const all = declarationsOf(tree).arrays.get(name);
  if (!all) return undefined;
  return (all.find((one) => one.start > start && one.start < end) ?? all.find((one) => one.start < start))?.size;
}

/** The declared size of a field that is an array; `?` if no structure of the file has a field of that name, undefined if it is no array. */
export function arrayField(tree: SyntaxTree, name: string): string | undefined {
  const { arrays, fields } = declarationsOf(tree);
  const sizes = arrays.get(name);
  if (sizes) return sizes.length === 1 || sizes.every(({ size }) => size === sizes[0]!.size) ? sizes[0]!.size : '?';
  return fields.has(name) ? undefined : '?';
}
