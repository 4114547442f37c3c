import type { CExpr, CStatement, CVariable } from '../c/ast';
import type { RStatement } from '../rust/ast';
import { PARENT } from './parameters';
import { eachStatement } from './analysis';
import type { Body } from './body';
import { address } from './registers';
import { deviceOf } from './devices';
import { assignments, eachPart, mentions, namesIn, statementMentions } from './locals';
import { isNode } from './properties';
import { Untranslatable, type Local } from './values';

/**
 * Lets `name` stand for what a pointer to it names anyway, for the rest of the block, if that stays the same.
 * @returns whether it does
 */
export function alias(
  b: Body,
  name: string,
  type: CVariable['type'],
  init: CExpr,
  rest: readonly CStatement[] = b.rest,
  scope?: Local,
): boolean {
  if (assignments(rest, name) > 0) return false;
  const e = stripped(init);
  if (!nameable(b, e)) return false;
  for (const used of namesIn(e)) if (used === name || assignments(rest, used) > 0) return false;
  const wanted = b.unit.varType(type, true);
  const node = type.k === 'ptr' && type.to.k === 'struct' && type.to.name === 'device_node';
  const fits = node
    ? isNode(b, e)
    : ((): boolean => {
        try {
          return b.quiet(() => {
            switch (wanted.k) {
              case 'device':
                deviceOf(b, e, wanted.kind, 0);
                return true;
              case 'clock':
                return (e.k === 'un' ? b.place(e.of) : b.place(e)).type.k === 'clock';
              case 'registers':
                address(b, e);
                return true;
              case 'ref': {
                const place = e.k === 'un' ? b.place(e.of) : b.place(e);
                return (place.type.k === 'ref' || place.type.k === 'struct') && place.type.name === wanted.name;
              }
              case 'slice': {
                const place = b.place(e);
                return (
                  (place.type.k === 'array' || place.type.k === 'slice') &&
                  place.type.of.k === 'int' &&
                  wanted.of.k === 'int' &&
                  place.type.of.of === wanted.of.of
                );
              }
              default:
                return false;
            }
          });
        } catch (error) {
          if (error instanceof Untranslatable) return false;
          throw error;
        }
      })();
  if (!fits) return false;
  const local = b.declare({ name, type, init: null, isStatic: false }, wanted, scope);
  local.alias = e;
  local.declared = true;
  return true;
}

/** The same for an assignment of a variable that has been declared before: what is wanted after the block stays in C as well. */
export function aliasAssigned(b: Body, statement: CStatement, local: Local, value: CExpr, out: RStatement[]): boolean {
  const { name, ctype } = local;
  if (b.isInnermost(local) || !outlives(b, statement, name)) return alias(b, name, ctype, value);
  // The block of C goes on behind one that only a label makes: so does what the pointer stands for.
  const rest = declaredBeside(b.info.c.body, statement, name);
  if (rest && assignments(b.info.c.body, name) === 1) return alias(b, name, ctype, value, rest, local);
  if (!alias(b, name, ctype, value)) return false;
  b.leave(statement, new Untranslatable('what it names is used after this block'), out);
  b.later(() => {
    b.counts.translated--;
  });
  return true;
}

/** The statements after `statement`, if the block that it stands in declares `name`, without a value. */
function declaredBeside(body: readonly CStatement[], statement: CStatement, name: string): readonly CStatement[] | null {
  let rest: readonly CStatement[] | null = null;
  const look = (list: readonly CStatement[]): void => {
    const at = list.findIndex(({ start, end }) => start === statement.start && end === statement.end);
    const declares = list
      .slice(0, Math.max(0, at))
      .some((one) => one.k === 'decl' && one.variables.some((variable) => variable.name === name && !variable.init));
    if (declares) rest = list.slice(at + 1);
  };
  look(body);
  eachStatement(body, (one) => {
    if (one.k === 'block') look(one.body);
  });
  return rest;
}

/** Whether what `statement` assigns to `name` is still read after the block that it stands in. */
function outlives(b: Body, statement: CStatement, name: string): boolean {
  const own = new Set<CStatement>(b.rest);
  const visit = (list: readonly CStatement[]): boolean => {
    const at = list.findIndex(({ start, end }) => start <= statement.start && end >= statement.end);
    const found = list[at];
    if (!found) return false;
    const after = list.slice(at + 1).filter((one) => !own.has(one));
    const inner = insideOf(found);
    return inner.some(visit) || (inner.length > 0 && mentionsAgain(found, name)) || firstUse(after, name) === 'read';
  };
  return visit(b.info.c.body);
}

/** The blocks that a statement is made of. */
function insideOf(one: CStatement): CStatement[][] {
  switch (one.k) {
    case 'block':
      return [one.body];
    case 'label':
      return one.body ? [[one.body]] : [];
    case 'if':
      return one.no ? [[one.yes], [one.no]] : [[one.yes]];
    case 'switch':
      return one.cases.map(({ body }) => body);
    case 'while':
    case 'do':
    case 'for':
      return [[one.body]];
    default:
      return [];
  }
}

/** Whether a loop comes back to what reads `name`. */
function mentionsAgain(one: CStatement, name: string): boolean {
  if (one.k !== 'while' && one.k !== 'do' && one.k !== 'for') return false;
  const heads = one.k === 'for' ? [one.test, one.update] : [one.test];
  return heads.some((e) => e !== null && mentions(e, name)) || firstUse([one.body], name) === 'read';
}

/** Whether statements read `name` before they assign it, as far as their order tells. */
function firstUse(list: readonly CStatement[], name: string): 'read' | 'assigned' | 'none' {
  for (const one of list) {
    if (!statementMentions(one, name)) continue;
    if (one.k === 'expr' && one.e.k === 'assign' && one.e.op === '=' && one.e.l.k === 'id' && one.e.l.name === name)
      return mentions(one.e.r, name) ? 'read' : 'assigned';
    const heads =
      one.k === 'if' || one.k === 'while' || one.k === 'do'
        ? [one.test]
        : one.k === 'switch'
          ? [one.on]
          : one.k === 'for'
            ? [one.test, one.update]
            : [];
    const inner = insideOf(one);
    if (inner.length === 0 || heads.some((e) => e !== null && mentions(e, name))) return 'read';
    const uses = inner.map((part) => firstUse(part, name));
    if (uses.includes('read')) return 'read';
    if ((one.k === 'block' || one.k === 'label') && uses[0] === 'assigned') return 'assigned';
  }
  return 'none';
}

function stripped(e: CExpr): CExpr {
  return e.k === 'cast' && e.type.k === 'ptr' ? stripped(e.of) : e;
}

/** Whether an expression only names a place: no calls, no assignments. */
function nameable(b: Body, e: CExpr): boolean {
  const others: CExpr[] = [];
  eachPart(e, (part) => {
    if (part.k === 'assign' || part.k === 'step' || part.k === 'bad' || part.k === 'cond') others.push(part);
    const parent = part.k === 'call' && part.callee.k === 'id' && part.callee.name === PARENT;
    if (part.k === 'call' && !parent && !b.expand(part)) others.push(part);
  });
  return others.length === 0 && e.k !== 'num';
}
