import { CKind, Field, NONE } from '../../syntax';
import type { CStruct, CType } from './ast';
import { readExpression } from './expressions';
import type { CProgram } from './program';
import { baseType, declared, qualifiers } from './types';

/** A structure or enumeration with a body inside a declaration. */
export function readSpecifier(program: CProgram, file: number, node: number): void {
  const { tree } = program.files[file]!;
  const type = tree.childByField(node, Field.type);
  if (type !== NONE) readTag(program, file, type, null);
}

/** A structure or enumeration with a body inside a `typedef`. */
export function readTypedef(program: CProgram, file: number, node: number): void {
  const { tree } = program.files[file]!;
  const type = tree.childByField(node, Field.type);
  const declarator = tree.childByField(node, Field.declarator);
  if (type === NONE || declarator === NONE) return;
  readTag(program, file, type, tree.kinds[declarator] === (CKind.type_identifier as number) ? tree.textOf(declarator) : null);
}

/** In place of an enumerator's predecessor: what stands before it depends on the configuration. */
const UNKNOWN = '?';

/** The structure or enumeration at `node`, and those inside it; `alias` names one that has no name of its own. */
export function readTag(program: CProgram, file: number, node: number, alias: string | null): void {
  const { tree } = program.files[file]!;
  const kind = tree.kinds[node] as CKind;
  const body = tree.childByField(node, Field.body);
  if (body === NONE) return;
  if (kind === CKind.enum_specifier) {
    let previous: string | null = null;
    for (const child of tree.children(body, true)) {
      if (/^preproc_(?:if|else|elif)/.test(CKind[tree.kinds[child]!]!)) previous = UNKNOWN;
      if (tree.kinds[child] !== (CKind.enumerator as number)) continue;
      const name = tree.childByField(child, Field.name);
      if (name === NONE) continue;
      const value = tree.childByField(child, Field.value);
      const text = tree.textOf(name);
      if (!program.enumerators.has(text))
        program.enumerators.set(text, {
          name: text,
          file,
          start: tree.starts[name]!,
          value: value === NONE ? null : readExpression(tree, value),
          previous,
        });
      previous = text;
    }
    return;
  }
  if (kind !== CKind.struct_specifier && kind !== CKind.union_specifier) return;
  const named = tree.childByField(node, Field.name);
  const name = named === NONE ? alias : tree.textOf(named);
  if (name === null || program.structs.has(name)) return;
  const { constantsOnly } = program.files[file]!;
  if (constantsOnly && (kind === CKind.union_specifier || program.kernelStructs.has(name))) return;
  const fields: CStruct['fields'] = [];
  for (const child of tree.children(body, true)) {
    const text = tree.textOf(child);
    if (tree.kinds[child] !== (CKind.field_declaration as number)) {
      fields.push({ name: '', type: { k: 'other', name: text }, text, bits: false });
      continue;
    }
    const base = baseType(tree, child);
    const flags = qualifiers(tree, child);
    const bits = tree.childOfKind(child, CKind.bitfield_clause) !== NONE;
    let count = 0;
    for (const part of tree.children(child)) {
      if (tree.fields[part] !== (Field.declarator as number)) continue;
      const found = declared(tree, part, base, flags);
      fields.push({ ...found, text, bits });
      count++;
    }
    if (count === 0) fields.push({ name: '', type: base, text, bits });
    const type = tree.childByField(child, Field.type);
    if (type !== NONE) readTag(program, file, type, null);
  }
  const struct = { name, file, start: tree.starts[node]!, isUnion: kind === CKind.union_specifier, fields };
  if (!constantsOnly) program.structs.set(name, struct);
  else if (fields.length > 0 && fields.every((field) => field.name !== '' && !field.bits && isPlain(field.type)))
    program.kernelStructs.set(name, struct);
}

function isPlain(type: CType): boolean {
  return type.k === 'int' || type.k === 'bool' || (type.k === 'array' && isPlain(type.of));
}
