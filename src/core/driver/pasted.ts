/**
 * Functions that no line of the file mentions: the compiler would say that they are unused, so a macro of some header pastes their
 * names together, as `AMDGPU_DEVICE_ATTR_RW(pp_table, …)` does with `amdgpu_get_pp_table`.
 */
import { CKind, Field, NONE } from '../syntax';
import type { Draft } from './draft';
import type { FunctionDefinition } from './model';
import { NameFlag } from './names';
import { kindOfCallee, type CalleeShape } from './shapes';
import { enterTable, tableSink } from './tables';

/** Enters the static functions that only a macro call outside of functions can mean. */
export function enterPasted(draft: Draft): void {
  const { survey, macroCalls } = draft;
  const { functions, names } = survey;
  if (macroCalls.length === 0) return;
  const orphans = functions.filter((definition) => {
    if (!definition.isStatic) return false;
    const name = names.find(definition.name);
    return (
      name >= 0 &&
      (names.flags[name]! & NameFlag.defined) !== 0 &&
      (names.flags[name]! & NameFlag.used) === 0 &&
      !isInline(draft, definition)
    );
  });
  if (orphans.length === 0) return;
  const entered = draft.enteredFunctions();
  const calls = callsByWord(draft);
  for (const { name } of orphans) {
    if (entered.has(name)) continue;
    const callee = partsOf(name)
      .map((part) => calls.get(part))
      .find((found) => found !== undefined);
    if (callee !== undefined) enterCall(draft, name, callee);
  }
}

function isInline({ survey: { tree } }: Draft, { node, nameStart }: FunctionDefinition): boolean {
  return /\binline\b|__maybe_unused|__always_unused/.test(tree.text.slice(tree.starts[node], nameStart));
}

/** Runs of whole words of a name, the longest first, without the name itself: of `a_b_c` they are `a_b`, `b_c`, `a`, `b`, `c`. */
function partsOf(name: string): string[] {
  const words = name.split('_');
  const parts: string[] = [];
  for (let length = words.length - 1; length > 0; length--)
    for (let from = words.length - length; from >= 0; from--) {
      const part = words.slice(from, from + length).join('_');
      if (part.length > 2) parts.push(part);
    }
  return parts.sort((a, b) => b.length - a.length);
}

/** What a macro that pastes functions' names may do; module_param() and EXPORT_SYMBOL() do not paste. */
const PASTES: ReadonlySet<CalleeShape> = new Set<CalleeShape>(['callback', 'attribute', 'pm', 'irq', 'work', 'timer', 'thread']);

/** The callee of the first macro call that has a word as an argument of its own. */
function callsByWord(draft: Draft): Map<string, number> {
  const { survey, macroCalls } = draft;
  const { tree, names, nameOf } = survey;
  const calls = new Map<string, number>();
  for (const callee of macroCalls) {
    const shape = draft.shapeOf(nameOf[callee]!);
    if (!PASTES.has(shape)) continue;
    if (/GROUPS|MUTEX|LOCK|LIST|PER_CPU/.test(names.textOf(nameOf[callee]!))) continue;
    const list = tree.childByField(tree.parents[callee]!, Field.arguments);
    if (list === NONE) continue;
    for (let child = list + 1; child < tree.nexts[list]!; child = tree.nexts[child]!) {
      if (tree.kinds[child] !== (CKind.identifier as number)) continue;
      const word = names.textOf(nameOf[child]!);
      if (!calls.has(word)) calls.set(word, callee);
    }
  }
  return calls;
}

function enterCall(draft: Draft, name: string, callee: number): void {
  const { tree, nameOf, names } = draft.survey;
  const call = tree.parents[callee]!;
  const holder = tree.parents[call]!;
  const container = names.textOf(nameOf[callee]!);
  const kind = kindOfCallee(draft.shapeOf(nameOf[callee]!));
  const inTable = tree.kinds[holder] === (CKind.initializer_list as number) ? tableSink(draft, holder, call) : undefined;
  draft.enter({
    kind: kind === 'callback' && inTable ? inTable.kind : kind,
    name,
    function: name,
    container,
    table: inTable?.table ?? null,
    field: null,
    start: tree.starts[callee]!,
    end: tree.ends[callee]!,
  });
  if (inTable?.variable !== undefined) enterTable(draft, inTable.variable);
}
