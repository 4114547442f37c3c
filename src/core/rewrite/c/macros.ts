import type { CExpr, CType } from './ast';
import { GROUPED, int } from './ast';
import { readNumber } from './expressions';
import { ownKeys } from '../../own-keys';

/** A macro of the file: `parameters` is null for an object-like one; `body` is `bad` if it is no expression. */
export interface CMacro {
  name: string;
  file: number;
  start: number;
  end: number;
  parameters: string[] | null;
  readonly body: CExpr;
}

const TOKEN =
  /\s+|\/\*[^]*?\*\/|\\\r?\n|\/\/.*|(\d[\w.]*|[A-Za-z_]\w*|'(?:\\.|[^'\\])'|"(?:\\.|[^"\\])*"|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||##|.)/gsu;

/** Binding strength of C's binary operators. */
export const STRENGTH: Record<string, number> = ownKeys({
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
});

const TYPE_WORDS =
  /^(?:unsigned|signed|long|short|int|char|void|bool|[us](?:8|16|32|64)|__[us](?:8|16|32|64)|size_t|u?int(?:8|16|32|64)_t|__force|const|__le(?:16|32|64)|__be(?:16|32|64))$/;

const SIMPLE: Record<string, CType> = ownKeys({
  u8: int('u8'),
  u16: int('u16'),
  u32: int('u32'),
  u64: int('u64'),
  s8: int('i8'),
  s16: int('i16'),
  s32: int('i32'),
  s64: int('i64'),
  unsigned: int('u32'),
  'unsigned int': int('u32'),
  'unsigned long': int('usize'),
  long: int('isize'),
  int: int('i32'),
  'unsigned char': int('u8'),
  char: int('u8'),
  'unsigned short': int('u16'),
  size_t: int('usize'),
  'unsigned long long': int('u64'),
  'long long': int('i64'),
  uint8_t: int('u8'),
  uint16_t: int('u16'),
  uint32_t: int('u32'),
  uint64_t: int('u64'),
  __u8: int('u8'),
  __u16: int('u16'),
  __u32: int('u32'),
  __u64: int('u64'),
  bool: { k: 'bool' },
});

/** Parses the body of a macro as an expression; `bad` if it is something else. */
export function parseMacroBody(text: string): CExpr {
  const tokens: string[] = [];
  for (const match of text.matchAll(TOKEN)) if (match[1] !== undefined) tokens.push(match[1]);
  if (tokens.length === 0 || tokens.length > 400) return { k: 'bad', text };
  const parser = new BodyParser(tokens);
  const found = parser.binary(0);
  return found && parser.done ? found : { k: 'bad', text };
}

class BodyParser {
  #at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get done(): boolean {
    return this.#at === this.tokens.length;
  }

  private get next(): string {
    return this.tokens[this.#at] ?? '';
  }

  private take(token: string): boolean {
    if (this.next !== token) return false;
    this.#at++;
    return true;
  }

  binary(level: number): CExpr | undefined {
    let left = this.unary();
    if (!left) return undefined;
    for (;;) {
      const op = this.next;
      const strength = STRENGTH[op];
      if (strength !== undefined && strength > level) {
        this.#at++;
        const right = this.binary(strength);
        if (!right) return undefined;
        left = { k: 'bin', op, l: left, r: right };
      } else if (op === '?' && level === 0) {
        this.#at++;
        const yes = this.binary(0);
        if (!yes || !this.take(':')) return undefined;
        const no = this.binary(0);
        if (!no) return undefined;
        left = { k: 'cond', test: left, yes, no };
      } else return left;
    }
  }

  private unary(): CExpr | undefined {
    const token = this.next;
    if (/^[-~!&*+]$/.test(token)) {
      this.#at++;
      const of = this.unary();
      return of && (token === '+' ? of : { k: 'un', op: token, of });
    }
    if (token === 'sizeof') return undefined;
    if (token === '(') {
      const type = this.castType();
      if (type) {
        const of = this.unary();
        return of && { k: 'cast', type, of };
      }
    }
    return this.postfix();
  }

  /** The type of a cast to a simple type, if one starts here. */
  private castType(): CType | undefined {
    let end = this.#at + 1;
    const words: string[] = [];
    for (; TYPE_WORDS.test(this.tokens[end] ?? ''); end++) words.push(this.tokens[end]!);
    if (words.length === 0 || this.tokens[end] !== ')') return undefined;
    this.#at = end + 1;
    const name = words.filter((word) => word !== '__force' && word !== 'const').join(' ');
    return SIMPLE[name] ?? { k: 'other', name };
  }

  private postfix(): CExpr | undefined {
    let left = this.primary();
    while (left) {
      if (this.take('(')) {
        const args: CExpr[] = [];
        while (!this.take(')')) {
          const arg = this.binary(0);
          if (!arg) return undefined;
          args.push(arg);
          if (this.next !== ')' && !this.take(',')) return undefined;
        }
        left = { k: 'call', callee: left, args };
      } else if (this.take('[')) {
        const at = this.binary(0);
        if (!at || !this.take(']')) return undefined;
        left = { k: 'index', of: left, at };
      } else if (this.next === '.' || this.next === '->') {
        const arrow = this.next === '->';
        this.#at++;
        const name = this.next;
        if (!/^[A-Za-z_]\w*$/.test(name)) return undefined;
        this.#at++;
        left = { k: 'field', of: left, name, arrow };
      } else return left;
    }
    return left;
  }

  private primary(): CExpr | undefined {
    const token = this.next;
    this.#at++;
    if (token === '(') {
      const inner = this.binary(0);
      if (!inner || !this.take(')')) return undefined;
      GROUPED.add(inner);
      return inner;
    }
    if (/^\d/.test(token)) {
      const number = readNumber(token);
      return number.k === 'num' ? number : undefined;
    }
    if (token.startsWith('"')) {
      let text = token.slice(1, -1);
      while (this.next.startsWith('"')) {
        text += this.next.slice(1, -1);
        this.#at++;
      }
      return { k: 'str', text };
    }
    if (/^'[^\\]'$/.test(token)) return { k: 'num', value: BigInt(token.charCodeAt(1)), type: 'i32', text: `b${token}` };
    if (
      /^[A-Za-z_]\w*$/.test(token) &&
      !TYPE_WORDS.test(token) &&
      !/^(?:struct|do|if|for|while|typeof|static|return|extern|else|enum|union)$/.test(token)
    )
      return { k: 'id', name: token };
    return undefined;
  }
}

/** `body` with each parameter replaced by its argument. */
export function substitute(body: CExpr, values: ReadonlyMap<string, CExpr>): CExpr {
  const out = replaced(body, values);
  if (GROUPED.has(body)) GROUPED.add(out);
  return out;
}

function replaced(body: CExpr, values: ReadonlyMap<string, CExpr>): CExpr {
  const go = (e: CExpr): CExpr => substitute(e, values);
  switch (body.k) {
    case 'id':
      return values.get(body.name) ?? body;
    case 'call':
      return { ...body, callee: go(body.callee), args: body.args.map(go) };
    case 'field': {
      const member = values.get(body.name);
      return { ...body, of: go(body.of), name: member?.k === 'id' ? member.name : body.name };
    }
    case 'index':
      return { ...body, of: go(body.of), at: go(body.at) };
    case 'un':
    case 'cast':
    case 'step':
      return { ...body, of: go(body.of) };
    case 'bin':
    case 'assign':
    case 'comma':
      return { ...body, l: go(body.l), r: go(body.r) };
    case 'cond':
      return { ...body, test: go(body.test), yes: go(body.yes), no: go(body.no) };
    default:
      return body;
  }
}
