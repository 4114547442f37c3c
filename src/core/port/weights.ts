import type { PartName } from './model';
import { ownKeys } from '../own-keys';

/**
 * What each part of the score is worth and where its scale begins and ends: the one place. docs/port-score.md explains each in words and is
 * tested against this table.
 */
export interface Weight {
  /** Points at most; all together 100. */
  max: number;
  title: string;
  /** What is measured and how it becomes points, in a sentence. */
  how: string;
}

/** What a use of a name counts by the name's state. */
export const STATE_VALUE = { safe: 1, partial: 0.6, raw: 0.15, none: 0 } as const;

/** What an entry of MAINTAINERS says about who would take a port. */
export const STATUS_VALUE: Record<string, number> = ownKeys({
  Supported: 0.7,
  Maintained: 0.7,
  'Odd Fixes': 0.4,
  Orphan: 0.2,
  Obsolete: 0,
});

/** Where scales end. */
export const SCALE = {
  /** Missing abstractions at which nothing is left of the part. */
  missingGroups: 8,
  /** Lines: full points up to the first, none from the second on, by the logarithm between. */
  lines: [300, 15_000],
  /** Exported symbols, and Kconfig symbols of others that build on it, at which nothing is left. */
  exports: 12,
  dependents: 12,
  /** Findings that Rust prevents (or makes an idiom prevent, half) in a thousand lines, for full points. */
  benefit: 12,
  /** Places of interrupt, DMA, lock and deferred-work kinds at which nothing is left. */
  complexity: 40,
  /** Unreadable places in a thousand lines at which nothing is left. */
  parseErrors: 10,
} as const;

export const WEIGHTS: Record<PartName, Weight> = {
  coverage: {
    max: 34,
    title: 'API coverage',
    how: 'Uses of kernel functions, macros, types and callback fields, each name counted as 1 + log2(uses): safe 1, partial 0.6, raw 0.15, none 0.',
  },
  bus: {
    max: 16,
    title: 'Registration and callbacks',
    how: 'Half each: the share of the structures by which the driver registers with buses for which Rust has a trait, and the share of its other callbacks for which Rust has a place (a partial one counts 0.6).',
  },
  missing: {
    max: 16,
    title: 'Missing abstractions',
    how: 'Full points if no function, type or callback lacks an abstraction, none at 8 missing abstractions; those of a class count like a core service.',
  },
  leaf: {
    max: 8,
    title: 'Leaf',
    how: 'Exported symbols and Kconfig symbols of others that depend on it: full points for none, nothing left at 12 of either.',
  },
  size: { max: 6, title: 'Size', how: 'Full points up to 300 lines, none from 15,000 on, by the logarithm between.' },
  benefit: {
    max: 8,
    title: 'What Rust would remove',
    how: 'Findings in a thousand lines that Rust prevents (1), or prevents if an idiom is kept to (0.5); full points at 12.',
  },
  complexity: {
    max: 4,
    title: 'Interrupts, DMA, concurrency',
    how: 'Distinct places of interrupts, DMA, locks and deferred work: full points for none, nothing left at 40.',
  },
  parse: { max: 2, title: 'Parse', how: 'Places that the parser could not read, in a thousand lines: nothing left at 10.' },
  policy: {
    max: 6,
    title: 'Policy',
    how: 'The entry in MAINTAINERS: Supported or Maintained 0.7, Odd Fixes 0.4, Orphan 0.2, Obsolete 0; an entry for the Rust side adds 0.3.',
  },
};
