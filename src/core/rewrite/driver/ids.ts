import { expressionKey, type CExpr, type CInit } from '../c/ast';
import { stringOf } from '../c/program';
import type { Unit } from '../translate/unit';
import { oneLine } from '../rust/print';
import { ownKeys } from '../../own-keys';

/** An entry of an id table: the constructor's text, its data, and the C text of what has none. */
interface Entry {
  id: string | null;
  data: CExpr | null;
  text: string;
}

/** An id table as Rust. */
export interface IdTable {
  name: string;
  /** Macro that makes it: `of_device_table`. */
  macro: string;
  /** Module of the `DeviceId`. */
  module: string;
  entries: Entry[];
}

/** What each bus's entries are made with; a bus is here by what its table is called in C, its constructors by what this kernel has. */
const KINDS: Record<
  string,
  {
    macro: string;
    module: string;
    name: string;
    entry: (unit: Unit, items: readonly CInit[], call: (CExpr & { k: 'call' }) | null) => Omit<Entry, 'text'> | null;
  }
> = ownKeys({
  of_device_id: {
    macro: 'of_device_table',
    module: 'kernel::of',
    name: 'OF_TABLE',
    entry: (unit, items) => named(unit, items, 'compatible', 'data', 'of::DeviceId::new', 2),
  },
  acpi_device_id: {
    macro: 'acpi_device_table',
    module: 'kernel::acpi',
    name: 'ACPI_TABLE',
    entry: (unit, items) => named(unit, items, 'id', 'driver_data', 'acpi::DeviceId::new', 0, 1),
  },
  i2c_device_id: {
    macro: 'i2c_device_table',
    module: 'kernel::i2c',
    name: 'I2C_TABLE',
    entry: (unit, items) => named(unit, items, 'name', 'driver_data', 'i2c::DeviceId::new', 0, 1),
  },
  pci_device_id: { macro: 'pci_device_table', module: 'kernel::pci', name: 'PCI_TABLE', entry: pciEntry },
  usb_device_id: { macro: 'usb_device_table', module: 'kernel::usb', name: 'USB_TABLE', entry: usbEntry },
  auxiliary_device_id: { macro: 'auxiliary_device_table', module: 'kernel::auxiliary', name: 'AUX_TABLE', entry: auxiliaryEntry },
});

/** The id table in the C variable `name`; undefined if its bus has none in this kernel. */
export function idTable(unit: Unit, name: string, suffix: string): IdTable | undefined {
  const global = unit.program.globals.get(name);
  const { type } = global ?? {};
  if (!global?.items || type?.k !== 'array' || type.of.k !== 'struct') return undefined;
  const kind = KINDS[type.of.name];
  if (!kind || !unit.api.tableMacro(kind.macro)) return undefined;
  const entries: Entry[] = [];
  const { tree } = unit.program.files[global.file]!;
  const source = tree.text.slice(global.start, global.end);
  for (const { value } of global.items) {
    const items = value.k === 'list' ? value.items : [];
    const [only] = items;
    if (value.k === 'list' && (items.length === 0 || (items.length === 1 && isEnd(only!.value)))) continue;
    if (value.k === 'num' || (value.k === 'list' && items.every((item) => isEnd(item.value)) && items.length < 2)) continue;
    const call = value.k === 'call' ? value : only?.value.k === 'call' && only.field === null ? only.value : null;
    const entry = kind.entry(unit, items, call);
    entries.push({ id: entry?.id ?? null, data: entry?.data ?? null, text: textOf(source, value, call) });
  }
  return { name: `${kind.name}${suffix}`, macro: kind.macro, module: kind.module, entries };
}

const isEnd = (e: CExpr): boolean =>
  (e.k === 'num' && e.value === 0n) ||
  (e.k === 'str' && e.text === '') ||
  (e.k === 'id' && e.name === 'NULL') ||
  (e.k === 'list' && e.items.length === 0);

/** Short text of an entry that has no constructor. */
function textOf(source: string, value: CExpr, call: (CExpr & { k: 'call' }) | null): string {
  const first = call ?? value;
  const key =
    first.k === 'call' && first.callee.k === 'id'
      ? first.callee.name
      : JSON.stringify(first, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one)).match(
          /"(?:name|text)":"(\w{3,})"/,
        )?.[1];
  const arg = call?.args.map((one) => (one.k === 'id' ? one.name : one.k === 'num' ? one.text : '…')).join(', ');
  if (call?.callee.k === 'id') return `${call.callee.name}(${arg})`;
  const line = source.split('\n').find((one) => key !== undefined && one.includes(key));
  return line?.trim() ?? 'an entry';
}

/** A string, or the name of a macro that is one, as a C string literal. */
function cstring(unit: Unit, e: CExpr | undefined): string | null {
  const text = stringOf(unit.program, e);
  return text !== null && /^[ !#-[\]-~]+$/.test(text) ? `c"${text}"` : null;
}

function named(
  unit: Unit,
  items: readonly CInit[],
  key: string,
  data: string,
  constructor: string,
  position: number,
  dataPosition = 3,
): Omit<Entry, 'text'> | null {
  const positional = items.every(({ field }) => field === null);
  const text = cstring(unit, positional ? items[position]?.value : items.find(({ field }) => field === key)?.value);
  if (text === null) return null;
  const value = positional ? items[dataPosition]?.value : items.find(({ field }) => field === data)?.value;
  return { id: `${constructor}(${text})`, data: value ?? null };
}

/** A constant as an argument: its number, named in Rust if it has a name in C. */
function number(unit: Unit, e: CExpr | undefined, limit: bigint): string | null {
  const known = e && unit.constants.evaluate(e);
  if (!known || known.value < 0n || known.value > limit) return null;
  if (e.k === 'num') return e.text;
  if (e.k === 'id' && unit.constants.named(e.name) && unit.constants.typeOf(e.name, known) === 'u32' && limit > 0xffffn) {
    unit.usedConstants.add(e.name);
    return unit.constantNames.of(e.name);
  }
  return `0x${known.value.toString(16)}`;
}

function vendor(unit: Unit, name: string): string | null {
  const own = name.replace(/^PCI_VENDOR_ID_/, '');
  return unit.api.catalogue.hasItem(`kernel::pci::Vendor::${own}`) ? `pci::Vendor::${own}` : null;
}

function pciEntry(unit: Unit, items: readonly CInit[], call: (CExpr & { k: 'call' }) | null): Omit<Entry, 'text'> | null {
  const data =
    items.find(({ field }) => field === 'driver_data')?.value ??
    (call && items.length > 1 && items.slice(1).every(({ field }) => field === null) ? items.at(-1)!.value : null);
  const make = (maker: string | null, device: CExpr | undefined): Omit<Entry, 'text'> | null => {
    const id = number(unit, device, 0xffffffffn);
    return maker === null || id === null ? null : { id: `pci::DeviceId::from_id(${maker}, ${id})`, data };
  };
  const field = (name: string): CExpr | undefined => items.find((item) => item.field === name)?.value;
  if (call?.callee.k === 'id') {
    const [a, b] = call.args;
    switch (call.callee.name) {
      case 'PCI_DEVICE':
        return make(a?.k === 'id' ? vendor(unit, a.name) : null, b);
      case 'PCI_VDEVICE':
        return make(a?.k === 'id' ? vendor(unit, a.name) : null, b);
      case 'PCI_DEVICE_CLASS': {
        const known = [a, b].map((one) => one && unit.constants.evaluate(one));
        // The constructors for a class take constants of the kernel crate, which has no way from a number.
        return known.includes(null) ? null : null;
      }
      default:
        return null;
    }
  }
  if (field('vendor')) {
    const maker = field('vendor');
    if (
      field('class') ||
      (field('subvendor') && !isAny(field('subvendor')!)) ||
      (field('subdevice') && !isAny(field('subdevice')!))
    )
      return null;
    return make(maker?.k === 'id' ? vendor(unit, maker.name) : null, field('device'));
  }
  const [maker, device, subvendor, subdevice, klass] = items.map(({ value }) => value);
  if (maker?.k !== 'id' || items.some((item) => item.field !== null)) return null;
  if ((subvendor && !isAny(subvendor)) || (subdevice && !isAny(subdevice)) || (klass && !isEnd(klass))) return null;
  const made = make(vendor(unit, maker.name), device);
  return made && { ...made, data: items[6]?.value ?? null };
}

const isAny = (e: CExpr): boolean => e.k === 'id' && e.name === 'PCI_ANY_ID';

/** Macros of usb.h and the constructors that say to be equivalent to them. */
const USB: Record<string, { constructor: string; limits: bigint[] }> = ownKeys({
  USB_DEVICE: { constructor: 'from_id', limits: [0xffffn, 0xffffn] },
  USB_DEVICE_VER: { constructor: 'from_device_ver', limits: [0xffffn, 0xffffn, 0xffffn, 0xffffn] },
  USB_DEVICE_INFO: { constructor: 'from_device_info', limits: [0xffn, 0xffn, 0xffn] },
  USB_INTERFACE_INFO: { constructor: 'from_interface_info', limits: [0xffn, 0xffn, 0xffn] },
  USB_DEVICE_INTERFACE_CLASS: { constructor: 'from_device_interface_class', limits: [0xffffn, 0xffffn, 0xffn] },
  USB_DEVICE_INTERFACE_PROTOCOL: { constructor: 'from_device_interface_protocol', limits: [0xffffn, 0xffffn, 0xffn] },
  USB_DEVICE_INTERFACE_NUMBER: { constructor: 'from_device_interface_number', limits: [0xffffn, 0xffffn, 0xffn] },
  USB_DEVICE_AND_INTERFACE_INFO: {
    constructor: 'from_device_and_interface_info',
    limits: [0xffffn, 0xffffn, 0xffn, 0xffn, 0xffn],
  },
});

function usbEntry(unit: Unit, items: readonly CInit[], call: (CExpr & { k: 'call' }) | null): Omit<Entry, 'text'> | null {
  const macro = call?.callee.k === 'id' ? USB[call.callee.name] : undefined;
  if (
    !macro ||
    call!.args.length !== macro.limits.length ||
    !unit.api.catalogue.hasItem(`kernel::usb::DeviceId::${macro.constructor}`)
  )
    return null;
  if (items.some(({ field }) => field !== null && field !== 'driver_info')) return null;
  const args = call!.args.map((arg, i) => number(unit, arg, macro.limits[i]!));
  if (args.includes(null)) return null;
  return {
    id: `usb::DeviceId::${macro.constructor}(${args.join(', ')})`,
    data: items.find(({ field }) => field === 'driver_info')?.value ?? null,
  };
}

function auxiliaryEntry(_: Unit, items: readonly CInit[]): Omit<Entry, 'text'> | null {
  const name = items.find(({ field }) => field === 'name')?.value;
  const match = name?.k === 'str' ? /^([\w-]+)\.([\w-]+)$/.exec(name.text) : null;
  if (!match) return null;
  return {
    id: `auxiliary::DeviceId::new(c"${match[1]!}", c"${match[2]!}")`,
    data: items.find(({ field }) => field === 'driver_data')?.value ?? null,
  };
}

/** The type of the data that the entries of all tables of a driver carry, and each entry's value. */
export interface IdData {
  type: string;
  /** The C structure that the entries refer to one of, and whether some refer to none. */
  struct: string | null;
  optional: boolean;
  value: (data: CExpr | null) => string;
}

/** `()`, integers, or references to constant tables; `()` where the entries do not agree or carry what Rust has not. */
export function idData(unit: Unit, tables: readonly IdTable[]): IdData {
  const none: IdData = { type: '()', struct: null, optional: false, value: () => '()' };
  const all = tables.flatMap(({ entries }) => entries.filter(({ id }) => id !== null).map(({ data }) => data));
  const given = all.filter((data): data is CExpr => data !== null);
  if (given.length === 0) return none;
  const numbers = given.map((data) => unit.constants.evaluate(plain(data)));
  if (numbers.every((known) => known !== null && known.value >= 0n)) {
    return { type: 'usize', struct: null, optional: false, value: (data) => (data === null ? '0' : integer(unit, plain(data))) };
  }
  const names = given
    .map((data) => (plain(data).k === 'un' ? plain(data) : data))
    .map((data) => (data.k === 'un' && data.op === '&' && data.of.k === 'id' ? data.of.name : null));
  const types = new Set(names.map((name) => (name === null ? '' : typeKey(unit, name))));
  if (names.includes(null) || types.size !== 1 || !names.every((name) => unit.isTable(name!))) return none;
  const type = unit.varType(unit.tableType(names[0]!));
  if (type.k !== 'struct') return none;
  for (const name of names) unit.useTable(name!);
  const optional = given.length < all.length;
  const text = `&'static ${unit.types.of(type.name)}`;
  return {
    type: optional ? `Option<${text}>` : text,
    struct: type.name,
    optional,
    value: (data) => {
      if (data === null) return 'None';
      const e = plain(data);
      const name = e.k === 'un' && e.of.k === 'id' ? unit.constantNames.of(e.of.name) : '';
      return optional ? `Some(&${name})` : `&${name}`;
    },
  };
}

const plain = (e: CExpr): CExpr => (e.k === 'cast' ? plain(e.of) : e);

function integer(unit: Unit, e: CExpr): string {
  const known = unit.constants.evaluate(e)!;
  if (e.k === 'id' && unit.constants.named(e.name)) {
    unit.constants.demand(e.name, 'usize');
    unit.usedConstants.add(e.name);
    const name = unit.constantNames.of(e.name);
    return unit.constants.typeOf(e.name, known) === 'usize' ? name : `${name} as usize`;
  }
  return e.k === 'num' ? e.text : (oneLine({ k: 'atom', text: `0x${known.value.toString(16)}` }) ?? '0');
}

function typeKey(unit: Unit, name: string): string {
  const type = unit.program.globals.get(name)?.type;
  return type ? expressionKey(type) : '';
}
