import type { CExpr } from '../c/ast';
import { atom, call, type RExpr, type RStatement } from '../rust/ast';
import { oneLine } from '../rust/print';
import type { Body } from './body';
import { hasEffect } from './arguments';
import { deviceOf, type DeviceValue } from './devices';
import { translateFormat } from './format';
import { explicit } from './integers';
import { errorCode, returned } from './returns';
import { leave } from './values';

const PHY = 'kernel::net::phy::Device';
const LEVELS = new Set(['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'dbg', 'debug']);

/** dev_err(), pr_info() and the like; undefined if it is no printing function. */
export function printStatement(b: Body, name: string, args: readonly CExpr[]): RStatement[] | undefined {
  const match = /^(dev|pr|phydev)_([a-z]+)$/.exec(name);
  if (!match || !LEVELS.has(match[2]!)) return undefined;
  // Where a kernel's Rust has PHY devices without their `struct device`, their messages carry the module's name alone.
  const phy = match[1] === 'phydev' && !b.unit.api.hasDevice(PHY);
  const macro = name === 'pr_warning' ? 'pr_warn' : name.replace(/^phydev/, phy ? 'pr' : 'dev');
  if (!b.unit.api.catalogue.hasItem(`kernel::${macro}`)) return leave('no Rust equivalent', name);
  if (match[1] === 'pr' || phy) {
    const [format, ...rest] = phy ? args.slice(1) : args;
    return [{ k: 'expr', e: { k: 'macro', name: macro, args: formatted(b, format, rest, '') } }];
  }
  const [device, format, ...rest] = args;
  if (!device) return leave('it has an unusual number of arguments');
  const to = printedDevice(b, device);
  return [{ k: 'expr', e: { k: 'macro', name: macro, args: [to, ...formatted(b, format, rest, '')] } }];
}

/** A device as the print macros take it. */
function printedDevice(b: Body, e: CExpr): RExpr {
  const local = e.k === 'id' ? b.local(e.name) : undefined;
  if (local?.alias) {
    const { alias } = local;
    return b.deeper(() => printedDevice(b, alias));
  }
  if (e.k === 'un' && e.op === '&' && e.of.k === 'field' && e.of.name === 'dev' && e.of.arrow) {
    const inner = e.of.of;
    const bus = deviceOf(b, inner, '', 0);
    return forPrint(b, bus);
  }
  return forPrint(b, deviceOf(b, e, '', 0));
}

function forPrint(b: Body, device: DeviceValue): RExpr {
  if (device.kind.startsWith('kernel::usb::Interface')) {
    b.later(() => b.unit.helpers.add('interface_device'));
    return call('interface_device', device.argument);
  }
  if (device.kind.startsWith('kernel::usb')) return leave('its device is ambiguous');
  if (!b.unit.api.hasDevice(device.kind)) return leave('it has no struct device in Rust');
  return device.printed;
}

/** The format string and its arguments. */
function formatted(b: Body, format: CExpr | undefined, args: readonly CExpr[], prefix: string): RExpr[] {
  if (format?.k !== 'str') return leave('its format is no literal');
  const { text, conversions } = translateFormat(format.text);
  if (conversions.length !== args.length) return leave('its format and arguments do not fit');
  let out = text;
  const values: RExpr[] = [];
  conversions.forEach((conversion, i) => {
    const arg = args[i]!;
    if (conversion.kind === 'string') {
      const string = stringArgument(b, arg);
      // A literal goes into the format itself.
      out = replaceNth(out, values.length, string);
      return;
    }
    values.push(numberArgument(b, arg, conversion.kind));
  });
  return [atom(`"${prefix}${out}"`), ...values];
}

/** Replaces the conversion after `n` others by a text. */
function replaceNth(format: string, n: number, text: string): string {
  let count = 0;
  return format.replace(/\{\{|\}\}|\{[^{}]*\}/g, (found) => {
    if (found === '{{' || found === '}}') return found;
    return count++ === n ? text : found;
  });
}

function stringArgument(b: Body, e: CExpr): string {
  if (e.k === 'id' && (e.name === '__func__' || e.name === '__FUNCTION__')) return b.info.c.name;
  if (e.k === 'str' && !/[\\%]/.test(e.text)) return e.text.replace(/[{}]/g, '$&$&');
  if (e.k === 'id' && e.name === 'KBUILD_MODNAME') return leave('the name of the module');
  return leave('it prints a string that Rust does not have');
}

function numberArgument(b: Body, e: CExpr, kind: 'integer' | 'character' | 'error'): RExpr {
  if (kind === 'error') {
    if (e.k === 'call' && e.callee.k === 'id' && e.callee.name === 'ERR_PTR' && e.args.length === 1)
      return call('Error::from_errno', b.int(e.args[0]!, 'i32'));
    return leave('it prints the error of a pointer');
  }
  const value = b.value(e);
  if (kind === 'character') return call('char::from', b.int(e, 'u8'));
  const text = value.type === 'bool' ? call('i32::from', value.e) : value.type === 'literal' ? explicit(value, value.c) : value.e;
  const calls = hasEffect(e) && b.touched.size > 0;
  // The print macros take an argument with `=` or braces for something else.
  if (!calls && !/[={]/.test(oneLine(text) ?? '=')) return text;
  return b.hoist(text, value.type === 'literal' || value.type === 'bool' ? 'i32' : value.type);
}

/**
 * `return dev_err_probe(dev, error, …);`: prints, except where the probe is deferred or memory is short, and returns the error.
 * Undefined if `e` is no such call.
 */
export function printedReturn(b: Body, e: CExpr): RStatement[] | undefined {
  if (e.k !== 'call' || e.callee.k !== 'id' || e.callee.name !== 'dev_err_probe') return undefined;
  const [device, error, format, ...rest] = e.args;
  if (!device || !error || !b.unit.api.catalogue.hasItem('kernel::dev_err'))
    return leave('it has an unusual number of arguments');
  const to = printedDevice(b, device);
  const result = returned(b, error);
  const code = errorCode(b, error);
  const print = (value: RExpr): RStatement => {
    const [text, ...values] = formatted(b, format, rest, 'error {:?}: ');
    return { k: 'expr', e: { k: 'macro', name: 'dev_err', args: [to, text!, value, ...values] } };
  };
  if (code !== undefined) {
    const silent = code === 'EPROBE_DEFER' || code === 'ENOMEM';
    return silent ? [{ k: 'return', e: result }] : [print(atom(code)), { k: 'return', e: result }];
  }
  if (error.k !== 'id' || !b.failed.includes(error.name)) return leave('its error is computed', 'dev_err_probe');
  const name = [...b.visible()].some(({ rust }) => rust === 'error') ? 'failure' : 'error';
  const deferred: RExpr = { k: 'bin', op: '!=', l: atom(name), r: atom('EPROBE_DEFER') };
  const short: RExpr = { k: 'bin', op: '!=', l: atom(name), r: atom('ENOMEM') };
  return [
    { k: 'let', name, mut: false, type: null, init: call('Error::from_errno', b.int(error, 'i32')) },
    { k: 'if', test: { k: 'bin', op: '&&', l: deferred, r: short }, yes: [print(atom(name))], no: null },
    { k: 'return', e: call('Err', atom(name)) },
  ];
}
