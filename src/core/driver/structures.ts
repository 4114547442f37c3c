/** The structure types of a file's variables, members and expressions, as far as the file's own text tells them. */
import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { declarationOf } from './declarators';
import type { Scope } from './scope';
import type { Survey } from './survey';

/** Node of a type: a structure's specifier, the name of a typedef, a primitive type; `NONE` if the text does not tell. */
type TypeNode = number;

/** The type that the declaring identifier `node` is declared with. */
export function typeOfDeclared(tree: SyntaxTree, node: number): TypeNode {
  const root = declarationOf(tree, node);
  return root === NONE ? NONE : tree.childByField(root, Field.type);
}

/** The name of a type: a structure's tag, a typedef's name; empty for unnamed and unknown ones. */
export function typeName(tree: SyntaxTree, type: TypeNode): string {
  if (type === NONE) return '';
  switch (tree.kinds[type] as CKind) {
    case CKind.struct_specifier:
    case CKind.union_specifier:
    case CKind.enum_specifier: {
      const name = tree.childByField(type, Field.name);
      return name === NONE ? '' : tree.textOf(name);
    }
    case CKind.type_identifier:
      return tree.textOf(type);
    default:
      return '';
  }
}

/** Whether the declaring identifier `node` declares an array, and not a pointer to one. */
export function isArray(tree: SyntaxTree, node: number): boolean {
  const { kinds, parents } = tree;
  for (let up = parents[node]!; ; up = parents[up]!) {
    const kind = kinds[up] as CKind;
    if (kind === CKind.array_declarator) return true;
    if (kind !== CKind.parenthesized_declarator && kind !== CKind.attributed_declarator) return false;
  }
}

/** Whether a pointer is between the declaring identifier `node` and its type. */
export function isPointer(tree: SyntaxTree, node: number): boolean {
  const { kinds, parents } = tree;
  const root = declarationOf(tree, node);
  for (let up = parents[node]!; up !== root && up !== NONE; up = parents[up]!)
    if (kinds[up] === (CKind.pointer_declarator as number) || kinds[up] === (CKind.function_declarator as number)) return true;
  return false;
}

interface Member {
  /** The declaring field identifier. */
  field: number;
  type: TypeNode;
}

/** The member `member` (a name, or a position among the members) of the structure `type`, if the file defines the structure. */
function memberOf({ tree, names, structures }: Survey, type: TypeNode, member: string | number): Member | undefined {
  const { kinds } = tree;
  if (type === NONE || (kinds[type] !== (CKind.struct_specifier as number) && kinds[type] !== (CKind.union_specifier as number)))
    return undefined;
  let body = tree.childByField(type, Field.body);
  if (body === NONE) {
    const definition = structures.get(names.find(typeName(tree, type)));
    body = definition === undefined ? NONE : tree.childByField(definition, Field.body);
  }
  return body === NONE ? undefined : memberIn(tree, body, member, { position: 0, depth: 0 });
}

/** Looks for `member` among the declarations in `list`: a structure's body or an `#if` group in one; `seen` counts the members that were passed and the levels. */
function memberIn(
  tree: SyntaxTree,
  list: number,
  member: string | number,
  seen: { position: number; depth: number },
): Member | undefined {
  if (seen.depth > DEEP) return undefined;
  seen.depth++;
  const { kinds, nexts, fields } = tree;
  for (let child = list + 1; child < nexts[list]!; child = nexts[child]!) {
    switch (kinds[child] as CKind) {
      case CKind.field_declaration: {
        const type = tree.childByField(child, Field.type);
        let named = false;
        for (let part = child + 1; part < nexts[child]!; part = nexts[part]!) {
          if (fields[part] !== (Field.declarator as number)) continue;
          named = true;
          let field = part;
          while (field < nexts[part]! && kinds[field] !== (CKind.field_identifier as number)) field++;
          if (field === nexts[part]) continue;
          if (typeof member === 'number' ? seen.position++ === member : tree.hasText(field, member)) return { field, type };
        }
        // The members of an unnamed structure count as the outer one's.
        const body = named || type === NONE ? NONE : tree.childByField(type, Field.body);
        const inner = body === NONE ? undefined : memberIn(tree, body, member, seen);
        if (inner) return inner;
        break;
      }
      case CKind.preproc_if:
      case CKind.preproc_ifdef:
      case CKind.preproc_else:
      case CKind.preproc_elif:
      case CKind.preproc_elifdef: {
        const inner = memberIn(tree, child, member, seen);
        if (inner) return inner;
        break;
      }
      default:
    }
  }
  seen.depth--;
  return undefined;
}

/** Type of the member `member` of structure `type`. */
export function memberType(survey: Survey, type: TypeNode, member: string | number): TypeNode {
  const known = memberOf(survey, type, member);
  return known ? known.type : NONE;
}

/** Name of the member at `position` of structure `type`; undefined if the file does not define the structure. */
export function memberName(survey: Survey, type: TypeNode, position: number): string | undefined {
  const known = memberOf(survey, type, position);
  return known && survey.tree.textOf(known.field);
}

/** Expressions and structures that nest deeper than this are not followed. */
const DEEP = 50;

/** The type of an expression; pointers, arrays and what they hold are not told apart. */
export function typeOfExpression(scope: Scope, node: number, depth = 0): TypeNode {
  if (depth > DEEP) return NONE;
  const { survey } = scope;
  const { tree } = survey;
  switch (tree.kinds[node] as CKind) {
    case CKind.identifier: {
      const declared = scope.declarator(survey.nameOf[node]!);
      return declared === NONE ? NONE : typeOfDeclared(tree, declared);
    }
    case CKind.field_expression: {
      const argument = tree.childByField(node, Field.argument);
      const field = tree.childByField(node, Field.field);
      if (argument === NONE || field === NONE) return NONE;
      return memberType(survey, typeOfExpression(scope, argument, depth + 1), tree.textOf(field));
    }
    case CKind.subscript_expression:
    case CKind.pointer_expression: {
      const argument = tree.childByField(node, Field.argument);
      return argument === NONE ? NONE : typeOfExpression(scope, argument, depth + 1);
    }
    case CKind.cast_expression: {
      const descriptor = tree.childByField(node, Field.type);
      return descriptor === NONE ? NONE : tree.childByField(descriptor, Field.type);
    }
    case CKind.parenthesized_expression:
      return node + 2 < tree.nexts[node]! ? typeOfExpression(scope, node + 2, depth + 1) : NONE;
    default:
      return NONE;
  }
}
