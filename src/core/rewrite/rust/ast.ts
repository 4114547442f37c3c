import { ownKeys } from '../../own-keys';
/** Rust expressions and statements as the printer lays them out. Building them through the helpers below sets the parentheses. */
export type RExpr =
  | { k: 'atom'; text: string }
  | { k: 'call'; callee: string; args: RExpr[] }
  | { k: 'macro'; name: string; args: RExpr[] }
  | { k: 'method'; of: RExpr; name: string; args: RExpr[] }
  | { k: 'field'; of: RExpr; name: string }
  | { k: 'index'; of: RExpr; at: RExpr }
  | { k: 'bin'; op: string; l: RExpr; r: RExpr }
  | { k: 'un'; op: string; of: RExpr }
  | { k: 'cast'; of: RExpr; type: string }
  | { k: 'try'; of: RExpr }
  | { k: 'if'; test: RExpr; yes: RExpr; no: RExpr }
  | { k: 'struct'; name: string; fields: { name: string; value: RExpr }[] }
  | { k: 'array'; items: RExpr[] }
  | { k: 'closure'; head: string; body: RExpr };

/** `source`: offsets of the C text that the statement stands for, and the file. */
export interface Source {
  file: number;
  start: number;
  end: number;
}

/** `note`: a comment above the statement, as part of it. */
export type RStatement = { source?: Source; note?: string } & (
  | { k: 'let'; name: string; mut: boolean; type: string | null; init: RExpr | null }
  | { k: 'assign'; op: string; l: RExpr; r: RExpr }
  | { k: 'expr'; e: RExpr }
  /** Value of a block: no semicolon. */
  | { k: 'value'; e: RExpr }
  | { k: 'return'; e: RExpr | null }
  | { k: 'if'; test: RExpr | string; yes: RStatement[]; no: RStatement[] | null }
  | { k: 'while'; label: string | null; test: RExpr; body: RStatement[] }
  | { k: 'loop'; label: string | null; body: RStatement[] }
  | { k: 'for'; label: string | null; variable: string; range: RExpr; body: RStatement[] }
  | { k: 'match'; on: RExpr; arms: { pattern: string; body: RStatement[] }[] }
  | { k: 'block'; label: string | null; body: RStatement[] }
  | { k: 'break' | 'continue'; label: string | null }
  | { k: 'comment'; lines: string[] }
  | { k: 'blank' }
);

export const atom = (text: string): RExpr => ({ k: 'atom', text });
export const call = (callee: string, ...args: RExpr[]): RExpr => ({ k: 'call', callee, args });
export const method = (of: RExpr, name: string, ...args: RExpr[]): RExpr => ({ k: 'method', of, name, args });

const BINARY: Record<string, number> = ownKeys({
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '|': 4,
  '^': 5,
  '&': 6,
  '<<': 7,
  '>>': 7,
  '+': 8,
  '-': 8,
  '*': 9,
  '/': 9,
  '%': 9,
});

/** How strongly an expression holds together; what binds weaker than its place demands gets parentheses. */
export function strength(e: RExpr): number {
  switch (e.k) {
    case 'if':
    case 'closure':
      return 0;
    case 'bin':
      return BINARY[e.op]!;
    case 'cast':
      return 10;
    case 'un':
      return 11;
    case 'atom':
      return e.text.startsWith('-') ? 11 : /^(?:\w|::|[<>]|'|"|\.(?!\.))*$/.test(e.text) ? 13 : /\.\./.test(e.text) ? 0 : 12;
    default:
      return 12;
  }
}

/** Whether the text of an expression ends in `as TYPE`, where `<` would start generic arguments. */
const endsInCast = (e: RExpr): boolean =>
  e.k === 'cast' || (e.k === 'bin' && !needsParentheses(e.op, e.r, true) && endsInCast(e.r));

/** Whether `inner`, an operand of the binary operator `op`, needs parentheses; those of clippy's `precedence` included. */
export function needsParentheses(op: string, inner: RExpr, right: boolean): boolean {
  const own = BINARY[op]!;
  if (!right && (op === '<' || op === '<<') && endsInCast(inner)) return true;
  if (inner.k !== 'bin') return strength(inner) < own;
  const other = BINARY[inner.op]!;
  if (own === 3 && other === 3) return true;
  if (other < own || (right && other === own)) return true;
  // clippy::precedence: shifts beside arithmetic or bit operators.
  const shift = own === 7 || other === 7;
  if (shift && other !== own && own >= 4 && other >= 4) return true;
  // Arithmetic beside bit operators.
  if (own >= 4 && own <= 6 && other >= 8) return true;
  return false;
}
