import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { GROUPED, type CExpr, type CInit, type Scalar } from './ast';
import { scalarNamed, typeOfDescriptor } from './types';
import { ownKeys } from '../../own-keys';

/** Reads the expression at `node`. */
export function readExpression(tree: SyntaxTree, node: number): CExpr {
  if (node === NONE || tree.hasError(node)) return { k: 'bad', text: node === NONE ? '' : tree.textOf(node) };
  const part = (field: Field): CExpr => readExpression(tree, tree.childByField(node, field));
  const textOf = (field: Field): string => {
    const child = tree.childByField(node, field);
    return child === NONE ? '' : tree.textOf(child);
  };
  switch (tree.kinds[node] as CKind) {
    case CKind.parenthesized_expression: {
      for (const child of tree.children(node, true)) {
        const inner = readExpression(tree, child);
        GROUPED.add(inner);
        return inner;
      }
      break;
    }
    case CKind.number_literal:
      return readNumber(tree.textOf(node));
    case CKind.char_literal:
      return readCharacter(tree.textOf(node));
    case CKind.true:
      return { k: 'id', name: 'true' };
    case CKind.false:
      return { k: 'id', name: 'false' };
    case CKind.null:
      return { k: 'id', name: 'NULL' };
    case CKind.string_literal:
      return { k: 'str', text: tree.textOf(node).replace(/^\w*"|"$/g, '') };
    case CKind.concatenated_string:
      return readStrings(tree, node);
    case CKind.identifier:
      return { k: 'id', name: tree.textOf(node) };
    case CKind.call_expression: {
      const args: CExpr[] = [];
      const list = tree.childByField(node, Field.arguments);
      if (list !== NONE) for (const child of tree.children(list, true)) args.push(readArgument(tree, child));
      const callee = part(Field.function);
      // `(u32)(a * b)` reads like a call of something in parentheses.
      const cast =
        callee.k === 'id' && args.length === 1 && tree.textOf(node).startsWith('(') ? scalarNamed(callee.name) : undefined;
      if (cast) return { k: 'cast', type: { k: 'int', of: cast }, of: args[0]! };
      return { k: 'call', callee, args };
    }
    case CKind.field_expression: {
      const operator = tree.childByField(node, Field.operator);
      return {
        k: 'field',
        of: part(Field.argument),
        name: textOf(Field.field),
        arrow: operator !== NONE && tree.hasText(operator, '->'),
      };
    }
    case CKind.subscript_expression:
      return { k: 'index', of: part(Field.argument), at: part(Field.index) };
    case CKind.unary_expression:
    case CKind.pointer_expression:
      return { k: 'un', op: textOf(Field.operator), of: part(Field.argument) };
    case CKind.binary_expression:
      return { k: 'bin', op: textOf(Field.operator), l: part(Field.left), r: part(Field.right) };
    case CKind.conditional_expression: {
      if (tree.childByField(node, Field.consequence) === NONE) break;
      return { k: 'cond', test: part(Field.condition), yes: part(Field.consequence), no: part(Field.alternative) };
    }
    case CKind.cast_expression: {
      const type = tree.childByField(node, Field.type);
      return { k: 'cast', type: typeOfDescriptor(tree, type), of: part(Field.value) };
    }
    case CKind.sizeof_expression: {
      const type = tree.childByField(node, Field.type);
      if (type !== NONE) return { k: 'sizeof', type: typeOfDescriptor(tree, type), of: null };
      return { k: 'sizeof', type: null, of: part(Field.value) };
    }
    case CKind.assignment_expression:
      return { k: 'assign', op: textOf(Field.operator), l: part(Field.left), r: part(Field.right) };
    case CKind.update_expression: {
      const op = textOf(Field.operator) as '++' | '--';
      return { k: 'step', op, prefix: tree.text.startsWith(op, tree.starts[node]), of: part(Field.argument) };
    }
    case CKind.comma_expression:
      return { k: 'comma', l: part(Field.left), r: part(Field.right) };
    case CKind.initializer_list:
      return { k: 'list', items: readInitializers(tree, node) };
    default:
  }
  return { k: 'bad', text: tree.textOf(node) };
}

function readArgument(tree: SyntaxTree, node: number): CExpr {
  if (tree.kinds[node] === (CKind.type_descriptor as number)) return { k: 'type', type: typeOfDescriptor(tree, node) };
  return readExpression(tree, node);
}

/** The elements of an initializer list. */
export function readInitializers(tree: SyntaxTree, list: number): CInit[] {
  const items: CInit[] = [];
  for (const child of tree.children(list, true)) {
    if (tree.kinds[child] !== (CKind.initializer_pair as number)) {
      items.push({ field: null, index: null, value: readExpression(tree, child) });
      continue;
    }
    const designators: number[] = [];
    for (const part of tree.children(child)) if (tree.fields[part] === (Field.designator as number)) designators.push(part);
    const value = readExpression(tree, tree.childByField(child, Field.value));
    const [first] = designators;
    if (designators.length === 1 && tree.kinds[first!] === (CKind.field_designator as number))
      items.push({ field: tree.textOf(first!).replace(/^\.\s*/, ''), index: null, value });
    else if (designators.length === 1 && tree.kinds[first!] === (CKind.subscript_designator as number)) {
      const inner = [...tree.children(first!, true)][0] ?? NONE;
      items.push({ field: null, index: readExpression(tree, inner), value });
    } else items.push({ field: tree.textOf(child), index: null, value: { k: 'bad', text: tree.textOf(child) } });
  }
  return items;
}

function readStrings(tree: SyntaxTree, node: number): CExpr {
  let text = '';
  for (const child of tree.children(node, true)) {
    if (tree.kinds[child] !== (CKind.string_literal as number)) return { k: 'bad', text: tree.textOf(node) };
    text += tree.textOf(child).replace(/^\w*"|"$/g, '');
  }
  return { k: 'str', text };
}

/** A C integer literal with its C type; floating point is `bad`. */
export function readNumber(text: string): CExpr {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uUlL]*)$/.exec(text);
  if (!match) return { k: 'bad', text };
  // Rust's digits are of one case, too.
  const isMixed = /[a-f]/.test(match[1]!.slice(2)) && /[A-F]/.test(match[1]!);
  const digits = isMixed ? match[1]!.toLowerCase() : match[1]!;
  const suffix = match[2]!.toLowerCase();
  const octal = /^0\d+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const decimal = /^[1-9]/.test(digits);
  const unsigned = suffix.includes('u');
  const longs = (suffix.match(/l/g) ?? []).length;
  const candidates: Scalar[] = ['i32', 'u32', 'isize', 'usize', 'i64', 'u64'];
  const fits = candidates.filter(
    (type, rank) =>
      rank >= longs * 2 &&
      (!unsigned || type.startsWith('u')) &&
      (unsigned || !decimal || type.startsWith('i')) &&
      value <= maximum(type),
  );
  const type = fits[0] ?? 'u64';
  return { k: 'num', value, type, text: rustDigits(digits, octal, value) };
}

/** Greatest value of a type; `usize` and `isize` as on 64-bit machines. */
export function maximum(type: Scalar): bigint {
  const bits = BigInt(bitsOf(type));
  return type.startsWith('u') ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
}

export const minimum = (type: Scalar): bigint => (type.startsWith('u') ? 0n : -maximum(type) - 1n);

export const bitsOf = (type: Scalar): number => (type.endsWith('size') ? 64 : Number(type.slice(1)));

/** The digits as Rust writes them: hexadecimal in lower case prefix, octal with `0o`. */
function rustDigits(digits: string, octal: boolean, value: bigint): string {
  if (octal && value > 7n) return `0o${value.toString(8)}`;
  if (/^0[xX]/.test(digits)) return `0x${digits.slice(2)}`;
  if (/^0[bB]/.test(digits)) return `0b${digits.slice(2)}`;
  return value.toString();
}

const ESCAPES: Record<string, number> = ownKeys({
  n: 10,
  t: 9,
  r: 13,
  0: 0,
  '\\': 92,
  "'": 39,
  '"': 34,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
});

function readCharacter(text: string): CExpr {
  const inner = text.slice(1, -1);
  const code =
    inner.length === 1 ? inner.charCodeAt(0) : inner.length === 2 && inner.startsWith('\\') ? ESCAPES[inner[1]!] : undefined;
  if (code === undefined || code > 126) return { k: 'bad', text };
  return { k: 'num', value: BigInt(code), type: 'i32', text: code >= 32 ? `b${text}` : code.toString() };
}
