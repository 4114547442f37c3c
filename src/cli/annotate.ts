import { stat } from 'node:fs/promises';
import { analyse, SCHEMA_VERSION, toAnnotations, type Catalogue, type FileAnnotations, type Syntax } from '../core';
import { loadSyntax } from '../node/assets';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { sourceFiles } from '../node/source-files';
import { annotationsJson } from './json';
import { write } from './output';
import { annotationsText } from './text';

/** `r4l annotate`: files are read, analysed and printed one at a time. */
export async function annotate(
  paths: string[],
  options: { kernel?: string; format: 'text' | 'json' | 'jsonl' },
  dist: string,
): Promise<void> {
  for (const path of paths)
    await stat(path).catch(() => {
      throw new UsageError(`${path}: no such file or folder`);
    });
  const syntax = await loadSyntax(dist);
  const catalogue = await resolveCatalogue(options.kernel, paths[0], syntax, dist);
  const head = { schemaVersion: SCHEMA_VERSION, kernel: catalogue.kernel };
  const skipped: { path: string; reason: string }[] = [];
  const { format } = options;
  let files = 0;
  if (format === 'json') await write(`${JSON.stringify(head).slice(0, -1)},"files":[`);
  if (format === 'jsonl') await write(`${JSON.stringify(head)}\n`);
  for await (const source of sourceFiles(paths)) {
    if ('reason' in source) {
      skipped.push(source);
      continue;
    }
    let annotations: FileAnnotations;
    try {
      annotations = annotateText(source.path, source.text, source.bytes, syntax, catalogue);
    } catch (error) {
      // A bug of ours in one file must not cost the other 50,000.
      const what = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 2).join(' ') : String(error);
      skipped.push({ path: source.path, reason: `internal error, please report it: ${what}` });
      continue;
    }
    if (format === 'text') await write(annotationsText(annotations, catalogue.kernel));
    else if (format === 'jsonl') await write(`${annotationsJson(annotations)}\n`);
    else await write(`${files > 0 ? ',' : ''}\n${annotationsJson(annotations)}`);
    files++;
  }
  if (format === 'json') await write(`],"skipped":${JSON.stringify(skipped)}}\n`);
  else if (format === 'jsonl' && skipped.length > 0) await write(`${JSON.stringify({ skipped })}\n`);
  if (format === 'text') for (const { path, reason } of skipped) process.stderr.write(`r4l: ${path} is left out: ${reason}\n`);
  if (files === 0 && skipped.length > 0)
    throw new UsageError(`nothing could be read: ${skipped[0]!.path}: ${skipped[0]!.reason}`);
}

/** Parses and analyses one text. */
function annotateText(path: string, text: string, bytes: number, syntax: Syntax, catalogue: Catalogue): FileAnnotations {
  const start = performance.now();
  const tree = syntax.parse('c', text);
  const parsed = performance.now();
  const analysis = analyse(tree, catalogue);
  return toAnnotations(path, bytes, analysis, { parse: parsed - start, total: performance.now() - start });
}
