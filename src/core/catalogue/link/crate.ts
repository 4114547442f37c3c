import type { ItemFact, RustFile } from '../facts';

/** An item of the linked crates: its fact, its file, and its place among all items (`id`). */
export interface LinkedItem {
  id: number;
  /** Its place in the file's items. */
  index: number;
  fact: ItemFact;
  file: RustFile;
  /** The module it stands in, directly or inside an impl, trait or enum. */
  module: ModuleNode;
  /** The impl, trait or enum it is a member of, or null. */
  owner: LinkedItem | null;
}

/** A module of a crate. */
export interface ModuleNode {
  /** Segments from the crate's name: `kernel`, `sync`. */
  path: string[];
  parent: ModuleNode | null;
  /** The `mod` item; null for the crate's root. */
  item: LinkedItem | null;
  file: RustFile;
  /** Items of the module by name; modules too. */
  names: Map<string, LinkedItem[]>;
  modules: Map<string, ModuleNode>;
  uses: { path: string[]; name: string | null; public: boolean; noInline: boolean; config: string[] }[];
}

/** The crates of a kernel tree whose items a driver can name. */
export interface Crates {
  roots: Map<string, ModuleNode>;
  modules: ModuleNode[];
  items: LinkedItem[];
}

/** Crate name and the file of its root, in any of the releases. */
export const CRATE_ROOTS: readonly (readonly [string, string])[] = [
  ['kernel', 'rust/kernel/lib.rs'],
  ['macros', 'rust/macros/lib.rs'],
  ['pin_init', 'rust/pin-init/src/lib.rs'],
  ['pin_init_internal', 'rust/pin-init/internal/src/lib.rs'],
];

/** Crates that no driver names; others show their items. */
export const INTERNAL_CRATES: ReadonlySet<string> = new Set(['pin_init_internal']);

/** Puts the files of each crate into its tree of modules. Modules whose file is missing are empty. */
export function linkCrates(files: ReadonlyMap<string, RustFile>): Crates {
  const crates: Crates = { roots: new Map(), modules: [], items: [] };
  for (const [name, path] of CRATE_ROOTS) {
    const file = files.get(path);
    if (!file) continue;
    const root: ModuleNode = { path: [name], parent: null, item: null, file, names: new Map(), modules: new Map(), uses: [] };
    crates.roots.set(name, root);
    fill(root, file, -1, directory(path), files, crates, new Map());
  }
  return crates;
}

const directory = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function fill(
  module: ModuleNode,
  file: RustFile,
  parent: number,
  dir: string,
  files: ReadonlyMap<string, RustFile>,
  crates: Crates,
  linked: Map<number, LinkedItem>,
): void {
  crates.modules.push(module);
  const add = (fact: ItemFact, index: number, owner: LinkedItem | null): LinkedItem => {
    const item: LinkedItem = { id: crates.items.length, index, fact, file, module, owner };
    crates.items.push(item);
    linked.set(index, item);
    return item;
  };
  // Members follow their owner in the file, so one pass in order is enough.
  file.items.forEach((fact, index) => {
    const owner = linked.get(fact.parent);
    if (fact.parent === parent) {
      const item = add(fact, index, null);
      if (fact.kind !== 'impl') module.names.set(fact.name, [...(module.names.get(fact.name) ?? []), item]);
      if (fact.kind === 'module') addModule(module, item, index, dir, files, crates);
    } else if (owner && owner.module === module && owner.fact.kind !== 'module') add(fact, index, owner);
  });
  for (const use of file.uses) {
    if (use.parent !== parent) continue;
    module.uses.push({
      path: use.path,
      name: use.name,
      public: use.visibility === 'public' && !use.hidden,
      noInline: use.noInline,
      config: use.config,
    });
  }
}

function addModule(
  parent: ModuleNode,
  item: LinkedItem,
  index: number,
  dir: string,
  files: ReadonlyMap<string, RustFile>,
  crates: Crates,
): void {
  const { name, pathAttribute, inline } = item.fact;
  if (parent.modules.has(name)) return;
  const node: ModuleNode = {
    path: [...parent.path, name],
    parent,
    item,
    file: item.file,
    names: new Map(),
    modules: new Map(),
    uses: [],
  };
  parent.modules.set(name, node);
  if (inline) {
    fill(node, item.file, index, `${dir}/${name}`, files, crates, new Map());
    return;
  }
  // `mod x;` of a/b.rs is a/b/x.rs, of a/mod.rs and a/lib.rs it is a/x.rs; `dir` already says which.
  const candidates =
    pathAttribute === null ? [`${dir}/${name}.rs`, `${dir}/${name}/mod.rs`] : [`${directory(item.file.path)}/${pathAttribute}`];
  for (const path of candidates) {
    const file = files.get(path);
    if (!file) continue;
    node.file = file;
    fill(node, file, -1, `${dir}/${name}`, files, crates, new Map());
    return;
  }
  crates.modules.push(node);
}
