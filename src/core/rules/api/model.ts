/** What is left of an object for the file that has it: what has to be given back, and how. */
export type Family = string;

/** How a function says that it failed: by NULL, by an error pointer, by either, by a negative number. */
export type Failure = 'null' | 'error' | 'either' | 'negative';

/** What a lock keeps out while it is held. */
export type LockKind =
  'spin' | 'mutex' | 'rwsem-read' | 'rwsem-write' | 'rwlock-read' | 'rwlock-write' | 'rcu' | 'irq' | 'bh' | 'preempt' | 'pair';

/** What the analysis knows of one kernel function or macro. */
export interface Api {
  name: string;
  /** Header or document in which the kernel says so. */
  source: string;
  fails?: Failure;
  /** The result must be given back as a member of this family. */
  gives?: Family;
  /** The result's content is not cleared. */
  uncleared?: boolean;
  /** Argument that is taken back; `frees`: nobody may use it afterwards; else a reference is dropped. */
  takes?: { argument: number; families: readonly Family[]; frees: boolean; onFailureOnly?: boolean };
  /** Arguments that are dereferenced by the callee. */
  reads?: readonly number[];
  /** Arguments that point to where something is stored. */
  fills?: readonly number[];
  /** What it stores in `fills[0]` is a pointer or NULL, never an error pointer. */
  storesPointer?: boolean;
  /** The result is this argument. */
  returns?: number;
  /** It keeps no argument beyond the call. */
  borrows?: boolean;
  sleeps?: 'always' | { flags: number };
  lock?: { kind: LockKind; does: 'take' | 'give' | 'try'; argument: number; group: string; atomic: boolean };
  /** The result (or what argument `fills[0]` points to) is a number from outside: the device, the wire, the user, firmware. */
  outside?: 'result' | 'argument';
  /** The argument is a number of bytes that are read or written at another argument, or an index. */
  length?: { argument: number; destination: number };
  noreturn?: boolean;
}
