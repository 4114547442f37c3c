import type { CExpr } from '../c/ast';
import { call } from '../rust/ast';
import { registerAccess } from './registers';
import type { Expressions } from './expressions';
import { convert, typed } from './integers';
import type { WrappedCall } from './kernel-calls';
import { mentions } from './locals';
import { leave } from './values';

/** readl_poll_timeout() and its sisters, with a time limit that is known; undefined if it is something else. */
export function pollCall(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const width = /^read([bwlq])(?:_relaxed)?_poll_timeout$/.exec(name)?.[1];
  if (width === undefined || !t.unit.api.catalogue.hasItem('kernel::io::poll::read_poll_timeout')) return undefined;
  const [address, value, until, sleep, timeout] = args;
  if (!address || !until || !sleep || !timeout || args.length !== 5) return leave('it has an unusual number of arguments');
  const limit = t.unit.constants.evaluate(timeout);
  // Without a limit C waits for ever.
  if (!limit || limit.value <= 0n) return leave('its time limit is computed at run time', name);
  const local = value?.k === 'id' ? t.local(value.name) : undefined;
  if (local?.type.k !== 'int' || local.alias || local.unknown) return leave('what it reads into is no variable', name);
  if (!mentions(until, local.name)) return leave('its condition does not look at what it reads', name);
  const { of } = local.type;
  const { before } = t;
  // What stands before the statement would be read once, not each time round.
  t.before = null;
  const read = registerAccess(t, `read${width}`, [address])!;
  const done = t.truth(until);
  t.before = before;
  t.change({ e: t.name(local), type: local.type, root: local, constant: false });
  t.later(() => {
    t.unit.helpers.add('poll');
  });
  const e = call(
    'poll',
    { k: 'un', op: '&mut ', of: t.name(local) },
    { k: 'closure', head: '||', body: convert(typed(read.e, read.type!, read.type!), of) },
    { k: 'closure', head: `|${local.rust}|`, body: done },
    t.int(sleep, 'i64'),
    t.int(timeout, 'i64'),
  );
  return { e, returns: { k: 'result' } };
}
