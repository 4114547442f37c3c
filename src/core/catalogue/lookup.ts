import { curatedFor, relationOf } from './curated';
import { cleanName, kindOf } from './c-names';
import { missingSubsystem } from './curated/missing';
import { isLibraryPath, statedPath, type CuratedEntry } from './curated/model';
import { FORMAT, type CatalogueData, type LinkRow } from './data';
import { ItemTable } from './items';
import type { Catalogue, CatalogueEntry, KernelIdentity, KernelShapes, RustItem, RustSide, Status } from './model';
import { allItems, knownNames, rustSides } from './browse';
import { extraWords } from './c/jobs';
import { openShapes } from './shapes';
import { similarity } from './words';
import { rawKind } from './raw-names';
import { CHANGING_WORDS, plainOf, variantsOf } from './variants';
import { ownKeys } from '../own-keys';

/** A derived link under this score is no more than a neighbour. */
const CONFIDENT = 45;
/** A field that the abstraction fills by itself has a link of this score at most. */
const FILLED = 50;
/** How far behind the best item others may be and still be shown. */
const SPREAD = 34;
const SHOWN = 6;
const CURATED_SHOWN = 12;
/** How many entries of a kind are kept: a driver uses some hundred names, all of drivers/ a few hundred thousand. */
const CACHED = 30_000;

/**
 * Look-ups in the facts of one kernel.
 * @throws Error if `data` is of another layout than this version of the extension reads
 */
export function openCatalogue(data: CatalogueData, source: KernelIdentity['source']): Catalogue {
  if ((data.format as number) !== FORMAT)
    throw new Error('the catalogue was made by another version of this extension: make it again');
  for (const names of [data.names, data.fields, data.structs, data.headers, data.forwards, data.inside]) ownKeys(names);
  return new DerivedCatalogue(data, source);
}

class DerivedCatalogue implements Catalogue {
  readonly kernel: KernelIdentity;
  readonly shapes: KernelShapes;
  private readonly table: ItemTable;
  /** By kind asked for, then by name: a map of maps costs no new string at each look-up. */
  private readonly cache = new Map<CatalogueEntry['kind'] | undefined, Map<string, CatalogueEntry>>();

  private readonly links: ReadonlyMap<string, LinkRow[]>;
  private readonly forwards: ReadonlyMap<string, string>;
  /** Names of which Rust wraps a variant only: `mutex_init` for `__mutex_init`. */
  private readonly variants: ReadonlyMap<string, string>;

  private known: string[] | undefined;
  private sides: Map<string, RustSide[]> | undefined;

  constructor(
    private readonly data: CatalogueData,
    source: KernelIdentity['source'],
  ) {
    this.kernel = { version: data.version, source };
    // Names of C are asked for as they come, and `constructor` is one.
    for (const table of [data.fields, data.structs, data.headers, data.inside]) Object.setPrototypeOf(table, null);
    // Most that is asked for is unknown, and maps say so without making a property's name of it.
    this.links = new Map(Object.entries(data.names));
    this.forwards = new Map(Object.entries(data.forwards));
    this.variants = variantsOf(this.links);
    this.table = new ItemTable(data);
    this.shapes = openShapes(data.shapes);
    // Patterns and indexes are made at the first look-up: here, not under somebody's hover.
    this.table.find('');
    this.find('', '', undefined);
  }

  lookup(asked: string, kind?: CatalogueEntry['kind']): CatalogueEntry {
    let cache = this.cache.get(kind);
    if (!cache) this.cache.set(kind, (cache = new Map<string, CatalogueEntry>()));
    let entry = cache.get(asked);
    if (!entry) {
      if (cache.size >= CACHED) cache.clear();
      cache.set(asked, (entry = this.find(cleanName(asked), asked, kind)));
    }
    return entry;
  }

  has(name: string): boolean {
    const entry = this.lookup(name);
    return entry.status !== 'none' || entry.note !== '' || entry.rust.length > 0;
  }

  hasItem(path: string): boolean {
    return this.table.has(path);
  }

  item(path: string): RustItem | undefined {
    return this.table.named(path, 'nearest', []);
  }

  names(): readonly string[] {
    return (this.known ??= knownNames(this.data, this));
  }

  items(): readonly RustItem[] {
    return allItems(this.table);
  }

  rustSidesIn(file: string): readonly RustSide[] {
    this.sides ??= rustSides(this.names(), this);
    return this.sides.get(file) ?? [];
  }

  private find(name: string, asked: string, hint: CatalogueEntry['kind'] | undefined): CatalogueEntry {
    const kind = kindOf(name, hint, this.data);
    const derived = this.derived(name, kind, 0);
    const curated = curatedFor(name, kind, this.data.version, (path) => this.table.has(path));
    const entry = curated ? this.withCurated(name, kind, curated, derived) : derived;
    const unknown = (entry.status === 'none' || entry.status === 'raw') && entry.note === '' && entry.rust.length === 0;
    const said = unknown && kind !== 'field' && kind !== 'header' ? this.ofMissingSubsystem(entry) : entry;
    return said.name === asked ? said : { ...said, name: asked };
  }

  /** The entry with what is known of the whole subsystem that the name belongs to. */
  private ofMissingSubsystem(entry: CatalogueEntry): CatalogueEntry {
    const missing = missingSubsystem(entry.name, (path) => this.table.has(path));
    if (!missing) return entry;
    const rust = (missing.nearest ?? []).flatMap((path) => this.table.named(path, 'nearest', []) ?? []);
    return missing.nearest && rust.length === 0 ? entry : { ...entry, rust, note: missing.note };
  }

  /** What the tree itself shows. */
  private derived(name: string, kind: CatalogueEntry['kind'], depth: number): CatalogueEntry {
    if (kind === 'header') return this.fromLinks(name, kind, this.data.headers[name] ?? []);
    if (kind === 'field') return this.field(name);
    const links = this.links.get(name);
    if (links && (links[0]?.[2] ?? 0) >= CONFIDENT) return this.fromLinks(name, kind, links);
    // bindgen's name of an enumerator, as Rust code has it: `phy_state_PHY_DOWN`.
    const enumerator = depth === 0 && !links ? /^[a-z]\w*?_(?=[A-Z])/.exec(name)?.[0] : undefined;
    if (enumerator !== undefined) {
      const entry = this.derived(name.slice(enumerator.length), kind, 1);
      if (entry.rust.some((item) => item.relation !== 'nearest')) return { ...entry, name };
    }
    if (name.startsWith('MODULE_DEVICE_TABLE(')) return this.deviceTable(name, name.slice(name.indexOf('(') + 1, -1));
    if (depth === 0) {
      const forward = this.forwards.get(name);
      if (forward !== undefined) return this.forwarded(name, kind, forward);
      const variant = links ? undefined : this.variants.get(name);
      if (variant !== undefined) return this.variantOf(name, kind, variant, this.links.get(variant)!);
      const managed = /^(?:devm|pcim|dmam)_/.test(name) ? this.managed(name, kind, plainOf(name)) : undefined;
      if (managed) return managed;
    }
    return this.fromLinks(name, kind, links ?? []);
  }

  /** A managed variant: what does the job of the plain one, since owning and dropping take devm's place. */
  private managed(name: string, kind: CatalogueEntry['kind'], plain: string): CatalogueEntry | undefined {
    const curated = curatedFor(plain, kind, this.data.version, (path) => this.table.has(path));
    const derived = this.derived(plain, kind, 0);
    const entry = curated ? this.withCurated(plain, kind, curated, derived) : derived;
    if (entry.status !== 'safe' && entry.status !== 'partial') return undefined;
    const rust = entry.rust
      .filter((item) => item.relation !== 'nearest')
      .map((item): RustItem => ({ ...item, relation: 'replaces' }));
    const released = `Does the job of ${plain}; what it returns is released when it is dropped, so no devm variant is needed.`;
    return { ...entry, name, rust, note: `${released} ${entry.note}`.trim() };
  }

  private forwarded(name: string, kind: CatalogueEntry['kind'], target: string): CatalogueEntry {
    const entry = this.fromLinks(target, kind, this.links.get(target) ?? []);
    const extra = extraWords(name, target);
    const rust = entry.rust.map((item): RustItem => (item.relation === 'wraps' ? { ...item, relation: 'replaces' } : item));
    // What has the words of the name goes first: `put_u32` for nla_put_u32.
    rust.sort((a, b) => similarity(name, b.path) - similarity(name, a.path));
    const changes = extra.some((word) => CHANGING_WORDS.has(word));
    const note = [`C comes to ${target} here.`, changes ? `Whether "${extra.join(' ')}" is kept must be checked.` : '']
      .join(' ')
      .trim();
    return { ...entry, name, rust, note, status: changes && entry.status === 'safe' ? 'partial' : entry.status };
  }

  /** A name of which Rust wraps a variant, `__name` or `name_locked`: the same job, often without its locking or atomicity. */
  private variantOf(name: string, kind: CatalogueEntry['kind'], inner: string, links: readonly LinkRow[]): CatalogueEntry {
    const entry = this.fromLinks(inner, kind, links);
    const rust = entry.rust.map((item): RustItem => ({ ...item, relation: 'replaces' }));
    if (inner.endsWith('_indexed')) return { ...entry, name, rust, note: `Rust calls ${inner}.` };
    return { ...entry, name, rust, status: 'partial', note: `Rust calls ${inner}, which may leave out locking or atomicity.` };
  }

  private deviceTable(name: string, bus: string): CatalogueEntry {
    const item = this.table.named(`kernel::${bus}_device_table`, 'replaces', [
      'makes the table that MODULE_DEVICE_TABLE exports for this bus',
    ]);
    if (item) return { name, kind: 'macro', status: 'safe', rust: [item], note: '' };
    return {
      name,
      kind: 'macro',
      status: 'none',
      rust: [],
      note: `This kernel has no Rust abstraction of ${bus} device tables.`,
    };
  }

  private field(name: string): CatalogueEntry {
    const [struct, field] = name.split('.') as [string, string];
    const links = this.data.fields[name];
    if (links && links.length > 0) {
      const entry = this.fromLinks(name, 'field', links);
      return links[0]![2] > FILLED
        ? entry
        : { ...entry, status: 'partial', note: 'The abstraction fills it; a driver has no hook there.' };
    }
    if (!this.data.structs[struct]?.includes(field)) return { name, kind: 'field', status: 'none', rust: [], note: '' };
    const trait = this.links.get(struct)?.find((row) => row[1] === 2);
    const path = trait ? this.data.items[trait[0]]![0] : undefined;
    const covered = this.data.structs[struct].filter((other) =>
      this.data.fields[`${struct}.${other}`]?.some(
        (row) => row[2] > FILLED && this.data.items[row[0]]![0].startsWith(`${path}::`),
      ),
    );
    const fields = covered.join(', ');
    const note =
      path !== undefined && fields !== '' ? `${path} has no counterpart of ${field}; of this structure it covers ${fields}.` : '';
    return { name, kind: 'field', status: 'none', rust: [], note };
  }

  private fromLinks(name: string, kind: CatalogueEntry['kind'], links: readonly LinkRow[]): CatalogueEntry {
    const best = links[0]?.[2] ?? 0;
    if (best < CONFIDENT) return this.unsupported(name, kind, links);
    const shown = links.filter((row) => row[2] >= Math.max(CONFIDENT - 5, best - SPREAD)).slice(0, SHOWN);
    const rust = shown.map((row) => this.table.linked(row, name));
    // What needs no unsafe goes first among equals.
    const safeFirst = shown.map((row, index) => ({ item: rust[index]!, score: row[2] - (rust[index]!.unsafe ? 12 : 0) }));
    safeFirst.sort((a, b) => b.score - a.score);
    const items = safeFirst.map(({ item }) => item);
    if (kind === 'struct') this.addConstructor(items);
    if (items[0]!.kind === 'variant') this.addOwner(items);
    return {
      name,
      kind,
      status: items.some((item) => !item.unsafe) ? 'safe' : 'partial',
      rust: items,
      note: items[0]!.unsafe ? 'Calling it takes `unsafe`.' : '',
    };
  }

  /** Beside a variant stands its enum, which code has to name first. */
  private addOwner(items: RustItem[]): void {
    const { path, relation, evidence } = items[0]!;
    const owner = this.table.named(path.slice(0, path.lastIndexOf('::')), relation, evidence.slice(0, 1));
    if (owner && !items.some((item) => item.path === owner.path)) items.push(owner);
  }

  /** Beside a type that holds a structure stands how it is made. */
  private addConstructor(items: RustItem[]): void {
    const [type] = items;
    const path = type?.kind === 'struct' || type?.kind === 'type' ? `${type.path}::new` : undefined;
    if (path === undefined || items.some((item) => item.path === path)) return;
    const made = this.table.named(path, type!.relation, type!.evidence.slice(0, 1));
    if (made && !made.unsafe) items.push(made);
  }

  /** No abstraction: `raw` if the name is bound at least. */
  private unsupported(name: string, kind: CatalogueEntry['kind'], links: readonly LinkRow[]): CatalogueEntry {
    const near = links.length === 0 ? links : links.filter((row) => row[2] >= 35).slice(0, 2);
    const rust = near.map((row): RustItem => ({ ...this.table.linked(row, name), relation: 'nearest' }));
    const inside = this.data.inside[name];
    const note = inside ? `Used inside the abstractions only, at ${this.data.files[inside[0]]!}:${inside[1]}.` : '';
    return { name, kind, status: this.rawStatus(name, kind), rust, note };
  }

  private rawStatus(name: string, kind: CatalogueEntry['kind']): Status {
    if (kind === 'field' || kind === 'header') return 'none';
    return rawKind(this.data.raw, name, this.data.rawBit) === undefined ? 'none' : 'raw';
  }

  private withCurated(
    name: string,
    kind: CatalogueEntry['kind'],
    curated: CuratedEntry,
    derived: CatalogueEntry,
  ): CatalogueEntry {
    const items = (paths: readonly string[], nearest: boolean): RustItem[] =>
      paths.flatMap((text) => {
        const { path } = statedPath(text);
        return this.table.named(path, nearest ? 'nearest' : relationOf(curated), [curated.reason]) ?? [];
      });
    const own = items(curated.rust, false);
    const near = items(curated.nearest ?? [], true);
    const kept = curated.mode === undefined ? [] : derived.rust.filter((item) => item.relation !== 'nearest');
    const merged = (curated.mode === 'add' ? [...kept, ...own] : [...own, ...kept]).filter(
      (item, index, all) => all.findIndex((other) => other.path === item.path) === index,
    );
    if (merged.length === 0) {
      return {
        name,
        kind,
        status: this.rawStatus(name, kind),
        rust: near,
        note: curated.note === '' ? derived.note : curated.note,
      };
    }
    const usable = merged.some((item) => !item.unsafe || isLibraryPath(item.path));
    const status: Status = curated.partial === true || !usable ? 'partial' : 'safe';
    return { name, kind, status, rust: [...merged, ...near].slice(0, CURATED_SHOWN), note: curated.note };
  }
}
