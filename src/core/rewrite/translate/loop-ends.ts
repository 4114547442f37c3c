import type { CExpr } from '../c/ast';
import type { RExpr, RStatement } from '../rust/ast';
import type { Enclosing } from './body';
import { namesIn } from './locals';
import { leave } from './values';

/** A loop whose body could not be translated would never end. */
export function spins(head: CExpr, body: readonly RStatement[], test: RExpr | null): void {
  if (body.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
  stands(head, body);
  if (!test && !exits(body)) leave('what ends it could not be translated');
}

/** Gives up a loop that may run for ever, since what changes a variable of its condition stands in a comment. */
export function stands(head: CExpr, body: readonly RStatement[]): void {
  const left = comments(body).join('\n');
  if (left === '') return;
  for (const name of namesIn(head))
    if (new RegExp(`\\b${name}\\s*(?:\\+\\+|--|[-+*/%|&^]?=(?!=)|<<=|>>=)|(?:\\+\\+|--|&)\\s*${name}\\b`).test(left))
      leave('what it goes on with could not be translated');
}

function comments(body: readonly RStatement[]): string[] {
  return body.flatMap((one) => {
    switch (one.k) {
      case 'comment':
        return one.lines;
      case 'if':
        return [...comments(one.yes), ...comments(one.no ?? [])];
      case 'while':
      case 'loop':
      case 'for':
      case 'block':
        return comments(one.body);
      case 'match':
        return one.arms.flatMap((arm) => comments(arm.body));
      default:
        return [];
    }
  });
}

/** Whether something in `body` leaves the loop. */
export function exits(body: readonly RStatement[]): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'return':
      case 'break':
        return true;
      case 'if':
        return exits(one.yes) || (one.no !== null && exits(one.no));
      case 'block':
        return exits(one.body);
      case 'match':
        return one.arms.some((arm) => exits(arm.body));
      default:
        return false;
    }
  });
}

export const labelOf = (around: Enclosing, body: readonly RStatement[]): string | null =>
  around.breakUsed && breaksTo(body, around.label) ? around.label : null;

function breaksTo(body: readonly RStatement[], label: string): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
        return one.label === label;
      case 'if':
        return breaksTo(one.yes, label) || (one.no !== null && breaksTo(one.no, label));
      case 'block':
      case 'while':
      case 'loop':
      case 'for':
        return breaksTo(one.body, label);
      case 'match':
        return one.arms.some((arm) => breaksTo(arm.body, label));
      default:
        return false;
    }
  });
}
