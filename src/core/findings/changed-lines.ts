/** Lines of a file that a change has touched: pairs of first and last line, one-based. */
export type LineRanges = readonly (readonly [first: number, last: number])[];

/** All of a file: one that is new. */
export const WHOLE_FILE: LineRanges = [[1, Number.MAX_SAFE_INTEGER]];

/**
 * The lines that a unified diff without context (`git diff -U0`) has touched, by the path of the new file. Where lines were only taken
 * out, the lines on either side count: what is missing shows there.
 */
export function changedLinesOf(diff: string): Map<string, LineRanges> {
  const files = new Map<string, [number, number][]>();
  let ranges: [number, number][] | undefined;
  let left = 0; // lines of the hunk that are still to come: a line of text may look like a header
  for (const line of diff.split('\n')) {
    if (left > 0) {
      if (!line.startsWith('\\')) left--;
      continue;
    }
    if (line.startsWith('+++ ')) {
      const path = pathOf(line.slice(4));
      ranges = undefined;
      if (path !== undefined) files.set(path, (ranges = files.get(path) ?? []));
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const removed = Number(hunk[1] ?? 1);
    const start = Number(hunk[2]);
    const added = Number(hunk[3] ?? 1);
    left = removed + added;
    ranges?.push(added === 0 ? [Math.max(start, 1), start + 1] : [start, start + added - 1]);
  }
  return files;
}

/** `b/drivers/x.c`, or quoted as C does if it has odd characters; undefined for a file that is gone. */
function pathOf(name: string): string | undefined {
  let path = name.replace(/\t$/, '');
  if (path === '/dev/null') return undefined;
  if (path.startsWith('"')) {
    const bytes: number[] = [];
    for (const [, octal, escaped, plain] of path.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/g)) {
      if (octal !== undefined) bytes.push(parseInt(octal, 8));
      else bytes.push(...new TextEncoder().encode(escaped ?? plain));
    }
    path = new TextDecoder().decode(new Uint8Array(bytes));
  }
  return path.replace(/^b\//, '');
}

/** Whether a finding shows on, or has its story on, a line that was touched. */
export function touches(ranges: LineRanges, { line, related }: { line: number; related: readonly { line: number }[] }): boolean {
  return [line, ...related.map((place) => place.line)].some((at) => ranges.some(([first, last]) => first <= at && at <= last));
}
