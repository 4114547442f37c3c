import type { CExpr, Scalar } from '../c/ast';
import { stringOf } from '../c/program';
import { atom, call, method, type RExpr } from '../rust/ast';
import { clockCall } from './clocks';
import { c45 } from './device-fields';
import { deviceOf } from './devices';
import type { Expressions } from './expressions';
import { pollCall } from './polling';
import { propertyCall } from './properties';
import { leave } from './values';
import { ownKeys } from '../../own-keys';

/** A call of a method that wraps a kernel function. */
export interface WrappedCall {
  e: RExpr;
  returns: { k: 'unit' } | { k: 'result' } | { k: 'bool' } | { k: 'value'; of: Scalar } | { k: 'result-value'; of: Scalar };
}

const SCALARS: Record<string, Scalar> = ownKeys({
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  i8: 'i8',
  i16: 'i16',
  i32: 'i32',
  i64: 'i64',
  usize: 'usize',
  isize: 'isize',
  c_int: 'i32',
  c_uint: 'u32',
  c_ulong: 'usize',
  c_long: 'isize',
});

/**
 * A kernel function that a method of a device wraps, as the catalogue of this very kernel says: its first argument is the device, the
 * others are plain values. Undefined if there is no such method.
 */
export function kernelCall(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const special =
    phyRegister(t, name, args) ??
    phyModify(t, name, args) ??
    clockCall(t, name, args) ??
    propertyCall(t, name, args) ??
    pollCall(t, name, args);
  if (special) return special;
  const free = freeFunction(t, name, args);
  if (free) return free;
  const [first, ...rest] = args;
  if (!first) return undefined;
  for (const item of t.unit.api.catalogue.lookup(name, 'function').rust) {
    if (item.relation !== 'wraps' || item.kind !== 'method' || item.unsafe || item.signature === null) continue;
    const cut = item.path.lastIndexOf('::');
    const owner = item.path.slice(0, cut);
    const own = item.path.slice(cut + 2);
    if (!name.endsWith(own) || !/Device$|Client$|Interface$/.test(owner)) continue;
    const match = /^(?:pub )?fn \w+\((&mut self|&self)(?:, )?(.*?)\)(?: -> (.*))?$/.exec(item.signature);
    if (!match) continue;
    const parameters = match[2] === '' ? [] : match[2]!.split(', ').map((one) => one.replace(/^\w+: /, ''));
    const returns = returnsOf(match[3]);
    if (!returns || parameters.length !== rest.length) continue;
    const types = parameters.map((type) => SCALARS[type] ?? (type === 'bool' ? 'bool' : null));
    if (types.includes(null)) continue;
    const required = t.unit.api.contextOf(item.path);
    const device = deviceOf(t, first, owner, required === 'Core' ? 2 : required === 'Bound' ? 1 : 0);
    if (match[1] === '&mut self' && device.root?.isParameter !== true) return leave('its device is not borrowed for a change');
    const values = types.map((type, i) =>
      type === 'bool' ? t.truth(rest[i]!) : t.beside(match[1] === '&mut self' ? device.root : null, rest[i]!, type as Scalar),
    );
    return { e: method(device.printed, own, ...values), returns };
  }
  return undefined;
}

/** A kernel function that a free function of this kernel wraps with the same arguments: devices, names, plain values. */
function freeFunction(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  for (const item of t.unit.api.catalogue.lookup(name, 'function').rust) {
    if (item.relation !== 'wraps' || item.kind !== 'function' || item.unsafe || item.signature === null) continue;
    const [module, own] = [item.path.slice(0, item.path.lastIndexOf('::')), item.path.slice(item.path.lastIndexOf('::') + 2)];
    const match = /^(?:pub )?fn \w+\((.*?)\)(?: -> (.*))?$/.exec(item.signature);
    if (!match || !isShortFor(own, name)) continue;
    const parameters = match[1] === '' ? [] : match[1]!.split(', ').map((one) => one.replace(/^\w+: /, ''));
    const returns = returnsOf(match[2]);
    if (!returns || parameters.length !== args.length) continue;
    if (!parameters.every((type) => DEVICE.test(type) || type === '&CStr' || SCALARS[type])) continue;
    const values = parameters.map((type, i): RExpr => {
      if (DEVICE.test(type)) return deviceOf(t, args[i]!, 'kernel::device::Device', type.includes('<Bound>') ? 1 : 0).argument;
      if (type !== '&CStr') return t.int(args[i]!, SCALARS[type]!);
      const text = stringOf(t.unit.program, args[i]);
      return text !== null && /^[ !#-[\]-~]+$/.test(text) ? atom(`c"${text}"`) : leave('the name is not known here', name);
    });
    t.later(() => {
      t.unit.use(module);
    });
    return { e: call(`${module.slice(module.lastIndexOf('::') + 2)}::${own}`, ...values), returns };
  }
  return undefined;
}

const DEVICE = /^&(?:device::)?Device(?:<Bound>)?$/;

/** Whether the words of `own` are among those of `name`, in the same order: `devm_enable` of `devm_regulator_get_enable`. */
function isShortFor(own: string, name: string): boolean {
  const words = name.split('_');
  let at = 0;
  return own.split('_').every((word) => (at = words.indexOf(word, at) + 1) > 0);
}

function returnsOf(text: string | undefined): WrappedCall['returns'] | undefined {
  if (text === undefined) return { k: 'unit' };
  if (text === 'Result' || text === 'Result<()>') return { k: 'result' };
  if (text === 'bool') return { k: 'bool' };
  const inner = /^Result<(u8|u16)>$/.exec(text)?.[1];
  if (inner !== undefined) return { k: 'result-value', of: inner as Scalar };
  return SCALARS[text] ? { k: 'value', of: SCALARS[text] } : undefined;
}

/** Registers 0 to 15 of clause 22, as IEEE 802.3 names them. */
const C22 = [
  'BMCR',
  'BMSR',
  'PHYSID1',
  'PHYSID2',
  'ADVERTISE',
  'LPA',
  'EXPANSION',
  'NEXT_PAGE_TRANSMIT',
  'LP_RECEIVED_NEXT_PAGE',
  'MASTER_SLAVE_CONTROL',
  'MASTER_SLAVE_STATUS',
  'PSE_CONTROL',
  'PSE_STATUS',
  'MMD_CONTROL',
  'MMD_DATA',
  'EXTENDED_STATUS',
];
const C22_PATH = 'kernel::net::phy::reg::C22';

/** phy_read(), phy_write() and their sisters for clause 45, of a register whose number is known, and genphy_read_status(). */
function phyRegister(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  if (!/^(?:phy_(?:read|write)(?:_mmd)?|genphy_read_status)$/.test(name)) return undefined;
  const mmd = name.endsWith('_mmd');
  const write = name.startsWith('phy_write');
  const device = (): RExpr => deviceOf(t, args[0]!, 'kernel::net::phy::Device', 0).printed;
  if (name === 'genphy_read_status') {
    if (args.length !== 1 || !t.unit.api.catalogue.hasItem('kernel::net::phy::Device::genphy_read_status')) return undefined;
    const to = device();
    t.later(() => {
      t.unit.use(C22_PATH);
    });
    return { e: method(to, 'genphy_read_status::<C22>'), returns: { k: 'result-value', of: 'u16' } };
  }
  if (args.length !== 2 + (mmd ? 1 : 0) + (write ? 1 : 0)) return undefined;
  const { printed: to, root } = deviceOf(t, args[0]!, 'kernel::net::phy::Device', 0);
  const register = mmd ? c45(t, args[1]!, args[2]!) : c22(t, name, args[1]!);
  if (write) return { e: method(to, 'write', register, t.beside(root, args.at(-1)!, 'u16')), returns: { k: 'result' } };
  return { e: method(to, 'read', register), returns: { k: 'result-value', of: 'u16' } };
}

/** phy_modify() and its sisters, as a read and a write: the device's lock, which callbacks hold, keeps others out in between. */
function phyModify(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const match = /^phy_(modify|set_bits|clear_bits)(_mmd)?$/.exec(name);
  if (!match) return undefined;
  const [, what, mmd] = match;
  const rest = args.slice(mmd === undefined ? 2 : 3);
  if (rest.length !== (what === 'modify' ? 2 : 1)) return undefined;
  const { printed: to, root } = deviceOf(t, args[0]!, 'kernel::net::phy::Device', 0);
  const register = mmd === undefined ? c22(t, name, args[1]!) : c45(t, args[1]!, args[2]!);
  const bits = rest.map((one) => t.beside(root, one, 'u16'));
  const mask = what === 'set_bits' ? atom('0') : bits[0]!;
  const set = what === 'clear_bits' ? atom('0') : bits.at(-1)!;
  t.later(() => {
    t.unit.helpers.add('phy_modify');
  });
  // A function without arguments stands for the closure that calls it.
  const path = register.k === 'atom' ? /^([\w:<>]+)\(\)$/.exec(register.text)?.[1] : undefined;
  const make: RExpr = path === undefined ? { k: 'closure', head: '||', body: register } : atom(path);
  return { e: call('modify_register', to, make, mask, set), returns: { k: 'result' } };
}

function c22(t: Expressions, name: string, e: CExpr): RExpr {
  const number = t.unit.constants.evaluate(e);
  if (!number || number.value < 0n || number.value > 31n) return leave('the register is computed at run time', name);
  const known = C22[Number(number.value)];
  if (known !== undefined && !t.unit.api.catalogue.hasItem(`${C22_PATH}::${known}`))
    return leave('this kernel has no name for the register', name);
  t.later(() => {
    t.unit.use(C22_PATH);
  });
  return atom(known === undefined ? `C22::vendor_specific::<${number.value}>()` : `C22::${known}`);
}
