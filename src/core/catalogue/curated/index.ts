import type { CatalogueEntry, Relation } from '../model';
import { anyOf } from './any-of';
import { atomics } from './atomics';
import { attributes } from './attributes';
import { bitmaps } from './bitmaps';
import { buses } from './buses';
import { compareVersions, releaseOf } from '../../kernel-version';
import { containers } from './containers';
import { debugfs } from './debugfs';
import { devices } from './devices';
import { dma } from './dma';
import { headers } from './headers';
import { interrupts } from './interrupts';
import { isLibraryPath, type CuratedEntry } from './model';
import { language } from './language';
import { lists } from './lists';
import { locking } from './locking';
import { memory } from './memory';
import { modules } from './modules';
import { properties } from './properties';
import { registers } from './registers';
import { subsystems } from './subsystems';
import { text } from './text';
import { time } from './time';
import { user } from './user';
import { waiting } from './waiting';
import { work } from './work';

/** All curated entries; where several are about a name, the first that holds for the kernel counts. */
export const curatedEntries: readonly CuratedEntry[] = [
  ...modules,
  ...memory,
  ...lists,
  ...containers,
  ...locking,
  ...waiting,
  ...atomics,
  ...work,
  ...time,
  ...registers,
  ...interrupts,
  ...dma,
  ...buses,
  ...subsystems,
  ...devices,
  ...properties,
  ...attributes,
  ...debugfs,
  ...text,
  ...language,
  ...bitmaps,
  ...user,
  ...headers,
];

const NONE: readonly CuratedEntry[] = [];
let byName: Map<string, CuratedEntry[]> | undefined;
let patterns: CuratedEntry[] = [];
let matchesAny: (name: string) => boolean = () => false;

function index(): Map<string, CuratedEntry[]> {
  if (byName) return byName;
  byName = new Map();
  patterns = curatedEntries.filter((entry) => entry.pattern !== undefined);
  matchesAny = anyOf(patterns.map((entry) => entry.pattern!));
  for (const entry of curatedEntries) {
    for (const name of entry.names ?? []) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return byName;
}

/**
 * The entry about a C name for a kernel; names that are listed go before patterns.
 * @param exists whether the kernel has a Rust path; an entry none of whose paths exist there does not hold for it
 */
export function curatedFor(
  name: string,
  kind: CatalogueEntry['kind'],
  version: string,
  exists: (path: string) => boolean,
): CuratedEntry | undefined {
  for (const entry of index().get(name) ?? NONE) if (holds(entry, version, exists)) return entry;
  if (kind === 'field' || kind === 'header' || !matchesAny(name)) return undefined;
  for (const entry of patterns) {
    const match = entry.pattern!.exec(name);
    const filled = match && withGroup(entry, match[1]);
    if (filled && holds(filled, version, exists)) return filled;
  }
  return undefined;
}

/** The entry with what the pattern's group matched in place of `$1` in its paths. */
function withGroup(entry: CuratedEntry, group: string | undefined): CuratedEntry {
  if (group === undefined || !entry.rust.some((path) => path.includes('$1'))) return entry;
  return { ...entry, rust: entry.rust.map((path) => path.replace('$1', group)) };
}

function holds(entry: CuratedEntry, version: string, exists: (path: string) => boolean): boolean {
  const release = releaseOf(version);
  if (entry.from !== undefined && compareVersions(release, entry.from) < 0) return false;
  if (entry.until !== undefined && compareVersions(release, entry.until) > 0) return false;
  if (entry.rust.length === 0) return true;
  // What core offers beside the kernel's own items does not do their job alone, unless it comes first.
  const decisive = isLibraryPath(entry.rust[0]!) ? entry.rust : entry.rust.filter((path) => !isLibraryPath(path));
  return decisive.some((path) => exists(path.replace(/@.*/, '')));
}

export const relationOf = (entry: CuratedEntry): Relation => entry.relation ?? 'replaces';
