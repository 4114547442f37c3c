import type { Analysis } from '../analysis';
import type { EntryPoint, FunctionDefinition } from '../driver';
import { describe } from './hover';
import { bestItem, coverageOf, counted, functionCoverage, itemName, type Coverage } from './wording';

/** What a click on a lens opens. */
export type LensTarget =
  /** The Rust item at `entryPoints[index]`'s first equivalent. */
  | { open: 'rust'; index: number }
  /** The kernel names used between two offsets, with their states. */
  | { open: 'names'; start: number; end: number }
  /** The findings between two offsets. */
  | { open: 'findings'; start: number; end: number };

/** A code lens: where (UTF-16 offset), what it says and what it opens. */
export interface Lens {
  start: number;
  end: number;
  title: string;
  tooltip: string;
  target: LensTarget;
}

/**
 * The lenses of a file: on the registration (driver structure, module macro) what it becomes and how far the whole file is covered; on each entered function what
 * it becomes, how many of its kernel names have an equivalent, and what is unsafe in it. Functions entered several times get their lenses once.
 */
export function lensesOf(analysis: Analysis): Lens[] {
  const { model, tree } = analysis;
  const lenses: Lens[] = [];
  const byName = new Map(model.functions.map((definition) => [definition.name, definition]));
  const entered = new Map<FunctionDefinition, number[]>();
  let whole = true; // the file's coverage is said once, on the first registration
  model.entryPoints.forEach((point, index) => {
    const definition = point.function === null ? undefined : byName.get(point.function);
    if (definition) entered.set(definition, [...(entered.get(definition) ?? []), index]);
    if (isRegistration(point)) {
      lenses.push(rustLens(analysis, [index], point));
      if (whole && point.kind === 'driver') {
        lenses.push(...coverageLenses(analysis, point, 0, tree.text.length, coverageOf(analysis, 0, tree.text.length)));
        whole = false;
      }
    }
  });
  for (const [definition, indices] of entered) {
    const range = { start: definition.nameStart, end: definition.nameStart + definition.name.length };
    lenses.push(rustLens(analysis, indices, range));
    lenses.push(...coverageLenses(analysis, range, definition.start, definition.end, functionCoverage(analysis, definition)));
  }
  return lenses.sort((a, b) => a.start - b.start);
}

/** The places that register the driver with the kernel. */
const isRegistration = ({ kind }: EntryPoint): boolean => kind === 'driver' || kind === 'module-macro' || kind === 'initcall';

function rustLens(analysis: Analysis, indices: readonly number[], { start, end }: { start: number; end: number }): Lens {
  // Where a function is entered in several ways, the way with an equivalent tells most.
  const index = indices.find((candidate) => bestItem(analysis.entryPoints[candidate]!)) ?? indices[0]!;
  const point = analysis.model.entryPoints[index]!;
  const best = bestItem(analysis.entryPoints[index]!);
  // Several tables may hang the same callback up: that is one way in.
  const ways = new Set(indices.map((candidate) => describe(analysis.model.entryPoints[candidate]!))).size;
  const more = ways > 1 ? ` (+${ways - 1})` : '';
  const title = best ? `Rust: ${itemName(best, true)}${more}` : `Rust: nothing for ${describe(point)}${more}`;
  const tooltip = best
    ? `${best.path} takes the place of ${describe(point)}`
    : `The kernel crate of ${analysis.catalogue.kernel.version} has no abstraction for ${describe(point)}`;
  return { start, end, title, tooltip, target: { open: 'rust', index } };
}

function coverageLenses(
  analysis: Analysis,
  { start, end }: { start: number; end: number },
  from: number,
  to: number,
  coverage: Coverage,
): Lens[] {
  const lenses: Lens[] = [];
  if (coverage.total > 0) {
    const covered = coverage.safe + coverage.partial;
    lenses.push({
      start,
      end,
      title: `${covered} of ${counted(coverage.total, 'kernel name')} in Rust`,
      tooltip: `${coverage.safe} safe, ${coverage.partial} partial, ${coverage.raw} raw bindings only, ${coverage.none} without anything`,
      target: { open: 'names', start: from, end: to },
    });
  }
  const inside = analysis.findings.filter(({ start: at, suppressed }) => at >= from && at < to && suppressed === undefined);
  if (inside.length > 0) {
    const suspects = inside.filter(({ kind }) => kind === 'suspect').length;
    const hazards = inside.length - suspects;
    const title = [suspects > 0 ? counted(suspects, 'suspect') : '', hazards > 0 ? counted(hazards, 'hazard') : '']
      .filter(Boolean)
      .join(', ');
    lenses.push({
      start,
      end,
      title,
      tooltip: inside.map(({ message }) => message).join('\n'),
      target: { open: 'findings', start: from, end: to },
    });
  }
  return lenses;
}
