import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { declarationOf, declaresFunction, declaresPointer, hasInitializer } from './declarators';
import type { FunctionDefinition } from './model';
import { NameFlag, NameTable } from './names';

/**
 * What one pass over a tree finds: the file's own names and functions, and the nodes that the second pass has to judge when
 * all of the file's names are known.
 */
export interface Survey {
  tree: SyntaxTree;
  names: NameTable;
  /** The name number of identifiers and names of types and fields; -1 elsewhere. */
  nameOf: Int32Array;
  /** Nodes for the second pass, in text order; `~node` is the identifier that declares a parameter or local variable. */
  events: Int32Array;
  eventCount: number;
  functions: FunctionDefinition[];
  /** First definition of each function of the file, by name number. */
  definitions: Map<number, FunctionDefinition>;
  /** Declaring identifier of each variable of file scope, by name number. */
  globals: Map<number, number>;
  /** `#define` of each macro of the file, by name number. */
  macros: Map<number, number>;
  /** Specifier with the body of each structure or union of the file, by name number. */
  structures: Map<number, number>;
}

const AMPERSAND = 0x26;
const LOWER_T = 0x74;

const DEFINE = /^#[ \t]*define[ \t]+(\w+)/;

/** The events of a survey, kept for the next one: a survey does not outlive the call of `describeDriver`. */
let scratch = new Int32Array(0);

/** Trees of more nodes get an array of their own. */
const KEPT = 1 << 20;

function scratchFor(size: number): typeof scratch {
  if (size <= scratch.length) return scratch;
  const events = new Int32Array(size <= KEPT ? Math.min(KEPT, size * 2) : size);
  if (size <= KEPT) scratch = events;
  return events;
}

/** The first pass. Its result is good until the next call. */
export function surveyOf(tree: SyntaxTree): Survey {
  const { kinds, fields, nexts, parents, starts, ends, size, text } = tree;
  const names = new NameTable(text, size >> 4);
  const events = scratchFor(size);
  const nameOf = new Int32Array(size).fill(-1);
  tree.keepNames(nameOf, names);
  const { flags } = names;
  let eventCount = 0;
  let functionEnd = 0;
  const functions: FunctionDefinition[] = [];
  const definitions = new Map<number, FunctionDefinition>();
  const globals = new Map<number, number>();
  const macros = new Map<number, number>();
  const structures = new Map<number, number>();

  for (let node = 0; node < size; node++) {
    switch (kinds[node] as CKind) {
      case CKind.identifier: {
        const name = names.intern(starts[node]!, ends[node]!);
        nameOf[node] = name;
        const parent = parents[node]!;
        if (parent === NONE) break;
        switch (kinds[parent] as CKind) {
          case CKind.field_expression:
          case CKind.binary_expression:
          case CKind.update_expression:
            // `x->y`, `x + y`: a function is never meant here (but in `(type_t)&x`), a constant may be.
            if (flags[name]! & NameFlag.capitals || text.charCodeAt(starts[node]! - 1) === AMPERSAND) events[eventCount++] = node;
            break;
          case CKind.enumerator:
            if (fields[node] === (Field.name as number)) flags[name]! |= NameFlag.declared;
            else events[eventCount++] = node;
            break;
          case CKind.preproc_def:
          case CKind.preproc_function_def:
            flags[name]! |= NameFlag.declared | NameFlag.macro;
            if (!macros.has(name)) macros.set(name, parent);
            break;
          case CKind.preproc_params:
          case CKind.preproc_ifdef:
          case CKind.preproc_elifdef:
          case CKind.preproc_defined:
          case CKind.annotation:
            break;
          case CKind.pointer_expression:
            if (!declaresPointer(tree, parent)) events[eventCount++] = node;
            else if (node < functionEnd) events[eventCount++] = ~node;
            else {
              flags[name]! |= NameFlag.declared;
              if (!globals.has(name)) globals.set(name, node);
            }
            break;
          case CKind.init_declarator:
          case CKind.declaration:
          case CKind.pointer_declarator:
          case CKind.array_declarator:
          case CKind.function_declarator:
          case CKind.parenthesized_declarator:
          case CKind.attributed_declarator:
          case CKind.parameter_declaration:
          case CKind.function_definition: {
            const root = declarationOf(tree, node);
            const rootKind: CKind | undefined = root === NONE ? undefined : kinds[root];
            if (rootKind === CKind.function_definition) {
              const definition = pending(functions, root);
              if (definition?.name === '') {
                definition.name = names.textOf(name);
                definition.nameStart = starts[node]!;
              }
              flags[name]! |= NameFlag.function | NameFlag.defined;
              if (definition && !definitions.has(name)) definitions.set(name, definition);
            } else if (rootKind === CKind.parameter_declaration) {
              if (node < functionEnd) events[eventCount++] = ~node;
            } else if (rootKind === CKind.declaration) {
              if (declaresFunction(tree, node)) flags[name]! |= NameFlag.function;
              else if (node < functionEnd) events[eventCount++] = ~node;
              else {
                flags[name]! |= NameFlag.declared;
                if (!globals.has(name) || hasInitializer(tree, node)) globals.set(name, node);
              }
            } else if (rootKind !== CKind.type_definition) events[eventCount++] = node;
            break;
          }
          default:
            events[eventCount++] = node;
        }
        break;
      }
      case CKind.field_identifier:
        nameOf[node] = names.intern(starts[node]!, ends[node]!);
        break;
      case CKind.type_identifier: {
        const name = names.intern(starts[node]!, ends[node]!);
        nameOf[node] = name;
        const parent = parents[node]!;
        switch (parent === NONE ? undefined : (kinds[parent] as CKind)) {
          case CKind.struct_specifier:
          case CKind.union_specifier:
          case CKind.enum_specifier:
            if (
              fields[node] === (Field.name as number) &&
              nexts[node]! < nexts[parent]! &&
              tree.childByField(parent, Field.body) !== NONE
            ) {
              flags[name]! |= NameFlag.type;
              if (!structures.has(name)) structures.set(name, parent);
            } else events[eventCount++] = node;
            break;
          case CKind.type_definition:
          case CKind.pointer_declarator:
          case CKind.array_declarator:
          case CKind.function_declarator:
          case CKind.parenthesized_declarator:
          case CKind.attributed_declarator:
            if (fields[node] !== (Field.type as number)) flags[name]! |= NameFlag.type;
            else events[eventCount++] = node;
            break;
          default:
            if (!(flags[name]! & NameFlag.scalar)) events[eventCount++] = node;
        }
        break;
      }
      case CKind.function_definition: {
        const definition = definitionAt(tree, node);
        functions.push(definition);
        if (definition.name !== '') {
          // the macro's argument is the function's name
          const name = names.intern(definition.nameStart, definition.nameStart + definition.name.length);
          flags[name]! |= NameFlag.function | NameFlag.defined;
          if (!definitions.has(name)) definitions.set(name, definition);
        }
        events[eventCount++] = node;
        if (nexts[node]! > functionEnd) functionEnd = nexts[node]!;
        break;
      }
      case CKind.initializer_list:
        if (fields[node] === (Field.value as number) && kinds[parents[node]!] === (CKind.init_declarator as number))
          events[eventCount++] = node;
        break;
      case CKind.preproc_include:
      case CKind.offsetof_expression:
        events[eventCount++] = node;
        break;
      case CKind.preproc_line: {
        // A #define inside an initializer or an expression.
        const defined = DEFINE.exec(text.slice(starts[node], Math.min(ends[node]!, starts[node]! + 120)));
        if (!defined) break;
        const at = starts[node]! + defined[0].length;
        const name = names.intern(at - defined[1]!.length, at);
        flags[name]! |= NameFlag.declared | NameFlag.macro;
        if (!macros.has(name)) macros.set(name, node);
        break;
      }
      case CKind.preproc_if:
      case CKind.preproc_elif: {
        const condition = tree.childByField(node, Field.condition);
        if (condition !== NONE) node = nexts[condition]! - 1;
        break;
      }
      default:
    }
  }
  return {
    tree,
    names,
    nameOf,
    events,
    eventCount,
    functions: functions.filter(({ name }) => name !== ''),
    definitions,
    globals,
    macros,
    structures,
  };
}

function pending(functions: readonly FunctionDefinition[], node: number): FunctionDefinition | undefined {
  for (let i = functions.length - 1; i >= 0; i--) if (functions[i]!.node === node) return functions[i];
  return undefined;
}

/** The definition at `node`; its name is filled in when the pass gets to it, unless a macro such as SYSCALL_DEFINE2 makes it. */
function definitionAt(tree: SyntaxTree, node: number): FunctionDefinition {
  const { kinds, fields, nexts, starts, ends } = tree;
  let isStatic = false;
  let macro = NONE;
  let body = NONE;
  for (let child = node + 1; child < nexts[node]!; child = nexts[child]!) {
    if (fields[child] === (Field.body as number)) body = child;
    else if (kinds[child] === (CKind.storage_class_specifier as number))
      isStatic ||= ends[child]! - starts[child]! === 6 && tree.text.charCodeAt(starts[child]! + 1) === LOWER_T;
    else if (fields[child] === (Field.declarator as number) && kinds[child] === (CKind.call_expression as number)) macro = child;
  }
  let name = '';
  let nameStart = 0;
  if (macro !== NONE) {
    // Its first argument names the function, else the macro itself.
    const list = tree.childByField(macro, Field.arguments);
    const argument = list === NONE ? NONE : tree.childOfKind(list, CKind.identifier);
    const named = argument === NONE ? tree.childByField(macro, Field.function) : argument;
    if (named !== NONE) {
      name = tree.textOf(named);
      nameStart = starts[named]!;
    }
  }
  return { name, nameStart, start: starts[node]!, end: ends[node]!, node, body: body === NONE ? node : body, isStatic };
}
