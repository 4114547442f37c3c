import type { CStatement } from '../c/ast';
import { countStatements } from '../c/statements';
import type { RStatement } from '../rust/ast';
import type { Body } from './body';
import { uses } from './control';
import { translateAt, unreachable } from './statements';

/** All statements of a function, those that a goto leaves as labelled blocks. */
export function translateBody(b: Body, list: readonly CStatement[]): RStatement[] {
  const out: RStatement[] = [];
  for (const statement of list) b.counts.total += countStatements(statement);
  const plan = planLabels(b, list);
  emitRange(b, list, 0, list.length, plan, out);
  return out;
}

interface Region {
  label: string;
  start: number;
  end: number;
}

/** Which statements each label's block encloses: from the first goto to it up to the label. */
function planLabels(b: Body, list: readonly CStatement[]): Region[] {
  const regions: Region[] = [];
  list.forEach((statement, end) => {
    for (let one: CStatement | null = statement; one?.k === 'label'; one = one.body) {
      const { label } = one;
      const start = list.findIndex((other) => gotos(other).includes(label));
      if (start < 0 || start >= end || list.slice(end).some((other) => gotos(other).includes(label))) continue;
      const inline = simpleTail(list, end);
      b.labels.set(label, {
        inline,
        rust: b.freshLabel(
          label
            .toLowerCase()
            .replace(/^_+|\W/g, '')
            .replace(/^(?=\d|static$|$)/, 'l'),
        ),
      });
      if (!inline) regions.push({ label, start, end });
    }
  });
  // Blocks nest: one that ends later starts no later than those it overlaps.
  regions.forEach((region, k) => {
    for (const earlier of regions.slice(0, k))
      if (earlier.end > region.start && earlier.start < region.start) region.start = earlier.start;
  });
  return regions;
}

/** `label: return x;` as the last statement: a goto to it is a return. */
function simpleTail(list: readonly CStatement[], at: number): CStatement | null {
  if (at !== list.length - 1 && !(at === list.length - 2 && labelled(list[at]!) === null)) return null;
  const last = labelled(list[at]!) ?? list[at + 1];
  return last?.k === 'return' && (!last.e || last.e.k === 'id' || last.e.k === 'num' || last.e.k === 'un') ? last : null;
}

function labelled(statement: CStatement): CStatement | null {
  let one: CStatement | null = statement;
  while (one?.k === 'label') one = one.body;
  return one && one.k !== 'empty' ? one : null;
}

function emitRange(
  b: Body,
  list: readonly CStatement[],
  from: number,
  to: number,
  regions: readonly Region[],
  out: RStatement[],
): void {
  for (let i = from; i < to;) {
    // The widest block that starts here.
    const region = regions.filter(({ start, end }) => start === i && end <= to).sort((x, y) => y.end - x.end)[0];
    if (region) {
      const body: RStatement[] = [];
      const inner = regions.filter((other) => other !== region);
      b.scoped(() => {
        emitRange(b, list, region.start, region.end, inner, body);
      });
      // What is declared inside is needed after it, too.
      const label = b.labels.get(region.label)!.rust;
      if (uses(body, label)) out.push({ k: 'block', label, body });
      else out.push(...body);
      i = region.end;
      continue;
    }
    const end = Math.min(to, ...regions.map(({ start }) => start).filter((start) => start > i));
    i += unreachable(b, list[i]!, out) ? 1 : translateAt(b, list.slice(0, end), i, out);
  }
}

/** Labels that a statement, or one inside it, jumps to. */
export function gotos(statement: CStatement): string[] {
  const of = (list: readonly CStatement[]): string[] => list.flatMap(gotos);
  switch (statement.k) {
    case 'goto':
      return [statement.label];
    case 'block':
      return of(statement.body);
    case 'if':
      return [...gotos(statement.yes), ...(statement.no ? gotos(statement.no) : [])];
    case 'while':
    case 'do':
    case 'for':
      return gotos(statement.body);
    case 'switch':
      return statement.cases.flatMap((one) => of(one.body));
    case 'label':
      return statement.body ? gotos(statement.body) : [];
    default:
      return [];
  }
}
