import type { CExpr, CVariable } from '../c/ast';
import { PARENT } from './parameters';
import type { Body } from './body';
import { address } from './registers';
import { deviceOf } from './devices';
import { assignments, eachPart, namesIn } from './locals';
import { isNode } from './properties';
import { Untranslatable } from './values';

/**
 * Lets `name` stand for what a pointer to it names anyway, for the rest of the block, if that stays the same.
 * @returns whether it does
 */
export function alias(b: Body, name: string, type: CVariable['type'], init: CExpr): boolean {
  if (assignments(b.rest, name) > 0) return false;
  const e = stripped(init);
  if (!nameable(b, e)) return false;
  for (const used of namesIn(e)) if (used === name || assignments(b.rest, used) > 0) return false;
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
  const local = b.declare({ name, type, init: null, isStatic: false }, wanted);
  local.alias = e;
  local.declared = true;
  return true;
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
