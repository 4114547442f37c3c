import type { CExpr, Scalar } from '../c/ast';
import { atom, method, type RExpr } from '../rust/ast';
import { deviceOf } from './devices';
import type { Expressions } from './expressions';
import { leave } from './values';

/** A call of a method that wraps a kernel function. */
export interface WrappedCall {
  e: RExpr;
  returns: { k: 'unit' } | { k: 'result' } | { k: 'bool' } | { k: 'value'; of: Scalar } | { k: 'result-value'; of: Scalar };
}

const SCALARS: Record<string, Scalar> = {
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
};

/**
 * A kernel function that a method of a device wraps, as the catalogue of this very kernel says: its first argument is the device, the
 * others are plain values. Undefined if there is no such method.
 */
export function kernelCall(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const special = phyRegister(t, name, args);
  if (special) return special;
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
    const values = types.map((type, i) => (type === 'bool' ? t.truth(rest[i]!) : t.int(rest[i]!, type as Scalar)));
    return { e: method(device.printed, own, ...values), returns };
  }
  return undefined;
}

function returnsOf(text: string | undefined): WrappedCall['returns'] | undefined {
  if (text === undefined) return { k: 'unit' };
  if (text === 'Result' || text === 'Result<()>') return { k: 'result' };
  if (text === 'bool') return { k: 'bool' };
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

/** phy_read() and phy_write() of a register whose number is known. */
function phyRegister(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const write = name === 'phy_write';
  if (!write && name !== 'phy_read') return undefined;
  if (args.length !== (write ? 3 : 2)) return undefined;
  const number = t.unit.constants.evaluate(args[1]!);
  if (!number || number.value < 0n || number.value > 31n) return leave('the register is computed at run time', name);
  const device = deviceOf(t, args[0]!, 'kernel::net::phy::Device', 0);
  const known = C22[Number(number.value)];
  const { catalogue } = t.unit.api;
  if (known !== undefined && !catalogue.hasItem(`${C22_PATH}::${known}`))
    return leave('this kernel has no name for the register', name);
  const register = atom(known === undefined ? `C22::vendor_specific::<${number.value}>()` : `C22::${known}`);
  t.later(() => {
    t.unit.use(C22_PATH);
  });
  if (write) return { e: method(device.printed, 'write', register, t.int(args[2]!, 'u16')), returns: { k: 'result' } };
  return { e: method(device.printed, 'read', register), returns: { k: 'result-value', of: 'u16' } };
}
