/** What a declared name's place in its declarator says. */
import { CKind, Field, NONE, type SyntaxTree } from '../syntax';

/** Whether `kind` is a declarator around another one. */
function isDeclarator(kind: number | undefined): boolean {
  switch (kind as CKind) {
    case CKind.init_declarator:
    case CKind.pointer_declarator:
    case CKind.array_declarator:
    case CKind.function_declarator:
    case CKind.parenthesized_declarator:
    case CKind.attributed_declarator:
      return true;
    default:
      return false;
  }
}

/**
 * The declaration, parameter, function definition or typedef that the identifier `node` is declared by; `NONE` if it is no
 * declared name but, say, the length of an array.
 */
export function declarationOf(tree: SyntaxTree, node: number): number {
  const { kinds, fields, parents } = tree;
  for (let child = node, up = parents[node]!; up !== NONE; child = up, up = parents[up]!) {
    const kind = kinds[up] as CKind;
    if (kind === CKind.parenthesized_declarator || kind === CKind.attributed_declarator) continue;
    if (fields[child] !== (Field.declarator as number)) return NONE;
    if (!isDeclarator(kind)) return up;
  }
  return NONE;
}

/** Whether the identifier `node` is directly the name of a function's declarator: `f(…)`, `*f(…)`, not `(*f)(…)`. */
export function declaresFunction(tree: SyntaxTree, node: number): boolean {
  const { kinds, parents } = tree;
  let up = parents[node]!;
  while (kinds[up] === (CKind.parenthesized_declarator as number) || kinds[up] === (CKind.attributed_declarator as number))
    up = parents[up]!;
  return kinds[up] === (CKind.function_declarator as number);
}

/**
 * Whether `*name` declares a function pointer in a statement that looks like calls: `type_t (*name)(int);` and `type_t *(*name)(int);`,
 * where nothing says that `type_t` is a type.
 */
export function declaresPointer(tree: SyntaxTree, star: number): boolean {
  const { kinds, fields, parents } = tree;
  const around = parents[star]!;
  const call = parents[around]!;
  if (call === NONE || kinds[call] !== (CKind.call_expression as number)) return false;
  let statement = parents[call]!;
  if (statement === NONE) return false;
  if (kinds[around] === (CKind.argument_list as number)) {
    if (fields[call] !== (Field.function as number) || kinds[statement] !== (CKind.call_expression as number)) return false;
    statement = parents[statement]!;
  } else if (kinds[around] === (CKind.parenthesized_expression as number)) {
    if (fields[call] !== (Field.right as number) || kinds[statement] !== (CKind.binary_expression as number)) return false;
    const operator = tree.childByField(statement, Field.operator);
    if (operator === NONE || !tree.hasText(operator, '*')) return false;
    statement = parents[statement]!;
  } else return false;
  if (kinds[statement] === (CKind.assignment_expression as number)) statement = parents[statement]!;
  return kinds[statement] === (CKind.expression_statement as number);
}

/** Whether the identifier `node` is declared with an initializer. */
export function hasInitializer(tree: SyntaxTree, node: number): boolean {
  const { kinds, parents } = tree;
  let up = parents[node]!;
  while (isDeclarator(kinds[up]) && kinds[up] !== (CKind.init_declarator as number)) up = parents[up]!;
  return kinds[up] === (CKind.init_declarator as number);
}
