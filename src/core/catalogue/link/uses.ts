import type { RustFile } from '../facts';
import type { LinkedItem } from './crate';
import type { Members } from './members';
import { isModule, type Target } from './resolve';

/** A place in a driver or sample where an item is used. */
export interface Use {
  file: string;
  line: number;
}

const CRATES = new Set(['kernel', 'macros', 'pin_init']);

/** How many places are kept for each item. */
const KEPT = 2;

/** What each driver names, kept as long as the crates are linked the same. */
export type KeptUses = WeakMap<RustFile, Map<LinkedItem, number>>;

/** Where drivers and samples use items of the crates: by paths, and by methods whose name only one item has. */
export function linkUses(drivers: readonly RustFile[], members: Members, kept: KeptUses = new WeakMap()): Map<LinkedItem, Use[]> {
  const uses = new Map<LinkedItem, Use[]>();
  for (const file of drivers) {
    let named = kept.get(file);
    if (!named) kept.set(file, (named = itemsNamedIn(file, members)));
    for (const [item, line] of named) {
      const list = uses.get(item) ?? [];
      if (list.length < KEPT) list.push({ file: file.path, line });
      uses.set(item, list);
    }
  }
  return uses;
}

/**
 * The items of the crates that a driver names, and the first line of each that is not its `use`: by paths, trait impls and
 * macros, and by methods whose name only one item has.
 * @param methods false leaves methods by name out
 */
export function itemsNamedIn(file: RustFile, members: Members, methods = true): Map<LinkedItem, number> {
  const found = new Map<LinkedItem, number>();
  const root = members.resolver.crates.roots.get('kernel');
  if (!root) return found;
  const names = new Map<string, Target[]>();
  const globs: Target[] = [];
  const imported: [LinkedItem, number][] = [];
  for (const use of file.uses) {
    if (!CRATES.has(use.path[0]!)) continue;
    const targets = members.resolver.resolve(root, use.path);
    if (use.name === null) globs.push(...targets);
    else if (targets.length > 0) names.set(use.name, targets);
    for (const target of targets) if (!isModule(target)) imported.push([target, use.line]);
  }
  const add = (item: LinkedItem, line: number): void => {
    if (!found.has(item)) found.set(item, line);
  };
  for (const item of file.items) {
    const trait = item.impl?.trait;
    if (trait) for (const target of named(trait, names, globs, members)) add(target, item.line);
    for (const ref of item.refs?.paths ?? []) {
      if (ref.use !== 'method') for (const target of named(ref.path, names, globs, members)) add(target, ref.line);
      else if (methods) {
        const candidates = (members.byName.get(ref.path[1]!) ?? []).filter(
          (method) => method.owner?.fact.kind === 'trait' || method.fact.visibility === 'public',
        );
        if (candidates.length === 1) add(candidates[0]!, ref.line);
      }
    }
  }
  for (const [item, line] of imported) add(item, line);
  return found;
}

/** Items that a path means in a file with these names. */
function named(
  path: readonly string[],
  names: ReadonlyMap<string, Target[]>,
  globs: readonly Target[],
  members: Members,
): LinkedItem[] {
  const root = members.resolver.crates.roots.get('kernel')!;
  const [first, ...rest] = path;
  let targets: Target[] = names.get(first!) ?? [];
  if (targets.length === 0 && (first === 'kernel' || first === 'macros' || first === 'pin_init'))
    targets = first === 'kernel' ? [root] : members.resolver.resolve(root, [first]);
  if (targets.length === 0) targets = globs.flatMap((glob) => (isModule(glob) ? members.resolver.inModule(glob, first!) : []));
  const found: LinkedItem[] = [];
  for (const start of targets) {
    let current: Target[] = [start];
    for (const name of rest) {
      current = current.flatMap((target): Target[] => {
        if (isModule(target)) return members.resolver.inModule(target, name);
        const type = target.fact.kind === 'type' ? (members.aliased(target) ?? target) : target;
        return members.members.get(type)?.get(name) ?? [];
      });
    }
    for (const target of current) if (!isModule(target)) found.push(target);
  }
  return found;
}
