/** What the engine has seen; each is the business of one rule. */
export type DiagnosisKind =
  | 'use-after-free'
  | 'double-free'
  | 'wrong-release'
  | 'leak'
  | 'loop-reference-leak'
  | 'loop-cursor-freed'
  | 'loop-cursor-put'
  | 'cursor-after-loop'
  | 'unchecked-allocation'
  | 'null-dereference'
  | 'error-pointer-dereference'
  | 'unchecked-error-pointer'
  | 'error-pointer-tested-as-null'
  | 'null-tested-as-error-pointer'
  | 'error-pointer-freed'
  | 'ptr-err-of-null'
  | 'dereference-before-check'
  | 'uninitialised'
  | 'lock-held-at-return'
  | 'double-lock'
  | 'unlock-without-lock'
  | 'sleep-in-atomic'
  | 'pair-leak'
  | 'pair-never-given'
  | 'outside-length'
  | 'outside-index';

/** A fact about a path of one function, with the places that tell it. */
export interface Diagnosis {
  kind: DiagnosisKind;
  function: string;
  /** Node at which it shows. */
  node: number;
  /** The object in the user's own names; '' if it has none. */
  name: string;
  /** The call (or its name) that matters most: what freed, allocated, took. */
  callee: string;
  /** Places of the story, in order. */
  related: { node: number; message: string }[];
  /** What else the message needs. */
  detail: string;
}
