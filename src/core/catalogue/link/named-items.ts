import type { LinkedItem } from './crate';
import type { Members } from './members';
import { configOf, type PublicPaths } from './paths';

/** An item that users can name, and the config symbols that it needs. */
export interface NamedItem {
  item: LinkedItem;
  path: string;
  config: readonly string[];
}

/** Every item that users can name, sorted by path. */
export function namedItems(members: Members, paths: PublicPaths): NamedItem[] {
  const named: NamedItem[] = [];
  for (const item of members.resolver.crates.items) {
    const path = item.fact.kind === 'module' ? modulePath(item, paths) : members.pathOf(item, paths);
    if (
      path === undefined ||
      (item.fact.hidden && !paths.inlined.has(item)) ||
      item.owner?.fact.hidden ||
      (item.owner && members.selfOf.get(item.owner)?.fact.hidden) ||
      item.fact.kind === 'impl' ||
      (item.fact.kind === 'associated-type' && item.owner?.fact.kind !== 'trait')
    )
      continue;
    named.push({ item, path, config: configOf(item) });
  }
  return named.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.item.id - b.item.id));
}

function modulePath(item: LinkedItem, paths: PublicPaths): string | undefined {
  const node = item.module.modules.get(item.fact.name);
  return node && node.item === item ? paths.modules.get(node) : undefined;
}
