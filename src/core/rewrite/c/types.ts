import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { readExpression } from './expressions';
import { int, type CType, type Scalar } from './ast';
import { ownKeys } from '../../own-keys';

/** Scalar types by their C names. */
const NAMED: Record<string, Scalar> = ownKeys({
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  s8: 'i8',
  s16: 'i16',
  s32: 'i32',
  s64: 'i64',
  __u8: 'u8',
  __u16: 'u16',
  __u32: 'u32',
  __u64: 'u64',
  __s8: 'i8',
  __s16: 'i16',
  __s32: 'i32',
  __s64: 'i64',
  uint8_t: 'u8',
  uint16_t: 'u16',
  uint32_t: 'u32',
  uint64_t: 'u64',
  int8_t: 'i8',
  int16_t: 'i16',
  int32_t: 'i32',
  int64_t: 'i64',
  size_t: 'usize',
  ssize_t: 'isize',
  loff_t: 'i64',
  off_t: 'isize',
  uintptr_t: 'usize',
  ulong: 'usize',
  uint: 'u32',
  ushort: 'u16',
  u_char: 'u8',
  u_short: 'u16',
  u_int: 'u32',
  u_long: 'usize',
  phys_addr_t: 'u64',
  dma_addr_t: 'u64',
  resource_size_t: 'u64',
  irq_hw_number_t: 'usize',
  ktime_t: 'i64',
  gfp_t: 'u32',
  umode_t: 'u16',
  mode_t: 'u32',
  netdev_tx_t: 'i32',
  sector_t: 'u64',
  pgoff_t: 'usize',
  uchar: 'u8',
});

/** The integer type that a name stands for; undefined if it is none. */
export const scalarNamed = (name: string): Scalar | undefined => (Object.hasOwn(NAMED, name) ? NAMED[name] : undefined);

/** The type that the specifiers of a declaration name, without its declarator. */
export function baseType(tree: SyntaxTree, declaration: number): CType {
  const type = tree.childByField(declaration, Field.type);
  return type === NONE ? { k: 'other', name: '' } : readType(tree, type);
}

function readType(tree: SyntaxTree, type: number): CType {
  const text = tree.textOf(type);
  switch (tree.kinds[type] as CKind) {
    case CKind.primitive_type:
    case CKind.sized_type_specifier:
      return builtin(text);
    case CKind.type_identifier:
      return NAMED[text] ? int(NAMED[text]) : text === 'bool' ? { k: 'bool' } : { k: 'other', name: text };
    case CKind.struct_specifier:
    case CKind.union_specifier: {
      const name = tree.childByField(type, Field.name);
      return name === NONE ? { k: 'other', name: text.replace(/\s[^]*/, '') } : { k: 'struct', name: tree.textOf(name) };
    }
    case CKind.enum_specifier:
      // Enumerations of the kernel are `unsigned int` unless a value is negative.
      return int('u32');
    default:
      return { k: 'other', name: text };
  }
}

function builtin(text: string): CType {
  const words = text.split(/\s+/);
  if (words.length === 1) {
    if (text === 'void') return { k: 'void' };
    if (text === 'bool' || text === '_Bool') return { k: 'bool' };
    if (text === 'int') return int('i32');
    if (text === 'char') return int('u8');
    if (NAMED[text]) return int(NAMED[text]);
  }
  const unsigned = words.includes('unsigned');
  const longs = words.filter((word) => word === 'long').length;
  const known = words.every((word) => /^(?:unsigned|signed|long|short|int|char)$/.test(word));
  if (!known) {
    const named = words.find((word) => NAMED[word]);
    return named ? int(NAMED[named]!) : { k: 'other', name: text };
  }
  if (words.includes('char')) return int(words.includes('signed') ? 'i8' : 'u8');
  if (words.includes('short')) return int(unsigned ? 'u16' : 'i16');
  if (longs === 2) return int(unsigned ? 'u64' : 'i64');
  if (longs === 1) return int(unsigned ? 'usize' : 'isize');
  return int(unsigned ? 'u32' : 'i32');
}

/** The name and type that the declarator `node` gives to a variable of type `base`; `name` is empty if there is none. */
export function declared(
  tree: SyntaxTree,
  node: number,
  base: CType,
  flags: { readonly: boolean; iomem: boolean },
): { name: string; type: CType } {
  if (node === NONE) return { name: '', type: base };
  const inner = (): number => {
    const found = tree.childByField(node, Field.declarator);
    if (found !== NONE) return found;
    for (const child of tree.children(node, true))
      if (!/qualifier|attribute|annotation/.test(CKind[tree.kinds[child]!]!)) return child;
    return NONE;
  };
  switch (tree.kinds[node] as CKind) {
    case CKind.identifier:
    case CKind.field_identifier:
    case CKind.type_identifier:
      return { name: tree.textOf(node), type: base };
    case CKind.pointer_declarator:
    case CKind.abstract_pointer_declarator: {
      const to: CType = { k: 'ptr', to: base, readonly: flags.readonly, iomem: flags.iomem };
      return declared(tree, inner(), to, { readonly: false, iomem: false });
    }
    case CKind.array_declarator:
    case CKind.abstract_array_declarator: {
      const size = tree.childByField(node, Field.size);
      const found = declared(tree, inner(), base, flags);
      return {
        name: found.name,
        type: nested(found.type, base, { k: 'array', of: base, length: size === NONE ? null : readExpression(tree, size) }),
      };
    }
    case CKind.init_declarator:
    case CKind.parenthesized_declarator:
    case CKind.abstract_parenthesized_declarator:
    case CKind.attributed_declarator:
      return declared(tree, inner(), base, flags);
    case CKind.function_declarator:
    case CKind.abstract_function_declarator:
      return { name: declared(tree, inner(), base, flags).name, type: { k: 'other', name: 'function pointer' } };
    default:
      return { name: '', type: { k: 'other', name: tree.textOf(node) } };
  }
}

/** `int a[2][3]`: the declarator's brackets read from the inside out; the innermost array is the outermost bracket. */
function nested(type: CType, base: CType, array: CType): CType {
  if (type === base) return array;
  if (type.k === 'array') return { ...type, of: nested(type.of, base, array) };
  return { k: 'other', name: 'pointer to array' };
}

/** Whether the specifiers of a declaration say `const` and `__iomem`. */
export function qualifiers(tree: SyntaxTree, declaration: number): { readonly: boolean; iomem: boolean; isStatic: boolean } {
  let readonly = false;
  let iomem = false;
  let isStatic = false;
  for (const child of tree.children(declaration)) {
    const kind = tree.kinds[child] as CKind;
    if (kind === CKind.type_qualifier || kind === CKind.annotation) {
      readonly ||= tree.hasText(child, 'const');
      iomem ||= tree.hasText(child, '__iomem');
    } else if (kind === CKind.storage_class_specifier) isStatic ||= tree.hasText(child, 'static');
  }
  return { readonly, iomem, isStatic };
}

/** The type of a cast, of `sizeof(type)`. */
export function typeOfDescriptor(tree: SyntaxTree, node: number): CType {
  if (node === NONE) return { k: 'other', name: '' };
  return declared(tree, tree.childByField(node, Field.declarator), baseType(tree, node), qualifiers(tree, node)).type;
}
