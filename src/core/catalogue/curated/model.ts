import type { CatalogueEntry, Relation } from '../model';

/**
 * What no binding call shows: another way to do the job in Rust, or that there is none. Data, checked by a test against every
 * shipped kernel: each path must exist in each kernel for which the entry states it.
 */
export interface CuratedEntry {
  /** C names this is about. */
  names?: readonly string[];
  /** Or the shape of their names, where the kernel names by rule (`devm_k*alloc`); `$1` in a path is its first group. */
  pattern?: RegExp;
  kind?: CatalogueEntry['kind'];
  /**
   * Rust items, best first: `kernel::alloc::KBox::new`, with `@7.2` where only that kernel and newer ones have it.
   * Items of core and alloc may be named; they are not in the tree. Empty: Rust has nothing that does this job.
   */
  rust: readonly string[];
  /** Items that are near but no equivalent; always worded so. */
  nearest?: readonly string[];
  relation?: Relation;
  /** Where the job is done in part only, or by another design. Else it is safe, or partial if the best item takes `unsafe`. */
  partial?: boolean;
  /** What a driver author must know, one sentence. */
  note: string;
  /** Why the items do the job; becomes the item's evidence. */
  reason: string;
  /** The oldest shipped kernel for which the entry is stated; older ones may lack what it relies on. */
  from?: '6.1' | '6.12' | '7.2' | '7.3';
  /** The newest shipped kernel for which the entry is stated. */
  until?: '6.1' | '6.12' | '7.2' | '7.3';
  /** `add`: what was derived from the tree stands before these items, `lead`: after them; else they replace it. */
  mode?: 'add' | 'lead';
}

/** Splits `path@7.2` into the path and the kernel it is stated from. */
export function statedPath(text: string): { path: string; from: string | undefined } {
  const at = text.indexOf('@');
  return at < 0 ? { path: text, from: undefined } : { path: text.slice(0, at), from: text.slice(at + 1) };
}

/** Whether a path is of Rust's own libraries, which are not in the kernel's tree. */
export const isLibraryPath = (path: string): boolean => /^(?:core|alloc)::/.test(path);
