import type { CExpr } from '../c/ast';
import type { RExpr, RStatement } from '../rust/ast';
import type { Enclosing } from './body';
import { namesIn } from './locals';
import { leave } from './values';
import { diverges } from './control';
import { overlap, placesChanged, placesRead } from '../rust/uses';

/** A loop whose body could not be translated would never end, or never begin again. */
export function spins(head: CExpr, body: readonly RStatement[], test: RExpr | null): void {
  if (body.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
  stands(head, body);
  if (test ? idles(test, body) : !exits(body)) leave('what ends it could not be translated');
  runsOnce(body);
}

/** Gives up a loop that always ends the first time, since what makes it go on stands in a comment. */
export function runsOnce(body: readonly RStatement[]): void {
  if (comments(body).length > 0 && diverges(body) && !goesOn(body)) leave('what makes it go on could not be translated');
}

/** Whether a `continue` in `body` is for the loop around it. */
function goesOn(body: readonly RStatement[]): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'continue':
        return true;
      case 'if':
        return goesOn(one.yes) || (one.no !== null && goesOn(one.no));
      case 'block':
        return one.label !== null || goesOn(one.body);
      case 'match':
        return one.arms.some((arm) => goesOn(arm.body));
      default:
        return false;
    }
  });
}

/** Whether a loop's condition reads only variables, none of which its body changes, and nothing leaves it. */
export function idles(test: RExpr, body: readonly RStatement[]): boolean {
  if (calls(test) || exits(body)) return false;
  const changed = placesChanged(body);
  return !placesRead(test).some((read) => changed.some((place) => overlap(read, place)));
}

/** Whether an expression does more than to read variables. */
function calls(e: RExpr): boolean {
  switch (e.k) {
    case 'atom':
      return /[(!]/.test(e.text);
    case 'bin':
      return calls(e.l) || calls(e.r);
    case 'index':
      return calls(e.of) || calls(e.at);
    case 'field':
    case 'un':
    case 'cast':
      return calls(e.of);
    default:
      return true;
  }
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
