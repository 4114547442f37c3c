import type { RStatement } from '../rust/ast';

/** Whether something leaves the block `label`. */
export function uses(body: readonly RStatement[], label: string): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
      case 'continue':
        return one.label === label;
      case 'if':
        return uses(one.yes, label) || (one.no !== null && uses(one.no, label));
      case 'while':
      case 'loop':
      case 'for':
      case 'block':
        return uses(one.body, label);
      case 'match':
        return one.arms.some((arm) => uses(arm.body, label));
      default:
        return false;
    }
  });
}

/** Whether control never comes to what follows `list`. */
export function diverges(list: readonly RStatement[]): boolean {
  const last = [...list].reverse().find(({ k }) => k !== 'comment' && k !== 'blank');
  switch (last?.k) {
    case 'return':
    case 'break':
    case 'continue':
      return true;
    case 'if':
      return last.no !== null && diverges(last.yes) && diverges(last.no);
    case 'match':
      return last.arms.length > 0 && last.arms.every((arm) => diverges(arm.body));
    case 'block':
      return diverges(last.body) && (last.label === null || !uses(last.body, last.label));
    case 'loop':
      return !leavesLoop(last.body, last.label);
    default:
      return false;
  }
}

/** Whether a `break` in `body`, the body of a loop with this label, leaves the loop. */
function leavesLoop(body: readonly RStatement[], label: string | null): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
        return one.label === null || one.label === label;
      case 'if':
        return leavesLoop(one.yes, label) || (one.no !== null && leavesLoop(one.no, label));
      case 'block':
        return leavesLoop(one.body, label);
      case 'match':
        return one.arms.some((arm) => leavesLoop(arm.body, label));
      case 'while':
      case 'loop':
      case 'for':
        return label !== null && uses(one.body, label);
      default:
        return false;
    }
  });
}
