import type { RustFile } from '../facts';
import type { LinkedItem } from './crate';
import type { Members } from './members';
import { isModule, type Target } from './resolve';

/** A place in a driver or sample where an item is used. */
export interface Use {
  file: string;
  line: number;
}

/** How many places are kept for each item. */
const KEPT = 2;

/** Where drivers and samples use items of the crates: by paths, and by methods whose name only one item has. */
export function linkUses(drivers: readonly RustFile[], members: Members): Map<LinkedItem, Use[]> {
  const uses = new Map<LinkedItem, Use[]>();
  for (const file of drivers) {
    const names = new Map<string, Target[]>();
    const root = members.resolver.crates.roots.get('kernel');
    if (!root) return uses;
    const globs: Target[] = [];
    for (const use of file.uses) {
      const targets =
        use.path[0] === 'crate' || use.path[0] === 'super' || use.path[0] === 'self'
          ? []
          : members.resolver.resolve(root, use.path);
      if (use.name === null) globs.push(...targets);
      else if (targets.length > 0) names.set(use.name, targets);
    }
    const add = (item: LinkedItem, line: number): void => {
      const list = uses.get(item) ?? [];
      if (list.length < KEPT && !list.some((other) => other.file === file.path)) list.push({ file: file.path, line });
      uses.set(item, list);
    };
    for (const item of file.items) {
      const trait = item.impl?.trait;
      if (trait) for (const target of named(trait, names, globs, members)) add(target, item.line);
      for (const ref of item.refs?.paths ?? []) {
        if (ref.use === 'method') {
          const methods = (members.byName.get(ref.path[1]!) ?? []).filter(
            (method) => method.owner?.fact.kind === 'trait' || method.fact.visibility === 'public',
          );
          if (methods.length === 1) add(methods[0]!, ref.line);
        } else for (const target of named(ref.path, names, globs, members)) add(target, ref.line);
      }
    }
  }
  return uses;
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
