/** Tables of callbacks: initializers of structures, wherever they stand. */
import { CKind, Field, NONE } from '../syntax';
import type { Draft } from './draft';
import { isDriver, isMatch, kindOfField } from './shapes';
import type { Sink } from './sinks';
import { isArray, isPointer, memberName, memberType, typeName, typeOfDeclared, typeOfExpression } from './structures';

/** One step from a structure to what an initializer list in it describes: a member's name, or a position in an array or among the members. */
type Step = string | number;

/**
 * What the element `element` of the initializer list or pair `holder` is hung up on.
 * Undefined if the list initializes nothing that has a name or a type.
 */
export function tableSink(draft: Draft, holder: number, element: number, depth = 0): Sink | undefined {
  const { survey } = draft;
  const { tree } = survey;
  const { kinds, fields, parents, starts, ends } = tree;
  let list = holder;
  const steps: Step[] = [];
  let start = starts[element]!;
  let end = ends[element]!;
  let direct = true;
  if (kinds[holder] === (CKind.initializer_pair as number)) {
    if (fields[element] !== (Field.value as number)) return undefined;
    direct = false;
    ({ start, end } = placeOfDesignator(draft, holder));
    pushDesignators(draft, holder, steps);
    list = parents[holder]!;
  } else steps.push(positionIn(draft, holder, element));

  // `FOO(x, .f = fn)`: a macro that passes designators on.
  if (kinds[list] === (CKind.argument_list as number)) return argumentTable(draft, parents[list]!, steps, { start, end, depth });
  for (let up = parents[list]!; up !== NONE; list = up, up = parents[up]!) {
    switch (kinds[up] as CKind) {
      case CKind.initializer_pair: {
        const outer: Step[] = [];
        pushDesignators(draft, up, outer);
        steps.unshift(...outer);
        up = parents[up]!;
        break;
      }
      case CKind.initializer_list:
        steps.unshift(positionIn(draft, up, list));
        break;
      case CKind.cast_expression:
      case CKind.parenthesized_expression:
      case CKind.attributed_declarator:
        break;
      case CKind.compound_literal_expression: {
        const descriptor = tree.childByField(up, Field.type);
        const type = descriptor === NONE ? NONE : tree.childByField(descriptor, Field.type);
        return describe(draft, steps, { type, array: true, variable: NONE, name: null, start, end, direct });
      }
      case CKind.init_declarator: {
        const variable = declaredBy(draft, tree.childByField(up, Field.declarator));
        if (variable === NONE) return undefined;
        const type = typeOfDeclared(tree, variable);
        return describe(draft, steps, {
          type,
          array: isArray(tree, variable),
          variable,
          name: tree.textOf(variable),
          start,
          end,
          direct,
        });
      }
      case CKind.assignment_expression: {
        const left = tree.childByField(up, Field.left);
        const type = left === NONE ? NONE : typeOfExpression(draft.scope, left);
        return describe(draft, steps, {
          type,
          array: true,
          variable: NONE,
          name: left === NONE ? null : tree.textOf(left),
          start,
          end,
          direct,
        });
      }
      case CKind.declaration:
      case CKind.argument_list: {
        const call = kinds[up] === (CKind.declaration as number) ? tree.childOfKind(up, CKind.call_expression) : parents[up]!;
        if (call === NONE || kinds[call] !== (CKind.call_expression as number)) return undefined;
        return macroTable(draft, call, steps, start, end);
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

interface Table {
  type: number;
  array: boolean;
  /** Declaring identifier, or `NONE`. */
  variable: number;
  name: string | null;
  start: number;
  end: number;
  /** Whether the value stands in the list without a designator. */
  direct: boolean;
}

/** The sink at the end of `steps` from the structure of `table`. */
function describe(draft: Draft, steps: readonly Step[], table: Table): Sink {
  const { survey } = draft;
  const { tree } = survey;
  const { variable, name, start, end } = table;
  const root = typeName(tree, table.type) || (name ?? '');
  let type = table.type;
  let named = typeName(tree, type);
  let array = table.array;
  let field: string | null = null;
  let path = '';
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    const last = i === steps.length - 1;
    if (typeof step === 'number' && array) {
      array = false;
      continue;
    }
    if (last) {
      field = typeof step === 'string' ? step : (memberName(survey, type, step) ?? null);
      break;
    }
    if (typeof step === 'string') path += `.${step}`;
    const inner = memberType(survey, type, step);
    // The kernel's rule for bus drivers: the generic part is called `driver`.
    named = inner === NONE && step === 'driver' && isDriver(named) ? 'device_driver' : typeName(tree, inner);
    type = inner;
    array = true;
  }
  const container = named || root;
  return {
    kind: kindOfField(container, field, path + root),
    container,
    sure: named !== '' && field !== null,
    table: name,
    field,
    start,
    end,
    ...(variable === NONE ? {} : { variable }),
  };
}

/** A designator among a macro's arguments, `FOO(x, .f = fn)`: it belongs to the table that the macro stands in, if it does. */
function argumentTable(
  draft: Draft,
  call: number,
  steps: readonly Step[],
  { start, end, depth }: { start: number; end: number; depth: number },
): Sink | undefined {
  const { tree } = draft.survey;
  const sink = macroTable(draft, call, steps, start, end);
  const element = sink && depth < 8 ? elementAround(draft, call) : NONE;
  const outer = element === NONE ? undefined : tableSink(draft, tree.parents[element]!, element, depth + 1);
  if (sink && outer) {
    sink.table = outer.table;
    if (outer.variable !== undefined) sink.variable = outer.variable;
  }
  return sink;
}

/** A table that a macro heads: `MACHINE_START(…) .init = fn, …`, `FOO(x) = { … }`, `FOO({ .f = fn })`. */
function macroTable(
  { survey: { tree } }: Draft,
  call: number,
  steps: readonly Step[],
  start: number,
  end: number,
): Sink | undefined {
  const callee = tree.childByField(call, Field.function);
  const list = tree.childByField(call, Field.arguments);
  if (callee === NONE) return undefined;
  const first = list === NONE ? NONE : tree.childOfKind(list, CKind.identifier);
  const last = steps.at(-1);
  const field = typeof last === 'string' ? last : null;
  const container = tree.textOf(callee);
  const sink: Sink = {
    kind: kindOfField(container, field, ''),
    container,
    table: first === NONE ? null : tree.textOf(first),
    field,
    start,
    end,
  };
  if (first !== NONE && tree.kinds[tree.parents[call]!] === (CKind.declaration as number)) sink.variable = first;
  return sink;
}

/** The first identifier in a declarator: the declared name. */
function declaredBy({ survey: { tree } }: Draft, declarator: number): number {
  if (declarator === NONE) return NONE;
  for (let node = declarator; node < tree.nexts[declarator]!; node++)
    if (tree.kinds[node] === (CKind.identifier as number)) return node;
  return NONE;
}

/** The range of a pair's last field name, or of all of its designators if it has none. */
function placeOfDesignator({ survey: { tree } }: Draft, pair: number): { start: number; end: number } {
  const { kinds, fields, nexts, starts, ends } = tree;
  let end = starts[pair]!;
  let field = NONE;
  for (let child = pair + 1; child < nexts[pair]! && fields[child] === (Field.designator as number); child = nexts[child]!) {
    end = ends[child]!;
    if (kinds[child] === (CKind.field_identifier as number)) field = child;
    else if (kinds[child] === (CKind.field_designator as number)) field = tree.childOfKind(child, CKind.field_identifier);
  }
  return field === NONE ? { start: starts[pair]!, end } : { start: starts[field]!, end: ends[field]! };
}

function pushDesignators({ survey: { tree } }: Draft, pair: number, steps: Step[]): void {
  const { kinds, fields, nexts } = tree;
  for (let child = pair + 1; child < nexts[pair]! && fields[child] === (Field.designator as number); child = nexts[child]!) {
    if (kinds[child] === (CKind.field_identifier as number)) steps.push(tree.textOf(child));
    else if (kinds[child] === (CKind.field_designator as number)) {
      const field = tree.childOfKind(child, CKind.field_identifier);
      if (field !== NONE) steps.push(tree.textOf(field));
    } else steps.push(0);
  }
}

/** How many elements stand before `element` in the list; no structure has more members than 99, so it stops counting there. */
function positionIn({ survey: { tree } }: Draft, list: number, element: number): number {
  const { kinds, nexts } = tree;
  let position = 0;
  for (let child = list + 1; child < element && position < 99; child = nexts[child]!)
    if (kinds[child] !== (CKind.token as number)) position++;
  return position;
}

/** The element of an initializer (list element or value of a pair) that consists of `call`, through casts and the like; `NONE` if there is none. */
export function elementAround({ survey: { tree } }: Draft, call: number): number {
  const { kinds, fields, parents } = tree;
  for (let child = call, up = parents[call]!; up !== NONE; child = up, up = parents[up]!) {
    switch (kinds[up] as CKind) {
      case CKind.parenthesized_expression:
      case CKind.cast_expression:
      case CKind.conditional_expression:
      case CKind.pointer_expression:
        break;
      case CKind.initializer_list:
        return child;
      case CKind.initializer_pair:
        return fields[child] === (Field.value as number) ? child : NONE;
      case CKind.field_expression:
      case CKind.assignment_expression:
        // `MACRO(…) .f = fn` in a list, see assignmentSink
        if (kinds[parents[up]!] === (CKind.initializer_list as number) || kinds[up] === (CKind.field_expression as number)) break;
        return NONE;
      default:
        return NONE;
    }
  }
  return NONE;
}

/** The table variable that the identifier `variable` declares, at its first callback. */
export function enterTable(draft: Draft, variable: number): void {
  const { tree } = draft.survey;
  const name = tree.textOf(variable);
  const container = typeName(tree, typeOfDeclared(tree, variable)) || name;
  const kind = isDriver(container) && !isPointer(tree, variable) ? 'driver' : isMatch(container) ? 'id-table' : 'ops';
  draft.enter({
    kind,
    name,
    function: null,
    container,
    table: null,
    field: null,
    start: tree.starts[variable]!,
    end: tree.ends[variable]!,
  });
}
