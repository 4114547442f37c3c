/** The second pass: judges each node that the first one noted, now that all of the file's own names are known. */
import { CKind, Field, NONE } from '../syntax';
import { isPasted } from './calls';
import { declaresPointer } from './declarators';
import type { Draft } from './draft';
import { inBodyOf, kindOfMade, madeBy, namesFunction, type MadeUse } from './expansions';
import { NameFlag } from './names';
import { enterPasted } from './pasted';
import { readRegistration } from './registrations';
import { isDriver, isMatch, kindOfCallee } from './shapes';
import { sinkOf } from './sinks';
import { isPointer, typeName, typeOfDeclared } from './structures';
import { enterTable, tableSink } from './tables';

export function readEvents(draft: Draft): void {
  const { survey, scope } = draft;
  const { tree, events, eventCount, nameOf, names } = survey;
  const { kinds, fields, parents, starts, ends } = tree;
  const { flags } = names;
  for (let i = 0; i < eventCount; i++) {
    const event = events[i]!;
    if (event < 0) {
      scope.moveTo(~event);
      scope.declare(~event);
      continue;
    }
    scope.moveTo(event);
    switch (kinds[event] as CKind) {
      case CKind.identifier: {
        const name = nameOf[event]!;
        const flag = flags[name]!;
        const parent = parents[event]!;
        if (kinds[parent] === (CKind.call_expression as number) && fields[event] === (Field.function as number))
          readCall(draft, event, parent, flag);
        else if (flag & NameFlag.function) {
          if (scope.isLocal(name)) break;
          flags[name]! |= NameFlag.used;
          readFunctionValue(draft, event);
        } else if (flag & NameFlag.macro) readMacroValue(draft, event, parent);
        else if (flag & NameFlag.declared) break;
        else if (flag & NameFlag.capitals) {
          if (!scope.isLocal(name) && !isPasted(draft, event, parent))
            draft.use(names.textOf(name), 'macro', starts[event]!, ends[event]!);
        } else if (kinds[parent] === (CKind.initializer_pair as number) && fields[event] === (Field.value as number))
          readForeignValue(draft, event);
        break;
      }
      case CKind.type_identifier: {
        const name = nameOf[event]!;
        if (!(flags[name]! & (NameFlag.type | NameFlag.scalar)))
          draft.use(names.textOf(name), 'struct', starts[event]!, ends[event]!);
        break;
      }
      case CKind.function_definition:
        scope.enter(event);
        readDefinition(draft, event);
        break;
      case CKind.initializer_list:
        readTable(draft, event);
        break;
      case CKind.preproc_include:
        readInclude(draft, event);
        break;
      case CKind.offsetof_expression:
        draft.use('offsetof', 'macro', starts[event]!, starts[event]! + 'offsetof'.length);
        break;
      default:
    }
  }
  enterPasted(draft);
}

/** A function of the file whose address is taken. */
function readFunctionValue(draft: Draft, node: number): void {
  const sink = sinkOf(draft, node);
  if (!sink) return;
  const { tree } = draft.survey;
  const name = tree.textOf(node);
  const { kind, container, table, field, start, end, variable } = sink;
  const point = { kind, name: sink.name ?? name, function: name, container, table, field, start, end };
  if (sink.weak) draft.enterUnlessKnown(point);
  else draft.enter(point);
  if (variable !== undefined) enterTable(draft, variable);
  if (sink.sure && field !== null) useField(draft, container, field, start, end);
}

/** A function of the kernel's in a table: `.llseek = noop_llseek`. */
function readForeignValue(draft: Draft, node: number): void {
  const { survey, scope } = draft;
  const { tree, nameOf } = survey;
  if (scope.isLocal(nameOf[node]!)) return;
  const sink = tableSink(draft, tree.parents[node]!, node);
  if (!sink?.sure || sink.field === null) return;
  useField(draft, sink.container, sink.field, sink.start, sink.end);
  draft.use(tree.textOf(node), 'function', tree.starts[node]!, tree.ends[node]!);
}

/** A macro of the file as an element or value in an initializer: `FOO_OPS,`, also without the comma before `.f = fn`. */
function readMacroValue(draft: Draft, node: number, parent: number): void {
  const { tree, nameOf } = draft.survey;
  const { kinds, parents } = tree;
  let element = node;
  if (kinds[parent] === (CKind.field_expression as number)) {
    element = parents[parent]!;
    if (kinds[element] !== (CKind.assignment_expression as number)) return;
  } else if (kinds[parent] !== (CKind.initializer_list as number) && kinds[parent] !== (CKind.initializer_pair as number)) return;
  if (element === node || kinds[parents[element]!] === (CKind.initializer_list as number))
    enterMade(draft, inBodyOf(draft, nameOf[node]!), element, node);
}

function enterMade(draft: Draft, made: readonly MadeUse[], element: number, callee: number): void {
  if (made.length === 0) return;
  const { tree } = draft.survey;
  const sink = tableSink(draft, tree.parents[element]!, element);
  if (!sink) return;
  for (const use of made) {
    if (use.function === null) continue;
    const place =
      use.field !== null || sink.field === null
        ? { start: tree.starts[callee]!, end: tree.ends[callee]! }
        : { start: sink.start, end: sink.end };
    const kind = kindOfMade(use);
    draft.enter({
      kind: kind === 'callback' ? sink.kind : kind,
      name: kind === 'sysfs' ? (use.name ?? use.function) : use.function,
      function: use.function,
      container: kind === 'sysfs' && use.field === null ? tree.textOf(callee) : sink.container,
      table: sink.table,
      field: use.field ?? sink.field,
      ...place,
    });
  }
  if (sink.variable !== undefined) enterTable(draft, sink.variable);
}

/** A field of a kernel structure that is set to a function. */
function useField(draft: Draft, container: string, field: string, start: number, end: number): void {
  const { names } = draft.survey;
  const structure = names.find(container);
  if (structure >= 0 && names.flags[structure]! & NameFlag.type) return;
  draft.use(`${container}.${field}`, 'field', start, end);
}

/** An initializer with braces: drivers and match tables are entries even if they name no function. */
function readTable(draft: Draft, list: number): void {
  const { tree } = draft.survey;
  const declarator = tree.childByField(tree.parents[list]!, Field.declarator);
  if (declarator === NONE) return;
  let variable = declarator;
  while (variable < tree.nexts[declarator]! && tree.kinds[variable] !== (CKind.identifier as number)) variable++;
  if (variable === tree.nexts[declarator]) return;
  const type = typeOfDeclared(tree, variable);
  if (type === NONE || tree.kinds[type] !== (CKind.struct_specifier as number)) return;
  const name = typeName(tree, type);
  if (
    !(isDriver(name) || (isMatch(name) && tree.kinds[tree.parents[variable]!] === (CKind.array_declarator as number))) ||
    isPointer(tree, variable)
  )
    return;
  enterTable(draft, variable);
}

/** SYSCALL_DEFINE3(name, …) { … } */
function readDefinition(draft: Draft, definition: number): void {
  const { tree, functions } = draft.survey;
  const call = tree.childByField(definition, Field.declarator);
  if (call === NONE || tree.kinds[call] !== (CKind.call_expression as number)) return;
  const macro = tree.childByField(call, Field.function);
  const made = functions.find(({ node }) => node === definition);
  if (macro === NONE || !made || !/SYSCALL_DEFINE/.test(tree.textOf(macro))) return;
  draft.enter({
    kind: 'syscall',
    name: made.name,
    function: made.name,
    container: tree.textOf(macro),
    table: null,
    field: null,
    start: tree.starts[macro]!,
    end: tree.ends[macro]!,
  });
}

function readCall(draft: Draft, callee: number, call: number, flag: number): void {
  const { survey, scope } = draft;
  const { tree, nameOf, names } = survey;
  const { kinds, starts, ends } = tree;
  const name = nameOf[callee]!;
  if (scope.isLocal(name)) return;
  if (flag & NameFlag.function) names.flags[name]! |= NameFlag.used;
  const text = names.textOf(name);
  if (!scope.function || kinds[tree.parents[call]!] === (CKind.initializer_list as number)) draft.macroCalls.push(callee);
  if (kinds[tree.parents[call]!] === (CKind.call_expression as number) && startsPointer(draft, call)) {
    if (!(flag & (NameFlag.type | NameFlag.scalar))) draft.use(text, 'struct', starts[callee]!, ends[callee]!);
    return;
  }
  if (!(flag & (NameFlag.function | NameFlag.declared))) {
    const holder = kinds[tree.parents[call]!] as CKind | undefined;
    const isMacro = flag & NameFlag.capitals || !scope.function || holder === CKind.macro_loop_statement;
    draft.use(
      text === 'MODULE_DEVICE_TABLE' ? withArgument(draft, text, call) : text,
      isMacro ? 'macro' : 'function',
      starts[callee]!,
      ends[callee]!,
    );
  }
  const holder = tree.parents[call]!;
  if (scope.function && flag & NameFlag.macro) enterExpanded(draft, callee, call);
  switch (kinds[holder] as CKind) {
    case CKind.initializer_list:
    case CKind.initializer_pair:
      enterMade(draft, madeBy(draft, call, name), call, callee);
      break;
    case CKind.expression_statement:
    case CKind.declaration:
    case CKind.ERROR:
      if (!scope.function) readRegistration(draft, callee, call);
      break;
    case CKind.init_declarator:
      if (!scope.function) readRegistration(draft, callee, call);
      break;
    default:
  }
}

/** Whether `call` is the `type_t (*name)` of a declaration that looks like calls. */
function startsPointer({ survey: { tree } }: Draft, call: number): boolean {
  const list = tree.childByField(call, Field.arguments);
  const star = list === NONE ? NONE : tree.childOfKind(list, CKind.pointer_expression);
  return star !== NONE && declaresPointer(tree, star);
}

/** A macro of the file, called in a function, whose body hangs up functions: `#define REQUEST(irq) request_irq(irq, handler, …)`. */
function enterExpanded(draft: Draft, callee: number, call: number): void {
  const { tree, nameOf } = draft.survey;
  if (!namesFunction(draft, nameOf[callee]!)) return;
  for (const { function: entered, field, shape } of madeBy(draft, call, nameOf[callee]!)) {
    if (entered === null) continue;
    const kind = kindOfCallee(shape);
    draft.enter({
      kind:
        field !== null ? 'ops' : kind === 'irq' || kind === 'work' || kind === 'timer' || kind === 'thread' ? kind : 'callback',
      name: entered,
      function: entered,
      container: tree.textOf(callee),
      table: null,
      field,
      start: tree.starts[callee]!,
      end: tree.ends[callee]!,
    });
  }
}

/** `MODULE_DEVICE_TABLE(of, table)` is one macro for each bus. */
function withArgument({ survey: { tree } }: Draft, text: string, call: number): string {
  const list = tree.childByField(call, Field.arguments);
  const argument = list === NONE ? NONE : tree.childOfKind(list, CKind.identifier);
  return argument === NONE ? text : `${text}(${tree.textOf(argument)})`;
}

/** `#include <linux/mutex.h>`; headers in quotes are the driver's own. */
function readInclude(draft: Draft, node: number): void {
  const { tree } = draft.survey;
  const path = tree.childByField(node, Field.path);
  if (path === NONE || tree.kinds[path] !== (CKind.system_lib_string as number)) return;
  draft.use(tree.textOf(path).slice(1, -1), 'header', tree.starts[path]!, tree.ends[path]!);
}
