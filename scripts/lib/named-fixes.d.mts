import type { DriverModel } from '../../src/core/driver';
import type { CKind, Field, SyntaxTree } from '../../src/core/syntax';

/** Where a protection is that a fix has brought; see named-fixes.mjs. */
export interface NamedFact {
  function: string;
  undo: 'guard-if' | 'condition' | 'wrap' | 'statement' | 'initialiser' | 'word';
  words: string;
  /** The how-manieth place of the function that fits; 1 if absent. */
  nth?: number;
}
export function undoneBy(
  tree: SyntaxTree,
  model: DriverModel,
  fact: NamedFact,
  kinds: { CKind: typeof CKind; Field: typeof Field },
): { start: number; end: number; inserted: string } | undefined;
