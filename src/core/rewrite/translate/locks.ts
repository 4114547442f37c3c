import { expressionKey, type CExpr, type CStatement, type CType } from '../c/ast';
import type { Expressions } from './expressions';
import { eachExpression, eachPart } from './locals';
import { Untranslatable } from './values';

const PREPARES = /^(?:mutex_init|mutex_destroy|(?:raw_)?spin_lock_init)$/;

/**
 * Whether a call makes, takes or releases a lock of a private structure that Rust's own lock stands for: the structure is behind one
 * mutex, which is held wherever its fields are at hand. A mutex that is taken has to be released in the same function; spin locks
 * are taken where that mutex cannot be, so only making them is covered.
 */
export function impliedLock(t: Expressions, callee: CExpr, args: readonly CExpr[]): boolean {
  // `guard(mutex)(&priv->lock);`
  if (callee.k === 'call')
    return callee.callee.k === 'id' && callee.callee.name === 'guard' && isMutex(callee.args) && isOwn(t, args[0], 'mutex');
  if (callee.k !== 'id') return false;
  const { name } = callee;
  if (name === 'scoped_guard') return args.length === 2 && isMutex(args) && isOwn(t, args[1], 'mutex');
  if (PREPARES.test(name)) return isOwn(t, args[0], name.startsWith('mutex') ? 'mutex' : 'spinlock');
  if (name !== 'mutex_lock' && name !== 'mutex_unlock') return false;
  return args.length === 1 && isOwn(t, args[0], 'mutex') && isPaired(t.info.c.body, args[0]!);
}

const isMutex = ([kind]: readonly CExpr[]): boolean => kind?.k === 'id' && kind.name === 'mutex';

/** Whether `e` is the address of a lock in one of the driver's structures that Rust has at hand. */
function isOwn(t: Expressions, e: CExpr | undefined, kind: 'mutex' | 'spinlock'): boolean {
  if (e?.k !== 'un' || e.op !== '&' || e.of.k !== 'field') return false;
  const { of, name } = e.of;
  try {
    const { type } = t.quiet(() => t.place(of.k === 'un' && of.op === '&' ? of.of : of));
    if ((type.k !== 'ref' && type.k !== 'struct') || !t.unit.program.structs.has(type.name)) return false;
    return t.unit.struct(type.name)!.c.fields.some((field) => field.name === name && lockKind(field.type) === kind);
  } catch (error) {
    if (error instanceof Untranslatable) return false;
    throw error;
  }
}

function lockKind(type: CType): 'mutex' | 'spinlock' | null {
  if (type.k === 'struct' && type.name === 'mutex') return 'mutex';
  return type.k === 'other' && /^(?:raw_)?spinlock_t$/.test(type.name) ? 'spinlock' : null;
}

/** Whether the first that a function does with a lock is to take it, and the last to release it. */
function isPaired(body: readonly CStatement[], lock: CExpr): boolean {
  const key = expressionKey(lock);
  const calls: string[] = [];
  for (const statement of body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'call' && e.callee.k === 'id' && e.args.length === 1 && expressionKey(e.args[0]!) === key)
          calls.push(e.callee.name);
      });
    });
  const locks = calls.filter((name) => name.startsWith('mutex_'));
  return locks[0] === 'mutex_lock' && locks.at(-1) === 'mutex_unlock';
}
