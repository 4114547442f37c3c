/** What a Rust token is. Comments and white space are no tokens. */
export const enum TokenKind {
  ident,
  lifetime,
  number,
  string,
  char,
  punct,
}

/** The tokens of a stretch of Rust: parallel arrays, cheap to make and to walk. Punctuation is one character a token, but `::`, `->` and `=>` are one. */
export interface Tokens {
  text: string;
  length: number;
  kinds: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
}

const isIdentStart = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c > 127;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isIdentPart = (c: number): boolean => isIdentStart(c) || isDigit(c);

/** Splits `text[start, end)` into tokens. Broken Rust gives some tokens, never an error. */
export function tokenize(text: string, start = 0, end = text.length): Tokens {
  const kinds: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const push = (kind: TokenKind, from: number, to: number): void => {
    kinds.push(kind);
    starts.push(from);
    ends.push(Math.min(to, end));
  };
  let i = start;
  while (i < end) {
    const c = text.charCodeAt(i);
    if (c <= 32) {
      i++;
    } else if (c === 47 && text.charCodeAt(i + 1) === 47) {
      const newline = text.indexOf('\n', i);
      i = newline < 0 ? end : newline + 1;
    } else if (c === 47 && text.charCodeAt(i + 1) === 42) {
      i = blockCommentEnd(text, i, end);
    } else if (isIdentStart(c)) {
      const string = rawOrByteStringEnd(text, i, end);
      if (string > 0) {
        push(TokenKind.string, i, string);
        i = string;
        continue;
      }
      const from = i;
      if (c === 114 && text.charCodeAt(i + 1) === 35 && isIdentStart(text.charCodeAt(i + 2))) i += 2; // r#ident
      while (i < end && isIdentPart(text.charCodeAt(i))) i++;
      push(TokenKind.ident, from, i);
    } else if (isDigit(c)) {
      const from = i;
      while (i < end && isIdentPart(text.charCodeAt(i))) i++;
      if (text.charCodeAt(i) === 46 && isDigit(text.charCodeAt(i + 1))) {
        i++;
        while (i < end && isIdentPart(text.charCodeAt(i))) i++;
      }
      push(TokenKind.number, from, i);
    } else if (c === 34) {
      const to = quotedEnd(text, i + 1, end, 34);
      push(TokenKind.string, i, to);
      i = to;
    } else if (c === 39) {
      i = pushQuote(text, i, end, push);
    } else {
      const next = text.charCodeAt(i + 1);
      const size = (c === 58 && next === 58) || (c === 45 && next === 62) || (c === 61 && next === 62) ? 2 : 1;
      push(TokenKind.punct, i, i + size);
      i += size;
    }
  }
  return {
    text,
    length: kinds.length,
    kinds: Uint8Array.from(kinds),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
  };
}

function blockCommentEnd(text: string, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < end; i++) {
    if (text.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (text.startsWith('*/', i)) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return end;
}

/** End of the string that starts at `i` with a prefix (`b"`, `c"`, `r#"`, `br"` …), or 0 if none does. */
function rawOrByteStringEnd(text: string, i: number, end: number): number {
  let at = i;
  if (text[at] === 'b' || text[at] === 'c') at++;
  const raw = text[at] === 'r';
  if (raw) at++;
  if (at === i) return 0;
  let hashes = 0;
  if (raw) while (text[at + hashes] === '#') hashes++;
  if (text[at + hashes] !== '"') return 0;
  if (!raw) return quotedEnd(text, at + 1, end, 34);
  const close = text.indexOf(`"${'#'.repeat(hashes)}`, at + hashes + 1);
  return close < 0 ? end : Math.min(end, close + 1 + hashes);
}

function quotedEnd(text: string, from: number, end: number, quote: number): number {
  for (let i = from; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote) return i + 1;
  }
  return end;
}

function pushQuote(text: string, i: number, end: number, push: (kind: TokenKind, from: number, to: number) => void): number {
  const next = text.charCodeAt(i + 1);
  if (next !== 92 && isIdentStart(next) && text.charCodeAt(i + 2) !== 39) {
    let to = i + 1;
    while (to < end && isIdentPart(text.charCodeAt(to))) to++;
    push(TokenKind.lifetime, i, to);
    return to;
  }
  const to = quotedEnd(text, i + 1, end, 39);
  push(TokenKind.char, i, to);
  return to;
}

/** Text of token `index`, or '' beyond the end. */
export function tokenText(tokens: Tokens, index: number): string {
  return index >= 0 && index < tokens.length ? tokens.text.slice(tokens.starts[index], tokens.ends[index]) : '';
}

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);

/** Index of the token that closes the bracket at `open`, or `tokens.length` if nothing does. */
export function closingIndex(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens.kinds[i] !== (TokenKind.punct as number)) continue;
    const c = tokens.text[tokens.starts[i]!]!;
    if (OPEN.has(c)) depth++;
    else if (CLOSE.has(c) && --depth === 0) return i;
  }
  return tokens.length;
}
