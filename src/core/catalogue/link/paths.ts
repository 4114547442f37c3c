import { INTERNAL_CRATES, type LinkedItem, type ModuleNode } from './crate';
import { isModule, type Resolver } from './resolve';

/** Public paths of items and modules. */
export interface PublicPaths {
  items: Map<LinkedItem, string>;
  modules: Map<ModuleNode, string>;
  /** Exported macros that are hidden at the crate's root and shown by an inlined `pub use`. */
  inlined: Set<LinkedItem>;
  /** Config symbols on the way to the item, its own included. */
  config: Map<LinkedItem, string[]>;
}

/**
 * The path under which a user names each public item: the shortest way from the crate's root over public modules and `pub use`
 * (`kernel::sync::Mutex`). Preludes are no home, and neither is a module that is hidden from the documentation.
 */
export function publicPaths(resolver: Resolver): PublicPaths {
  const paths: PublicPaths = { items: new Map(), modules: new Map(), inlined: new Set(), config: new Map() };
  const roots = [...resolver.crates.roots.values()].filter((root) => !INTERNAL_CRATES.has(root.path[0]!));
  // Exported macros first: each is at the root of its crate.
  for (const item of resolver.crates.items) {
    if (item.fact.kind === 'macro' && item.fact.flag && !item.fact.hidden && !INTERNAL_CRATES.has(item.module.path[0]!))
      offer(paths, item, [item.module.path[0]!, item.fact.name]);
  }
  let level: { module: ModuleNode; path: string[] }[] = roots.map((module) => ({ module, path: module.path }));
  const seen = new Set<ModuleNode>();
  while (level.length > 0) {
    const next: typeof level = [];
    // Where two ways are equally long, the one along the modules themselves wins.
    level.sort((a, b) => Number(b.module.path.join() === b.path.join()) - Number(a.module.path.join() === a.path.join()));
    for (const { module, path } of level) {
      if (seen.has(module)) continue;
      seen.add(module);
      paths.modules.set(module, path.join('::'));
      if (path.at(-1) === 'prelude') continue;
      for (const [name, items] of module.names) {
        for (const item of items) {
          if (item.fact.visibility !== 'public' || item.fact.kind === 'impl') continue;
          const child = item.fact.kind === 'module' ? module.modules.get(name) : undefined;
          if (child) {
            if (!item.fact.hidden) next.push({ module: child, path: [...path, name] });
          } else offer(paths, item, [...path, name]);
        }
      }
      for (const use of module.uses) {
        if (!use.public || use.noInline) continue;
        for (const target of resolver.resolve(module, use.name === null ? use.path : use.path)) {
          if (use.name !== null) {
            if (!isModule(target)) {
              if (!visibleEnough(target)) continue;
              offer(paths, target, [...path, use.name]);
              if (target.fact.hidden && target.fact.kind === 'macro') paths.inlined.add(target);
            } else if (target.parent) next.push({ module: target, path: [...path, use.name] });
          } else if (isModule(target)) {
            for (const [name, items] of target.names)
              for (const item of items)
                if (item.fact.visibility === 'public' && item.fact.kind !== 'module') offer(paths, item, [...path, name]);
          }
        }
      }
    }
    level = next;
  }
  for (const item of paths.items.keys()) paths.config.set(item, configOf(item));
  return paths;
}

/** A `pub use` can only show what is public; a macro is shown whatever its own visibility. */
const visibleEnough = (item: LinkedItem): boolean => item.fact.visibility === 'public' || item.fact.kind === 'macro';

function offer(paths: PublicPaths, item: LinkedItem, path: string[]): void {
  const known = paths.items.get(item);
  const text = path.join('::');
  if (known === undefined || known.split('::').length > path.length) paths.items.set(item, text);
}

/** Config symbols of an item, its owner and the modules around it. */
export function configOf(item: LinkedItem): string[] {
  const config = new Set<string>();
  const chain: string[][] = [item.fact.config];
  if (item.owner) chain.unshift(item.owner.fact.config);
  for (let module: ModuleNode | null = item.module; module; module = module.parent)
    if (module.item) chain.unshift(module.item.fact.config);
  for (const symbols of chain) for (const symbol of symbols) if (!symbol.startsWith('CONFIG_RUSTC_')) config.add(symbol);
  return [...config];
}
