/**
 * The form in which functions are analysed: basic blocks of small instructions over numbered slots. A slot is a variable, an
 * access path such as `priv->buf`, or an intermediate result; see paths.ts.
 */
import type { SlotTable } from './paths';
import type { Api } from '../rules/api/model';

/** Slots that every function has. */
export const enum Known {
  /** A value of which nothing is known, and nothing is remembered. */
  unknown = 0,
  zero = 1,
  negative = 2,
  positive = 3,
  count = 4,
}

/** Instructions; the comment names the operands `a`, `b`, `c`. */
export const enum Op {
  /** a := b; c is 1 in the declaration of a. */
  assign,
  /** a := something unknown. */
  fresh,
  /** a holds nothing yet: a declaration without initializer. */
  unset,
  /** The pointer a is dereferenced; b is 1 if it is written through. */
  dereference,
  /** Call number a. */
  call,
  /** a := arithmetic over b and c; the operator is kept in the node. */
  combine,
  /** a was compared with a bound. */
  checked,
  /** Array or pointer a is indexed by b. */
  index,
  /** The variables of a function end: return of a (Known.unknown without value); b is 1 if there is a value. */
  return,
  /** Nothing may be taken for unset any more, nor slots of list b for owned: a way that only looks possible (no case fits, a loop runs zero times). */
  settled,
  /** a is the cursor of macro loop number b, set for the next round. */
  cursor,
  /** Macro loop number a begins. */
  enter,
  /** Macro loop number b ended by itself: its cursor a points to no element. */
  exhausted,
  /** Loop counter a runs up to bound b. */
  bounded,
}

/** How many numbers an instruction takes: op, a, b, c, node. */
export const STEP = 5;

/** What a two-way branch asks. */
export const enum Test {
  /** The block has one successor (or none, after a return). */
  none,
  /** slot != 0 */
  truth,
  /** slot < 0 (signed) */
  negative,
  /** slot > 0 (signed) */
  positive,
  /** IS_ERR(slot) */
  error,
  /** IS_ERR_OR_NULL(slot) */
  errorOrNull,
  /** one of `targets` */
  choice,
}

/** A basic block. `whenTrue` is the only successor of an unconditional one; -1: none. */
export interface Block {
  /** Range of its instructions in `code`, in numbers. */
  first: number;
  end: number;
  test: Test;
  slot: number;
  /** The condition's node. */
  node: number;
  whenTrue: number;
  whenFalse: number;
  targets: number[] | undefined;
  /** Of a test for equality with a constant: the slot that is compared, and that of the constant. */
  equal: readonly [number, number] | undefined;
  /** Of a test of a field: the condition that remembers its outcome beyond calls; 0 for none. */
  shadow: number;
  /** It is part of a loop's condition. */
  isLoop: boolean;
}

/** A call as the analysis sees it. */
export interface FlowCall {
  name: string;
  /** What the name says: bits of `Trait`. */
  traits: number;
  /** Node of the call_expression; for a clean-up at the end of a scope, of what declared it. */
  node: number;
  /** Slots and nodes of the arguments. */
  slots: number[];
  nodes: number[];
  /** Slot of the result. */
  result: number;
  /** What the kernel's function of this name does; undefined if nothing is known. */
  api: Api | undefined;
  /** How the result says that it failed, if that is known; of a function of the file itself its summary says it. */
  fails: Api['fails'];
  /** Run by the compiler at the end of a scope (`__free`, `guard`). */
  cleanup: boolean;
  /** The last argument list index of a lock number in `locks`, -1 for none. */
  lock: number;
}

/** A macro loop: `for_each_child_of_node(parent, child) { … }`. */
export interface FlowLoop {
  name: string;
  node: number;
  cursor: number;
  /** Node of the macro's call. */
  call: number;
  /** Number of a call that stands for the reference that the loop holds on its cursor; -1 if it holds none. */
  site: number;
}

/** A lowered function. */
export interface FlowFunction {
  name: string;
  node: number;
  body: number;
  parameters: number[];
  /** A parameter points to user space: the numbers beside it come from there. */
  fromUser: boolean;
  slots: SlotTable;
  code: number[];
  /** In the order of the text. */
  blocks: Block[];
  calls: FlowCall[];
  loops: FlowLoop[];
  lockSlots: readonly (readonly [slot: number, lock: number])[];
  /** Slots that loops and switches use, by number: see Op.settled. */
  loopUses: number[][];
  /** Texts of the locks that the function takes or gives. */
  locks: string[];
  /** Whether the function has a value to return, and whether that is a pointer. */
  returnsValue: boolean;
  returnsPointer: boolean;
  /** true or false: with a lock, two outcomes that the caller tells apart. */
  returnsTruth: boolean;
}
