import type { RustItemKind } from './model';
import type { MacroFact } from './rust/macro-parameters';

/**
 * What one Rust file of a kernel tree says, as plain data: the unit that is made again when the file changes.
 * Nothing here needs another file; link/ puts the files together.
 */

/** How far an item is visible by its own `pub`. */
export type Visibility = 'public' | 'restricted' | 'private';

/** What an item is; `impl` blocks are items too, the parents of their methods. */
export type ItemKind = Exclude<RustItemKind, 'attribute' | 'derive'> | 'impl' | 'associated-type';

/** A use of a C name: `bindings::mutex_lock(…)`. */
export interface BindingRef {
  name: string;
  /** `call`: called; `type`: in a type position; `value`: a constant or a function passed on. */
  use: 'call' | 'type' | 'value';
  line: number;
  /** The path on the other side of a match arm: `bindings::PHY_DOWN => DeviceState::Down`, either way round. */
  pair?: string[];
}

/** A use of a Rust item by a path (`Self::probe`, `T::probe`, `super::x`) or, with one leading dot, of a method (`.lock`). */
export interface PathRef {
  path: string[];
  /** `macro`: `path!`; `call`: `path(`; `method`: `.name(`; `value`: named, not called. */
  use: 'call' | 'method' | 'value' | 'macro';
  line: number;
}

/** A field of a C structure that Rust fills with a function, `probe: Some(Self::probe_callback)`, or a trait's constant, `name: T::NAME`. */
export interface VtableRef {
  /** C structure, if the text says which (`bindings::file_operations { … }`). */
  struct: string | null;
  field: string;
  /** What it is filled with: the path in `Some(…)`, or `T::NAME`; empty for `None`. */
  path: string[];
  line: number;
}

/** What the body (or value) of an item refers to. */
export interface BodyRefs {
  bindings: BindingRef[];
  paths: PathRef[];
  vtable: VtableRef[];
}

/** An `impl` header: `impl<T: Driver> driver::RegistrationOps for Adapter<T>`. */
export interface ImplHeader {
  /** Path of the trait, null for an inherent impl. */
  trait: string[] | null;
  /** Path of the type (`Self::`'s head), empty if it is no path (`[T]`). */
  self: string[];
  /** Identifiers in the trait's arguments: `Device`, `Ctx` of `AsRef<Device<Ctx>>`. */
  gives: string[];
  /** Text of the type's arguments: identifiers in it. */
  selfArguments: string[];
  /** Whether the type is a reference (`for &Device`). */
  reference: boolean;
}

export interface ItemFact {
  kind: ItemKind;
  name: string;
  /** One-based line of the name. */
  line: number;
  visibility: Visibility;
  /** Index of the enclosing module, trait, impl, struct or enum in the file's items; -1 at the top of the file. */
  parent: number;
  unsafe: boolean;
  /** Config symbols of its own `#[cfg(…)]`. */
  config: string[];
  /** `#[doc(hidden)]`. */
  hidden: boolean;
  signature: string | null;
  /** For traits: whether the method has a default body. For macros: whether `#[macro_export]`. */
  flag: boolean;
  /** Type parameters and what bounds they have, of the item and its where clause: `B` → `Backend`. */
  bounds: Record<string, string[][]>;
  /** Headers that its docs link or name, without `include/`. */
  headers: string[];
  /** C names that its docs mention in code quotes or as `foo()`, and `#[doc(alias)]`. */
  mentions: string[];
  aliases: string[];
  /** For modules: the file path that `#[path]` names, or null. */
  pathAttribute: string | null;
  /** For modules: whether it has its items here. For impls: nothing. */
  inline: boolean;
  impl: ImplHeader | null;
  /** Identifiers in the target of a type alias, or in the bounds of a trait. */
  target: string[];
  refs: BodyRefs | null;
  /** For traits: whether `#[vtable]` is on it. */
  vtable: boolean;
  /** For `macro_rules!`. */
  macro: MacroFact | null;
}

/** One leaf of a `use` declaration. */
export interface UseFact {
  /** Enclosing module's index in the file's items, -1 at the top. */
  parent: number;
  path: string[];
  /** Name it gets here; null for `*`. */
  name: string | null;
  visibility: Visibility;
  config: string[];
  hidden: boolean;
  /** `#[doc(no_inline)]`: rustdoc does not show the item here. */
  noInline: boolean;
  line: number;
}

export interface RustFile {
  path: string;
  items: ItemFact[];
  uses: UseFact[];
  /** Headers in the file's own `//!` docs; those of inline modules are with the module. */
  headers: string[];
  mentions: string[];
}
