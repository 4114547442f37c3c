import type { DriverModel } from '../../src/core/driver';
import type { CKind, Field, SyntaxTree } from '../../src/core/syntax';

/** A way to take a protection out of a text: `inserted` in the place of `start` … `end`. */
export interface Mutation {
  class: string;
  operator: string;
  function: string;
  start: number;
  end: number;
  inserted: string;
}
export function mutationsOf(
  tree: SyntaxTree,
  model: DriverModel,
  kinds: { CKind: typeof CKind; Field: typeof Field },
): Mutation[];
