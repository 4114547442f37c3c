import type { CExpr, Scalar } from '../c/ast';
import { atom, call, method, type RExpr } from '../rust/ast';
import { deviceOf, type DeviceValue } from './devices';
import type { Expressions } from './expressions';
import { typed } from './integers';
import { leave, Untranslatable, type Value } from './values';
import { ownKeys } from '../../own-keys';

/** How a field of a kernel structure is read: the method of the type that wraps it, and what it gives. */
const READ: Record<string, Record<string, [name: string, type: Scalar | 'bool']>> = ownKeys({
  'kernel::net::phy::Device': {
    link: ['is_link_up', 'bool'],
    autoneg: ['is_autoneg_enabled', 'bool'],
    autoneg_complete: ['is_autoneg_completed', 'bool'],
    phy_id: ['phy_id', 'u32'],
  },
  'kernel::pci::Device': {
    device: ['device_id', 'u16'],
    revision: ['revision_id', 'u8'],
    subsystem_vendor: ['subsystem_vendor_id', 'u16'],
    subsystem_device: ['subsystem_device_id', 'u16'],
  },
  'kernel::pwm::Device': { hwpwm: ['hwpwm', 'u32'] },
  'kernel::auxiliary::Device': { id: ['id', 'u32'] },
});

/** Variants of enumerations in whose place C has constants. */
const STATES: Record<string, string> = ownKeys({
  PHY_DOWN: 'Down',
  PHY_READY: 'Ready',
  PHY_HALTED: 'Halted',
  PHY_ERROR: 'Error',
  PHY_UP: 'Up',
  PHY_RUNNING: 'Running',
  PHY_NOLINK: 'NoLink',
  PHY_CABLETEST: 'CableTest',
});
const DUPLEX: Record<string, string> = ownKeys({ DUPLEX_FULL: 'Full', DUPLEX_HALF: 'Half', DUPLEX_UNKNOWN: 'Unknown' });
const SPEEDS = /^SPEED_(10|100|1000|2500|5000|10000)$/;

/** The device and the field that `e` names; undefined if it names no field of a device. */
function fieldOf(t: Expressions, e: CExpr): { device: DeviceValue; name: string } | undefined {
  if (e.k !== 'field' || !e.arrow) return undefined;
  try {
    t.quiet(() => deviceOf(t, e.of, '', 0));
  } catch (error) {
    if (error instanceof Untranslatable) return undefined;
    throw error;
  }
  return { device: deviceOf(t, e.of, '', 0), name: e.name };
}

/** The value of a field of a device; undefined if `e` is none, or this kernel has no method for it. */
export function deviceField(t: Expressions, e: CExpr): Value | undefined {
  const found = e.k === 'field' && e.arrow ? fieldOf(t, e) : undefined;
  const read = found && READ[found.device.kind]?.[found.name];
  if (!read || !t.unit.api.catalogue.hasItem(`${found.device.kind}::${read[0]}`)) return undefined;
  return typed(method(found.device.printed, read[0]), read[1], read[1] === 'bool' ? 'u32' : read[1]);
}

/** `phydev->state == PHY_NOLINK`; undefined if it is something else. */
export function deviceState(t: Expressions, op: string, l: CExpr, r: CExpr): RExpr | undefined {
  if (r.k !== 'id' || (op !== '==' && op !== '!=') || STATES[r.name] === undefined) return undefined;
  const found = fieldOf(t, l);
  if (found?.name !== 'state' || !t.unit.api.catalogue.hasItem(`${found.device.kind}::state`)) return undefined;
  t.later(() => {
    t.unit.use('kernel::net::phy');
  });
  return { k: 'bin', op, l: method(found.device.printed, 'state'), r: atom(`phy::DeviceState::${STATES[r.name]!}`) };
}

/** An assignment to a field of a device as the call of its setter; undefined if `l` is none. */
export function deviceAssignment(t: Expressions, l: CExpr, r: CExpr): RExpr | undefined {
  if (l.k !== 'field' || !l.arrow || (l.name !== 'speed' && l.name !== 'duplex')) return undefined;
  const found = fieldOf(t, l);
  if (found?.device.kind !== 'kernel::net::phy::Device') return undefined;
  if (!t.unit.api.catalogue.hasItem(`${found.device.kind}::set_${found.name}`)) return leave('no Rust equivalent', found.name);
  if (found.name === 'duplex') {
    const mode = (e: CExpr): RExpr => {
      if (e.k === 'cond') return { k: 'if', test: t.truth(e.test), yes: mode(e.yes), no: mode(e.no) };
      if (e.k !== 'id' || DUPLEX[e.name] === undefined) return leave('its duplex mode is computed');
      return atom(`phy::DuplexMode::${DUPLEX[e.name]!}`);
    };
    const value = mode(r);
    t.later(() => {
      t.unit.use('kernel::net::phy');
    });
    return method(found.device.printed, 'set_duplex', value);
  }
  const known = r.k === 'id' ? SPEEDS.exec(r.name)?.[1] : undefined;
  return method(found.device.printed, 'set_speed', known === undefined ? t.int(r, 'u32') : atom(known));
}

/** The MMDs of clause 45 that have a name in Rust. */
const MMDS: Record<string, string> = ownKeys({
  '1': 'PMAPMD',
  '2': 'WIS',
  '3': 'PCS',
  '4': 'PHYXS',
  '5': 'DTEXS',
  '6': 'TC',
  '7': 'AN',
  '29': 'C22_EXT',
  '30': 'VEND1',
  '31': 'VEND2',
});

/** A register of clause 45 whose MMD is known. */
export function c45(t: Expressions, mmd: CExpr, register: CExpr): RExpr {
  const known = t.unit.constants.evaluate(mmd);
  const name = known && MMDS[known.value.toString()];
  if (!name || !t.unit.api.catalogue.hasItem(`kernel::net::phy::reg::Mmd::${name}`))
    return leave('this kernel has no name for the MMD', 'phy_read_mmd');
  t.later(() => {
    t.unit.use('kernel::net::phy::reg::C45');
    t.unit.use('kernel::net::phy::reg::Mmd');
  });
  return call('C45::new', atom(`Mmd::${name}`), t.int(register, 'u16'));
}
