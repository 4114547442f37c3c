import type { Catalogue } from '../../catalogue';
import type { DriverModel } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { CExpr, CType } from '../c/ast';
import { readExpression } from '../c/expressions';
import { readProgram, type CProgram } from '../c/program';
import { eachExpression, eachPart } from '../translate/locals';
import { eachStatement } from '../translate/analysis';
import { IDIOMS } from './table';

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
  /** Whether the text consists of items, not of statements. */
  isItems?: boolean;
}

/** The call that an idiom is about. */
export interface IdiomCall {
  name: string;
  args: CExpr[];
  /** The variable that the result is assigned to. */
  target: string | null;
  /** Type of a variable of the function, or of a field of a structure of the file. */
  typeOf: (e: CExpr) => CType | null;
  /** Fields of `base` that the function reads or writes. */
  fieldsOf: (base: CExpr) => { name: string; type: CType | null }[];
  /** Text of an expression. */
  text: (e: CExpr) => string;
  /** Value of a constant of the file. */
  program: CProgram;
  catalogue: Catalogue;
}

/** The idiom for the call at `offset`; undefined if there is none, or this kernel lacks an item that it needs. */
export function idiomAt(tree: SyntaxTree, model: DriverModel, catalogue: Catalogue, offset: number): Idiom | undefined {
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
  const program = readProgram([{ path: '', shown: '', tree, isHeader: false, constantsOnly: false }]);
  const holder = model.functions.find(({ start, end }) => start <= offset && offset < end);
  const parts = make(callOf(tree, node, e, program, holder?.name ?? null, catalogue));
  if (!parts || parts.items.some((path) => !catalogue.hasItem(path))) return undefined;
  return {
    title: parts.title,
    rust: parts.rust.join('\n'),
    items: parts.items,
    start: tree.starts[node]!,
    end: tree.ends[node]!,
    module: moduleOf(parts),
  };
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
  const types = new Map<string, CType>();
  for (const { name, type } of c?.parameters ?? []) types.set(name, type);
  eachStatement(c?.body ?? [], (statement) => {
    if (statement.k === 'decl') for (const { name, type } of statement.variables) types.set(name, type);
  });
  const typeOf = (of: CExpr): CType | null => {
    if (of.k === 'un' && of.op === '&') return typeOf(of.of);
    if (of.k === 'id') return types.get(of.name) ?? program.globals.get(of.name)?.type ?? null;
    if (of.k !== 'field') return null;
    const base = typeOf(of.of);
    const struct = base?.k === 'ptr' ? base.to : base;
    if (struct?.k !== 'struct') return null;
    return program.structs.get(struct.name)?.fields.find(({ name }) => name === of.name)?.type ?? null;
  };
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
    fieldsOf: (base) => {
      const found = new Map<string, CType | null>();
      const key = keyOf(base);
      for (const statement of c?.body ?? [])
        eachExpression(statement, (whole) => {
          eachPart(whole, (part) => {
            if (part.k === 'field' && keyOf(part.of) === key) found.set(part.name, typeOf(part));
          });
        });
      return [...found].map(([field, type]) => ({ name: field, type }));
    },
    text: keyOf,
    program,
    catalogue,
  };
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

function moduleOf({ rust, imports = [], around = [], parameters = '', isItems = false }: IdiomParts): string {
  const head = [
    '//! An idiom.',
    '#![allow(dead_code, unused_variables, unused_mut, unused_imports)]',
    'use kernel::prelude::*;',
    ...imports.map((path) => `use ${path};`),
    'const __LOG_PREFIX: &[u8] = b"idiom\\0";',
    '',
  ];
  const body = isItems
    ? rust
    : [`fn example(${parameters}) -> Result {`, ...rust.map((line) => (line === '' ? '' : `    ${line}`)), '    Ok(())', '}'];
  return `${[...head, ...around, ...body].join('\n')}\n`;
}
