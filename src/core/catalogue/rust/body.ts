import { lineIndex } from '../../syntax';
import type { BodyRefs } from '../facts';
import { TokenKind, closingIndex, tokenText, tokenize, type Tokens } from './lexer';

/** The crates of generated bindings. */
const BINDING_CRATES = new Set(['bindings', 'uapi']);
const KEYWORDS = new Set(
  'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self static struct super trait true type union unsafe use where while'.split(
    ' ',
  ),
);

/**
 * What a stretch of Rust refers to: names of bindings, paths, methods, fields filled with functions. It works on tokens, so that
 * bodies of macros (`try_pin_init!(…)`, `pin_init_from_closure(move || …)`) count like any other code.
 * @param lineStarts offsets of the file's lines; `offsetOf` maps a place in `text` to the file
 */
export function bodyRefs(
  text: string,
  start: number,
  end: number,
  lineStarts: Uint32Array,
  offsetOf: (offset: number) => number,
): BodyRefs {
  const tokens = tokenize(text, start, end);
  const refs: BodyRefs = { bindings: [], paths: [], vtable: [] };
  const word = (i: number): string => tokenText(tokens, i);
  const lineOf = (i: number): number => lineIndex(lineStarts, offsetOf(tokens.starts[i]!)) + 1;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens.kinds[i] !== (TokenKind.ident as number)) {
      if (word(i) === '.' && tokens.kinds[i + 1] === (TokenKind.ident as number)) i = dotted(tokens, i, refs, lineOf);
      continue;
    }
    const path = readPath(tokens, i);
    if (path.names.length === 1 && KEYWORDS.has(path.names[0]!)) continue;
    const first = path.names[0] === 'crate' || path.names[0] === 'kernel' ? 1 : 0;
    const next = word(path.next);
    if (BINDING_CRATES.has(path.names[first]!) && path.names.length > first + 1) {
      const name = path.names[first + 1]!;
      const call = next === '(' && path.names.length === first + 2;
      const use = call
        ? 'call'
        : next === '{' || path.names.length > first + 2 || (isTypePosition(tokens, i) && /[a-z]/.test(name))
          ? 'type'
          : 'value';
      const pair = use === 'value' ? otherSide(tokens, i, path.next) : undefined;
      refs.bindings.push(pair ? { name, use, line: lineOf(i), pair } : { name, use, line: lineOf(i) });
      // `bindings::irqreturn::IRQ_HANDLED`: an enumerator is a name of C by itself.
      const member = path.names[first + 2];
      if (member !== undefined && /^[A-Z][A-Z0-9_]+$/.test(member))
        refs.bindings.push({ name: member, use: 'value', line: lineOf(path.last) });
      const literal = path.names.length === first + 2 && /^[a-z]/.test(name) ? literalOf(tokens, path.next) : -1;
      if (literal >= 0) structFields(tokens, literal, name, refs, lineOf);
    } else if (path.names.length > 1 || next === '(' || next === '!') {
      const use = next === '!' && word(path.next + 1) !== '=' ? 'macro' : next === '(' ? 'call' : 'value';
      refs.paths.push({ path: path.names, use, line: lineOf(i) });
    } else if (/^[A-Z]/.test(path.names[0]!)) {
      refs.paths.push({ path: path.names, use: 'value', line: lineOf(i) });
    }
    i = Math.max(i, path.last);
  }
  return refs;
}

/** `a::b::<T>::c` from token `i`: its names, the index of its last token and of the one after it. */
function readPath(tokens: Tokens, i: number): { names: string[]; last: number; next: number } {
  const names = [tokenText(tokens, i)];
  let at = i + 1;
  let last = i;
  for (;;) {
    let from = at;
    if (tokenText(tokens, from) !== '::') break;
    if (tokenText(tokens, from + 1) === '<') {
      from = skipAngles(tokens, from + 1);
      if (from < 0) break;
      if (tokenText(tokens, from) !== '::') {
        at = from;
        break;
      }
    }
    if (tokens.kinds[from + 1] !== (TokenKind.ident as number)) break;
    names.push(tokenText(tokens, from + 1));
    last = from + 1;
    at = from + 2;
  }
  return { names, last, next: at };
}

/** Index after the `>` that closes the `<` at `open`, or -1. */
function skipAngles(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length && i < open + 200; i++) {
    const text = tokenText(tokens, i);
    if (text === '<') depth++;
    else if (text === '>' && --depth === 0) return i + 1;
    else if (text === ';') return -1;
  }
  return -1;
}

/** The path that a match arm puts a binding (tokens `from` to before `next`) against: `X => A::B` or `A::B => X`. */
function otherSide(tokens: Tokens, from: number, next: number): string[] | undefined {
  let names: string[] = [];
  if (tokenText(tokens, next) === '=>') {
    let at = next + 1;
    if (/^(?:Ok|Some)$/.test(tokenText(tokens, at)) && tokenText(tokens, at + 1) === '(') at += 2;
    if (tokens.kinds[at] === (TokenKind.ident as number)) names = readPath(tokens, at).names;
  } else if (tokenText(tokens, from - 1) === '=>') {
    for (let at = from - 2; tokens.kinds[at] === (TokenKind.ident as number); at -= 2) {
      names.unshift(tokenText(tokens, at));
      if (tokenText(tokens, at - 1) !== '::') break;
    }
  }
  return names.length >= 2 && /^[A-Z]/.test(names.at(-1)!) && !BINDING_CRATES.has(names[0]!) ? names : undefined;
}

function isTypePosition(tokens: Tokens, i: number): boolean {
  // `crate::bindings::x` starts one token earlier; what stands before the path decides.
  const before = tokenText(tokens, i - 1);
  if (before === 'mut' || before === 'const') return tokenText(tokens, i - 2) === '*' || tokenText(tokens, i - 2) === '&';
  return before === '<' || before === ':' || before === '->' || before === 'as';
}

/** `.name(`, `.name::<T>(` or an assignment `.name = Some(path)` from the dot at `i`; the index of the last token that is used up. */
function dotted(tokens: Tokens, i: number, refs: BodyRefs, lineOf: (i: number) => number): number {
  const name = tokenText(tokens, i + 1);
  let at = i + 2;
  if (tokenText(tokens, at) === '::' && tokenText(tokens, at + 1) === '<') at = Math.max(skipAngles(tokens, at + 1), at);
  const next = tokenText(tokens, at);
  if (next === '(') {
    const made = madeBefore(tokens, i);
    refs.paths.push(
      made
        ? { path: [...made, name], use: 'call', line: lineOf(i + 1) }
        : { path: ['.', name], use: 'method', line: lineOf(i + 1) },
    );
  } else if (next === '=' && tokenText(tokens, at + 1) !== '=') {
    const filled = functionValue(tokens, at + 1, statementEnd(tokens, at + 1));
    if (filled) refs.vtable.push({ struct: null, field: name, path: filled, line: lineOf(i + 1) });
  }
  return i + 1;
}

/** Names by which types are made; what they give is taken to be of the type. */
const MAKES = /^(?:new|from|default|try_from|create|alloc|build|init)(?:_\w+)?$/;

/** The path of the type that the expression before the dot at `dot` makes: `Alloc::new(a)?.obtain()`; undefined for any other. */
function madeBefore(tokens: Tokens, dot: number): string[] | undefined {
  let at = dot - 1;
  if (tokenText(tokens, at) === '?') at--;
  if (tokenText(tokens, at) !== ')') return undefined;
  let depth = 0;
  for (; at >= 0; at--) {
    const text = tokenText(tokens, at);
    if (text === ')' || text === ']' || text === '}') depth++;
    else if ((text === '(' || text === '[' || text === '{') && --depth === 0) break;
  }
  const names: string[] = [];
  for (let i = at - 1; tokens.kinds[i] === (TokenKind.ident as number); i -= 2) {
    names.unshift(tokenText(tokens, i));
    if (tokenText(tokens, i - 1) !== '::') break;
  }
  const maker = names.pop();
  return maker !== undefined && MAKES.test(maker) && /^[A-Z]/.test(names.at(-1) ?? '') && names[0] !== 'Self' ? names : undefined;
}

function statementEnd(tokens: Tokens, from: number): number {
  for (let i = from; i < tokens.length; i++) {
    const text = tokenText(tokens, i);
    if (text === ';') return i;
    if (text === '(' || text === '{' || text === '[') i = closingIndex(tokens, i);
    else if (text === ')' || text === '}') return i;
  }
  return tokens.length;
}

/** The path in the first `Some(path)` between the tokens `from` and `to`; empty if it is `None`, undefined if it is neither. */
function functionValue(tokens: Tokens, from: number, to: number): string[] | undefined {
  for (let i = from; i < to; i++) {
    if (tokenText(tokens, i) !== 'Some' || tokenText(tokens, i + 1) !== '(') continue;
    let at = i + 2;
    if (tokenText(tokens, at) === '<') {
      // `Some(<T as Trait>::f)`: the path of the trait
      const end = skipAngles(tokens, at);
      const names: string[] = [];
      for (let k = at; k < end; k++) if (tokenText(tokens, k) === 'as') names.push(...readPath(tokens, k + 1).names);
      at = end + 1;
      return [...names, ...readPath(tokens, at).names];
    }
    if (tokens.kinds[at] === (TokenKind.ident as number) && !KEYWORDS.has(tokenText(tokens, at)))
      return readPath(tokens, at).names;
    return undefined;
  }
  return to === from + 1 && tokenText(tokens, from) === 'None' ? [] : undefined;
}

/** The brace of the literal of a structure whose path ends before `next`: `S { … }`, or `: S = fields! { … }` of a constant; or -1. */
function literalOf(tokens: Tokens, next: number): number {
  if (tokenText(tokens, next) === '{') return next;
  const macro = tokenText(tokens, next) === '=' && tokenText(tokens, next + 2) === '!' && tokenText(tokens, next + 3) === '{';
  return macro ? next + 3 : -1;
}

/** The fields of the struct literal `bindings::name { … }` whose brace is at `open`. */
function structFields(tokens: Tokens, open: number, struct: string, refs: BodyRefs, lineOf: (i: number) => number): void {
  const close = closingIndex(tokens, open);
  for (let i = open + 1; i < close; i++) {
    const text = tokenText(tokens, i);
    if (text === '#' && tokenText(tokens, i + 1) === '[') {
      i = closingIndex(tokens, i + 1);
      continue;
    }
    if (tokens.kinds[i] !== (TokenKind.ident as number)) continue;
    let to = i + 1;
    while (to < close && tokenText(tokens, to) !== ',') {
      const inner = tokenText(tokens, to);
      to = inner === '(' || inner === '{' || inner === '[' ? closingIndex(tokens, to) + 1 : to + 1;
    }
    if (tokenText(tokens, i + 1) === ':') {
      const path = functionValue(tokens, i + 2, to) ?? nestedSome(tokens, i + 2, to) ?? constantValue(tokens, i + 2, to);
      if (path) refs.vtable.push({ struct, field: text, path, line: lineOf(i) });
    }
    i = to;
  }
}

/** `bindings::NAME` as the whole value of a field: a C function that C itself gives. Not an implementation. */
function nestedSome(tokens: Tokens, from: number, to: number): string[] | undefined {
  const path = tokens.kinds[from] === (TokenKind.ident as number) ? readPath(tokens, from) : undefined;
  return path?.next === to && path.names.length >= 2 && /^[a-z_]/.test(path.names.at(-1)!) && path.names[0] !== 'core'
    ? path.names
    : undefined;
}

/** `T::NAME` within a field's value: a constant that the driver's trait asks for. */
function constantValue(tokens: Tokens, from: number, to: number): string[] | undefined {
  for (let i = from; i < to; i++) {
    if (tokens.kinds[i] !== (TokenKind.ident as number)) continue;
    const path = readPath(tokens, i);
    if (path.names.length === 2 && /^[A-Z]$/.test(path.names[0]!) && /^[A-Z][A-Z0-9_]+$/.test(path.names[1]!)) return path.names;
    i = Math.max(i, path.last);
  }
  return undefined;
}
