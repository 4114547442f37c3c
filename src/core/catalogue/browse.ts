import { curatedEntries } from './curated';
import type { CatalogueData } from './data';
import type { ItemTable } from './items';
import type { Catalogue, RustItem, RustSide } from './model';

/** The C names of which a kernel's catalogue says something by name (not by pattern), sorted. */
export function knownNames(data: CatalogueData, catalogue: Pick<Catalogue, 'has'>): string[] {
  const names = new Set([
    ...Object.keys(data.names),
    ...Object.keys(data.fields),
    ...Object.keys(data.headers),
    ...Object.keys(data.forwards),
  ]);
  for (const entry of curatedEntries) for (const name of entry.names ?? []) names.add(name);
  return [...names].filter((name) => catalogue.has(name)).sort();
}

/** Every item that a driver can name, in order of path. */
export function allItems(table: ItemTable): RustItem[] {
  return table.data.items.map((_, index) => table.item(index, 'nearest', []));
}

/** What stands in each file of the tree for C names: the catalogue read the other way round. */
export function rustSides(names: readonly string[], catalogue: Pick<Catalogue, 'lookup'>): Map<string, RustSide[]> {
  const byPath = new Map<string, RustSide>();
  for (const name of names) {
    for (const item of catalogue.lookup(name).rust) {
      if (item.relation === 'nearest' || item.file === null) continue;
      const side = byPath.get(item.path);
      if (side) side.cNames.push(name);
      else byPath.set(item.path, { item, cNames: [name] });
    }
  }
  const byFile = new Map<string, RustSide[]>();
  for (const side of byPath.values()) {
    const file = side.item.file!;
    const sides = byFile.get(file);
    if (sides) sides.push(side);
    else byFile.set(file, [side]);
  }
  for (const sides of byFile.values()) sides.sort((a, b) => (a.item.line ?? 0) - (b.item.line ?? 0));
  return byFile;
}
