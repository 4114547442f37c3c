import type { CExpr } from '../c/ast';
import { atom, call, method, type RExpr } from '../rust/ast';
import { arguments_ } from './arguments';
import { bitTest } from './bits';
import type { Expressions } from './expressions';
import { typed } from './integers';
import { kernelCall } from './kernel-calls';
import { PURE } from './pure-calls';
import { registerAccess } from './registers';
import type { FunctionInfo } from './unit';
import { leave, type Value } from './values';

/** The value of a call: of a function or macro of the driver, of a pure helper of the kernel, of a wrapped kernel function. */
export function callValue(t: Expressions, name: string, args: readonly CExpr[]): Value {
  const info = t.unit.functions.get(name);
  if (info) return ownValue(t, info, args);
  const expanded = t.expand({ k: 'call', callee: { k: 'id', name }, args: [...args] });
  if (expanded) return t.deeper(() => t.value(expanded));
  const pure = PURE[name];
  if (pure) return pure(t, args, name);
  const io = registerAccess(t, name, args);
  if (io?.type) return typed(io.e, io.type, io.type);
  const bit = bitTest(t, name, args);
  if (bit) return typed(t.truth(bit), 'bool', 'i32');
  const wrapped = kernelCall(t, name, args);
  if (wrapped) {
    const { e, returns } = wrapped;
    if (returns.k === 'result') {
      t.later(() => t.unit.helpers.add('errno'));
      return typed(call('errno', e), 'i32', 'i32');
    }
    if (returns.k === 'result-value') {
      t.later(() => t.unit.helpers.add('value_or_errno'));
      const value: RExpr = returns.of === 'i32' ? e : method(e, 'map', atom('i32::from'));
      return typed(call('value_or_errno', value), 'i32', 'i32');
    }
    if (returns.k === 'value') return typed(e, returns.of, returns.of);
    if (returns.k === 'bool') return typed(e, 'bool', 'i32');
  }
  return leave('no Rust equivalent', name);
}

/** A call of a driver's own function as an expression, whatever it returns. */
export function ownCall(t: Expressions, info: FunctionInfo, args: readonly CExpr[]): RExpr {
  return call(info.rust, ...arguments_(t, info, args));
}

function ownValue(t: Expressions, info: FunctionInfo, args: readonly CExpr[]): Value {
  const { returns } = info;
  switch (returns.k) {
    case 'value':
      return typed(ownCall(t, info, args), returns.of, returns.of);
    case 'bool':
      return typed(ownCall(t, info, args), 'bool', 'i32');
    case 'result': {
      const e = ownCall(t, info, args);
      t.later(() => t.unit.helpers.add('errno'));
      return typed(call('errno', e), 'i32', 'i32');
    }
    case 'result-value': {
      const e = ownCall(t, info, args);
      const helper = returns.of === 'i32' ? 'value_or_errno' : `${returns.of}_or_errno`;
      t.later(() => t.unit.helpers.add(helper));
      return typed(call(helper, e), returns.of, returns.of);
    }
    default:
      return leave(`${info.c.name}() gives back what Rust has not`, info.c.name);
  }
}
