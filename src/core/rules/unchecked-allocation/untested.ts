import { functionAt, type DriverModel, type FunctionDefinition } from '../../driver';
import { kernelApis } from '../api';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, parameterNames } from '../guards';
import type { Report, RuleContext } from '../model';

/** What allocates and says NULL if there is no memory: not what is looked up, which may be known to be there. */
const ALLOCATES =
  /alloc|^(?:devm_)?k(?:v?asprintf|strdup\w*|strndup|memdup\w*)$|_workqueue$|^(?:devm_|of_)?io(?:re)?map|^skb_(?:clone|copy)$|^pskb_copy$/;

/** Of these, the ones that say so by NULL. */
const ALLOCATORS: ReadonlySet<string> = new Set(
  [...kernelApis().values()].filter(({ name, fails }) => fails === 'null' && ALLOCATES.test(name)).map(({ name }) => name),
);

/** Allocations whose result nobody tests, in this function or where it is kept. */
export function untestedAllocations({ tree, model, calls }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { name, node } of calls(ALLOCATORS)) {
    const place = assignedTo(tree, node);
    if (place === '' || isTestedNext(tree, node, place)) continue;
    const inside = functionAt(model, tree.starts[node]!);
    if (!inside || tree.hasError(inside.node) || isSure(tree, node, name)) continue;
    const { start, end, body } = inside;
    const rest = tree.text.slice(tree.ends[node], end);
    if (MAKES_STRING.test(name) && /struct\s+soc_device_attribute\b/.test(tree.text) && SOC_STRINGS.test(place)) continue;
    if (isAtBoot(tree, inside, name)) continue;
    if (MAKES_STRING.test(name) && /->|\./.test(place) && isOptional(tree, node, inside.body)) continue;
    if (MAKES_STRING.test(name) && !isRead(rest, place) && !isRegistered(rest, place)) continue;
    if (/->|\./.test(place) && isInUnion(tree.text, lastName(place))) continue;
    const kept = namesOf(tree.text.slice(start, end), place);
    if (
      !kept ||
      isTested(tree.text, tree.text.slice(tree.starts[body], end), place, kept) ||
      !isUsed(tree, model, inside, rest, place)
    )
      continue;
    reports.push({
      node,
      function: inside.name,
      message: `${name}() may return NULL, and nothing tests ${place} for it`,
    });
  }
  // A test may allocate what it does not test.
  return reports.length > 0 && /<kunit\/|KUNIT_EXPECT|"lkdtm\.h"/.test(tree.text) ? [] : reports;
}

/** What the result of the call is assigned to by a statement of its own; '' otherwise. */
export function assignedTo(tree: SyntaxTree, call: number): string {
  let at = call;
  while (tree.kinds[tree.parents[at]!] === (CKind.cast_expression as number)) at = tree.parents[at]!;
  const parent = tree.parents[at]!;
  const kind = tree.kinds[parent] as CKind;
  const left =
    kind === CKind.init_declarator
      ? tree.childByField(parent, Field.declarator)
      : kind === CKind.assignment_expression && tree.kinds[tree.parents[parent]!] === (CKind.expression_statement as number)
        ? tree.childByField(parent, Field.left)
        : NONE;
  if (left === NONE || tree.childByField(parent, kind === CKind.init_declarator ? Field.value : Field.right) !== at) return '';
  const text = tree.textOf(left).replace(/\s+/g, '');
  // What is stored where a caller has said is the caller's to test.
  return text.startsWith('*') && kind !== CKind.init_declarator ? '' : text.replace(/^\*+/, '');
}

/** The statement after the call asks for it in the plainest way, as nearly all do: `if (!p)`. */
export function isTestedNext(tree: SyntaxTree, call: number, place: string): boolean {
  const from = tree.ends[call]!;
  const next = tree.text.slice(from, from + 160 + place.length).replace(/\s+/g, '');
  return next.replace(/^\)?;/, '').startsWith(`if(!${place})`);
}

/** It cannot fail: by its flags, as a pool from which one may wait to be served, or as a comment on the line says. */
const isSure = (tree: SyntaxTree, call: number, name: string): boolean => {
  const given = argumentsOf(tree, call).map((argument) => tree.textOf(argument));
  if (given.some((argument) => /NOFAIL|SLAB_PANIC/.test(argument))) return true;
  if (name === 'mempool_alloc') return !/ATOMIC|NOWAIT/.test(given[1] ?? '');
  const end = tree.text.indexOf('\n', tree.ends[call]);
  if (/(?:can(?:'t|not)|never) fail/i.test(tree.text.slice(tree.ends[call], end === -1 ? undefined : end))) return true;
  return TOLERATED.test(commentBefore(tree, call));
};

/** A comment says that it goes on without. */
const TOLERATED =
  /\bfail\w*\b[^.]*\b(?:not|n't|non-?)\s*(?:\w+\s+)?(?:fatal|critical|an? (?:error|problem))|\bfail\w*\s+(?:is|are)\s+(?:ok|okay|fine|harmless|ignored)|\b(?:non-?fatal|not fatal)\b|\bignore\b[^.]*\bfail|\bif (?:(?:it|this|that) )?fail(?:s|ed)?, (?:use )?"/i;

/** The comment that stands right before the statement that a node is in; '' if there is none. */
function commentBefore(tree: SyntaxTree, node: number): string {
  let statement = node;
  while (statement !== NONE && !STATEMENTS.has(tree.kinds[statement]!)) statement = tree.parents[statement]!;
  if (statement === NONE) return '';
  const before = tree.text.slice(Math.max(0, tree.starts[statement]! - 400), tree.starts[statement]);
  return /(?:(?:\/\*(?:(?!\*\/)[^])*\*\/|\/\/[^\n]*)\s*)+$/.exec(before)?.[0] ?? '';
}

const STATEMENTS: ReadonlySet<number> = new Set<number>([CKind.expression_statement, CKind.declaration]);

/** The attributes of a SoC; one without a string is not shown. Source: drivers/base/soc.c, soc_attribute_mode(). */
const SOC_STRINGS = /(?:->|\.)(?:machine|family|revision|serial_number|soc_id)$/;

/** Memory that is asked for while the kernel boots: without it there is no system in which the failure matters. */
export const isAtBoot = (tree: SyntaxTree, { start, body }: FunctionDefinition, callee: string): boolean =>
  /^(?:k[mzc]alloc|kmalloc_array|kcalloc|kmem_cache|alloc_pages|kmemdup|kstrdup|kasprintf)/.test(callee) &&
  /\b__init\b/.test(tree.text.slice(start, tree.starts[body])) &&
  !/\bmodule_(?:init|exit|\w+_driver)\b/.test(tree.text);

/** It is made on a condition: on the other way there is no string either. */
function isOptional(tree: SyntaxTree, call: number, body: number): boolean {
  for (let at = call; at !== body && at !== NONE; at = tree.parents[at]!)
    if (tree.kinds[at] === (CKind.if_statement as number)) return tree.childByField(at, Field.alternative) === NONE;
  return false;
}

/** Strings that are only kept and printed: for a string that is not there the kernel prints (null). */
const MAKES_STRING = /^(?:devm_)?k(?:v?asprintf|strdup\w*|strndup)$/;

/** A string is read here: by its characters or by a function that goes along it. */
const isRead = (text: string, place: string): boolean => {
  const last = lastName(place);
  // One of an array of strings: its characters have two indices.
  const index = place.endsWith(']') ? '\\[[^\\]]*\\]\\s*' : '';
  return new RegExp(
    `\\bstr\\w+\\s*\\([^;]*\\b${last}\\b|\\b${last}\\s*${index}\\[|\\*\\s*[\\w>.-]*\\b${last}\\b|\\bmem\\w+\\s*\\([^;]*\\b${last}\\b`,
  ).test(text);
};

/**
 * A string of what is registered under it, or a name that something is made by: the kernel looks at it then; a list does not, nor who is
 * handed another member, nor perf_pmu_register(), which refuses what has no name (kernel/events/core.c).
 */
function isRegistered(text: string, place: string): boolean {
  const quoted = quote(place);
  const holder = quote(place.replace(/(?:->|\.)\w+$/, ''));
  return new RegExp(
    `\\b(?!h?list_|perf_pmu_register)(?:\\w*(?:register|create|alloc)\\w*|(?:\\w*_)?(?:add|get)(?:_\\w*)?)\\s*\\([^;]*(?<![\\w>.])(?:${ownerOf(place)}\\s*[,)]|&\\s*${holder}\\s*[,)]|${quoted}\\b|&\\s*${ownerOf(place)}->dev\\b)`,
  ).test(text);
}

/** Another member of a union may be tested in its place. */
const isInUnion = (text: string, last: string): boolean => new RegExp(`\\bunion\\s*\\{[^}]*\\b${last}\\s*[;,]`).test(text);

/** Last names of the places that the result is kept in; undefined if it is returned, or kept where that cannot be followed. */
export function namesOf(text: string, place: string): string[] | undefined {
  const last = lastName(place);
  if (last === '') return undefined;
  const names = [last];
  const quoted = quote(place).replace(/->/g, '\\s*->\\s*');
  if (new RegExp(`\\breturn\\b[^;]*(?<![\\w>.])${quoted}\\s*[;)]`).test(text)) return undefined;
  const assigned = `=\\s*(?:\\([^()]*\\)\\s*)?\\(?${quoted}\\)?\\s*[;,]`;
  // What is on the left is slow to look for: every word may begin it.
  if (!new RegExp(assigned).test(text)) return names;
  for (const [, other] of text.matchAll(new RegExp(`([\\w>.\\-[\\]*]+)\\s*${assigned}`, 'g'))) {
    const name = lastName(other!);
    if (name === '' || other!.startsWith('*')) return undefined;
    names.push(name);
  }
  return names;
}

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The variable that a place begins with: `map` of `(*map)->data`. */
const ownerOf = (place: string): string => /\w+/.exec(place)?.[0] ?? '';

export const lastName = (place: string): string => /(\w+)(?:\[[^\]]*\])*$/.exec(place)?.[1] ?? '';

/** Whether a condition of the function, or of the file if the place outlives the function, asks for it. */
export function isTested(file: string, text: string, place: string, names: readonly string[]): boolean {
  // A function is told where it is kept: it may ask for it.
  if (/^\w+$/.test(place) && new RegExp(`[(,]\\s*&${place}\\s*[,)]`).test(text)) return true;
  if (asksFor(text, names, '(?<!\\w)')) return true;
  if (/^\w+$/.test(place) && isAskedByCallee(file, text, place)) return true;
  return (/->|\./.test(place) || names.length > 1) && asksFor(file, names, '(?:->|\\.)');
}

/** A variable that the function itself does not follow is handed to a function of the file that asks for it. */
function isAskedByCallee(file: string, text: string, place: string): boolean {
  // What only the size is taken of is not followed: sizeof(*p), kzalloc_obj(*p).
  const plain = text.replace(/\b(?:sizeof|\w*alloc_\w+)\s*\(\s*\*\s*\w+/g, '');
  if (new RegExp(`(?<![\\w>.&])${place}\\s*(?:->|\\[)|[=(,;{}&|!+-]\\s*\\*\\s*${place}\\b`).test(plain)) return false;
  for (const { index } of text.matchAll(new RegExp(`(?<=[(,]\\s*)${place}(?=\\s*[,)])`, 'g'))) {
    const call = callAround(text, index);
    const parameters = call && new RegExp(`^[\\w \\t*]*\\b${call.callee}\\s*\\(([^;{)]*)\\)\\s*\\{`, 'm').exec(file);
    const parameter = /(\w+)\s*$/.exec(parameters?.[1]?.split(',')[call!.argument] ?? '')?.[1];
    if (!parameters || parameter === undefined) continue;
    const end = file.indexOf('\n}', parameters.index);
    if (asksFor(file.slice(parameters.index + parameters[0].length, end === -1 ? undefined : end), [parameter], '(?<!\\w)'))
      return true;
  }
  return false;
}

/** The call that what stands at an offset of a text is an argument of: where it begins, and which argument. */
export function callAround(text: string, at: number): { callee: string; argument: number; start: number } | undefined {
  let argument = 0;
  for (let i = at - 1, depth = 0; i >= 0 && !';{}'.includes(text[i]!); i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === ',' && depth === 0) argument++;
    else if (text[i] === '(' && depth-- === 0) {
      const callee = /(\w+)\s*$/.exec(text.slice(Math.max(0, i - 80), i));
      return callee ? { callee: callee[1]!, argument, start: i - callee[0].length } : undefined;
    }
  }
  return undefined;
}

const PATH = '[\\w>.\\-\\[\\]*&()+ ]*';
/** What stands before a name that is tested, whatever comes after it. */
const NEGATED = new RegExp(`!\\s*${PATH}$`);
const CHECKED = /(?:IS_ERR\w*|ZERO_OR_NULL_PTR|PTR_ERR\w*|\w*(?:check|valid|nofault|assert|ASSERT|CHECK|BUG|WARN)\w*)\s*\([^;]*$/;
/** What stands before a name that is tested as it is, and after it. */
const CONDITION = new RegExp(
  `(?:&&|\\|\\||\\b(?:if|while|WARN_ON|WARN_ON_ONCE|BUG_ON|likely|unlikely|return)\\s*\\(?|NULL\\s*[=!]=)\\s*\\(*${PATH}$`,
);
const ENDS_CONDITION = /^\s*(?:\)|&&|\|\||;)/;
const COMPARED = /^[)\s]*(?:[=!]=|\?|&&|\|\|)/;
/** How much of a statement is looked at before a name. */
const BEFORE = 200;

/** Whether a condition of the text speaks of one of the names; `before`: what stands before the name. */
export function asksFor(text: string, names: readonly string[], before: string): boolean {
  for (const { index, 0: found } of text.matchAll(new RegExp(`${before}(?:${names.join('|')})\\b(?:\\[[^\\]]*\\])*`, 'g'))) {
    const after = text.slice(index + found.length, index + found.length + 40);
    if (COMPARED.test(after)) return true;
    let start = index;
    while (start > 0 && start > index - BEFORE && !';{}'.includes(text[start - 1]!)) start--;
    const lead = text.slice(start, index);
    if (NEGATED.test(lead) || CHECKED.test(lead) || (ENDS_CONDITION.test(after) && CONDITION.test(lead))) return true;
  }
  return false;
}

/** What the place is a field of is handed to a function further down: of a structure that was there before, to one that makes it known. */
const isHandedOn = (rest: string, place: string, isHandedIn: boolean): boolean =>
  new RegExp(
    `\\b(?!k?v?free)\\w*${isHandedIn ? '(?:register|add|create|init|probe|attach)\\w*' : '\\w'}\\s*\\([^;{}]*\\b${ownerOf(place)}\\b`,
  ).test(rest);

/**
 * The file declares the field, or does something with it other than to store into it or to free it: where it is only made,
 * those who follow it, in other files, may ask for it. A field of a field is looked for with that, unless its address is taken.
 */
function isFollowed(file: string, place: string, isInFunction: (offset: number) => boolean): boolean {
  const last = lastName(place);
  const around = /(?:->|\.)(\w+)\.\w+$/.exec(place)?.[1];
  const before = around === undefined || new RegExp(`&[\\w>.()-]*\\b${around}\\s*[;,)]`).test(file) ? '' : `(?:->|\\.)${around}`;
  const used = `(?<!\\bk?v?free\\w*\\(\\s*[\\w>.\\-[\\]]*)${before}(?:->|\\.)${last}\\b(?!\\s*(?:\\[[^\\]]*\\]\\s*)?=[^=])`;
  if (new RegExp(used).test(file)) return true;
  if (before !== '') return false;
  const declared = new RegExp(`^\\s[^\\n=()]*\\b${last}\\s*(?:\\[[^\\]]*\\])?\\s*;`, 'gm');
  return [...file.matchAll(declared)].some(({ index }) => !isInFunction(index));
}

/** Functions that follow what they are handed: copies, registers, lists, packets. */
const FOLLOWS =
  /^(?:mem\w+|str\w+|v?sn?c?n?printf|(?:raw_)?(?:read|write|io(?:read|write))\w*|__raw_\w+|skb_\w+|list_\w+|init_\w+|queue_\w+|spin_\w+|mutex_\w+|copy_\w+)$/;

/** All that happens to a variable is that a function of another file is handed it: that may ask. */
function isOnlyHandedOut(file: string, rest: string, quoted: string): boolean {
  const uses = [...rest.matchAll(new RegExp(`(?<![\\w>.])${quoted}\\b(?!\\s*=[^=])`, 'g'))];
  return uses.every(({ index, 0: found }) => {
    const callee = /(\w+)\s*\((?:[^;(){}]*,)?\s*$/.exec(rest.slice(Math.max(0, index - 200), index))?.[1];
    const after = rest.slice(index + found.length);
    return (
      callee !== undefined &&
      /^\s*[,)]/.test(after) &&
      !FOLLOWS.test(callee) &&
      !new RegExp(`^\\w[\\w \\t*]*\\b${callee}\\s*\\(`, 'm').test(file)
    );
  });
}

/** Something is done with it, other than giving it back. */
export function isUsed(tree: SyntaxTree, model: DriverModel, inside: FunctionDefinition, rest: string, place: string): boolean {
  const file = tree.text;
  const quoted = quote(place);
  const uses = rest.match(new RegExp(`(?<![\\w>.])${quoted}\\b`, 'g'))?.length ?? 0;
  const frees = rest.match(new RegExp(`\\bk?v?free\\w*\\s*\\(\\s*${quoted}\\b`, 'g'))?.length ?? 0;
  return /->|\./.test(place)
    ? isHandedOn(rest, place, parameterNames(tree, inside.node).includes(ownerOf(place))) ||
        isFollowed(file, place, (offset) => functionAt(model, offset) !== undefined)
    : uses > frees && !isOnlyHandedOut(file, rest, quoted);
}

/** What a pointer to a place is set to may be tested by the name of the place: `p = &a->b; *p = alloc(); if (!a->b)`. */
export const isNamedOtherwise = (text: string, name: string): boolean => {
  const pointer = /^\*\s*(\w+)$/.exec(name)?.[1];
  return pointer !== undefined && new RegExp(`\\b${pointer}\\s*=\\s*&`).test(text);
};
