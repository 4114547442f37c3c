/** Where the address of a function goes: the way out from its name through the expressions around it. */
import { CKind, Field, NONE } from '../syntax';
import { calledWith, isNameInParentheses, type CallContext } from './calls';
import { declarationOf, declaresPointer } from './declarators';
import type { Draft } from './draft';
import type { EntryPointKind } from './model';
import { tableSink } from './tables';
import { kindOfField } from './shapes';
import { keptIn } from './handed-on';
import { typeName, typeOfExpression } from './structures';

/** What a function's address is hung up on. */
export interface Sink {
  kind: EntryPointKind;
  container: string;
  table: string | null;
  field: string | null;
  start: number;
  end: number;
  /** What a user would call it, if not by the function's name. */
  name?: string;
  /** Declaring identifier of the table variable, if it has one. */
  variable?: number;
  /** Whether the function counts only if nothing else enters it. */
  weak?: boolean;
  /** Whether `container` is surely the type that `field` belongs to. */
  sure?: boolean;
}

/** How often a sink leads on to another function's parameter or to a local variable before the search gives up. */
const DEPTH = 6;

/** Where the value of the expression `node` goes; undefined if it is only called, compared, printed or thrown away. */
export function sinkOf(draft: Draft, node: number, depth = 0): Sink | undefined {
  if (depth > DEPTH) return undefined;
  const { tree } = draft.survey;
  const { kinds, fields, parents, starts } = tree;
  for (let child = node, up = parents[node]!; up !== NONE; child = up, up = parents[up]!) {
    switch (kinds[up] as CKind) {
      case CKind.parenthesized_expression:
      case CKind.extension_expression:
      case CKind.comma_expression:
      case CKind.pointer_expression:
        break;
      case CKind.cast_expression:
        if (fields[child] !== (Field.value as number)) return undefined;
        break;
      case CKind.conditional_expression:
        if (fields[child] === (Field.condition as number) && tree.childByField(up, Field.consequence) !== NONE) return undefined;
        break;
      case CKind.binary_expression: {
        // `(kernel_ulong_t)&fn`: without its declaration a type looks like a variable.
        const left = tree.childByField(up, Field.left);
        if (left === child || left === NONE || tree.text[starts[child]! - 1] !== '&' || !isNameInParentheses(draft, left))
          return undefined;
        break;
      }
      case CKind.initializer_pair:
      case CKind.initializer_list:
        return tableSink(draft, up, child);
      case CKind.init_declarator:
        return fields[child] === (Field.value as number) ? variableSink(draft, declaredIn(draft, up), child, depth) : undefined;
      case CKind.assignment_expression:
        return assignmentSink(draft, up, child, depth);
      case CKind.return_statement:
        return returnSink(draft, child);
      case CKind.argument_list: {
        const call: CallContext | 'transparent' | undefined = calledWith(draft, up, child, depth);
        if (call !== 'transparent') return call?.sink;
        up = parents[up]!;
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

/** The identifier that an init_declarator declares. */
function declaredIn({ survey: { tree } }: Draft, declarator: number): number {
  const { kinds, nexts } = tree;
  const inner = tree.childByField(declarator, Field.declarator);
  if (inner === NONE) return NONE;
  for (let node = inner; node < nexts[inner]!; node++) if (kinds[node] === (CKind.identifier as number)) return node;
  return NONE;
}

/** A function in a pointer variable: what matters is where the variable's value goes; a variable of another file is the kernel's hook. */
function variableSink(draft: Draft, variable: number, value: number, depth: number): Sink | undefined {
  if (variable === NONE) return undefined;
  const { survey, scope } = draft;
  const { tree } = survey;
  if (scope.function && (scope.isLocal(survey.nameOf[variable]!) || !survey.globals.has(survey.nameOf[variable]!)))
    return keptIn(draft, survey.nameOf[variable]!, value, tree.nexts[scope.function.node]!, depth);
  return hookSink(draft, survey.nameOf[variable]!, variable);
}

/** A function pointer of file scope: others can call through it unless it is static. */
function hookSink({ survey: { tree, globals } }: Draft, name: number, place: number): Sink | undefined {
  const declared = globals.get(name);
  const declaration = declared === undefined ? NONE : declarationOf(tree, declared);
  if (declaration !== NONE) {
    const storage = tree.childOfKind(declaration, CKind.storage_class_specifier);
    if (storage !== NONE && tree.hasText(storage, 'static')) return undefined;
  }
  return {
    kind: 'callback',
    container: tree.textOf(place),
    table: null,
    field: null,
    start: tree.starts[place]!,
    end: tree.ends[place]!,
  };
}

function assignmentSink(draft: Draft, assignment: number, child: number, depth: number): Sink | undefined {
  const { survey, scope } = draft;
  const { tree, nameOf } = survey;
  const { kinds, fields, starts, ends } = tree;
  if (fields[child] !== (Field.right as number)) return undefined;
  const operator = tree.childByField(assignment, Field.operator);
  if (operator !== NONE && !tree.hasText(operator, '=')) return undefined;
  let target = tree.childByField(assignment, Field.left);
  while (target !== NONE) {
    switch (kinds[target] as CKind) {
      case CKind.field_expression: {
        const field = tree.childByField(target, Field.field);
        const owner = tree.childByField(target, Field.argument);
        if (field === NONE || owner === NONE) return undefined;
        // `MACRO(…) .f = fn` in a list: the parser takes a missing comma for a member access.
        if (kinds[tree.parents[assignment]!] === (CKind.initializer_list as number)) {
          const sink = tableSink(draft, tree.parents[assignment]!, assignment);
          return (
            sink && {
              ...sink,
              kind: kindOfField(sink.container, tree.textOf(field), ''),
              field: tree.textOf(field),
              start: starts[field]!,
              end: ends[field]!,
            }
          );
        }
        const type = typeName(tree, typeOfExpression(scope, owner));
        const path = tree.textOf(owner);
        return {
          kind: kindOfField(type, tree.textOf(field), path),
          container: type || lastName(path),
          sure: type !== '',
          table: path,
          field: tree.textOf(field),
          start: starts[field]!,
          end: ends[field]!,
        };
      }
      case CKind.identifier: {
        const name = nameOf[target]!;
        if (scope.isLocal(name)) return variableSink(draft, target, child, depth);
        if (survey.globals.has(name)) return undefined;
        return {
          kind: 'callback',
          container: tree.textOf(target),
          table: null,
          field: null,
          start: starts[target]!,
          end: ends[target]!,
        };
      }
      case CKind.call_expression: {
        // `type_t (*name)(int) = fn;`, see declaresPointer
        let star = target;
        while (star < tree.nexts[target]! && kinds[star] !== (CKind.pointer_expression as number)) star++;
        const name = star < tree.nexts[target]! && declaresPointer(tree, star) ? tree.childByField(star, Field.argument) : NONE;
        return name === NONE ? undefined : variableSink(draft, name, child, depth);
      }
      case CKind.subscript_expression:
      case CKind.pointer_expression:
        target = tree.childByField(target, Field.argument);
        if (target !== NONE && kinds[target] === (CKind.identifier as number))
          return {
            kind: 'callback',
            container: tree.textOf(target),
            table: null,
            field: null,
            start: starts[target]!,
            end: ends[target]!,
          };
        break;
      case CKind.parenthesized_expression:
        target = target + 2 < tree.nexts[target]! ? target + 2 : NONE;
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A function that another one returns: the caller, who asked for it, enters it. */
function returnSink({ survey: { tree }, scope }: Draft, value: number): Sink | undefined {
  if (!scope.function) return undefined;
  return {
    kind: 'callback',
    container: scope.function.name,
    table: null,
    field: null,
    start: tree.starts[value]!,
    end: tree.ends[value]!,
  };
}

/** The last name in an expression's text: `x->y.z[2]` gives `z`. */
const lastName = (path: string): string => /(\w+)(?:\[[^\]]*\])*\)*$/.exec(path)?.[1] ?? path;
