import type { FindingJson } from '../ide';

/** Findings that were there at some time and are put up with: those that are new stand out. */
export interface Baseline {
  has: (path: string, fingerprint: string) => boolean;
}

/** The file's form: one finding a line, sorted, so that version control shows what has changed. */
interface BaselineFile {
  schemaVersion: 1;
  findings: { path: string; rule: string; fingerprint: string }[];
}

/** A baseline file's text for findings that are not allowed otherwise; `path` is relative to the root, with `/`. */
export function baselineText(files: readonly { path: string; findings: readonly FindingJson[] }[]): string {
  const lines = files.flatMap(({ path, findings }) =>
    findings
      .filter(({ suppressed }) => suppressed === undefined)
      .map(({ rule, fingerprint }) => JSON.stringify({ path, rule, fingerprint })),
  );
  return `{"schemaVersion":1,"findings":[\n${lines.sort().join(',\n')}\n]}\n`;
}

/** Reads a baseline file; an Error says what is wrong with it. */
export function readBaseline(text: string): Baseline {
  const file = JSON.parse(text) as Partial<BaselineFile> | null;
  if (file?.schemaVersion !== 1 || !Array.isArray(file.findings)) throw new Error('no baseline of this version of r4l');
  const known = new Set(file.findings.map(({ path, fingerprint }) => `${path}\n${fingerprint}`));
  return { has: (path, fingerprint) => known.has(`${path}\n${fingerprint}`) };
}
