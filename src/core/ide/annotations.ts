import type { Analysis } from '../analysis';
import type { CatalogueEntry, KernelIdentity, RustItem, Status } from '../catalogue/model';
import type { CNameKind, EntryPointKind } from '../driver';
import { fingerprintsOf } from '../findings/fingerprint';
import type { Finding } from '../rules';
import { confidenceOf, damagedShare, lineIndex, type ParseConfidence } from '../syntax';

/** The version of the JSON below; schemas/annotate.schema.json describes it. */
export const SCHEMA_VERSION = 1;

/** A Rust item as the command line prints it. */
export type RustItemJson = Omit<RustItem, 'signature'> & { signature: string | null };

/** An entry point as the command line prints it; lines and columns are 1-based. */
export interface EntryPointJson {
  kind: EntryPointKind;
  name: string;
  function: string | null;
  container: string;
  table: string | null;
  field: string | null;
  line: number;
  column: number;
  definitionLine: number | null;
  /** How far the tree can be relied on at the place; absent where nothing is wrong. */
  parse?: Exclude<ParseConfidence, 'high'>;
  status: Status;
  rust: RustItemJson[];
}

/** A use of a kernel name as the command line prints it. */
export interface ApiJson {
  name: string;
  kind: CNameKind;
  line: number;
  column: number;
  status: Status;
  rust: RustItemJson[];
  note: string;
}

/** A finding as the command line prints it. */
export interface FindingJson extends Omit<Finding, 'start' | 'end' | 'related'> {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  related: { line: number; message: string }[];
  /** The same while lines move, unique within the file: what baselines and SARIF know the finding by. */
  fingerprint: string;
  /** Whether the baseline has it; absent if there is none. */
  known?: boolean;
}

/** All annotations of a file, as `r4l annotate --format json` prints them. */
export interface FileAnnotations {
  path: string;
  bytes: number;
  /** `damaged`: share of the text (0 to 1) that no tree could be made of. */
  parse: { errors: number; damaged: number; milliseconds: number };
  milliseconds: number;
  entryPoints: EntryPointJson[];
  apis: ApiJson[];
  findings: FindingJson[];
}

/** The document around the files. */
export interface AnnotateJson {
  schemaVersion: typeof SCHEMA_VERSION;
  kernel: KernelIdentity;
  skipped: { path: string; reason: string }[];
  files: FileAnnotations[];
}

/** Milliseconds, to the microsecond. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * The annotations of an analysed file in the command line's form.
 * @param bytes length of the file in bytes
 * @param times milliseconds that parsing took, and all of it
 */
export function toAnnotations(
  path: string,
  bytes: number,
  analysis: Analysis,
  times: { parse: number; total: number },
): FileAnnotations {
  const { tree, model } = analysis;
  const starts = tree.lineStarts;
  const place = (offset: number) => {
    const line = lineIndex(starts, offset);
    return { line: line + 1, column: offset - starts[line]! + 1 };
  };
  const lineOf = (offset: number) => lineIndex(starts, offset) + 1;
  const fingerprints = fingerprintsOf(tree, analysis.findings);
  let apiLine = 0; // uses come in text order: their lines are counted up, not searched
  return {
    path,
    bytes,
    parse: { errors: tree.errorCount(), damaged: damagedShare(tree), milliseconds: rounded(times.parse) },
    milliseconds: rounded(times.total),
    entryPoints: model.entryPoints.map(({ kind, name, function: fn, container, table, field, start, end, definition }, i) => {
      const { status, rust } = analysis.entryPoints[i]!;
      const parsed = confidenceOf(tree, start, end);
      const parse = parsed === 'high' ? {} : { parse: parsed };
      const { line, column } = place(start);
      const definitionLine = definition === null ? null : lineOf(definition);
      return { kind, name, function: fn, container, table, field, line, column, definitionLine, ...parse, status, rust };
    }),
    apis: model.apis.map(({ name, kind, start }, i) => {
      const { status, rust, note } = analysis.apis[i]!;
      while (apiLine + 1 < starts.length && starts[apiLine + 1]! <= start) apiLine++;
      return { name, kind, line: apiLine + 1, column: start - starts[apiLine]! + 1, status, rust, note };
    }),
    findings: analysis.findings.map(({ start, end, related, ...rest }, i) => {
      const last = place(end);
      return {
        ...rest,
        ...place(start),
        endLine: last.line,
        endColumn: last.column,
        related: related.map(({ start: at, message }) => ({ line: lineOf(at), message })),
        fingerprint: fingerprints[i]!,
      };
    }),
  };
}

/** An entry as `r4l lookup --format json` prints it: an element of `apis` without its position. */
export function toLookup({ name, kind, status, rust, note }: CatalogueEntry): Omit<ApiJson, 'line' | 'column'> {
  return { name, kind, status, rust, note };
}
