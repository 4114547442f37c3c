import type { Relation, RustItemKind } from './model';

/**
 * The facts of one kernel as plain JSON: what the indexer makes and a snapshot carries. Numbers in place of repeated strings
 * keep it small; look-ups read it as it is.
 */
export interface CatalogueData {
  /** Layout of this data; a reader refuses another. */
  format: typeof FORMAT;
  /** `7.3.4`. */
  version: string;
  /** Files that the rest refers to by number. */
  files: string[];
  /** Sets of config symbols, by number: `CONFIG_PCI CONFIG_PCI_MSI`. */
  configs: string[];
  /** Every item that a user of the crates can name, sorted by path. */
  items: ItemRow[];
  /** Rust items by C function, macro, type or constant, best first. */
  names: Record<string, LinkRow[]>;
  /** Rust items by callback field, `platform_driver.probe`; an empty list is a field that Rust leaves empty. */
  fields: Record<string, LinkRow[]>;
  /** Callback fields of the structures that Rust fills: what C has. */
  structs: Record<string, string[]>;
  /** Rust items by header, `linux/mutex.h`. */
  headers: Record<string, LinkRow[]>;
  /** C macros and inline functions that only pass on to another C name which is in `names`. */
  forwards: Record<string, string>;
  /** Where rust/kernel uses a name for which it offers nothing: file, line. */
  inside: Record<string, [file: number, line: number]>;
  /** What bindgen binds: see raw-names.ts. */
  raw: string;
  /** Which bit of `raw` is this kernel's; 0 if `raw` is this kernel's alone. */
  rawBit: number;
  /** Versions older than this one, oldest first, which `since` of items counts by. */
  history: string[];
  shapes: Shapes;
}

export const FORMAT = 4;

/** What code that is written against items must know beyond their rows, by public path. */
export interface Shapes {
  traits: Record<string, TraitRow>;
  /** Type arguments for which alone a method is there: `Bound` for what `impl Device<Bound>` has. */
  receivers: Record<string, string[]>;
  /** What the first rule of an exported macro takes, if that is more than one thing. */
  macros: Record<string, string[]>;
  /** Types that a type gives by `AsRef`. */
  asRef: Record<string, string[]>;
  /** Names of statics that macros define where they are used. */
  statics: string[];
}

/** 1 if `#[vtable]` is on it; its members in the order of the source, signatures with names that hold everywhere. */
export type TraitRow = [
  vtable: 0 | 1,
  members: [kind: number, name: string, signature: string, hasDefault: 0 | 1, config: string[]][],
];

/** path, kind, file, line, 1 if unsafe, signature, config set or -1, alias target (item) or -1, uses, since */
export type ItemRow = [
  path: string,
  kind: number,
  file: number,
  line: number,
  unsafe: 0 | 1,
  signature: string,
  config: number,
  alias: number,
  /** file, line, file, line … */
  uses: number[],
  /** Index into `history` plus one, counted from the version that has it first; 0 if all have it or it is not known. */
  since: number,
];

/** item, relation, score, evidence: kind, file, line and the C name if it is another than the entry's. */
export type LinkRow = [item: number, relation: number, score: number, evidence: EvidenceRow[]];
export type EvidenceRow = [kind: number, file: number, line: number, name?: string];

export const KINDS: readonly RustItemKind[] = [
  'module',
  'struct',
  'enum',
  'union',
  'trait',
  'type',
  'function',
  'method',
  'constant',
  'static',
  'macro',
  'attribute',
  'derive',
  'field',
  'variant',
];
export const RELATIONS: readonly Relation[] = ['wraps', 'replaces', 'implements', 'nearest'];

/** Kinds of evidence and how they read; `$` is the C name, the place follows. */
export const EVIDENCE = [
  'calls bindings::$',
  'uses bindings::$',
  'comes to a call of bindings::$',
  'holds bindings::$',
  'its drop calls bindings::$',
  'releases it with bindings::$',
  'stands for bindings::$',
  'is called by the callback that fills $',
  'fills $',
  'has the same name as the C side',
  'its documentation names $ as its C side',
  'wraps names that $ declares',
  'its documentation mentions $',
  'its documentation gives $ as another name',
] as const;

export const enum EvidenceKind {
  calls,
  uses,
  reaches,
  holds,
  drop,
  release,
  associated,
  callback,
  fills,
  sameName,
  header,
  declares,
  mention,
  named,
}
