/** What the `#define`s of a file do with their arguments, read from their bodies' tokens. */
import { CKind, Field, NONE } from '../syntax';
import type { Survey } from './survey';

export interface LocalMacro {
  /** Names of the parameters; null of a macro without a parameter list. */
  parameters: string[] | null;
  /** Tokens of the body: names, numbers, strings, `##`, single characters. */
  tokens: string[];
  /** For each token the position of the parameter that it is; -1 of other tokens. */
  slots: number[];
  /** What `##` pastes together in the body: literal parts, and positions of parameters. */
  pastes: (string | number)[][];
}

const TOKEN = /"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|\/\*[^]*?\*\/|\/\/[^\n]*|[A-Za-z_]\w*|\d\w*|##|->|[=!<>]=|\S/g;

/** Bodies longer than this are programs of their own; they are not read. */
const LONG = 8000;

/** Reads the macro that the file defines as `name` (a name number). `Draft.macro` keeps what is read. */
export function readMacro({ tree, macros }: Survey, name: number): LocalMacro | undefined {
  const node = macros.get(name);
  if (node === undefined) return undefined;
  if (tree.kinds[node] === (CKind.preproc_line as number)) return macroOfLine(tree.textOf(node));
  const list = tree.childOfKind(node, CKind.preproc_params);
  let parameters: string[] | null = null;
  if (list !== NONE) {
    parameters = [];
    for (let child = list + 1; child < tree.nexts[list]!; child = tree.nexts[child]!) {
      if (tree.kinds[child] === (CKind.identifier as number)) parameters.push(tree.textOf(child));
      else if (tree.hasText(child, '...')) parameters.push('__VA_ARGS__');
    }
  }
  const value = tree.childByField(node, Field.value);
  if (value === NONE || tree.ends[value]! - tree.starts[value]! > LONG) return macroOf(parameters, []);
  return macroOf(parameters, tokensOf(tree.textOf(value)));
}

function macroOf(parameters: string[] | null, tokens: string[]): LocalMacro {
  const slots = tokens.map((token) => (parameters ? parameters.indexOf(token) : -1));
  const pastes: LocalMacro['pastes'] = [];
  for (let i = 1; i + 1 < tokens.length; i++) {
    if (tokens[i] !== '##') continue;
    const paste: (string | number)[] = [];
    const push = (at: number) => paste.push(slots[at] === -1 ? tokens[at]! : slots[at]!);
    push(i - 1);
    for (; tokens[i] === '##' && i + 1 < tokens.length; i += 2) push(i + 1);
    i--;
    pastes.push(paste);
  }
  return { parameters, tokens, slots, pastes };
}

/** The macro that a `#define` line makes, where the tree keeps the line as a whole. */
function macroOfLine(line: string): LocalMacro {
  const [, list, body = ''] = /^#[ \t]*define[ \t]+\w+(?:\(([^)]*)\))?([^]*)/.exec(line) ?? [];
  const parameters =
    list === undefined ? null : list.split(',').map((parameter) => parameter.trim().replace(/^\.\.\.$/, '__VA_ARGS__'));
  return macroOf(parameters, body.length > LONG ? [] : tokensOf(body));
}

/** The tokens of C text without comments and line continuations. */
export function tokensOf(text: string): string[] {
  return (text.match(TOKEN) ?? []).filter((token) => token !== '\\' && !token.startsWith('/*') && !token.startsWith('//'));
}

/** The tokens of `macro` called with `args`: parameters replaced, `##` pasted. */
export function expand({ parameters, tokens, slots }: LocalMacro, args: readonly string[]): string[] {
  const expanded: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === '##') continue;
    const slot = slots[i]!;
    const text = slot === -1 ? token : parameters![slot] === '__VA_ARGS__' ? args.slice(slot).join(', ') : (args[slot] ?? '');
    const isPasted = tokens[i - 1] === '##' && expanded.length > 0;
    if (slot === -1 || isWord(text)) {
      if (isPasted && expanded.at(-1) !== ',') expanded.push(expanded.pop()! + text);
      else if (text !== '') expanded.push(text);
      else if (isPasted) expanded.pop(); // `, ##args` without arguments
    } else expanded.push(...tokensOf(text)); // an argument may be any expression; a single name is the usual case
  }
  return expanded;
}

/** Whether `token` starts as a name does; a token that does is one. */
export function isName(token: string): boolean {
  const unit = token.charCodeAt(0) | 0x20; // lower case; an underscore becomes DEL
  return (unit >= 0x61 && unit <= 0x7a) || unit === 0x7f;
}

function isWord(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const lower = unit | 0x20;
    if (!((lower >= 0x61 && lower <= 0x7a) || unit === 0x5f || (unit >= 0x30 && unit <= 0x39))) return false;
  }
  return true;
}

/** What becomes of the argument at `index`: called right away, called or kept by what the macro expands to, or neither. */
export function fateOfArgument({ parameters, tokens }: LocalMacro, index: number): 'called' | 'kept' {
  const parameter = parameters?.[Math.min(index, parameters.length - 1)];
  if (parameter === undefined) return 'kept';
  let called = false;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] !== parameter) continue;
    if (tokens[i + 1] === '(' || (tokens[i + 1] === ')' && tokens[i + 2] === '(')) called = true;
    else if (tokens[i + 1] !== '##' && tokens[i - 1] !== '##' && tokens[i - 1] !== '#') return 'kept';
  }
  return called ? 'called' : 'kept';
}
