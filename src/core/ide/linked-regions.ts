import type { RegionLink } from '../rewrite';

/** A line of the C side: which file of the driver, and the zero-based line. */
export interface CLine {
  file: number;
  line: number;
}

/** The regions of a candidate and its C files, ready to be asked by line from either side. All lines are zero-based. */
export class LinkedRegions {
  /** Innermost link of each Rust line, -1 if there is none. */
  private readonly rust: Int32Array;
  /** The same of the C lines, by file. */
  private readonly c = new Map<number, Int32Array>();

  constructor(readonly links: readonly RegionLink[]) {
    this.rust = paint(
      links.map(({ rustStart, rustEnd }, index) => ({ index, start: rustStart, end: rustEnd })),
      (a, b) => a.start - b.start || b.end - a.end,
    );
    for (const file of new Set(links.map((link) => link.file))) {
      const own = links.flatMap((link, index) =>
        link.file === file ? [{ index, start: link.cStart, end: link.cEnd, rust: link.rustStart }] : [],
      );
      // The same C text may stand at several places of the candidate: the first one answers.
      this.c.set(
        file,
        paint(own, (a, b) => b.end - b.start - (a.end - a.start) || b.rust - a.rust),
      );
    }
  }

  /** The innermost region at a line of the candidate. */
  atRust(line: number): RegionLink | undefined {
    return this.links[this.rust[line] ?? -1];
  }

  /** The innermost region at a line of a C file. */
  atC({ file, line }: CLine): RegionLink | undefined {
    return this.links[this.c.get(file)?.[line] ?? -1];
  }

  /** The line of the candidate that stands for a line of C, or for the linked line that is nearest to it; undefined if the file has none. */
  toRust({ file, line }: CLine): number | undefined {
    const at = nearest(this.c.get(file), line);
    const link = at === undefined ? undefined : this.atC({ file, line: at });
    return link && Math.max(0, scaled(at!, link.cStart, link.cEnd, link.rustStart, link.rustEnd) + (line - at!));
  }

  /** The line of C that a line of the candidate stands for, or that of the linked line nearest to it; undefined if there are no links. */
  toC(line: number): CLine | undefined {
    const at = nearest(this.rust, line);
    const link = at === undefined ? undefined : this.atRust(at);
    if (!link) return undefined;
    return {
      file: link.file,
      line: Math.max(0, scaled(at!, link.rustStart, link.rustEnd, link.cStart, link.cEnd) + (line - at!)),
    };
  }

  /** Regions whose C text was left, in the order of the candidate, without those inside others. */
  left(): RegionLink[] {
    let end = -1;
    return this.links.filter((link) => {
      if (link.translated || link.rustStart < end) return false;
      end = link.rustEnd;
      return true;
    });
  }
}

interface Span {
  index: number;
  start: number;
  end: number;
}

/** Index by line, each span over those before it in `order`. */
function paint<T extends Span>(spans: readonly T[], order: (a: T, b: T) => number): Int32Array {
  const lines = new Int32Array(spans.reduce((end, span) => Math.max(end, span.end), 0)).fill(-1);
  for (const { index, start, end } of [...spans].sort(order)) lines.fill(index, start, end);
  return lines;
}

/** The painted line that is nearest to `line`. */
function nearest(lines: Int32Array | undefined, line: number): number | undefined {
  if (!lines) return undefined;
  for (let distance = 0; distance <= lines.length + line; distance++) {
    if ((lines[line + distance] ?? -1) >= 0) return line + distance;
    if ((lines[line - distance] ?? -1) >= 0) return line - distance;
  }
  return undefined;
}

/** Where `line` of [start, end) lies in [toStart, toEnd), in proportion. */
function scaled(line: number, start: number, end: number, toStart: number, toEnd: number): number {
  const size = end - start;
  return toStart + (size <= 1 ? 0 : Math.floor(((line - start) * (toEnd - toStart)) / size));
}
