import { TokenKind, closingIndex, tokenText, tokenize, type Tokens } from './lexer';

/** One name that a `use` declaration brings in; `name` is null for `*`. */
export interface UseLeaf {
  path: string[];
  name: string | null;
  /** Offset of its last word in the text. */
  at: number;
}

/** Flattens the tree of a `use` declaration: `a::{b, c as d, e::*}`. */
export function useLeaves(text: string): UseLeaf[] {
  const tokens = tokenize(text);
  const leaves: UseLeaf[] = [];
  walk(tokens, 0, tokens.length, [], leaves);
  return leaves;
}

function walk(tokens: Tokens, from: number, to: number, prefix: string[], leaves: UseLeaf[]): void {
  let path = [...prefix];
  let at = 0;
  for (let i = from; i <= to; i++) {
    const word = i < to ? tokenText(tokens, i) : ',';
    if (word === ',') {
      const name = path.at(-1);
      if (path.length > prefix.length && name !== undefined) push(leaves, path, name, at);
      path = [...prefix];
    } else if (word === '*') {
      leaves.push({ path, name: null, at: tokens.starts[i]! });
      path = [...prefix];
    } else if (word === '{') {
      const close = closingIndex(tokens, i);
      walk(tokens, i + 1, close, path, leaves);
      path = [...prefix];
      i = close;
    } else if (word === 'as') {
      push(leaves, path, tokenText(tokens, i + 1), at);
      path = [...prefix];
      i++;
    } else if (tokens.kinds[i] === (TokenKind.ident as number)) {
      path.push(word.replace(/^r#/, ''));
      at = tokens.starts[i]!;
    }
  }
}

function push(leaves: UseLeaf[], path: string[], name: string, at: number): void {
  if (path.at(-1) === 'self' && path.length > 1) {
    const target = path.slice(0, -1);
    leaves.push({ path: target, name: name === 'self' ? target.at(-1)! : name, at });
  } else leaves.push({ path, name, at });
}
