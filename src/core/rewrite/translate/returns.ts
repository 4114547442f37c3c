import type { CExpr } from '../c/ast';
import { atom, call, method, type RExpr, type RStatement } from '../rust/ast';
import { hasEffect } from './arguments';
import { ownCall } from './calls';
import type { Body } from './body';
import { convert, typed } from './integers';
import { kernelCall } from './kernel-calls';
import type { Returns } from './unit';
import { leave } from './values';

const OK = call('Ok', atom('()'));

/** `Ok(priv_)`: what a probe that makes the private structure gives back. */
function made(b: Body): RExpr {
  const { made: local } = b;
  if (!local) return leave('it succeeds before the private structure is made');
  b.later(() => {
    local.reads++;
  });
  return call('Ok', b.name(local));
}

/** The error constant that `-ENODEV` names, if this kernel's Rust has it. */
export function errorCode(b: Body, e: CExpr): string | undefined {
  if (e.k !== 'un' || e.op !== '-' || e.of.k !== 'id') return undefined;
  const { name } = e.of;
  if (!/^E[A-Z0-9]+$/.test(name) || b.unit.constants.named(name)) return undefined;
  return b.unit.api.catalogue.hasItem(`kernel::error::code::${name}`)
    ? name
    : leave("this kernel's Rust has no such error code", name);
}

/** What a `return` gives back, in the type that the function has in Rust. */
export function returned(b: Body, e: CExpr | null): RExpr | null {
  const { returns } = b.info;
  if (returns.k === 'unit' || returns.k === 'none') {
    if (e && returns.k === 'none') return leave('the function gives back what Rust has not');
    return e ? leave('it returns a value') : null;
  }
  if (!e) return leave('it returns nothing');
  switch (returns.k) {
    case 'value':
      return b.int(e, returns.of);
    case 'bool':
      return b.truth(e);
    case 'irqreturn':
      return irqReturn(b, e);
    default:
      return result(b, e, returns);
  }
}

function result(b: Body, e: CExpr, returns: Returns): RExpr {
  const code = errorCode(b, e);
  if (code !== undefined) return call('Err', atom(code));
  const known = b.unit.constants.evaluate(e);
  if (known && e.k !== 'id') {
    if (known.value < 0n) return call('Err', call('Error::from_errno', b.int(e, 'i32')));
    if (returns.k === 'result-value') return call('Ok', b.int(e, returns.of));
    if (known.value > 0n) return leave('it returns a positive value as success');
    return returns.k === 'builds' ? made(b) : OK;
  }
  if (e.k === 'cond') {
    const test = b.truth(e.test);
    return { k: 'if', test, yes: result(b, e.yes, returns), no: result(b, e.no, returns) };
  }
  if (e.k === 'id' && b.failed.includes(e.name)) return call('Err', call('Error::from_errno', b.int(e, 'i32')));
  const direct = directResult(b, e);
  if (direct) {
    if (returns.k === direct.k) return direct.e;
    if (returns.k === 'result') return method(direct.e, 'map', atom('|_| ()'));
    if (returns.k === 'builds')
      return method(direct.e, 'map', { k: 'closure', head: direct.k === 'result' ? '|()|' : '|_|', body: madeValue(b) });
    if (direct.k === 'result' && returns.k === 'result-value') return method(direct.e, 'map', atom('|()| 0'));
  }
  b.later(() => {
    b.unit.use('kernel::error::to_result');
  });
  if (returns.k === 'result-value') {
    const { of } = returns;
    // What does something is computed once.
    const once = hasEffect(e) ? b.hoist(b.int(e, of), of) : null;
    const code = once ? convert(typed(once, of, of), 'i32') : b.int(e, 'i32');
    return method(call('to_result', code), 'map', { k: 'closure', head: '|()|', body: once ?? b.int(e, of) });
  }
  const checked = call('to_result', b.int(e, 'i32'));
  if (returns.k === 'result') return checked;
  if (returns.k === 'builds') return method(checked, 'map', { k: 'closure', head: '|()|', body: madeValue(b) });
  return leave('its value has no Rust type');
}

function madeValue(b: Body): RExpr {
  const ok = made(b);
  return ok.k === 'call' ? ok.args[0]! : ok;
}

/** A call that gives a `Result` in Rust. */
export function directResult(b: Body, e: CExpr): { e: RExpr; k: 'result' | 'result-value'; narrow: boolean } | undefined {
  if (e.k !== 'call' || e.callee.k !== 'id') return undefined;
  const own = b.unit.functions.get(e.callee.name);
  if (own) {
    const { returns } = own;
    if (returns.k !== 'result' && returns.k !== 'result-value') return undefined;
    return { e: ownCall(b, own, e.args), k: returns.k, narrow: returns.k === 'result-value' && returns.of !== 'i32' };
  }
  const expanded = b.expand(e);
  if (expanded) return b.deeper(() => directResult(b, expanded));
  const wrapped = kernelCall(b, e.callee.name, e.args);
  if (wrapped?.returns.k !== 'result' && wrapped?.returns.k !== 'result-value') return undefined;
  const { returns } = wrapped;
  if (returns.k === 'result-value' && returns.of !== 'i32')
    return { e: method(wrapped.e, 'map', atom('i32::from')), k: returns.k, narrow: false };
  return { e: wrapped.e, k: returns.k, narrow: false };
}

/** IRQ_HANDLED and the like as a value. */
export function irqReturn(b: Body, e: CExpr): RExpr {
  if (e.k === 'id' && (e.name === 'IRQ_HANDLED' || e.name === 'IRQ_NONE')) {
    b.later(() => {
      b.unit.use('kernel::irq::IrqReturn');
    });
    return atom(e.name === 'IRQ_NONE' ? 'IrqReturn::None' : 'IrqReturn::Handled');
  }
  if (e.k === 'cond') return { k: 'if', test: b.truth(e.test), yes: irqReturn(b, e.yes), no: irqReturn(b, e.no) };
  if (e.k === 'call' && e.callee.k === 'id' && e.callee.name === 'IRQ_RETVAL' && e.args.length === 1) {
    b.later(() => {
      b.unit.use('kernel::irq::IrqReturn');
    });
    return { k: 'if', test: b.truth(e.args[0]!), yes: atom('IrqReturn::Handled'), no: atom('IrqReturn::None') };
  }
  if (e.k === 'call' && e.callee.k === 'id') {
    const own = b.unit.functions.get(e.callee.name);
    if (own?.returns.k === 'irqreturn') return ownCall(b, own, e.args);
  }
  if (e.k === 'id') {
    const place = b.place(e);
    if (place.type.k === 'irqreturn') return place.e;
  }
  return leave('it is no IrqReturn that Rust has', e.k === 'id' ? e.name : null);
}

/** Says that a value is not what C has. */
export const STAND_IN = 'Stands in for what is left in C.';

/** What a function gives back where its C text could not be translated. */
export function placeholder(b: Body, returns: Returns): RStatement | null {
  const stand = (e: RExpr): RStatement => ({ k: 'return', e, note: STAND_IN });
  switch (returns.k) {
    case 'unit':
    case 'none':
      return null;
    case 'value':
      return stand(atom('0'));
    case 'bool':
      return stand(atom('false'));
    case 'irqreturn':
      b.unit.use('kernel::irq::IrqReturn');
      return stand(atom('IrqReturn::None'));
    default:
      return stand(call('Err', atom('ENOTSUPP')));
  }
}
