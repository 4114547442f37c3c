/** A C file as the translator reads it: types, expressions and statements without syntax noise. */

/** Rust's integer types, which stand for C's: `usize` is `unsigned long`, `isize` is `long`. */
export type Scalar = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'usize' | 'isize';

export type CType =
  | { k: 'int'; of: Scalar }
  | { k: 'bool' }
  | { k: 'void' }
  /** `struct NAME` or a typedef of a structure of the file; `union` marks unions. */
  | { k: 'struct'; name: string }
  | { k: 'ptr'; to: CType; readonly: boolean; iomem: boolean }
  | { k: 'array'; of: CType; length: CExpr | null }
  /** A type that is known by name only: a typedef of the kernel, a function type, `struct { … }`. */
  | { k: 'other'; name: string };

export type CExpr =
  | { k: 'num'; value: bigint; type: Scalar; text: string }
  | { k: 'str'; text: string }
  | { k: 'id'; name: string }
  | { k: 'call'; callee: CExpr; args: CExpr[] }
  | { k: 'field'; of: CExpr; name: string; arrow: boolean }
  | { k: 'index'; of: CExpr; at: CExpr }
  | { k: 'un'; op: string; of: CExpr }
  | { k: 'bin'; op: string; l: CExpr; r: CExpr }
  | { k: 'cond'; test: CExpr; yes: CExpr; no: CExpr }
  | { k: 'cast'; type: CType; of: CExpr }
  | { k: 'sizeof'; type: CType | null; of: CExpr | null }
  | { k: 'assign'; op: string; l: CExpr; r: CExpr }
  | { k: 'step'; op: '++' | '--'; prefix: boolean; of: CExpr }
  | { k: 'comma'; l: CExpr; r: CExpr }
  | { k: 'list'; items: CInit[] }
  /** A type as an argument: `sizeof`-like macros, `container_of(p, struct x, y)`. */
  | { k: 'type'; type: CType }
  /** What the reader does not understand. */
  | { k: 'bad'; text: string };

/** Expressions that stand in parentheses. */
export const GROUPED = new WeakSet<CExpr>();

/** An element of an initializer list: `.field = value`, `[index] = value` or a value. */
export interface CInit {
  field: string | null;
  index: CExpr | null;
  value: CExpr;
}

export interface CVariable {
  name: string;
  type: CType;
  init: CExpr | null;
  isStatic: boolean;
}

/** A statement; `start` and `end` are offsets into the text of its file. */
export type CStatement = { start: number; end: number } & (
  | { k: 'decl'; variables: CVariable[] }
  | { k: 'expr'; e: CExpr }
  | { k: 'block'; body: CStatement[] }
  | { k: 'if'; test: CExpr; yes: CStatement; no: CStatement | null; headEnd: number }
  | { k: 'while'; test: CExpr; body: CStatement; headEnd: number }
  | { k: 'do'; test: CExpr; body: CStatement }
  | { k: 'for'; init: CStatement | null; test: CExpr | null; update: CExpr | null; body: CStatement; headEnd: number }
  | { k: 'switch'; on: CExpr; cases: CCase[]; headEnd: number }
  | { k: 'return'; e: CExpr | null }
  | { k: 'break' | 'continue' | 'empty' }
  | { k: 'goto'; label: string }
  | { k: 'label'; label: string; body: CStatement | null }
  /** Macro loops, conditional compilation, inline assembly, broken code. */
  | { k: 'other'; what: string; inner: number }
);

/** `value` is null for `default`; `upTo` is the end of a range `1 ... 5`. */
export interface CCase {
  value: CExpr | null;
  upTo: CExpr | null;
  body: CStatement[];
  start: number;
  end: number;
}

export interface CParameter {
  name: string;
  type: CType;
}

export interface CFunction {
  name: string;
  file: number;
  start: number;
  end: number;
  bodyStart: number;
  returns: CType;
  parameters: CParameter[];
  body: CStatement[];
  /** Where the comment right above it starts, or `start`. */
  commentStart: number;
}

export interface CStruct {
  name: string;
  file: number;
  start: number;
  isUnion: boolean;
  fields: { name: string; type: CType; text: string; bits: boolean }[];
}

export const int = (of: Scalar): CType => ({ k: 'int', of });

/** A text that two expressions have in common if they are the same. */
export const expressionKey = (e: CExpr | CType): string =>
  JSON.stringify(e, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
