import type { DriverModel } from '../driver';
import type { SyntaxTree } from '../syntax';
import type { Statistics } from './driver/header';
import type { Lines } from './rust/statements';

/**
 * A file of a driver: a `source` is translated, a `header` of the driver's own gives its constants and structures, a header of the
 * `kernel` its constants.
 */
export interface DriverFile {
  path: string;
  tree: SyntaxTree;
  /** Of sources; headers have none. */
  model: DriverModel | null;
  role: 'source' | 'header' | 'kernel';
  /** Of a header of the kernel that is there for single constants: nothing else is read of it. */
  valuesOnly?: boolean;
  /** Where it lies in the kernel tree: what the candidate calls it. Left out where there is no tree: its name then. */
  inTree?: string;
}

/** What a candidate calls a file: never by a path of the machine that it was made on. */
export function shownPath({ path, role, inTree }: Pick<DriverFile, 'path' | 'role' | 'inTree'>): string {
  const parts = (inTree ?? path).replace(/\\/g, '/').split('/');
  const include = parts.indexOf('include');
  if (role !== 'source') return parts.slice(role === 'kernel' && include >= 0 ? include + 1 : -1).join('/');
  const isLocal = inTree === undefined && (path.startsWith('/') || parts.includes('..') || parts[0]!.includes(':'));
  return parts.slice(isLocal ? -1 : 0).join('/');
}

/**
 * A piece of the candidate and the C text that it stands for. Lines are zero-based, the end is the line after the last. Links nest:
 * a statement's lies in that of the `if` around it; they are sorted by `rustStart`, wider ones first.
 */
export interface RegionLink {
  cStart: number;
  cEnd: number;
  /** Index into the files that the candidate was made from; always a source or a header of the driver. */
  file: number;
  rustStart: number;
  rustEnd: number;
  /** False where the Rust side is a comment that holds the C text. */
  translated: boolean;
}

/** A Rust module as a starting point for a port of a driver, or why there is none. */
export interface Candidate {
  /** The module; empty if there is none. */
  text: string;
  links: RegionLink[];
  statistics: Statistics;
  /** Kernel names without a Rust equivalent, in the order in which they are needed, with how often. */
  missing: { name: string; uses: number }[];
  /** Public paths of the traits that it implements. */
  traits: string[];
  /** Why there is no candidate; left out if there is one. */
  reason?: string;
  /** Paths of what is nearest to what it would take; empty if there is a candidate. */
  nearest: string[];
}

/** No candidate, for a reason. */
export function noCandidate(reason: string, nearest: string[] = []): Candidate {
  return {
    text: '',
    links: [],
    statistics: { statements: 0, translated: 0, allStatements: 0, allTranslated: 0, functions: 0 },
    missing: [],
    traits: [],
    reason,
    nearest,
  };
}

/** The regions of a printed module as links of lines. */
export function linksOf(lines: Lines, files: readonly DriverFile[]): RegionLink[] {
  const starts = files.map(() => undefined as number[] | undefined);
  const links: RegionLink[] = [];
  for (const { line, endLine, source, translated } of lines.regions) {
    const { file } = source;
    const text = files[file]?.tree.text;
    if (text === undefined || files[file]!.role === 'kernel' || endLine <= line) continue;
    const lineStarts = (starts[file] ??= startsOf(text));
    const cStart = lineAt(lineStarts, source.start);
    const cEnd = lineAt(lineStarts, Math.max(source.start, source.end - 1)) + 1;
    links.push({ cStart, cEnd, file, rustStart: line, rustEnd: endLine, translated });
  }
  return links.sort((a, b) => a.rustStart - b.rustStart || b.rustEnd - a.rustEnd);
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line that holds an offset, by bisection. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
