/** What one C header (or rust/helpers/*.c) declares, found by a scan of its text at brace depth 0; no preprocessor is run. */
export interface HeaderFacts {
  path: string;
  includes: string[];
  /** Functions with a prototype and no `static`: those that bindgen binds. */
  functions: string[];
  /** Structures, unions, enums with a body, and typedefs. */
  types: string[];
  /** Structures and unions that are named without a body: bindgen binds them as opaque types. */
  opaque: string[];
  /** `extern` variables. */
  variables: string[];
  /** Object-like macros whose value is a constant expression, and enumerators. */
  constants: string[];
  /** Function-like macros and `static inline` functions, and what they call; object-like macros that name a function; typedefs of structures. */
  forwards: Forward[];
  /** Callback fields of structures: those that are pointers to functions, by structure. */
  callbacks: Record<string, string[]>;
}

/** A macro or inline function of C, and the names it calls in its body, in order. */
export interface Forward {
  name: string;
  kind: 'macro' | 'inline' | 'typedef';
  calls: string[];
  /** Number of statements, roughly. */
  size: number;
}

const NOT_CALLS = new Set(
  'if for while switch return sizeof typeof __typeof__ do else defined offsetof __attribute__ likely unlikely __builtin_expect BUILD_BUG_ON BUILD_BUG_ON_ZERO static_assert __builtin_constant_p case int void asm volatile __asm__ __must_be_array WARN_ON WARN_ON_ONCE BUG_ON might_sleep lockdep_assert_held'.split(
    ' ',
  ),
);

/** Scans `text`. Broken C gives what can be read. */
export function scanHeader(path: string, text: string): HeaderFacts {
  const facts: HeaderFacts = {
    path,
    includes: [],
    functions: [],
    types: [],
    opaque: [],
    variables: [],
    constants: [],
    forwards: [],
    callbacks: {},
  };
  const code = withoutComments(text);
  const plain = directives(code, facts);
  declarations(plain, facts);
  return facts;
}

/** The text with comments and string contents blanked; line structure stays. */
export function withoutComments(text: string): string {
  if (!text.includes('/*') && !text.includes('//')) return text;
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, (match) =>
    match.startsWith('"') ? match : match.startsWith('//') ? '' : match.includes('\n') ? '\n'.repeat(countNewlines(match)) : ' ',
  );
}

const countNewlines = (text: string): number => text.split('\n').length - 1;

/** Reads `#include` and `#define`, and returns the text without directives. */
function directives(code: string, facts: HeaderFacts): string {
  return code.replace(/^[ \t]*#[ \t]*(\w+)((?:\\\r?\n|[^\n])*)/gm, (_, directive: string, rest: string) => {
    if (directive === 'include') {
      const name = /[<"]([^>"]+)[>"]/.exec(rest)?.[1];
      if (name !== undefined) facts.includes.push(name);
    } else if (directive === 'define') define(rest.replace(/\\\r?\n/g, ' '), facts);
    return '';
  });
}

function define(text: string, facts: HeaderFacts): void {
  const match = /^\s+(\w+)(\([^)]*\))?\s*([\s\S]*)$/.exec(text);
  if (!match) return;
  const [, name, parameters, body] = match as unknown as [string, string, string | undefined, string];
  if (name.startsWith('_') && name.endsWith('_H')) return;
  if (parameters !== undefined) {
    facts.forwards.push({ name, kind: 'macro', calls: callsIn(body, name), size: statements(body) });
    return;
  }
  const value = body.trim();
  if (value === '') return;
  if (isConstantText(value)) facts.constants.push(name);
  else if (/^[A-Za-z_]\w*$/.test(value))
    facts.forwards.push({ name, kind: 'macro', calls: value === name ? [] : [value], size: 1 });
  else facts.forwards.push({ name, kind: 'macro', calls: callsIn(body, name), size: statements(body) });
}

/** Whether bindgen can give the macro a value: numbers, strings, other constants, operators; no casts and no calls. */
function isConstantText(value: string): boolean {
  if (/^"[^"]*"$/.test(value)) return true;
  if (!/^[\w\s()+\-*/%<>|&~^!='.]+$/.test(value)) return false;
  if (/[a-z]\w*\s*\(/i.test(value.replace(/\b(?:BIT|BIT_ULL|GENMASK)\b/g, ''))) return false;
  return (
    /^[\s(]*(?:[\d'~-]|[A-Z_][A-Z0-9_]*\b(?!\s*\())/.test(value) &&
    !/\b[a-z]\w*[a-z]\b/.test(value.replace(/\b0[xX][\da-fA-F]+[uUlL]*\b/g, '').replace(/\d+[uUlL]+/g, ''))
  );
}

const statements = (body: string): number => body.split(';').filter((part) => part.trim().length > 3).length;

/** Names that are called in `body`, each once, in order. */
export function callsIn(body: string, self: string): string[] {
  const names = new Set<string>();
  for (const match of body.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
    const name = match[1]!;
    if (name !== self && !NOT_CALLS.has(name)) names.add(name);
  }
  return [...names].slice(0, 8);
}

/** Reads declarations and definitions at depth 0 of `plain`. */
function declarations(plain: string, facts: HeaderFacts): void {
  let start = 0;
  const brackets = /[{};]/g;
  for (let match = brackets.exec(plain); match; match = brackets.exec(plain)) {
    const at = match.index;
    if (match[0] === ';') {
      declaration(plain.slice(start, at), facts);
      start = at + 1;
    } else if (match[0] === '{') {
      const head = plain.slice(start, at);
      if (/^\s*extern\s+"C"\s*$/.test(head)) {
        start = at + 1;
        continue;
      }
      const end = closingBrace(plain, at);
      const body = plain.slice(at + 1, end);
      brackets.lastIndex = end + 1;
      const named = MACRO_STRUCT.exec(withoutMacros(head));
      if (named) start = type(plain, head.replace(/\w+\s*\([^()]*\)\s*$/, `struct ${named[1]!} `), body, end, facts);
      else if (/\)\s*(?:__\w+\s*(?:\([^)]*\))?\s*)*$/.test(head) && !/\b(?:struct|union|enum)\s+\w+\s*$/.test(head)) {
        definition(head, body, facts);
        start = end + 1;
      } else start = type(plain, head, body, end, facts);
      brackets.lastIndex = start;
    } else start = at + 1;
  }
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 123) depth++;
    else if (c === 125 && --depth === 0) return i;
    else if (c === 34 || c === 39) {
      const quote = c;
      for (i++; i < text.length && text.charCodeAt(i) !== quote && text.charCodeAt(i) !== 10; i++)
        if (text.charCodeAt(i) === 92) i++;
    }
  }
  return text.length;
}

function type(plain: string, head: string, body: string, end: number, facts: HeaderFacts): number {
  const name = /\b(struct|union|enum)\s+(?:__\w+(?:\([^)]*\))?\s+)*(\w+)\s*$/.exec(head);
  const semicolon = plain.indexOf(';', end);
  if (/\benum\b[^;]*$/.test(head))
    for (const match of body.matchAll(/(?:^|,)\s*([A-Za-z_]\w*)/g)) facts.constants.push(match[1]!);
  if (name && !/=\s*$/.test(head)) {
    facts.types.push(name[2]!);
    for (const member of body.matchAll(/\bstruct\s+(\w+)\s*\*/g)) facts.opaque.push(member[1]!);
    if (name[1] === 'struct') {
      const fields = [...body.matchAll(/\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*\(/g)].map((match) => match[1]!);
      if (fields.length > 0) facts.callbacks[name[2]!] = fields;
    }
  }
  if (/\btypedef\b/.test(head) && semicolon > 0) {
    const alias = /(\w+)\s*$/.exec(plain.slice(end + 1, semicolon))?.[1];
    if (alias !== undefined) {
      facts.types.push(alias);
      if (name && name[2] !== alias) facts.forwards.push({ name: alias, kind: 'typedef', calls: [name[2]!], size: 1 });
    }
  }
  return semicolon < 0 ? plain.length : semicolon + 1;
}

/**
 * The head without invocations of macros before it that end without a semicolon: `DEFINE_FREE(…) static inline int f(void)`.
 * What such an invocation has as its whole argument, if it is a prototype, is declared by it: `ACPI_EXTERNAL_RETURN_STATUS(int f(void))`.
 */
function withoutMacros(head: string, facts?: HeaderFacts): string {
  let rest = head;
  for (let match = MACRO_CALL.exec(rest); match; match = MACRO_CALL.exec(rest)) {
    const open = match[0].length - 1;
    const close = closingParenthesis(rest, open);
    const argument = rest.slice(open + 1, close).trim();
    if (facts && argument.endsWith(')')) {
      const name = functionName(argument);
      if (name !== undefined) facts.functions.push(name);
    }
    const after = rest.slice(close + 1);
    if (!/^\s*\w/.test(after)) break;
    rest = after;
  }
  return rest;
}

const MACRO_CALL = /^\s*[A-Z][A-Z0-9_]+\s*\(/;

/** A structure whose keyword is in a macro with its name: `context_lock_struct(mutex) {`. A function has a type before its name. */
const MACRO_STRUCT = /^\s*(?:typedef\s+)?[a-z]\w*\s*\(\s*(\w+)\s*(?:,[^()]*)?\)\s*$/;

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

function definition(written: string, body: string, facts: HeaderFacts): void {
  const head = withoutMacros(written, facts);
  const name = functionName(head);
  if (name === undefined) return;
  if (/\bstatic\b|\binline\b|__always_inline/.test(head))
    facts.forwards.push({ name, kind: 'inline', calls: callsIn(body, name), size: statements(body) });
  else facts.functions.push(name);
}

function declaration(text: string, facts: HeaderFacts): void {
  const head = withoutMacros(text, facts).trim();
  if (head === '') return;
  const opaque = /^(?:struct|union)\s+(\w+)$/.exec(head)?.[1];
  if (opaque !== undefined) {
    facts.opaque.push(opaque);
    return;
  }
  if (head.startsWith('typedef')) {
    const alias =
      /\(\s*\*?\s*(\w+)\s*\)\s*\(/.exec(head)?.[1] ??
      /(\w+)\s*(?:\[[^\]]*\])?\s*$/.exec(head.replace(/(?:\s*\b__(?:\w+\s*\(.*\)|packed\b))+$/s, ''))?.[1] ??
      /typedef[\s\S]*?\b(\w+)\s*\(/.exec(head)?.[1];
    if (alias !== undefined) {
      facts.types.push(alias);
      const target = /^typedef\s+struct\s+(\w+)\s+\w+\s*(?:\[[^\]]*\])?$/.exec(head)?.[1];
      if (target !== undefined && target !== alias)
        facts.forwards.push({ name: alias, kind: 'typedef', calls: [target], size: 1 });
    }
    return;
  }
  const inMacro = /^extern\s+\w+\s*\(\s*(?:[^()]*,\s*)?(\w+)\s*\)/.exec(head)?.[1];
  if (inMacro !== undefined) {
    facts.variables.push(inMacro);
    return;
  }
  const name = functionName(head);
  if (name !== undefined) {
    if (!/\bstatic\b/.test(head)) facts.functions.push(name);
    else facts.forwards.push({ name, kind: 'inline', calls: [], size: 1 });
  } else if (/^extern\b/.test(head)) {
    for (const match of head.matchAll(/(\w+)\s*(?:\[[^\]]*\]\s*)*(?:,|$|__\w+)/g))
      if (!/^(?:extern|const|struct|volatile|unsigned|int|long|char|__\w*)$/.test(match[1]!)) facts.variables.push(match[1]!);
  }
}

/** Name of the function that `head` declares: a word before the first parenthesis that has a type before it. */
function functionName(head: string): string | undefined {
  const match = /^((?:[\w\s*]|__\w+\s*\([^()]*(?:\([^()]*\))?[^()]*\))+?[\s*])(\w+)\s*\(/.exec(head);
  if (!match) return undefined;
  const name = match[2]!;
  if (
    /^(?:__attribute__|__printf|__aligned|__section|__acquires|__releases|__must_hold|__cond_lock|if|while|for|return|sizeof)$/.test(
      name,
    )
  ) {
    const rest = head.replace(/^[\s\S]*?\b__\w+\s*\((?:[^()]|\([^()]*\))*\)/, 'int ');
    return rest === head || !/\w+\s*\(/.test(rest) ? undefined : functionName(rest);
  }
  return /^(?:struct|union|enum)$/.test(name) ? undefined : name;
}
