import type { KernelIdentity, Status } from '../catalogue';
import type { DriverArchitectures } from '../kconfig';

/**
 * What an entry of the report is: a `driver` registers with a bus or a subsystem or is entered in another way; a `library` exports
 * functions to others and registers nothing; `core` is linked into the kernel whatever is configured; `test` is for KUnit or a
 * self-test; `part` is a file that no makefile names (included by others, a template, a sample); `code` is the rest: tables, helpers.
 */
export type EntryKind = 'driver' | 'library' | 'core' | 'test' | 'part' | 'code';

/** How far a name's absence is from a driver: buses come before what probe() asks for, and that before what the driver is to the kernel. */
export type Level = 'bus' | 'core' | 'class';

/** Counts by state. */
export type ByStatus = Record<Status, number>;

/** An abstraction that is missing: the names of one header (or group of headers) for which Rust has nothing to call. */
export interface MissingGroup {
  /** `linux/regmap`, `sound`: see groupOf. */
  group: string;
  level: Level;
  /** Names without a Rust side that the driver uses, most used first, with how often. */
  names: [name: string, uses: number][];
  uses: number;
  /** Whether all that is used of it are macros and inline functions, which a driver can have itself: it does not count as missing. */
  helpers: boolean;
  /** Groups of this list that it builds on: their headers are included by its own. */
  after: string[];
}

/** One part of the score. */
export interface ScorePart {
  /** What it is worth at most; docs/port-score.md says why. */
  max: number;
  /** What the driver gets; null where nothing is known (then the part does not count). */
  points: number | null;
  /** The number that the points come from. */
  value: number | null;
  /** That number in words, to be checked. */
  text: string;
}

export type PartName = 'coverage' | 'bus' | 'missing' | 'leaf' | 'size' | 'benefit' | 'complexity' | 'parse' | 'policy';

/** A driver's entry in MAINTAINERS. */
export interface DriverMaintainers {
  entry: string;
  status: string;
  lists: string[];
  /** Entries for the Rust side. */
  rust: string[];
}

/** The report on one driver. */
export interface DriverReport {
  /** Module name: `gpio-acme`. */
  name: string;
  /** The main file: the one that registers the driver. */
  path: string;
  files: string[];
  kind: EntryKind;
  /** Whether a makefile names it; false without a tree. */
  built: boolean;
  /** `CONFIG_GPIO_ACME`; null without a tree, or where nothing in the makefiles says. */
  kconfig: string | null;
  /** `drivers/gpio`: the folder that stands for the subsystem. */
  subsystem: string;
  /** Buses that it registers with: `platform`, `i2c`. */
  buses: string[];
  lines: number;
  /** 0-100. */
  score: number;
  scoreParts: Record<PartName, ScorePart>;
  /** Distinct names of the kernel's API by state. */
  coverage: ByStatus;
  /** Uses of them by state. */
  uses: ByStatus;
  /** Names without a Rust side (none or raw), most used first. */
  missing: string[];
  /** The same by what would have to be made, in the order in which one needs it. */
  blockers: MissingGroup[];
  suspects: number;
  hazards: number;
  /** Findings by what Rust does about them. */
  verdicts: { prevented: number; 'with-idiom': number; 'not-prevented': number };
  /** Findings by rule. */
  rules: Record<string, number>;
  entryPoints: number;
  exports: number;
  /** Kconfig symbols elsewhere that depend on or select this one; null without a tree. */
  dependents: number | null;
  /** Architectures that it can be built for, and those of them on which Rust can be too; null if unknown. */
  architectures: DriverArchitectures | null;
  /** Interrupt, DMA and concurrency: how many of each kind the code shows. */
  complexity: { interrupts: number; dma: number; locks: number; deferred: number };
  /** Places that the parser could not read. */
  parseErrors: number;
  maintainers: DriverMaintainers | null;
  rewrite: string;
}

/** An abstraction that many drivers lack. */
export interface Unlock {
  group: string;
  /** Drivers that lack it. */
  drivers: number;
  /** Drivers for which it is all that is missing. */
  unlocks: number;
  /** Drivers that lack it and at most two others. */
  nearly: number;
  /** Sum over drivers of 1 / number of groups they lack: what its absence weighs. */
  weight: number;
  uses: number;
  /** The names that most drivers use of it. */
  names: string[];
}

/** What stands above the list of drivers. */
export interface Totals {
  drivers: number;
  files: number;
  lines: number;
  kinds: Partial<Record<EntryKind, number>>;
  /** Uses of API names by state. */
  uses: ByStatus;
  suspects: number;
  hazards: number;
  rewritable: number;
  /** Drivers by tens of their score: 0-9, 10-19 … 90-100. */
  scores: number[];
  /** Abstractions that would unlock most drivers, first ones first. */
  unlock: Unlock[];
}

/** `r4l report --format json`. */
export interface Report {
  schemaVersion: 1;
  kernel: KernelIdentity;
  /** The part of the whole that this is, of `--shard`. */
  shard?: { index: number; count: number };
  totals: Totals;
  /** Sorted by path. */
  drivers: DriverReport[];
  skipped: { path: string; reason: string }[];
}
