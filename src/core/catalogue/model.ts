/** The four states of a C name for the kernel in use (the command line's contract says them in full). */
export type Status = 'safe' | 'partial' | 'raw' | 'none';

/**
 * How a Rust item stands to a C name: it `wraps` it (calls the function, holds the type), `replaces` it (another way to do the
 * job), `implements` it (a trait item in place of a callback field), or is only the `nearest` thing, no equivalent.
 */
export type Relation = 'wraps' | 'replaces' | 'implements' | 'nearest';

/** Kinds of Rust items. */
export type RustItemKind =
  | 'module'
  | 'struct'
  | 'enum'
  | 'union'
  | 'trait'
  | 'type'
  | 'function'
  | 'method'
  | 'constant'
  | 'static'
  | 'macro'
  | 'attribute'
  | 'derive'
  | 'field'
  | 'variant';

/** A Rust item that does (part of) the job of a C name. */
export interface RustItem {
  /** Public path as rustdoc shows it: `kernel::sync::Mutex`. */
  path: string;
  kind: RustItemKind;
  relation: Relation;
  /** File in the kernel tree, and one-based line of the item's name. Null for items of core and alloc, which are not in the tree. */
  file: string | null;
  line: number | null;
  /** Whether calling or implementing it takes `unsafe`. */
  unsafe: boolean;
  /** Signature on one line, without body. */
  signature: string | null;
  /** The oldest shipped release that has it (`7.2`), where an older shipped one has not; null if all have it or it is not known. */
  since: string | null;
  /** The newest shipped release before `since`, which lacks it; null where `since` is. */
  absentIn: string | null;
  /** Config symbols it is compiled under, beside CONFIG_RUST: `CONFIG_PCI`. */
  config: string[];
  /** Why we say so, one short English phrase each: `calls bindings::mutex_lock at rust/kernel/sync/lock/mutex.rs:117`. */
  evidence: string[];
}

/** What the catalogue says of one C name. */
export interface CatalogueEntry {
  name: string;
  kind: 'function' | 'macro' | 'struct' | 'field' | 'header';
  status: Status;
  /** Best first. Safe and partial have at least one item that is more than `nearest`. */
  rust: RustItem[];
  /** What is missing or must be done differently; empty if there is nothing to add. */
  note: string;
}

/** A kernel as the catalogue knows it. */
export interface KernelIdentity {
  /** `7.3.4`. */
  version: string;
  source: 'tree' | 'snapshot';
}

/** Look-ups for one kernel. Plain data behind it; a look-up takes well under a millisecond. */
export interface Catalogue {
  readonly kernel: KernelIdentity;
  /**
   * The entry of a C name; an unknown name has status `none`. `kind` is a hint among namesakes, never a filter.
   * Names: `mutex_lock`, `platform_driver.probe`, `linux/mutex.h`, `MODULE_DEVICE_TABLE(of)`.
   */
  lookup(name: string, kind?: CatalogueEntry['kind']): CatalogueEntry;
  /** Whether the kernel has a Rust item of this public path: `kernel::sync::Mutex`; core and alloc items are taken as present. */
  hasItem(path: string): boolean;
  /** The Rust item of a public path, also through a type alias; the relation says nothing. Undefined if the kernel has none. */
  item(path: string): RustItem | undefined;
  /** What code that is written against the items must know of them. */
  readonly shapes: KernelShapes;
  /** Whether the catalogue knows anything about the name (status other than none, or a note, or a nearest item). */
  has(name: string): boolean;
  /** The C names that `has`, but for those which only a pattern covers; sorted. Slow at first: for lists, not for look-ups. */
  names(): readonly string[];
  /** Every Rust item that a driver can name, by path; the relation says nothing. */
  items(): readonly RustItem[];
  /** What stands in a file of the tree (`rust/kernel/sync.rs`) in place of C names, by line. Slow at first. */
  rustSidesIn(file: string): readonly RustSide[];
}

/** A member of a trait of the kernel crate. */
export interface TraitMember {
  kind: 'method' | 'constant' | 'type';
  name: string;
  /** Without body, on one line; names that hold everywhere: `kernel::platform::Device<…>`. */
  signature: string;
  hasDefault: boolean;
  config: string[];
}

/** A trait and its members in the order of the source. */
export interface TraitShape {
  /** Public path: `kernel::platform::Driver`. */
  path: string;
  /** Whether `#[vtable]` is on it, so on its implementations too. */
  vtable: boolean;
  members: TraitMember[];
}

/** Shapes of items by public path. */
export interface KernelShapes {
  /** Undefined if the kernel has no such trait. */
  traitOf(path: string): TraitShape | undefined;
  /** Type arguments for which alone a method is there: `Bound` for what `impl Device<Bound>` has. */
  receiverOf(path: string): readonly string[];
  /** The parameters of a macro's first rule as they are written, `$table_name:ident`; undefined if it takes less than two. */
  macroParameters(path: string): readonly string[] | undefined;
  /** Public paths of the types that a type gives by `AsRef`. */
  asRefOf(path: string): readonly string[];
  /** Names of statics that the kernel's macros define where they are used. */
  readonly statics: readonly string[];
}

/** A Rust item and the C names whose job it does. */
export interface RustSide {
  item: RustItem;
  /** Sorted; only names for which the item is more than the nearest thing. */
  cNames: string[];
}
