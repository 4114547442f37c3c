import type { RExpr } from '../rust/ast';
import type { CExpr, CType, Scalar } from '../c/ast';

/** Why a piece of C has no translation; `missing` is the kernel name that would be needed. */
export class Untranslatable extends Error {
  constructor(
    readonly reason: string,
    readonly missing: string | null = null,
  ) {
    super(reason);
  }
}

/** @throws Untranslatable always */
export function leave(reason: string, missing: string | null = null): never {
  // A large driver has some ten thousand of these: nobody looks at where they come from.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Untranslatable(reason, missing);
  Error.stackTraceLimit = stackTraceLimit;
  throw error;
}

/** What a C variable is in Rust. */
export type VarType =
  | { k: 'int'; of: Scalar }
  | { k: 'bool' }
  /** A structure of the driver, by value. */
  | { k: 'struct'; name: string }
  /** A reference to a structure of the driver. */
  | { k: 'ref'; name: string }
  | { k: 'array'; of: VarType; length: bigint; text: string }
  | { k: 'slice'; of: VarType; readonly: boolean }
  /** `int *value` through which one value is given back. */
  | { k: 'out'; of: VarType }
  /** A device of the kernel; `kind` is its path: `kernel::platform::Device`. */
  | { k: 'device'; kind: string }
  /** Mapped registers. */
  | { k: 'registers' }
  /** A clock, or none. */
  | { k: 'clock' }
  | { k: 'irqreturn' }
  | { k: 'unknown'; text: string };

/** Type of a value: an integer, `bool`, or an integer literal that takes any type it fits. */
export type ValueType = Scalar | 'bool' | 'literal';

/**
 * A translated expression. `type` is what the Rust text gives, `c` the type that C would compute it in: they differ where the
 * Rust text computes the same value in a narrower unsigned type.
 */
export interface Value {
  e: RExpr;
  type: ValueType;
  c: Scalar;
  /** The value, if it is known at compile time. */
  known: bigint | null;
}

/** A local variable or parameter of a function. */
export interface Local {
  name: string;
  /** Rust name without a leading underscore. */
  rust: string;
  type: VarType;
  ctype: CType;
  /** What stands for it wherever it is named: a pointer into something that is named anyway. */
  alias: CExpr | null;
  isParameter: boolean;
  /** How often emitted code reads it, changes it, or changes what it refers to. */
  reads: number;
  writes: number;
  mutates: number;
  /** The context that a device must have. */
  context: 0 | 1 | 2;
  /** For locals: whether a `let` has been emitted. */
  declared: boolean;
  /** Whether it needs a `let` with a first value where C declares it. */
  hoisted: boolean;
  /** Whether what gives it a value is left in C. */
  left: boolean;
  /** For an owned structure (a KBox in a local). */
  owned: boolean;
  /** Whether nothing gives it a value that Rust could have. */
  unknown: boolean;
}
