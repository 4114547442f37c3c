import type { Crates, LinkedItem, ModuleNode } from './crate';

/** What a path can name: an item, or a module. */
export type Target = LinkedItem | ModuleNode;
export const isModule = (target: Target): target is ModuleNode => 'modules' in target;

/** Names of macros and functions that every module has through `use kernel::prelude::*` or the crate's own prelude. */
const MAX_STEPS = 24;

/** Finds what paths mean in the modules of a crate: `use` declarations, globs, `self`, `super`, `crate`, the crates' names. */
export class Resolver {
  private readonly cache = new Map<ModuleNode, Map<string, Target[]>>();

  constructor(readonly crates: Crates) {}

  /** Everything that `path` names in `module`; several if a type and a macro share a name. Members of types are not looked into. */
  resolve(module: ModuleNode, path: readonly string[], steps = 0): Target[] {
    if (path.length === 0 || steps > MAX_STEPS) return [];
    let current: Target[];
    const first = path[0]!;
    const root = this.rootOf(module);
    if (first === 'crate' || first === '$crate') current = [root];
    else if (first === 'self') current = [module];
    else if (first === 'super') current = module.parent ? [module.parent] : [];
    else {
      current = this.inModule(module, first, steps + 1);
      if (current.length === 0) {
        const crate = this.crates.roots.get(first);
        if (crate) current = [crate];
      }
    }
    for (const name of path.slice(1)) {
      const next: Target[] = [];
      for (const target of current) {
        if (!isModule(target)) continue;
        if (name === 'super') {
          if (target.parent) next.push(target.parent);
        } else if (name === 'self') next.push(target);
        else next.push(...this.inModule(target, name, steps + 1));
      }
      current = next;
    }
    return current;
  }

  rootOf(module: ModuleNode): ModuleNode {
    return this.crates.roots.get(module.path[0]!)!;
  }

  /** What `name` is in `module`: its own items first, then what is brought in by name, then by globs; macros of the crate last. */
  inModule(module: ModuleNode, name: string, steps = 0): Target[] {
    if (steps > MAX_STEPS) return [];
    let known = this.cache.get(module);
    if (!known) this.cache.set(module, (known = new Map<string, Target[]>()));
    const cached = known.get(name);
    if (cached) return cached;
    known.set(name, []); // stops cycles of globs
    const found = this.lookIn(module, name, steps);
    known.set(name, found);
    return found;
  }

  private lookIn(module: ModuleNode, name: string, steps: number): Target[] {
    const found = new Set<Target>();
    for (const item of module.names.get(name) ?? []) {
      const node = item.fact.kind === 'module' ? module.modules.get(name) : undefined;
      found.add(node ?? item);
    }
    for (const use of module.uses) {
      if (use.name !== name) continue;
      // `pub use x;` in a module that has no x of its own means the crate or a sibling; do not look the name up in itself.
      if (use.path.length === 1 && use.path[0] === name) {
        const crate = this.crates.roots.get(name);
        if (crate) found.add(crate);
        for (const item of this.exportedMacros(module, name)) found.add(item);
      } else for (const target of this.resolve(module, use.path, steps + 1)) found.add(target);
    }
    if (found.size === 0) {
      for (const use of module.uses) {
        if (use.name !== null) continue;
        for (const target of this.resolve(module, use.path, steps + 1)) {
          if (isModule(target) && target !== module) for (const hit of this.inModule(target, name, steps + 1)) found.add(hit);
        }
      }
    }
    if (found.size === 0 && module.parent === null) for (const item of this.exportedMacros(module, name)) found.add(item);
    return [...found];
  }

  private exported: Map<string, LinkedItem[]> | undefined;

  /** `#[macro_export]` macros of the module's crate, wherever they stand. */
  private exportedMacros(module: ModuleNode, name: string): LinkedItem[] {
    if (!this.exported) {
      this.exported = new Map();
      for (const item of this.crates.items) {
        if (item.fact.kind !== 'macro' || !item.fact.flag) continue;
        const key = `${item.module.path[0]!}::${item.fact.name}`;
        this.exported.set(key, [...(this.exported.get(key) ?? []), item]);
      }
    }
    return this.exported.get(`${module.path[0]!}::${name}`) ?? [];
  }
}
