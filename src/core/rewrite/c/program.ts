import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { CExpr, CFunction, CInit, CStruct, CType } from './ast';
import { readExpression, readInitializers } from './expressions';
import { parseMacroBody, type CMacro } from './macros';
import { readBody } from './statements';
import { readSpecifier, readTag, readTypedef } from './tags';
import { baseType, declared, qualifiers } from './types';

/** A variable of file scope. */
export interface CGlobal {
  name: string;
  file: number;
  start: number;
  end: number;
  type: CType;
  readonly: boolean;
  isStatic: boolean;
  /** Elements of a braced initializer, in text order; null if the initializer is no list. */
  items: CInit[] | null;
  init: CExpr | null;
}

export interface CEnumerator {
  name: string;
  file: number;
  start: number;
  value: CExpr | null;
  /** The enumerator before it, whose value is one less; null for the first. */
  previous: string | null;
}

/** A call at file scope: `MODULE_LICENSE("GPL");`. */
export interface CFileCall {
  name: string;
  args: CExpr[];
  start: number;
  end: number;
}

/** The declarations of the files of one driver; of namesakes the first. */
export interface CProgram {
  files: {
    path: string;
    /** What the candidate calls it. */
    shown: string;
    tree: SyntaxTree;
    isHeader: boolean;
    constantsOnly: boolean;
    /** Nothing but enumerators and macros without parameters is read of it. */
    valuesOnly?: boolean;
  }[];
  functions: Map<string, CFunction>;
  structs: Map<string, CStruct>;
  /** Structures of the kernel's headers that hold plain data only: numbers, flags, arrays of them. */
  kernelStructs: Map<string, CStruct>;
  enumerators: Map<string, CEnumerator>;
  macros: Map<string, CMacro>;
  globals: Map<string, CGlobal>;
  calls: CFileCall[];
  /** Names whose definition depends on conditional compilation. */
  conditional: Set<string>;
}

/** Reads the declarations of `files`: the driver's C files first, then the headers it includes. */
export function readProgram(files: CProgram['files']): CProgram {
  const program: CProgram = {
    files,
    functions: new Map(),
    structs: new Map(),
    kernelStructs: new Map(),
    enumerators: new Map(),
    macros: new Map(),
    globals: new Map(),
    calls: [],
    conditional: new Set(),
  };
  files.forEach((_, file) => {
    readLevel(program, file, 0, false);
  });
  return program;
}

/** What is read of the kernel's own headers: constants, and structures of plain data. */
const CONSTANTS = new Set<CKind>([
  CKind.enum_specifier,
  CKind.struct_specifier,
  CKind.preproc_def,
  CKind.preproc_function_def,
  CKind.preproc_if,
  CKind.preproc_ifdef,
  CKind.preproc_else,
  CKind.preproc_elif,
  CKind.preproc_elifdef,
  CKind.linkage_specification,
  CKind.declaration_list,
]);

const NO_VALUES = new Set<CKind>([CKind.struct_specifier, CKind.preproc_function_def]);

/** The declarations right under `node`: a translation unit, or a branch of conditional compilation. */
function readLevel(program: CProgram, file: number, node: number, conditional: boolean): void {
  const { tree, isHeader, constantsOnly, valuesOnly } = program.files[file]!;
  for (const child of tree.children(node, true)) {
    if (constantsOnly && !CONSTANTS.has(tree.kinds[child] as CKind)) continue;
    if (valuesOnly === true && NO_VALUES.has(tree.kinds[child] as CKind)) continue;
    switch (tree.kinds[child] as CKind) {
      case CKind.function_definition:
        if (!tree.hasError(child) || !isHeader) readFunction(program, file, child);
        break;
      case CKind.declaration:
        readSpecifier(program, file, child);
        if (!isHeader) readGlobals(program, file, child);
        break;
      case CKind.type_definition:
        readTypedef(program, file, child);
        break;
      case CKind.struct_specifier:
      case CKind.union_specifier:
      case CKind.enum_specifier:
        readTag(program, file, child, null);
        break;
      case CKind.preproc_def:
      case CKind.preproc_function_def:
        readMacro(program, file, child, conditional);
        break;
      case CKind.expression_statement:
        if (!isHeader) readCall(program, file, child);
        break;
      case CKind.preproc_if:
      case CKind.preproc_ifdef:
      case CKind.preproc_else:
      case CKind.preproc_elif:
      case CKind.preproc_elifdef: {
        // The include guard of a header is no condition.
        const guard = isHeader && tree.text.startsWith('#ifndef', tree.starts[child]) && tree.parents[child] === 0;
        readLevel(program, file, child, conditional || !guard);
        break;
      }
      case CKind.linkage_specification:
      case CKind.declaration_list:
        readLevel(program, file, child, conditional);
        break;
      default:
    }
  }
}

function readFunction(program: CProgram, file: number, node: number): void {
  const { tree } = program.files[file]!;
  const declarator = tree.childByField(node, Field.declarator);
  const body = tree.childByField(node, Field.body);
  if (declarator === NONE || body === NONE) return;
  let type = baseType(tree, node);
  let inner = declarator;
  for (; tree.kinds[inner] !== (CKind.function_declarator as number);) {
    if (tree.kinds[inner] === (CKind.pointer_declarator as number)) type = { k: 'ptr', to: type, readonly: false, iomem: false };
    else if (
      tree.kinds[inner] !== (CKind.attributed_declarator as number) &&
      tree.kinds[inner] !== (CKind.parenthesized_declarator as number)
    )
      return;
    let next = tree.childByField(inner, Field.declarator);
    if (next === NONE)
      for (const child of tree.children(inner, true)) if (/declarator/.test(CKind[tree.kinds[child]!]!)) next = child;
    if (next === NONE) return;
    inner = next;
  }
  const named = declared(tree, tree.childByField(inner, Field.declarator), type, { readonly: false, iomem: false });
  const list = tree.childByField(inner, Field.parameters);
  const parameters: CFunction['parameters'] = [];
  if (list !== NONE)
    for (const child of tree.children(list, true)) {
      if (tree.kinds[child] !== (CKind.parameter_declaration as number)) {
        parameters.push({ name: '', type: { k: 'other', name: tree.textOf(child) } });
        continue;
      }
      const found = declared(tree, tree.childByField(child, Field.declarator), baseType(tree, child), qualifiers(tree, child));
      if (found.type.k !== 'void') parameters.push(found);
    }
  if (named.name === '' || program.functions.has(named.name)) return;
  program.functions.set(named.name, {
    name: named.name,
    file,
    start: tree.starts[node]!,
    end: tree.ends[node]!,
    bodyStart: tree.starts[body]!,
    returns: named.type,
    parameters,
    body: program.files[file]!.isHeader ? [] : readBody(tree, body),
    commentStart: tree.starts[node]!,
  });
}

function readGlobals(program: CProgram, file: number, node: number): void {
  const { tree } = program.files[file]!;
  const base = baseType(tree, node);
  const flags = qualifiers(tree, node);
  for (const child of tree.children(node)) {
    if (tree.fields[child] !== (Field.declarator as number)) continue;
    const { name, type } = declared(tree, child, base, flags);
    const value = tree.kinds[child] === (CKind.init_declarator as number) ? tree.childByField(child, Field.value) : NONE;
    if (name === '' || type.k === 'other' || (value === NONE && program.globals.has(name))) continue;
    const isList = value !== NONE && tree.kinds[value] === (CKind.initializer_list as number);
    program.globals.set(name, {
      name,
      file,
      start: tree.starts[node]!,
      end: tree.ends[node]!,
      type,
      readonly: flags.readonly,
      isStatic: flags.isStatic,
      items: isList ? readInitializers(tree, value) : null,
      init: value === NONE || isList ? null : readExpression(tree, value),
    });
  }
}

function readMacro(program: CProgram, file: number, node: number, conditional: boolean): void {
  const { tree } = program.files[file]!;
  const name = tree.childByField(node, Field.name);
  if (name === NONE) return;
  const text = tree.textOf(name);
  const known = program.macros.get(text);
  const value = tree.childByField(node, Field.value);
  const body = value === NONE ? '' : tree.textOf(value);
  if (known) {
    if (known.file === file) program.conditional.add(text);
    return;
  }
  const list = tree.childByField(node, Field.parameters);
  const parameters = list === NONE ? null : [...tree.children(list, true)].map((child) => tree.textOf(child));
  if (conditional && !program.files[file]!.isHeader) program.conditional.add(text);
  let parsed: CExpr | undefined;
  program.macros.set(text, {
    name: text,
    file,
    start: tree.starts[node]!,
    end: tree.ends[node]!,
    parameters,
    // Most macros of headers are never looked at.
    get body() {
      return (parsed ??= parseMacroBody(body));
    },
  });
}

function readCall(program: CProgram, file: number, node: number): void {
  const { tree } = program.files[file]!;
  for (const child of tree.children(node, true)) {
    const e = readExpression(tree, child);
    if (e.k === 'call' && e.callee.k === 'id')
      program.calls.push({ name: e.callee.name, args: e.args, start: tree.starts[node]!, end: tree.ends[node]! });
  }
}

/** The text of a string literal, or of a macro that is one; null for anything else. */
export function stringOf(program: CProgram, e: CExpr | undefined, depth = 0): string | null {
  if (e?.k === 'str') return e.text;
  if (e?.k !== 'id' || depth > 4 || program.conditional.has(e.name)) return null;
  const macro = program.macros.get(e.name);
  return macro && !macro.parameters ? stringOf(program, macro.body, depth + 1) : null;
}
