import { NO_SHAPES, type Catalogue, type CatalogueEntry, type RustItem } from '../../src/core';

/** A catalogue of a few entries, for tests of what is made of a catalogue. */
export function stubCatalogue(entries: Partial<CatalogueEntry>[] = []): Catalogue {
  const known = new Map(
    entries.map((entry) => [entry.name!, { kind: 'function', status: 'none', rust: [], note: '', ...entry } as CatalogueEntry]),
  );
  return {
    kernel: { version: '7.3.4', source: 'snapshot' },
    lookup: (name, kind = 'function') => known.get(name) ?? { name, kind, status: 'none', rust: [], note: '' },
    hasItem: () => true,
    has: (name) => known.has(name),
    names: () => [...known.keys()],
    items: () => [],
    rustSidesIn: () => [],
    item: () => undefined,
    shapes: NO_SHAPES,
  };
}

/** A Rust item; all but its path may be left out. */
export function rustItem(path: string, rest: Partial<RustItem> = {}): RustItem {
  return {
    path,
    kind: 'method',
    relation: 'wraps',
    file: 'rust/kernel/acme.rs',
    line: 12,
    unsafe: false,
    signature: null,
    since: null,
    absentIn: null,
    config: [],
    evidence: [],
    ...rest,
  };
}
