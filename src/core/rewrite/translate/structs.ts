import type { CStruct, CType } from '../c/ast';
import type { CProgram } from '../c/program';
import type { KernelApi } from '../kernel-api';
import { atom, type RExpr } from '../rust/ast';
import { oneLine } from '../rust/print';
import { Constants } from './constants';
import { snake, typeNames } from './names';
import type { VarType } from './values';

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

const STRING: CType = { k: 'int', of: 'u8' };

/** What C's types are in Rust. */
export class Types {
  readonly types = typeNames();
  readonly structs = new Map<string, StructInfo>();
  readonly constants: Constants;
  /** Structures inside others, which therefore hold no device. */
  private readonly inner = new Set<string>();
  private readonly deviceKinds = new Map<string, string | null>();
  private readonly plain = new Map<string, boolean>();

  constructor(
    readonly program: CProgram,
    readonly api: KernelApi,
    /** Bus devices that the driver's probes are handed. */
    readonly busKinds: readonly string[],
  ) {
    this.constants = new Constants(program);
    for (const struct of program.structs.values())
      for (const { type } of struct.fields) {
        let of = type;
        while (of.k === 'array') of = of.of;
        if (of.k === 'struct') this.inner.add(of.name);
      }
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

  /** The translated shape of a structure of the driver; undefined if it has none. */
  struct(name: string): StructInfo | undefined {
    const known = this.structs.get(name);
    if (known) return known;
    const c = this.cStruct(name);
    if (!c || c.isUnion) return undefined;
    const info: StructInfo = { c, rust: this.types.of(name), fields: [], byName: new Map() };
    this.structs.set(name, info);
    const taken = new Set<string>();
    let bus: string | undefined;
    for (const field of c.fields) {
      let rust = snake(field.name);
      while (taken.has(rust)) rust += '_';
      taken.add(rust);
      let type = this.fieldType(field, name);
      if (type?.k === 'device' && type.kind !== 'kernel::device::Device') {
        bus ??= type.kind;
        // What makes the structure has the device of one bus at hand.
        if (bus !== type.kind) type = null;
      }
      const one: FieldInfo = { name: field.name, rust, type, text: field.text };
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
}

/** `kernel::net::phy::Device` → `phy::Device`. */
export const shortPath = (path: string): string => path.split('::').slice(-2).join('::');
