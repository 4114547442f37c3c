import type { RStatement } from '../rust/ast';
import { diverges } from './control';

/**
 * A translated body as Rust takes it: what follows a statement that never ends goes, and a jump that must cross a labelled block
 * names its loop.
 */
export function tidy(body: readonly RStatement[]): RStatement[] {
  const out = reachable(body);
  nameJumps(out, [], { count: 0 });
  return out;
}

/** Without what control never comes to; comments stay. */
function reachable(body: readonly RStatement[]): RStatement[] {
  const out: RStatement[] = [];
  let over = false;
  for (const one of body) {
    if (over && one.k !== 'comment' && one.k !== 'blank') continue;
    const inner = within(one);
    out.push(inner);
    over ||= diverges([inner]);
  }
  return out;
}

function within(one: RStatement): RStatement {
  switch (one.k) {
    case 'if':
      return { ...one, yes: reachable(one.yes), no: one.no && reachable(one.no) };
    case 'while':
    case 'loop':
    case 'block':
      return { ...one, body: reachable(one.body) };
    case 'for':
      // Its variable gets its name late.
      one.body = reachable(one.body);
      return one;
    case 'match':
      return { ...one, arms: one.arms.map((arm) => ({ ...arm, body: reachable(arm.body) })) };
    default:
      return one;
  }
}

type Loop = RStatement & { k: 'while' | 'loop' | 'for' };

/** Around a statement: a loop, or a labelled block. */
type Around = Loop | (RStatement & { k: 'block' });

function nameJumps(body: readonly RStatement[], around: readonly Around[], names: { count: number }): void {
  for (const one of body) {
    switch (one.k) {
      case 'break':
      case 'continue': {
        if (one.label !== null || around.at(-1)?.k !== 'block') break;
        const loop = [...around].reverse().find((other): other is Loop => other.k !== 'block');
        if (!loop) break;
        loop.label ??= `again${names.count++ === 0 ? '' : names.count}`;
        one.label = loop.label;
        break;
      }
      case 'if':
        nameJumps(one.yes, around, names);
        if (one.no) nameJumps(one.no, around, names);
        break;
      case 'match':
        for (const arm of one.arms) nameJumps(arm.body, around, names);
        break;
      case 'while':
      case 'loop':
      case 'for':
        nameJumps(one.body, [...around, one], names);
        break;
      case 'block':
        nameJumps(one.body, one.label === null ? around : [...around, one], names);
        break;
      default:
    }
  }
}
