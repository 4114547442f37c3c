import type { CatalogueEntry, Relation, RustItem, Status } from '../catalogue/model';
import type { FunctionDefinition } from '../driver';
import type { Analysis } from '../analysis';
import { apiRange } from '../driver';

/** What hovers, lenses and reports call the product's view, so that it is told apart from other extensions' contributions. */
export const LABEL = 'Rust for Linux';

/** A state in words, for a reader who has not met the four states. */
export const STATUS_TEXT: Record<Status, string> = {
  safe: 'safe abstraction',
  partial: 'partial abstraction',
  raw: 'raw binding only',
  none: 'no abstraction',
};

/** Codicon of a state (VS Code shows it, the terminal drops it). */
export const STATUS_ICON: Record<Status, string> = {
  safe: '$(pass)',
  partial: '$(warning)',
  raw: '$(circle-slash)',
  none: '$(circle-slash)',
};

/** A path without its first segment when it is the kernel crate's: `sync::Mutex`. Long lenses are not read. */
export const shortPath = (path: string): string => path.replace(/^kernel::/, '').replace(/^macros::/, '');

/** How an item is named in a sentence: macros with `!`, attributes as such. */
export function itemName({ path, kind }: Pick<RustItem, 'path' | 'kind'>, short = false): string {
  const name = short ? shortPath(path) : path;
  if (kind === 'macro') return `${name}!`;
  if (kind === 'attribute') return `#[${name}]`;
  return name;
}

/** The best item that is more than the nearest thing; undefined if there is none. */
export const bestItem = (entry: CatalogueEntry): RustItem | undefined =>
  entry.rust.find(({ relation }) => relation !== 'nearest');

/** Distinct kernel names that a region uses, by state. Headers are left out: including one calls nothing. */
export interface Coverage {
  safe: number;
  partial: number;
  raw: number;
  none: number;
  total: number;
}

/** Counts distinct names among the uses between two offsets. */
export function coverageOf(analysis: Analysis, start: number, end: number): Coverage {
  const coverage: Coverage = { safe: 0, partial: 0, raw: 0, none: 0, total: 0 };
  const seen = new Set<string>();
  const [first, last] = apiRange(analysis.model, start, end);
  for (let i = first; i < last; i++) {
    const { name, kind } = analysis.model.apis[i]!;
    if (kind === 'header' || seen.has(name)) continue;
    seen.add(name);
    coverage[analysis.apis[i]!.status]++;
    coverage.total++;
  }
  return coverage;
}

/** Coverage of a function's body and signature. */
export const functionCoverage = (analysis: Analysis, { start, end }: FunctionDefinition): Coverage =>
  coverageOf(analysis, start, end);

/** `1 hazard`, `2 hazards`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const RELATION_TEXT: Record<Relation, string> = {
  wraps: 'wraps',
  replaces: 'takes the place of',
  implements: 'takes the place of',
  nearest: 'is the nearest thing to',
};

/** How a Rust item stands to a C name, as the verb of a sentence. */
export const relationText = (relation: Relation): string => RELATION_TEXT[relation];
