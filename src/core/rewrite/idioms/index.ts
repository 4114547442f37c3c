import type { Catalogue } from '../../catalogue';
import type { DriverModel } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { CExpr, CType } from '../c/ast';
import { readExpression } from '../c/expressions';
import { readProgram, type CProgram } from '../c/program';
import { ioctlSwitch } from './ioctls';
import { protectedFields } from './locks';
import { IDIOMS } from './table';
import { typesOf } from './types';

/** How a piece of C is written in idiomatic Rust, with the names of the C text. */
export interface Idiom {
  /** What it says, in a few words: `The lock owns what it protects`. */
  title: string;
  /** The Rust text to show. */
  rust: string;
  /** Public paths that it uses; each is there in the kernel in use. */
  items: string[];
  /** Offsets of the C text that it stands for. */
  start: number;
  end: number;
  /** A whole file around `rust` that compiles against the kernel crate; for tests. */
  module: string;
}

/** What an idiom's text is made of. */
export interface IdiomParts {
  title: string;
  rust: string[];
  items: string[];
  /** For the module around it: imports, items, the parameters of the function that holds the text, and its end. */
  imports?: string[];
  around?: string[];
  parameters?: string;
  /** Whether the text consists of items, not of statements; or is a whole module. */
  isItems?: boolean;
  isModule?: boolean;
}

/** The call that an idiom is about. */
export interface IdiomCall {
  name: string;
  args: CExpr[];
  /** The variable that the result is assigned to. */
  target: string | null;
  /** Type of a variable of the function, or of a field of a structure of the file. */
  typeOf: (e: CExpr) => CType | null;
  /** Fields of the structure `base` that are read or written where its lock `member` is held, in any function of the file. */
  protectedBy: (base: CExpr, member: string) => { name: string; type: CType | null }[];
  /** The function whose result the expression got last, before the call; null if it did not get one. */
  resultOf: (e: CExpr) => string | null;
  /** Text of an expression. */
  text: (e: CExpr) => string;
  /** Value of a constant of the file. */
  program: CProgram;
  catalogue: Catalogue;
}

/** The declarations of a text, read once. */
const programs = new WeakMap<SyntaxTree, CProgram>();

function programOf(tree: SyntaxTree): CProgram {
  let program = programs.get(tree);
  if (!program)
    programs.set(tree, (program = readProgram([{ path: '', shown: '', tree, isHeader: false, constantsOnly: false }])));
  return program;
}

/**
 * The idiom for the call at `offset`, or for the switch over ioctl commands whose head is there; undefined if there is none, or this
 * kernel lacks an item that it needs.
 */
export function idiomAt(tree: SyntaxTree, model: DriverModel, catalogue: Catalogue, offset: number): Idiom | undefined {
  const found = switchAt(tree, offset) ?? callAt(tree, model, catalogue, offset);
  if (!found || found.parts.items.some((path) => !catalogue.hasItem(path))) return undefined;
  const { parts, node } = found;
  return {
    title: parts.title,
    rust: parts.rust.join('\n'),
    items: parts.items,
    start: tree.starts[node]!,
    end: tree.ends[node]!,
    module: moduleOf(parts),
  };
}

interface Found {
  parts: IdiomParts;
  node: number;
}

/** The switch over ioctl commands at its first word or at what it is over. */
function switchAt(tree: SyntaxTree, offset: number): Found | undefined {
  let node = tree.nodeAt(offset);
  while (node !== NONE && tree.kinds[node] !== (CKind.switch_statement as number)) {
    if (tree.kinds[node] === (CKind.compound_statement as number)) return undefined;
    node = tree.parents[node]!;
  }
  const parts = node === NONE ? undefined : ioctlSwitch(tree, node, programOf(tree));
  return parts && { parts, node };
}

function callAt(tree: SyntaxTree, model: DriverModel, catalogue: Catalogue, offset: number): Found | undefined {
  let node = tree.nodeAt(offset);
  while (node !== NONE && tree.kinds[node] !== (CKind.call_expression as number)) {
    const parent = tree.parents[node]!;
    // Only the name of the called function, not its arguments.
    if (parent !== NONE && tree.kinds[parent] === (CKind.argument_list as number)) return undefined;
    node = parent;
  }
  if (node === NONE) return undefined;
  const e = readExpression(tree, node);
  if (e.k !== 'call' || e.callee.k !== 'id') return undefined;
  const make = IDIOMS[e.callee.name];
  if (!make) return undefined;
  const holder = model.functions.find(({ start, end }) => start <= offset && offset < end);
  const parts = make(callOf(tree, node, e, programOf(tree), holder?.name ?? null, catalogue));
  return parts && { parts, node };
}

function callOf(
  tree: SyntaxTree,
  node: number,
  e: CExpr & { k: 'call' },
  program: CProgram,
  holder: string | null,
  catalogue: Catalogue,
): IdiomCall {
  const c = holder === null ? undefined : program.functions.get(holder);
  const typeOf = typesOf(program, c);
  const parent = tree.parents[node]!;
  const kind = parent === NONE ? undefined : (tree.kinds[parent] as CKind);
  const left =
    kind === CKind.assignment_expression
      ? tree.childByField(parent, Field.left)
      : kind === CKind.init_declarator
        ? tree.childByField(parent, Field.declarator)
        : NONE;
  const name = (e.callee as CExpr & { k: 'id' }).name;
  return {
    name,
    args: e.args,
    target: left === NONE ? null : (/(\w+)\s*$/.exec(tree.textOf(left))?.[1] ?? null),
    typeOf,
    protectedBy: (base, member) => {
      const owner = typeOf(base);
      const struct = owner?.k === 'ptr' ? owner.to : owner;
      return struct?.k === 'struct' ? protectedFields(program, struct.name, member) : [];
    },
    resultOf: (wanted) => resultBefore(tree, node, keyOf(wanted)),
    text: keyOf,
    program,
    catalogue,
  };
}

/** The function whose result was assigned to what is spelled `wanted`, last before `node` in its function. */
function resultBefore(tree: SyntaxTree, node: number, wanted: string): string | null {
  for (let at = node - 1; at >= 0 && tree.kinds[at] !== (CKind.function_definition as number); at--) {
    const kind = tree.kinds[at] as CKind;
    const isAssignment = kind === CKind.assignment_expression;
    if (!isAssignment && kind !== CKind.init_declarator) continue;
    const target = tree.childByField(at, isAssignment ? Field.left : Field.declarator);
    if (target === NONE) continue;
    const spelled = tree.textOf(target).replace(/^[*\s]+/, '');
    if (spelled.replaceAll('->', '.') !== wanted) continue;
    const value = tree.childByField(at, isAssignment ? Field.right : Field.value);
    const e = value === NONE ? undefined : readExpression(tree, value);
    return e?.k === 'call' && e.callee.k === 'id' ? e.callee.name : null;
  }
  return null;
}

/** A path expression as text. */
function keyOf(e: CExpr): string {
  switch (e.k) {
    case 'id':
      return e.name;
    case 'field':
      return `${keyOf(e.of)}.${e.name}`;
    case 'un':
      return e.op === '&' ? keyOf(e.of) : `${e.op}${keyOf(e.of)}`;
    case 'num':
      return e.text;
    default:
      return 'value';
  }
}

function moduleOf({ rust, imports = [], around = [], parameters = '', isItems = false, isModule = false }: IdiomParts): string {
  const head = [
    '//! An idiom.',
    '#![allow(dead_code, unused_variables, unused_mut, unused_imports, unreachable_code)]',
    'use kernel::prelude::*;',
    ...imports.map((path) => `use ${path};`),
    ...(isModule ? [] : ['const __LOG_PREFIX: &[u8] = b"idiom\\0";']),
    '',
  ];
  const body =
    isItems || isModule
      ? rust
      : [`fn example(${parameters}) -> Result {`, ...rust.map((line) => (line === '' ? '' : `    ${line}`)), '    Ok(())', '}'];
  return `${[...head, ...around, ...body].join('\n')}\n`;
}
