/** What a call does with a function that is its argument. */
import { CKind, Field, NONE } from '../syntax';
import type { Draft } from './draft';
import { handedOn } from './handed-on';
import { fateOfArgument } from './local-macros';
import { NameFlag } from './names';
import { calleeShape, isPrinter, kindOfCallee, type CalleeShape } from './shapes';
import type { Sink } from './sinks';
import { elementAround, tableSink } from './tables';

export interface CallContext {
  sink: Sink | undefined;
}

/**
 * What the call that the argument list `list` belongs to does with its argument `argument`; 'transparent' if the call's value
 * is the argument's.
 */
export function calledWith(draft: Draft, list: number, argument: number, depth: number): CallContext | 'transparent' | undefined {
  const { survey, scope } = draft;
  const { tree, nameOf, names } = survey;
  const { kinds, starts, ends, parents } = tree;
  const call = parents[list]!;
  if (kinds[call] !== (CKind.call_expression as number)) return undefined;
  let callee = tree.childByField(call, Field.function);
  if (callee === NONE) return undefined;
  // `(kernel_ulong_t)(fn)`: without its declaration a type looks like a function.
  if (isNameInParentheses(draft, callee)) return 'transparent';
  let name = NONE;
  let shape: CalleeShape;
  if (kinds[callee] === (CKind.identifier as number)) {
    name = nameOf[callee]!;
    shape = draft.shapeOf(name);
  } else {
    const field = kinds[callee] === (CKind.field_expression as number) ? tree.childByField(callee, Field.field) : NONE;
    if (field === NONE) return undefined;
    callee = field;
    shape = calleeShape(tree.textOf(field));
  }
  if (shape === 'inert') return undefined;
  if (shape === 'transparent') return 'transparent';
  const text = tree.textOf(callee);
  const sink: Sink = {
    kind: kindOfCallee(shape),
    container: text,
    table: null,
    field: null,
    start: starts[callee]!,
    end: ends[callee]!,
  };
  if (shape === 'release') sink.weak = true;

  const flags = name === NONE ? 0 : names.flags[name]!;
  if (flags & NameFlag.macro && !(flags & NameFlag.defined)) {
    const macro = draft.macro(name);
    if (macro && fateOfArgument(macro, positionOf(draft, list, argument)) === 'called') return undefined;
  }
  if (!scope.function || flags & (NameFlag.capitals | NameFlag.macro)) {
    const holder = elementAround(draft, call);
    if (holder !== NONE) {
      const inTable = tableSink(draft, parents[holder]!, holder);
      if (!inTable) return undefined;
      const specific =
        shape === 'irq' || shape === 'work' || shape === 'timer' || shape === 'thread' || shape === 'pm' || shape === 'attribute';
      const kind = specific ? sink.kind : inTable.kind;
      const first = shape === 'attribute' ? tree.childOfKind(list, CKind.identifier) : NONE;
      if (first !== NONE) inTable.name = tree.textOf(first);
      return {
        sink:
          inTable.field === null ? { ...inTable, kind, start: sink.start, end: sink.end, container: text } : { ...inTable, kind },
      };
    }
  }
  if (!scope.function) {
    // At file scope module_init() and its like are read where their name is met (registrations.ts).
    if (shape === 'module' || shape === 'initcall' || shape === 'export' || shape === 'param' || shape === 'setup')
      return undefined;
    if (shape === 'attribute' || shape === 'pm') {
      const first = tree.childOfKind(list, CKind.identifier);
      if (first !== NONE) sink.name = tree.textOf(first);
    }
    return { sink };
  }
  if (!(flags & NameFlag.capitals) && !['irq', 'work', 'timer', 'thread'].includes(sink.kind)) sink.kind = 'callback';
  // ACPI_FUNCTION_TRACE(name), in the function `name` itself
  if (flags & NameFlag.capitals && tree.hasText(argument, scope.function.name)) return undefined;
  if (printsAddress(draft, list, text)) return undefined;
  if (name !== NONE && flags & NameFlag.defined && !scope.isLocal(name)) {
    const definition = survey.definitions.get(name);
    const inner = definition && handedOn(draft, definition, positionOf(draft, list, argument), depth);
    if (!inner) return undefined;
    return { sink: { ...sink, kind: inner.field === null ? inner.kind : 'callback' } };
  }
  return { sink };
}

/** Whether `node` is `(name)` with a name that is neither a variable nor a function of the file: the type of a cast. */
export function isNameInParentheses({ survey, scope }: Draft, node: number): boolean {
  const { tree, nameOf, names } = survey;
  const inner = node + 2;
  if (tree.kinds[node] !== (CKind.parenthesized_expression as number) || tree.kinds[inner] !== (CKind.identifier as number))
    return false;
  if (tree.nexts[node] !== inner + 2) return false;
  return !scope.isLocal(nameOf[inner]!) && !(names.flags[nameOf[inner]!]! & (NameFlag.function | NameFlag.declared));
}

/**
 * Whether the capitals at `node`, a child of `parent`, are rather a part of a name that a macro pastes than a name: `SIIG` in
 * `PCI_VDEVICE(SIIG, 3)`. Of the file's own macros the body tells; of others, that the word is no constant by its looks.
 */
export function isPasted(draft: Draft, node: number, parent: number): boolean {
  const { survey, scope } = draft;
  const { tree, nameOf, names } = survey;
  const { kinds, parents } = tree;
  if (kinds[parent] !== (CKind.argument_list as number)) return false;
  const call = parents[parent]!;
  const callee = kinds[call] === (CKind.call_expression as number) ? tree.childByField(call, Field.function) : NONE;
  if (callee === NONE || kinds[callee] !== (CKind.identifier as number)) return false;
  const name = nameOf[callee]!;
  if (names.flags[name]! & NameFlag.macro) {
    const position = positionOf(draft, parent, node);
    return draft.macro(name)?.pastes.some((paste) => paste.includes(position)) ?? false;
  }
  if (!(names.flags[name]! & NameFlag.capitals)) return false;
  const around = kinds[parents[call]!] as CKind | undefined;
  const atFileScope = !scope.function || around === CKind.initializer_list || around === CKind.initializer_pair;
  return atFileScope && !names.textOf(nameOf[node]!).includes('_');
}

/** The position of `argument` among the arguments in `list`. */
function positionOf({ survey: { tree } }: Draft, list: number, argument: number): number {
  let position = 0;
  for (let child = list + 1; child < argument; child = tree.nexts[child]!) if (tree.hasText(child, ',')) position++;
  return position;
}

/** Whether the call prints: it is named so and has a format, or has one that prints addresses. */
function printsAddress({ survey: { tree } }: Draft, list: number, callee: string): boolean {
  for (let child = list + 1; child < tree.nexts[list]!; child = tree.nexts[child]!) {
    const kind = tree.kinds[child] as CKind;
    if (kind !== CKind.string_literal && kind !== CKind.concatenated_string) continue;
    if (isPrinter(callee) || /%[-#0-9]*p/.test(tree.textOf(child))) return true;
  }
  return false;
}
