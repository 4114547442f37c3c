import type { Catalogue, CatalogueData, TreeReader } from '../../../src/core/catalogue';
import { indexTree, openCatalogue } from '../../../src/core/catalogue';
import { syntaxForTests } from '../syntax-host';

/** A tree of files in memory, as the indexer reads it. */
export function readerOf(files: Record<string, string>): TreeReader {
  return {
    read: (path) => Promise.resolve(files[path]),
    list: (dir) => {
      const names = new Map<string, boolean>();
      for (const path of Object.keys(files)) {
        if (!path.startsWith(`${dir}/`)) continue;
        const rest = path.slice(dir.length + 1);
        const cut = rest.indexOf('/');
        names.set(cut < 0 ? rest : rest.slice(0, cut), cut >= 0);
      }
      return Promise.resolve([...names].map(([name, directory]) => ({ name, directory })));
    },
  };
}

/** What every mini tree has: a version, the crate's root and the header that lists what is bound. */
const BASE: Record<string, string> = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 1\n',
  'rust/bindings/bindings_helper.h': '#include <linux/acme.h>\n',
};

export const LIB = 'rust/kernel/lib.rs';

/** Facts of a mini tree: `modules` are files of rust/kernel by module path (`sync/lock`), declared `pub mod` where nothing else is said. */
export async function indexMini(files: Record<string, string>): Promise<CatalogueData> {
  return indexTree(readerOf({ ...BASE, ...files }), await syntaxForTests());
}

export async function openMini(files: Record<string, string>): Promise<Catalogue> {
  return openCatalogue(await indexMini(files), 'tree');
}

/** `path` of the items that are more than neighbours, best first. */
export const offered = (catalogue: Catalogue, name: string): string[] =>
  catalogue
    .lookup(name)
    .rust.filter((item) => item.relation !== 'nearest')
    .map((item) => item.path);
