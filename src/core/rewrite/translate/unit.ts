import type { CExpr, CFunction, Scalar } from '../c/ast';
import type { CProgram } from '../c/program';
import type { KernelApi } from '../kernel-api';
import { constantNames, functionNames, type Names } from './names';
import { Tables } from './tables';
import type { Local, VarType } from './values';

/** How a function gives back: nothing, a value, `Result`, `Result<value>`, or nothing that Rust could have. */
export type Returns =
  | { k: 'unit' }
  | { k: 'value'; of: Scalar }
  | { k: 'bool' }
  | { k: 'irqreturn' }
  | { k: 'result' }
  | { k: 'result-value'; of: Scalar }
  /** `Result<KBox<name>>`: probe makes the private structure. */
  | { k: 'builds'; name: string }
  | { k: 'none' };

/** The parameter of C that private data are got out of, and whether other values of it would give other data of the same type. */
export interface Origin {
  at: number;
  many: boolean;
}

export interface FunctionInfo {
  c: CFunction;
  rust: string;
  returns: Returns;
  /** Parameters in Rust, each with its position in C; -1 for one that stands for typed private data. */
  parameters: { at: number; local: Local; of?: Origin }[];
  /** For a probe: the parameter that is the data of what matched, and the error that it gives where nothing did. */
  matched?: { local: Local; error: string };
  /** Whether the kernel enters it or a function that the kernel enters calls it. */
  reachable: boolean;
}

/** What of the candidate's own, and of the kernel crate, a piece of Rust uses. */
export type Uses = Record<'constants' | 'structs' | 'statics' | 'imports' | 'helpers', Set<string>>;

const noUses = (): Uses => ({
  constants: new Set(),
  structs: new Set(),
  statics: new Set(),
  imports: new Set(),
  helpers: new Set(),
});

/** What of a function's Rust signature other functions' translations bring about. */
export const signatureKey = ({ parameters }: FunctionInfo): string =>
  parameters.map(({ local }) => `${local.mutates > 0}${local.context}`).join(' ');

/** What the translation of one driver shares: names, constants, structures, functions, and what has been used of them. */
export class Unit extends Tables {
  readonly values = functionNames();
  readonly constantNames: Names;
  readonly functions = new Map<string, FunctionInfo>();
  /** C names of the functions by their Rust names. */
  private readonly ownFunctions = new Map<string, string>();
  #uses = noUses();
  /** Functions whose Rust signature has been looked at, with what it was then, since this was last cleared. */
  readonly consulted = new Map<FunctionInfo, string>();
  /** The bus whose registers are mapped: the helper type is for one. */
  mapping: 'pci' | 'platform' | null = null;
  /** Structures that a probe makes, with the devices that it has at hand. */
  readonly built = new Map<string, string[]>();

  constructor(program: CProgram, api: KernelApi, busKinds: readonly string[]) {
    super(program, api, busKinds);
    this.constantNames = constantNames((name) => api.catalogue.hasItem(`kernel::error::code::${name}`));
  }

  addFunction(info: FunctionInfo): void {
    this.functions.set(info.c.name, info);
    this.ownFunctions.set(info.rust, info.c.name);
  }

  /** Whether a variable must not be called `rust`: it would hide a function that C names differently from the variable. */
  hidesFunction(rust: string, variable: string): boolean {
    const own = this.ownFunctions.get(rust);
    return own !== undefined && own !== variable;
  }

  /** Starts to note what is used anew. @returns what has been noted so far */
  take(): Uses {
    const uses = this.#uses;
    this.#uses = noUses();
    return uses;
  }

  /** Notes as used what has been noted before. */
  give(uses: Uses): void {
    for (const kind of Object.keys(uses) as (keyof Uses)[]) for (const name of uses[kind]) this.#uses[kind].add(name);
  }

  get usedConstants(): Set<string> {
    return this.#uses.constants;
  }

  get usedStructs(): Set<string> {
    return this.#uses.structs;
  }

  get usedStatics(): Set<string> {
    return this.#uses.statics;
  }

  /** Paths to import. */
  get imports(): Set<string> {
    return this.#uses.imports;
  }

  /** Helper functions of the candidate's own: `errno`, `registers`. */
  get helpers(): Set<string> {
    return this.#uses.helpers;
  }

  use(path: string): void {
    this.imports.add(path);
  }

  /** Marks a structure, and those it holds, as needed in the candidate. */
  useStruct(name: string): void {
    if (this.usedStructs.has(name)) return;
    this.usedStructs.add(name);
    for (const { type } of this.struct(name)?.fields ?? []) {
      let of = type;
      while (of?.k === 'array') of = of.of;
      if (of?.k === 'struct') this.useStruct(of.name);
    }
  }

  /** Marks the structure that a type is made of, if it is one by value. */
  useTypes(type: VarType): void {
    let of = type;
    while (of.k === 'array') of = of.of;
    if (of.k === 'struct') this.useStruct(of.name);
  }

  useTable(name: string): void {
    this.usedStatics.add(name);
    let type = this.varType(this.tableType(name));
    while (type.k === 'array') type = type.of;
    if (type.k === 'struct') this.useStruct(type.name);
  }

  /** The function of the driver that `e` calls by name. */
  calledFunction(e: CExpr): FunctionInfo | undefined {
    return e.k === 'call' && e.callee.k === 'id' ? this.functions.get(e.callee.name) : undefined;
  }
}
