import type { CExpr, CFunction, CStruct, CType, Scalar } from '../c/ast';
import type { CProgram } from '../c/program';
import type { KernelApi } from '../kernel-api';
import { atom, type RExpr } from '../rust/ast';
import { oneLine } from '../rust/print';
import { Constants } from './constants';
import { fits, literal, wrap } from './integers';
import { constantNames, functionNames, snake, typeNames, type Names } from './names';
import type { Local, VarType } from './values';

/** A field of a translated structure; `type` is null where Rust has none for it. */
export interface FieldInfo {
  name: string;
  rust: string;
  type: VarType | null;
  text: string;
}

export interface StructInfo {
  c: CStruct;
  rust: string;
  fields: FieldInfo[];
  byName: Map<string, FieldInfo>;
}

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

export interface FunctionInfo {
  c: CFunction;
  rust: string;
  returns: Returns;
  /** Parameters in Rust, each with its position in C; -1 for one that stands for typed private data. */
  parameters: { at: number; local: Local }[];
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

const STRING: CType = { k: 'int', of: 'u8' };

/** What the translation of one driver shares: names, constants, structures, functions, and what has been used of them. */
export class Unit {
  readonly types = typeNames();
  readonly values = functionNames();
  readonly constantNames: Names;
  readonly constants: Constants;
  readonly structs = new Map<string, StructInfo>();
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
  /** Structures inside others, which therefore hold no device. */
  private readonly inner = new Set<string>();
  private readonly deviceKinds = new Map<string, string | null>();

  constructor(
    readonly program: CProgram,
    readonly api: KernelApi,
    /** Bus devices that the driver's probes are handed. */
    readonly busKinds: readonly string[],
  ) {
    this.constants = new Constants(program);
    this.constantNames = constantNames((name) => api.catalogue.hasItem(`kernel::error::code::${name}`));
    for (const struct of program.structs.values())
      for (const { type } of struct.fields) {
        let of = type;
        while (of.k === 'array') of = of.of;
        if (of.k === 'struct') this.inner.add(of.name);
      }
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

  /** The device type that wraps a kernel structure, by what the catalogue says: `platform_device` → `kernel::platform::Device`. */
  deviceKind(struct: string): string | null {
    const cached = this.deviceKinds.get(struct);
    if (cached !== undefined) return cached;
    const entry = this.api.catalogue.lookup(struct, 'struct');
    const item = entry.rust.find(
      ({ relation, kind, signature }) =>
        relation === 'wraps' &&
        kind === 'struct' &&
        signature !== null &&
        /<Ctx: [\w:]*DeviceContext = |\bDevice\(Opaque<bindings::\w+>|Opaque<bindings::phy_device>/.test(signature),
    );
    const found = item?.path ?? null;
    this.deviceKinds.set(struct, found);
    return found;
  }

  /** What a variable, parameter or field of C type `type` is in Rust. */
  varType(type: CType, parameter = false): VarType {
    switch (type.k) {
      case 'int':
      case 'bool':
        return type;
      case 'struct':
        return this.cStruct(type.name)?.isUnion === false ? type : { k: 'unknown', text: `struct ${type.name}` };
      case 'other':
        if (type.name === 'irqreturn_t') return { k: 'irqreturn' };
        if (this.cStruct(type.name)?.isUnion === false) return { k: 'struct', name: type.name };
        return { k: 'unknown', text: type.name };
      case 'array': {
        const of = this.varType(type.of);
        const length = type.length && this.constants.evaluate(type.length);
        if (of.k === 'unknown' || of.k === 'ref' || of.k === 'device' || !length || length.value <= 0n || length.value > 65536n)
          return { k: 'unknown', text: 'array' };
        return { k: 'array', of, length: length.value, text: length.value.toString() };
      }
      case 'ptr':
        return this.pointer(type, parameter);
      case 'void':
        return { k: 'unknown', text: 'void' };
    }
  }

  private pointer(type: CType & { k: 'ptr' }, parameter: boolean): VarType {
    const { to } = type;
    if (type.iomem) return { k: 'registers' };
    const name = to.k === 'struct' || to.k === 'other' ? to.name : '';
    if (name !== '' && this.cStruct(name)?.isUnion === false) return { k: 'ref', name };
    if (name === 'clk' && this.api.signatureOf('kernel::clk::Clk::get') !== undefined) return { k: 'clock' };
    if (to.k === 'struct') {
      const kind = this.deviceKind(to.name);
      if (kind !== null) return { k: 'device', kind };
    }
    if (parameter && (to.k === 'int' || to.k === 'bool') && !(to.k === 'int' && to.of === 'u8' && type.readonly && to === STRING))
      return { k: 'slice', of: to, readonly: type.readonly };
    return { k: 'unknown', text: name === '' ? 'pointer' : `struct ${name} *` };
  }

  /** A structure of the driver, or one of plain data in the kernel's headers that Rust has no type for. */
  cStruct(name: string): CStruct | undefined {
    const own = this.program.structs.get(name);
    if (own) return own;
    const plain = this.program.kernelStructs.get(name);
    if (!plain) return undefined;
    const known = this.plain.get(name);
    if (known !== undefined) return known ? plain : undefined;
    const entry = this.api.catalogue.lookup(name, 'struct');
    const missing = !entry.rust.some(({ relation }) => relation === 'wraps');
    this.plain.set(name, missing);
    return missing ? plain : undefined;
  }

  private readonly plain = new Map<string, boolean>();

  /** The translated shape of a structure of the driver; undefined if it has none. */
  struct(name: string): StructInfo | undefined {
    const known = this.structs.get(name);
    if (known) return known;
    const c = this.cStruct(name);
    if (!c || c.isUnion) return undefined;
    const info: StructInfo = { c, rust: this.types.of(name), fields: [], byName: new Map() };
    this.structs.set(name, info);
    const taken = new Set<string>();
    for (const field of c.fields) {
      let rust = snake(field.name);
      while (taken.has(rust)) rust += '_';
      taken.add(rust);
      const one: FieldInfo = { name: field.name, rust, type: this.fieldType(field, name), text: field.text };
      info.fields.push(one);
      if (field.name !== '') info.byName.set(field.name, one);
    }
    return info;
  }

  private fieldType(field: CStruct['fields'][number], owner: string): VarType | null {
    if (field.bits || field.name === '') return null;
    const type = this.varType(field.type);
    if (!this.storable(type, owner, 0)) return null;
    return type;
  }

  /** Whether a field may have the type: it has a first value, and holds no reference. */
  private storable(type: VarType, owner: string, depth: number): boolean {
    switch (type.k) {
      case 'int':
      case 'bool':
      case 'registers':
      case 'clock':
        return true;
      case 'device':
        return (
          !this.inner.has(owner) &&
          (type.kind === 'kernel::device::Device' || this.busKinds.includes(type.kind)) &&
          !type.kind.endsWith('phy::Device')
        );
      case 'array':
        return (
          type.of.k !== 'registers' && type.of.k !== 'device' && type.of.k !== 'clock' && this.storable(type.of, owner, depth)
        );
      case 'struct':
        return depth < 8 && type.name !== owner && this.holdsNothingOf(type.name, owner, new Set());
      default:
        return false;
    }
  }

  /** Whether the structure `name` does not, through its fields, hold `owner`. */
  private holdsNothingOf(name: string, owner: string, seen: Set<string>): boolean {
    if (name === owner) return false;
    if (seen.has(name)) return true;
    seen.add(name);
    const struct = this.cStruct(name);
    return (struct?.fields ?? []).every(({ type }) => {
      let of = type;
      while (of.k === 'array') of = of.of;
      return of.k !== 'struct' || this.holdsNothingOf(of.name, owner, seen);
    });
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

  arefPath(): string {
    return this.api.catalogue.hasItem('kernel::sync::aref::ARef') ? 'kernel::sync::aref::ARef' : 'kernel::types::ARef';
  }

  /** Rust text of a type in a declaration. */
  typeText(type: VarType): string {
    switch (type.k) {
      case 'int':
        return type.of;
      case 'bool':
        return 'bool';
      case 'struct':
        return this.types.of(type.name);
      case 'array':
        return `[${this.typeText(type.of)}; ${type.text}]`;
      case 'registers':
        return 'Registers';
      case 'clock':
        return 'Clock';
      case 'device':
        return `ARef<${shortPath(type.kind)}>`;
      case 'irqreturn':
        return 'IrqReturn';
      default:
        return '()';
    }
  }

  private readonly tables = new Map<string, boolean>();

  /** The C type of a variable of file scope; an array without a length has that of its initializer. */
  tableType(name: string): CType {
    const table = this.program.globals.get(name)!;
    if (table.type.k !== 'array' || table.type.length !== null || !table.items) return table.type;
    if (table.items.some(({ index }) => index !== null)) return { k: 'other', name: 'sparse array' };
    const value = BigInt(table.items.length);
    return { ...table.type, length: { k: 'num', value, type: 'i32', text: value.toString() } };
  }

  /** Whether a variable of file scope is a constant table whose every element has a Rust value. */
  isTable(name: string): boolean {
    const cached = this.tables.get(name);
    if (cached !== undefined) return cached;
    const table = this.program.globals.get(name);
    this.tables.set(name, false);
    const good =
      table?.readonly === true &&
      !this.program.conditional.has(name) &&
      (table.items !== null || table.init !== null) &&
      this.tableValue(
        this.varType(this.tableType(name)),
        table.items === null ? table.init! : { k: 'list', items: table.items },
      ) !== undefined;
    this.tables.set(name, good);
    return good;
  }

  useTable(name: string): void {
    this.usedStatics.add(name);
    let type = this.varType(this.tableType(name));
    while (type.k === 'array') type = type.of;
    if (type.k === 'struct') this.useStruct(type.name);
  }

  /** A constant initializer as Rust; undefined if a part of it has no value that is known here. */
  tableValue(type: VarType, e: CExpr): RExpr | undefined {
    switch (type.k) {
      case 'int': {
        const known = this.constants.evaluate(e);
        if (!known) return undefined;
        return e.k === 'num' && !e.text.startsWith('b') && fits(e.value, type.of)
          ? atom(e.text)
          : literal(wrap(known.value, type.of));
      }
      case 'bool': {
        const known = this.constants.evaluate(e);
        return known ? atom(known.value !== 0n ? 'true' : 'false') : undefined;
      }
      case 'array': {
        if (
          e.k !== 'list' ||
          e.items.length > Number(type.length) ||
          e.items.some(({ field, index }) => field !== null || index !== null)
        )
          return undefined;
        const items = e.items.map(({ value }) => this.tableValue(type.of, value));
        while (items.length < Number(type.length)) items.push(this.zero(type.of));
        return items.includes(undefined) ? undefined : { k: 'array', items: items as RExpr[] };
      }
      case 'struct':
        return this.structValue(type.name, e);
      default:
        return undefined;
    }
  }

  private structValue(name: string, e: CExpr): RExpr | undefined {
    const struct = this.struct(name);
    if (!struct || e.k !== 'list') return undefined;
    const given = new Map<string, CExpr>();
    let position = 0;
    for (const { field, index, value } of e.items) {
      if (index !== null) return undefined;
      const named = field ?? struct.c.fields[position]?.name;
      if (named === undefined) return undefined;
      if (field !== null) position = struct.c.fields.findIndex((one) => one.name === field);
      position++;
      given.set(named, value);
    }
    const fields: { name: string; value: RExpr }[] = [];
    for (const field of struct.fields) {
      if (!field.type) {
        // What Rust's structure does not have is left out of the table, too; the comment in the structure says so.
        continue;
      }
      const value = given.get(field.name);
      const text = value ? this.tableValue(field.type, value) : this.zero(field.type);
      if (!text) return undefined;
      fields.push({ name: field.rust, value: text });
    }
    return { k: 'struct', name: struct.rust, fields };
  }

  /** The value that C gives to what an initializer leaves out; undefined for types without one. */
  zero(type: VarType): RExpr | undefined {
    switch (type.k) {
      case 'int':
        return atom('0');
      case 'bool':
        return atom('false');
      case 'array': {
        const inner = this.zero(type.of);
        if (!inner) return undefined;
        if (type.of.k === 'struct')
          return Number(type.length) > 32
            ? undefined
            : { k: 'array', items: Array.from({ length: Number(type.length) }, () => inner) };
        return atom(`[${oneLine(inner) ?? '0'}; ${type.text}]`);
      }
      case 'struct': {
        const struct = this.struct(type.name);
        if (!struct) return undefined;
        const fields = struct.fields.flatMap((field) => (field.type ? [{ name: field.rust, value: this.zero(field.type) }] : []));
        return fields.some(({ value }) => value === undefined)
          ? undefined
          : { k: 'struct', name: struct.rust, fields: fields as { name: string; value: RExpr }[] };
      }
      default:
        return undefined;
    }
  }

  /** The function of the driver that `e` calls by name. */
  calledFunction(e: CExpr): FunctionInfo | undefined {
    return e.k === 'call' && e.callee.k === 'id' ? this.functions.get(e.callee.name) : undefined;
  }
}

/** `kernel::net::phy::Device` → `phy::Device`. */
export const shortPath = (path: string): string => path.split('::').slice(-2).join('::');
