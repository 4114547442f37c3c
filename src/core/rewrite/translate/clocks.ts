import type { CExpr } from '../c/ast';
import { stringOf } from '../c/program';
import { atom, call, method, type RExpr } from '../rust/ast';
import { deviceOf } from './devices';
import type { Expressions } from './expressions';
import type { WrappedCall } from './kernel-calls';
import { leave } from './values';
import { ownKeys } from '../../own-keys';

/** Functions on a clock, by the method of `kernel::clk::Clk`, and what they give; each does nothing and succeeds on NULL. */
const CALLS: Record<string, [method: string, returns: 'unit' | 'result' | 'rate']> = ownKeys({
  clk_prepare: ['prepare', 'result'],
  clk_enable: ['enable', 'result'],
  clk_prepare_enable: ['prepare_enable', 'result'],
  clk_disable: ['disable', 'unit'],
  clk_unprepare: ['unprepare', 'unit'],
  clk_disable_unprepare: ['disable_unprepare', 'unit'],
  clk_get_rate: ['rate', 'rate'],
  clk_set_rate: ['set_rate', 'result'],
});

/** Whether a function gets a clock that goes with the device's private data. */
export const clockGetter = (name: string): boolean => name === 'devm_clk_get';

/** A function on a clock, as the method of the candidate's `Clock`; undefined if it is none that this kernel has. */
export function clockCall(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const known = CALLS[name];
  const [clock, rate] = args;
  if (!known || !clock || t.unit.api.signatureOf(`kernel::clk::Clk::${known[0]}`) === undefined) return undefined;
  if (args.length !== (known[0] === 'set_rate' ? 2 : 1)) return undefined;
  const place = t.place(clock);
  if (place.type.k !== 'clock') return leave('it is no clock that Rust has', name);
  const value = known[0] === 'set_rate' ? [t.int(rate!, 'usize')] : [];
  t.later(() => {
    t.unit.helpers.add('clock');
    t.unit.helpers.add(`clock_${known[0]}`);
  });
  const returns: WrappedCall['returns'] =
    known[1] === 'rate' ? { k: 'value', of: 'usize' } : known[1] === 'unit' ? { k: 'unit' } : { k: 'result' };
  return { e: method(place.e, known[0], ...value), returns };
}

/** devm_clk_get() as a value with `?`. */
export function getClock(t: Expressions, e: CExpr): RExpr {
  if (e.k !== 'call' || e.args.length !== 2) return leave('it gets no clock that Rust has');
  const device = deviceOf(t, e.args[0]!, 'kernel::device::Device', 0);
  const id = e.args[1]!;
  const name = stringOf(t.unit.program, id);
  let which: RExpr = atom('None');
  if (name !== null && /^[ !#-[\]-~]+$/.test(name)) which = call('Some', atom(`c"${name}"`));
  else if (id.k !== 'id' || id.name !== 'NULL') leave('the name of the clock is not known here', 'devm_clk_get');
  t.later(() => {
    t.unit.helpers.add('clock');
    t.unit.helpers.add('clock_get');
  });
  return { k: 'try', of: call('Clock::get', device.argument, which) };
}
