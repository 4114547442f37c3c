import { expressionKey, type CExpr } from '../c/ast';
import { atom, call, method, type RExpr, type RStatement } from '../rust/ast';
import { assign, undoRead } from './assign';
import { bitAssignment } from './bits';
import { ownCall } from './calls';
import { registerAccess } from './registers';
import type { Body } from './body';
import { deviceOf } from './devices';
import { kernelCall } from './kernel-calls';
import { impliedLock } from './locks';
import { printStatement } from './printing';
import { leave } from './values';
import { ownKeys } from '../../own-keys';

const ignored = (e: RExpr): RStatement => ({ k: 'let', name: '_', mut: false, type: null, init: e });

/** A call as a statement of its own. */
export function effectCall(b: Body, e: CExpr & { k: 'call' }): RStatement[] {
  if (impliedLock(b, e.callee, e.args)) return [];
  if (e.callee.k !== 'id') return leave('it calls through a pointer');
  const { name } = e.callee;
  const own = b.unit.functions.get(name);
  if (own) {
    const text = ownCall(b, own, e.args);
    switch (own.returns.k) {
      case 'result':
      case 'result-value':
        return [ignored(text)];
      case 'builds':
        return leave('it makes the private structure');
      case 'irqreturn':
        return [ignored(text)];
      default:
        return [{ k: 'expr', e: text }];
    }
  }
  const expanded = b.expand(e);
  if (expanded) {
    if (expanded.k !== 'call') return leave('its macro is no call');
    return b.deeper(() => effectCall(b, expanded));
  }
  const printed = printStatement(b, name, e.args);
  if (printed) return printed;
  const io = registerAccess(b, name, e.args);
  if (io) return [{ k: 'expr', e: io.e }];
  const delay = sleep(b, name, e.args);
  if (delay) return [{ k: 'expr', e: delay }];
  const filled = memory(b, name, e.args);
  if (filled) return [{ k: 'expr', e: filled }];
  if (keepsData(b, name, e.args)) return [];
  const divided = divide(b, name, e.args);
  if (divided) return divided;
  const bit = bitAssignment(b, name, e.args);
  if (bit) {
    const out: RStatement[] = [];
    assign(b, { k: 'empty', start: 0, end: 0 }, bit, out);
    return out;
  }
  const wrapped = kernelCall(b, name, e.args);
  if (wrapped)
    return [
      wrapped.returns.k === 'result' || wrapped.returns.k === 'result-value' ? ignored(wrapped.e) : { k: 'expr', e: wrapped.e },
    ];
  return leave('no Rust equivalent', name);
}

const SLEEPS: Record<string, ['fsleep' | 'udelay', 'from_micros' | 'from_millis']> = ownKeys({
  msleep: ['fsleep', 'from_millis'],
  usleep_range: ['fsleep', 'from_micros'],
  fsleep: ['fsleep', 'from_micros'],
  udelay: ['udelay', 'from_micros'],
});

function sleep(b: Body, name: string, args: readonly CExpr[]): RExpr | undefined {
  const how = SLEEPS[name];
  if (!how || args.length === 0) return undefined;
  const path = `kernel::time::delay::${how[0]}`;
  if (!b.unit.api.catalogue.hasItem(path) || !b.unit.api.catalogue.hasItem(`kernel::time::Delta::${how[1]}`))
    return leave('no Rust equivalent', name);
  const amount = b.int(args[0]!, 'i64');
  b.later(() => {
    b.unit.use(path);
    b.unit.use('kernel::time::Delta');
  });
  return call(how[0], call(`Delta::${how[1]}`, amount));
}

/** Whether a call hands the private structure that this probe makes to its device: Rust's bus does so with what probe gives back. */
function keepsData(b: Body, name: string, args: readonly CExpr[]): boolean {
  if (!/^(?:(?:platform|pci|dev|auxiliary|serdev_device)_set_drvdata|i2c_set_clientdata|usb_set_intfdata)$/.test(name))
    return false;
  const [, data] = args;
  return b.info.returns.k === 'builds' && b.made !== null && data?.k === 'id' && b.local(data.name) === b.made;
}

/** `do_div(x, y);` whose remainder nobody wants: `x` is of 64 bits, `y` of 32. */
function divide(b: Body, name: string, args: readonly CExpr[]): RStatement[] | undefined {
  const [over, by] = args;
  if (name !== 'do_div' || !over || !by || args.length !== 2) return undefined;
  const place = b.place(over);
  if (place.type.k !== 'int' || place.type.of !== 'u64') return leave('it divides something narrower in place', name);
  const r = b.value({ k: 'cast', type: { k: 'int', of: 'u32' }, of: by });
  undoRead(b, place.root);
  b.change(place);
  const divisor = r.known !== null && r.known > 0n ? b.int(by, 'u64') : call('u64::from', b.typedInt(by, 'u32'));
  return [{ k: 'assign', op: '/=', l: place.e, r: divisor }];
}

/** memset() to zero of an array, memcpy() between arrays. */
function memory(b: Body, name: string, args: readonly CExpr[]): RExpr | undefined {
  if (name === 'memset' && args.length === 3) {
    const value = b.unit.constants.evaluate(args[1]!);
    const place = b.place(args[0]!);
    if (value?.value !== 0n || place.type.k !== 'array' || place.type.of.k !== 'int' || !isWhole(args[2]!, args[0]!))
      return leave('it fills more than an array', name);
    b.change(place);
    return method(place.e, 'fill', atom('0'));
  }
  return undefined;
}

function isWhole(size: CExpr, of: CExpr): boolean {
  return size.k === 'sizeof' && size.of !== null && expressionKey(size.of) === expressionKey(of);
}

/** Whether a function maps registers of its device. */
export const mapCall = (name: string): boolean =>
  name === 'devm_platform_ioremap_resource' || name === 'devm_platform_ioremap_resource_byname' || name === 'pcim_iomap_region';

/** The mapping of a device's registers as a value that is `?`-checked. */
export function mapRegisters(b: Body, e: CExpr): RExpr {
  if (e.k === 'id' || e.k === 'field') {
    const place = b.place(e);
    if (place.type.k === 'registers') return method(place.e, 'clone');
  }
  if (e.k !== 'call' || e.callee.k !== 'id' || !mapCall(e.callee.name))
    return leave('it is no mapping that Rust has', e.k === 'call' && e.callee.k === 'id' ? e.callee.name : null);
  const { name } = e.callee;
  const { catalogue } = b.unit.api;
  const pci = name.startsWith('pcim');
  const helper = pci ? 'map-pci' : 'map-platform';
  const method_ = pci
    ? 'kernel::pci::Device::iomap_region'
    : name.endsWith('byname')
      ? 'kernel::platform::Device::io_request_by_name'
      : 'kernel::platform::Device::io_request_by_index';
  if (!catalogue.hasItem(method_) || (!pci && !catalogue.hasItem('kernel::io::mem::ExclusiveIoMem::into_devres')))
    return leave('no Rust equivalent', name);
  if (b.unit.mapping === (pci ? 'platform' : 'pci')) return leave('registers of two buses', name);
  const device = deviceOf(b, e.args[0]!, pci ? 'kernel::pci::Device' : 'kernel::platform::Device', 1);
  b.later(() => {
    b.unit.helpers.add('registers');
    b.unit.helpers.add(helper);
    b.unit.mapping = pci ? 'pci' : 'platform';
  });
  const own = method_.slice(method_.lastIndexOf('::') + 2);
  if (pci) {
    const label = e.args[2];
    const text = label?.k === 'str' && /^[ -~]*$/.test(label.text) ? `c"${label.text}"` : 'MODULE_NAME';
    if (text === 'MODULE_NAME') return leave('its name is not known here', name);
    return {
      k: 'try',
      of: call('Registers::map', { k: 'try', of: method(device.printed, own, b.int(e.args[1]!, 'u32'), atom(text)) }),
    };
  }
  const which = name.endsWith('byname') ? nameArgument(e.args[1]) : b.int(e.args[1]!, 'u32');
  return { k: 'try', of: call('Registers::map', method(device.printed, own, which)) };
}

function nameArgument(e: CExpr | undefined): RExpr {
  if (e?.k === 'str' && /^[ -~]*$/.test(e.text) && !/[\\"]/.test(e.text)) return atom(`c"${e.text}"`);
  return leave('its name is not known here');
}
