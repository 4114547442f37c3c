import type { CExpr } from '../c/ast';
import { method, type RExpr } from '../rust/ast';
import type { Expressions } from './expressions';
import { leave, type Local } from './values';

const DEVICE = 'kernel::device::Device';

/** A device that an expression names. */
export interface DeviceValue {
  /** What print macros take: something with `as_ref()`. */
  printed: RExpr;
  /** A reference to it as an argument. */
  argument: RExpr;
  kind: string;
  root: Local | null;
}

/**
 * The device that `e` names, as one of type `kind` (`kernel::device::Device` if null: the `struct device` of any device).
 * @param context what must be known of it: 0 nothing, 1 that it is bound, 2 that its lock is held
 */
export function deviceOf(t: Expressions, e: CExpr, kind: string | null, context: 0 | 1 | 2): DeviceValue {
  if (e.k === 'un' && e.op === '&' && e.of.k === 'field' && e.of.name === 'dev') {
    const inner = e.of.arrow ? e.of.of : null;
    if (inner) {
      const bus = deviceOf(t, inner, '', context);
      if (bus.kind === DEVICE || !t.unit.api.hasDevice(bus.kind)) return leave('it has no device of its own');
      if (kind === DEVICE || kind === null)
        return inUsb(bus) ? leave('its device is ambiguous') : { ...bus, argument: method(bus.printed, 'as_ref'), kind: DEVICE };
      return leave('it is of another type');
    }
  }
  if (e.k === 'un' && e.op === '&' && e.of.k === 'field' && e.of.name === 'dev' && !e.of.arrow && isMdio(e.of.of)) {
    const phy = deviceOf(t, e.of.of.of, 'kernel::net::phy::Device', context);
    if (!t.unit.api.hasDevice(phy.kind)) return leave('it has no device of its own');
    if (context > 0) return leave('it is not known to be bound');
    return kind === DEVICE || kind === null
      ? { ...phy, argument: method(phy.printed, 'as_ref'), kind: DEVICE }
      : leave('it is of another type');
  }
  if (e.k === 'call' && e.callee.k === 'id' && e.callee.name === 'pwmchip_parent')
    return deviceOf(t, { k: 'id', name: 'parent_dev' }, kind, context);
  const local = e.k === 'id' ? t.local(e.name) : undefined;
  if (local?.alias) {
    const { alias } = local;
    return t.deeper(() => deviceOf(t, alias, kind, context));
  }
  const place = t.place(e);
  if (place.type.k !== 'device')
    return leave('it is no device that Rust knows', place.type.k === 'unknown' ? place.type.text : null);
  if (kind !== null && kind !== '' && place.type.kind !== kind) return leave('it is of another type');
  const { root } = place;
  const isVariable = root?.type.k === 'device';
  if (isVariable && context > 0)
    t.later(() => {
      if (root.context < context) root.context = context;
    });
  if (!isVariable && context > 0) return leave('it is not known to be bound');
  const printed = place.e;
  return { printed, argument: isVariable ? place.e : { k: 'un', op: '&', of: place.e }, kind: place.type.kind, root };
}

/** `phydev->mdio`: the part of a PHY's device that holds its `struct device`. */
const isMdio = (e: CExpr): e is CExpr & { k: 'field' } => e.k === 'field' && e.arrow && e.name === 'mdio';

const inUsb = (device: DeviceValue): boolean => device.kind.startsWith('kernel::usb');
