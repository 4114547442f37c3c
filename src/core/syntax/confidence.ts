import { CKind } from './kinds';
import { NodeFlag, NONE, type SyntaxTree } from './tree';

/**
 * How far the tree of a region can be relied on:
 * - `high`: neither the region nor the item around it has an error;
 * - `medium`: the region has none, but the function, declaration or statement outside of functions that it is in has;
 * - `low`: an ERROR covers some of it, or text was made up in it (a missing `;`).
 */
export type ParseConfidence = 'high' | 'medium' | 'low';

/** Start and end of each outermost ERROR and each missing node, in text order: offset 2n and 2n + 1 of the n-th. */
const damages = new WeakMap<SyntaxTree, Uint32Array>();

function damageOf(tree: SyntaxTree): Uint32Array {
  const known = damages.get(tree);
  if (known) return known;
  const ranges: number[] = [];
  for (let node = 0; node < tree.size;) {
    const isError = tree.kinds[node] === (CKind.ERROR as number);
    if (isError || tree.flags[node]! & (NodeFlag.missing as number)) ranges.push(tree.starts[node]!, tree.ends[node]!);
    node = isError || !tree.hasError(node) ? tree.nexts[node]! : node + 1;
  }
  const damage = Uint32Array.from(ranges);
  damages.set(tree, damage);
  return damage;
}

/** Index of the first range of `damage` that ends at or after `offset`; the ranges neither overlap nor go back. */
function firstEndingAt(damage: Uint32Array, offset: number): number {
  let low = 0;
  let high = damage.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (damage[2 * middle + 1]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How much of a region is in ERROR nodes: 0 (nothing) to 1 (all of it). Offsets are UTF-16 units, `end` is exclusive.
 * Missing nodes cover nothing: see `confidenceOf`.
 */
export function damagedShare(tree: SyntaxTree, start = 0, end = tree.text.length): number {
  if (end <= start || !tree.hasError(0)) return 0;
  const damage = damageOf(tree);
  let covered = 0;
  for (let i = 2 * firstEndingAt(damage, start); i < damage.length && damage[i]! < end; i += 2)
    covered += Math.max(0, Math.min(end, damage[i + 1]!) - Math.max(start, damage[i]!));
  return covered / (end - start);
}

/**
 * How far the tree of a region can be relied on. Costs nothing in a text without errors, else a search among them. An error that only
 * touches the region counts as in it. Offsets are UTF-16 units, `end` is exclusive.
 */
export function confidenceOf(tree: SyntaxTree, start: number, end: number): ParseConfidence {
  if (!tree.hasError(0)) return 'high';
  const damage = damageOf(tree);
  const near = 2 * firstEndingAt(damage, start);
  if (near < damage.length && damage[near]! <= end) return 'low';
  return tree.hasError(itemAround(tree, start)) ? 'medium' : 'high';
}

/** Groups of directives, whose content stands at the level of the group. */
const GROUPS: ReadonlySet<number> = new Set([
  CKind.translation_unit,
  CKind.preproc_if,
  CKind.preproc_ifdef,
  CKind.preproc_else,
  CKind.preproc_elif,
  CKind.preproc_elifdef,
]);

/** The function that `offset` is in; outside of functions what stands there at the top level or in a group of directives. */
function itemAround(tree: SyntaxTree, offset: number): number {
  let item = tree.nodeAt(offset);
  if (tree.kinds[item] === (CKind.function_definition as number)) return item;
  const definition = tree.ancestorOfKind(item, CKind.function_definition);
  if (definition !== NONE) return definition;
  for (let up = tree.parents[item]!; up !== NONE && !GROUPS.has(tree.kinds[up]!); up = tree.parents[up]!) item = up;
  return item;
}
