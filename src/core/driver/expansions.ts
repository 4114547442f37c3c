/** What macro calls hang up though the call does not say so: what the file's own macros expand to, and attributes. */
import { CKind, Field, NONE } from '../syntax';
import { attributeUses } from './attributes';
import type { Draft } from './draft';
import { expand, isName, type LocalMacro } from './local-macros';
import { NameFlag } from './names';
import { kindOfCallee, type CalleeShape } from './shapes';

/** A function that a macro call hangs up, though its name is not in the call. */
export interface MadeUse {
  /** Null of what has no function, such as a parameter. */
  function: string | null;
  /** Field that the macro's body sets to it, if it says so. */
  field: string | null;
  shape: CalleeShape;
  /** The attribute's or parameter's name, if it is one. */
  name: string | null;
}

/** How deep macros of the file are followed into each other. */
const DEPTH = 4;

const NOTHING: readonly MadeUse[] = [];

/** The functions that the macro call `call` (callee's name number `name`) makes out of its arguments or has in its body. */
export function madeBy(draft: Draft, call: number, name: number): readonly MadeUse[] {
  const { survey } = draft;
  const isLocal = survey.macros.has(name);
  if (!isLocal && draft.shapeOf(name) !== 'attribute') return NOTHING;
  const list = survey.tree.childByField(call, Field.arguments);
  if (list === NONE) return NOTHING;
  const body = isLocal ? draft.macro(name) : undefined;
  const interest = body ? interestOf(draft, name, body) : Interest.expand;
  if (interest === Interest.none) return NOTHING;
  const handed = handsFunction(draft, list);
  if (interest === Interest.values && !handed) return NOTHING;
  const args = argumentsIn(draft, list);
  if (body && interest === Interest.pastes && !handed && !pastesFunction(draft, body, args)) return NOTHING;
  const uses: MadeUse[] = [];
  follow(draft, survey.names.textOf(name), args, uses, 0);
  return uses;
}

/** The functions that the macro `name` (name number), used without arguments, has in its body. */
export function inBodyOf(draft: Draft, name: number): readonly MadeUse[] {
  const body = draft.macro(name);
  if (!body || interestOf(draft, name, body) === Interest.none) return NOTHING;
  const uses: MadeUse[] = [];
  follow(draft, draft.survey.names.textOf(name), [], uses, 0);
  return uses;
}

/** Whether the body of the macro `name` (name number) names a function of the file without calling it; most bodies do not. */
export function namesFunction(draft: Draft, name: number): boolean {
  return (draft.macro(name)?.tokens ?? []).some((token, i, tokens) => isValue(draft, token, tokens[i + 1]));
}

function isValue(draft: Draft, token: string, next: string | undefined): boolean {
  return next !== '(' && isName(token) && isFunction(draft, token);
}

/** What must be done to see the functions that a macro's body hangs up. */
const enum Interest {
  /** Nothing: it has none. */
  none,
  /** Expand it if an argument is a function: a field is set to a parameter. */
  values,
  /** Also look whether one of its pasted names is a function's. */
  pastes,
  /** Expand it. */
  expand,
}

/** How interesting the body of the macro `name` of the file is. Tables of thousands of registers use macros that are not. */
function interestOf(draft: Draft, name: number, macro: LocalMacro, depth = 0): Interest {
  const known = draft.interests.get(name);
  if (known !== undefined) return known;
  draft.interests.set(name, Interest.none); // a macro that calls itself adds nothing
  const { tokens, pastes, parameters } = macro;
  let interest = pastes.some(mayNameFunction)
    ? Interest.pastes
    : parameters?.some((parameter) => tokens.some((token, i) => token === parameter && tokens[i - 1] === '='))
      ? Interest.values
      : Interest.none;
  for (let i = 0; i < tokens.length && interest < Interest.expand; i++) {
    const token = tokens[i]!;
    if (isValue(draft, token, tokens[i + 1]) || (token === ')' && tokens[i + 1] === '{')) interest = Interest.expand;
    else if (tokens[i + 1] === '(' && isName(token)) {
      const called = draft.survey.names.find(token);
      const body = called < 0 ? undefined : draft.macro(called);
      if (!body) {
        const shape = draft.shapeOfWord(token);
        if (shape === 'attribute' || isRegistration(shape)) interest = Interest.expand;
      } else if (depth < DEPTH) {
        const inner = interestOf(draft, called, body, depth + 1);
        // names that it pastes depend on what it is called with
        interest = Math.max(interest, inner === Interest.pastes ? Interest.expand : inner);
      }
    }
  }
  draft.interests.set(name, interest);
  return interest;
}

/** Whether a pasted name can be a function's: those have no capitals. */
const mayNameFunction = (paste: readonly (string | number)[]): boolean =>
  paste.every((part) => typeof part === 'number' || /^[a-z0-9_]+$/.test(part));

/** Whether an argument in `list` is a function of the file. */
function handsFunction({ survey: { tree, names, nameOf } }: Draft, list: number): boolean {
  for (let child = list + 1; child < tree.nexts[list]!; child = tree.nexts[child]!)
    if (tree.kinds[child] === (CKind.identifier as number) && names.flags[nameOf[child]!]! & NameFlag.function) return true;
  return false;
}

/** Whether the names that the call pastes together include a function's. */
function pastesFunction(draft: Draft, { pastes }: LocalMacro, args: readonly string[]): boolean {
  return pastes.some((paste) =>
    isFunction(draft, paste.map((part) => (typeof part === 'number' ? (args[part] ?? '') : part)).join('')),
  );
}

function argumentsIn({ survey: { tree } }: Draft, list: number): string[] {
  const { kinds, nexts, starts, ends, text } = tree;
  const args: string[] = [];
  let from = starts[list]! + 1;
  for (let child = list + 1; child < nexts[list]!; child = nexts[child]!) {
    if (kinds[child] !== (CKind.token as number) || (child !== nexts[list]! - 1 && !tree.hasText(child, ','))) continue;
    if (child === list + 1) continue;
    args.push(text.slice(from, starts[child]).trim());
    from = ends[child]!;
  }
  return args;
}

function follow(draft: Draft, macro: string, args: readonly string[], uses: MadeUse[], depth: number): void {
  const { survey } = draft;
  const name = survey.names.find(macro);
  const body = depth < DEPTH && name >= 0 && !(survey.names.flags[name]! & NameFlag.defined) ? draft.macro(name) : undefined;
  if (body) {
    if (interestOf(draft, name, body) === Interest.none || !draft.spend(body.tokens.length)) return;
    readBody(draft, expand(body, args), args, uses, depth);
  } else if (draft.shapeOfWord(macro) === 'attribute') attributeUses(draft, macro, args, uses);
}

/** Reads an expanded body: functions of the file in it that are not called, macro calls in it, functions that it defines. */
function readBody(draft: Draft, tokens: readonly string[], args: readonly string[], uses: MadeUse[], depth: number): void {
  const open: string[] = [];
  let braces = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === '(') open.push(i > 0 && isName(tokens[i - 1]!) ? tokens[i - 1]! : '');
    else if (token === ')') open.pop();
    else if (token === '{') braces++;
    else if (token === '}') braces--;
    if (!isName(token)) continue;
    const before = tokens[i - 1];
    if (tokens[i + 1] === '(') {
      const end = closing(tokens, i + 1);
      if (end < 0) continue;
      if (braces === 0 && tokens[end + 1] === '{') draft.define(token);
      else readInnerCall(draft, token, split(tokens, i + 2, end), uses, depth);
      continue;
    }
    if (before === '.' || before === '->' || before === '==' || before === '!=' || before === 'struct') continue;
    if (!isFunction(draft, token)) continue;
    const callee = open.filter((word) => word !== '').at(-1) ?? '';
    const shape = callee === '' ? 'callback' : draft.shapeOfWord(callee);
    if (shape === 'inert' || callee === 'sizeof' || callee === 'typeof' || isFunction(draft, callee)) continue;
    const field = before === '=' && tokens[i - 3] === '.' ? tokens[i - 2]! : null;
    uses.push({ function: token, field, shape, name: nameIn(args) });
  }
}

/** The name among a macro's arguments: the first, if it is one word or string. */
function nameIn([first]: readonly string[]): string | null {
  return first === undefined ? null : (/^"?([^"\s]+)"?$/.exec(first)?.[1] ?? null);
}

/** A call in a macro's body: of another macro of the file, of an attribute's macro, of module_init() and its like. */
function readInnerCall(draft: Draft, callee: string, args: readonly string[], uses: MadeUse[], depth: number): void {
  const shape = draft.shapeOfWord(callee);
  const first = args[0];
  if (isRegistration(shape) && first !== undefined && /^\w+$/.test(first))
    uses.push({ function: isFunction(draft, first) ? first : null, field: null, shape, name: first });
  else follow(draft, callee, args, uses, depth + 1);
}

const isRegistration = (shape: CalleeShape): boolean =>
  shape === 'module' || shape === 'initcall' || shape === 'export' || shape === 'param';

/** Whether `word` names a function of the file, be it one that a macro of the file defines. */
export function isFunction({ survey: { names }, defined }: Draft, word: string): boolean {
  const name = names.find(word);
  return (name >= 0 && (names.flags[name]! & NameFlag.function) !== 0) || defined.has(word);
}

/** Index of the `)` that closes the `(` at `open`, or -1. */
function closing(tokens: readonly string[], open: number): number {
  let level = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i] === '(') level++;
    else if (tokens[i] === ')' && --level === 0) return i;
  }
  return -1;
}

/** The arguments between `from` and `to`, split at commas. */
function split(tokens: readonly string[], from: number, to: number): string[] {
  const args: string[] = [];
  let level = 0;
  let current: string[] = [];
  for (let i = from; i < to; i++) {
    const token = tokens[i]!;
    if (token === '(' || token === '{') level++;
    else if (token === ')' || token === '}') level--;
    if (token === ',' && level === 0) {
      args.push(current.join(' '));
      current = [];
    } else current.push(token);
  }
  args.push(current.join(' '));
  return args;
}

/** The entry kind of a made use. */
export const kindOfMade = ({ shape, field }: MadeUse) => (shape === 'callback' && field !== null ? 'ops' : kindOfCallee(shape));
