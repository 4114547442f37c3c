import type { CExpr, CStatement, CType } from '../c/ast';
import type { CProgram } from '../c/program';
import { eachExpression, eachPart } from '../translate/locals';
import { typesOf } from './types';

const LOCK = /^(?:mutex_lock(?:_interruptible|_killable)?|(?:raw_)?spin_lock(?:_irqsave|_irq|_bh)?)$/;
const UNLOCK = /^(?:mutex_unlock|(?:raw_)?spin_unlock(?:_irqrestore|_irq|_bh)?)$/;

/**
 * The fields of `struct` that the functions of a program use between taking its lock `member` and giving it back, in the order of
 * the structure. What guards itself, such as other locks, is left out.
 */
export function protectedFields(program: CProgram, struct: string, member: string): { name: string; type: CType | null }[] {
  const found = new Set<string>();
  for (const c of program.functions.values()) {
    const typeOf = typesOf(program, c);
    const isOwner = (e: CExpr): boolean => {
      const type = typeOf(e);
      const of = type?.k === 'ptr' ? type.to : type;
      return of?.k === 'struct' && of.name === struct;
    };
    let held = false;
    for (const e of inOrder(c.body))
      eachPart(e, (part) => {
        if (part.k === 'call' && part.callee.k === 'id') {
          const lock = part.args[0]?.k === 'un' && part.args[0].op === '&' ? part.args[0].of : null;
          if (lock?.k === 'field' && lock.name === member && isOwner(lock.of)) {
            if (LOCK.test(part.callee.name)) held = true;
            else if (UNLOCK.test(part.callee.name)) held = false;
          }
        }
        if (held && part.k === 'field' && isOwner(part.of)) found.add(part.name);
      });
  }
  const fields = program.structs.get(struct)?.fields ?? [];
  return fields.filter(({ name, type }) => found.has(name) && name !== member && !isItsOwnGuard(type));
}

/** Whether a type synchronises its own accesses, so that no lock has to hold it: locks themselves, counters of references, what is waited for, deferred work. */
const isItsOwnGuard = (type: CType): boolean =>
  (type.k === 'struct' &&
    /^(?:mutex|rw_semaphore|semaphore|kref|completion|(?:delayed_)?work_struct|wait_queue_head)$/.test(type.name)) ||
  (type.k === 'other' && /^(?:(?:raw_)?spinlock_t|rwlock_t|refcount_t|atomic(?:64|_long)?_t|wait_queue_head_t)$/.test(type.name));

/** The expressions of a body in the order of the text. */
function inOrder(body: readonly CStatement[]): CExpr[] {
  const all: CExpr[] = [];
  for (const statement of body) eachExpression(statement, (e) => all.push(e));
  return all;
}
