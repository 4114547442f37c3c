import { TokenKind, tokenText, tokenize } from './lexer';
import { ownKeys } from '../../own-keys';

/**
 * Bounds of type parameters: from `<T: ?Sized, B: lock::Backend>` or from the text of a where clause.
 * @returns for each parameter the paths of its traits, without their arguments
 */
export function parseBounds(text: string, into: Record<string, string[][]> = ownKeys({})): Record<string, string[][]> {
  const tokens = tokenize(text);
  let depth = text.startsWith('<') ? -1 : 0;
  let subject: string[] = [];
  let inBounds = false;
  for (let i = 0; i < tokens.length; i++) {
    const word = tokenText(tokens, i);
    if (word === '<' || word === '(' || word === '[') depth++;
    else if (word === '>' || word === ')' || word === ']') depth--;
    else if (depth > 0) continue;
    else if (word === ',' || word === '=') {
      inBounds = word === '=' ? inBounds : false;
      if (!inBounds) subject = [];
    } else if (word === ':') inBounds = true;
    else if (
      tokens.kinds[i] !== (TokenKind.ident as number) ||
      word === 'where' ||
      word === 'const' ||
      word === 'impl' ||
      word === 'dyn'
    )
      continue;
    else if (!inBounds) subject.push(word);
    else {
      const path = [word];
      while (tokenText(tokens, i + 1) === '::' && tokens.kinds[i + 2] === (TokenKind.ident as number)) {
        path.push(tokenText(tokens, i + 2));
        i += 2;
      }
      const key = subject.at(-1);
      if (key !== undefined && path[0] !== 'Sized') (into[key] ??= []).push(path);
    }
  }
  return into;
}

/** The names of a path's text without its arguments: `super::Lock<T, B>` → `super`, `Lock`; empty if the text starts no path. */
export function pathNames(text: string): string[] {
  const tokens = tokenize(text);
  const names: string[] = [];
  let i = 0;
  while (tokenText(tokens, i) === '&' || tokenText(tokens, i) === 'mut' || tokens.kinds[i] === (TokenKind.lifetime as number)) {
    if (i >= tokens.length) return names;
    i++;
  }
  for (; i < tokens.length; i++) {
    if (tokens.kinds[i] !== (TokenKind.ident as number)) break;
    names.push(tokenText(tokens, i));
    if (tokenText(tokens, i + 1) !== '::') break;
    i++;
  }
  return names;
}

/** Every identifier in a text, once, in order. */
export function identifiersIn(text: string): string[] {
  const tokens = tokenize(text);
  const names = new Set<string>();
  for (let i = 0; i < tokens.length; i++) if (tokens.kinds[i] === (TokenKind.ident as number)) names.add(tokenText(tokens, i));
  return [...names];
}
