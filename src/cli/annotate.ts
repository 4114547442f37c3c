import { stat, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  analyse,
  baselineText,
  configured,
  fails,
  select,
  toAnnotations,
  type Catalogue,
  type FileAnnotations,
  type FindingJson,
  type Selection,
  type Severity,
  type Syntax,
} from '../core';
import { loadSyntax } from '../node/assets';
import { baselineOf, changedSince, pathIn } from '../node/finding-selection';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { sourceFiles, type SourceFile } from '../node/source-files';
import { TreeConfigurations } from '../node/tree-configuration';
import { annotationsWriter, type AnnotationsFormat } from './annotations-writer';

/** What the command line's options say. */
export interface AnnotateOptions {
  kernel?: string;
  format: AnnotationsFormat;
  /** False if `.r4l.yaml` files are to have no effect. */
  config: boolean;
  baseline?: string;
  writeBaseline?: string;
  changedSince?: string;
  failOn?: Severity;
}

/** Exit status when there are findings at or above `--fail-on`. */
const FINDINGS = 1;

/** `r4l annotate`: files are read, analysed and printed one at a time. */
export async function annotate(paths: string[], options: AnnotateOptions, dist: string): Promise<void> {
  for (const path of paths)
    await stat(path).catch(() => {
      throw new UsageError(`${path}: no such file or folder`);
    });
  const configurations = new TreeConfigurations((message) => process.stderr.write(`r4l: ${message}\n`), options.config);
  const { root } = await configurations.placeOfInput(paths[0]!);
  const selection: Selection = {
    baseline: options.baseline === undefined ? undefined : await baselineOf(options.baseline),
    changed: options.changedSince === undefined ? undefined : await changedSince(options.changedSince, root),
  };
  const syntax = await loadSyntax(dist);
  const catalogue = await resolveCatalogue(options.kernel, paths[0], syntax, dist);
  const writer = annotationsWriter(options.format, catalogue.kernel, pathToFileURL(`${root}/`).href);
  const skipped: { path: string; reason: string }[] = [];
  const forBaseline: { path: string; findings: FindingJson[] }[] = [];
  let files = 0;
  let failed = false;
  await writer.start();
  for await (const source of sourceFiles(paths)) {
    if ('reason' in source) {
      skipped.push(source);
      continue;
    }
    const path = pathIn(root, source.path);
    if (selection.changed && !selection.changed.has(path)) continue;
    let annotations: FileAnnotations;
    try {
      annotations = annotateText(source, syntax, catalogue);
    } catch (error) {
      // A bug of ours in one file must not cost the other 50,000.
      const what = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 2).join(' ') : String(error);
      skipped.push({ path: source.path, reason: `internal error, please report it: ${what}` });
      continue;
    }
    const { root: own, configuration } = await configurations.placeOf(source.path);
    annotations.findings = select(path, configured(annotations.findings, configuration, pathIn(own, source.path)), selection);
    if (options.failOn) failed ||= annotations.findings.some((finding) => fails(finding, options.failOn!));
    if (options.writeBaseline !== undefined) forBaseline.push({ path, findings: annotations.findings });
    await writer.file(annotations, path);
    files++;
  }
  await writer.end(skipped);
  if (options.writeBaseline !== undefined) await writeFile(options.writeBaseline, baselineText(forBaseline));
  if (files === 0 && skipped.length > 0)
    throw new UsageError(`nothing could be read: ${skipped[0]!.path}: ${skipped[0]!.reason}`);
  if (failed) process.exitCode = FINDINGS;
}

/** Parses and analyses one text. */
function annotateText(
  { path, text, bytes }: Extract<SourceFile, { text: string }>,
  syntax: Syntax,
  catalogue: Catalogue,
): FileAnnotations {
  const start = performance.now();
  const tree = syntax.parse('c', text);
  const parsed = performance.now();
  const analysis = analyse(tree, catalogue);
  return toAnnotations(path, bytes, analysis, { parse: parsed - start, total: performance.now() - start });
}
