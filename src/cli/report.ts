import { stat, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  baselineText,
  configured,
  fails,
  sarifEnd,
  sarifResults,
  sarifStart,
  select,
  wholeFinding,
  type Catalogue,
  type FindingFact,
  type FindingJson,
  type Report,
  type Selection,
  type Severity,
} from '../core';
import { loadSyntax } from '../node/assets';
import { baselineOf, changedSince, pathIn } from '../node/finding-selection';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { makeReport } from '../node/report';
import { TreeConfigurations } from '../node/tree-configuration';
import { write } from './output';
import { progressBar } from './progress';
import { writeReport, type ReportFormat } from './report-writer';

export interface ReportCommandOptions {
  kernel?: string;
  format: ReportFormat | 'sarif';
  jobs?: number;
  cache: boolean;
  shard?: { index: number; count: number };
  /** False if `.r4l.yaml` files are to have no effect on findings. */
  config: boolean;
  baseline?: string;
  writeBaseline?: string;
  changedSince?: string;
  failOn?: Severity;
}

/** Exit status when there are findings at or above `--fail-on`. */
const FINDINGS = 1;

/** `r4l report`: how far each driver is from Rust, and what is in the way. */
export async function report(paths: string[], options: ReportCommandOptions, dist: string): Promise<void> {
  await Promise.all(
    paths.map((path) =>
      stat(path).catch(() => {
        throw new UsageError(`${path}: no such file or folder`);
      }),
    ),
  );
  const configurations = new TreeConfigurations((message) => process.stderr.write(`r4l: ${message}\n`), options.config);
  const { root } = await configurations.placeOfInput(paths[0]!);
  const selection: Selection = {
    baseline: options.baseline === undefined ? undefined : await baselineOf(options.baseline),
    changed: options.changedSince === undefined ? undefined : await changedSince(options.changedSince, root),
  };
  const catalogue = await resolveCatalogue(options.kernel, paths[0], await loadSyntax(dist), dist);
  const found = new Map<string, readonly FindingFact[]>();
  const wanted = options.format === 'sarif' || options.failOn !== undefined || options.writeBaseline !== undefined;
  const bar = progressBar();
  let made: Report;
  try {
    made = await makeReport(paths, {
      catalogue,
      dist,
      jobs: options.jobs,
      cached: options.cache,
      changed: selection.changed && ((path) => selection.changed!.has(pathIn(root, path))),
      shard: options.shard,
      progress: bar.show,
      ...(wanted && {
        findings: (path, findings) => {
          if (findings.length > 0) found.set(path, findings);
        },
      }),
    });
  } finally {
    bar.end();
  }
  if (made.drivers.length === 0 && made.skipped.length > 0)
    throw new UsageError(`nothing could be read: ${made.skipped[0]!.path}: ${made.skipped[0]!.reason}`);
  const findings = wanted ? await selected(found, root, configurations, selection, catalogue) : [];
  if (options.writeBaseline !== undefined) await writeFile(options.writeBaseline, baselineText(findings));
  if (options.format === 'sarif') await writeSarif(findings, made, root);
  else await writeReport(made, options.format);
  if (options.format === 'text')
    for (const { path, reason } of made.skipped) process.stderr.write(`r4l: ${path} is left out: ${reason}\n`);
  if (options.failOn && findings.some((file) => file.findings.some((one) => fails(one, options.failOn!))))
    process.exitCode = FINDINGS;
}

interface FileFindings {
  /** Relative to the root, with `/`. */
  path: string;
  findings: FindingJson[];
}

/** The findings that count, of all files in order, as configurations, baseline and changed lines have it. */
async function selected(
  found: ReadonlyMap<string, readonly FindingFact[]>,
  root: string,
  configurations: TreeConfigurations,
  selection: Selection,
  catalogue: Catalogue,
): Promise<FileFindings[]> {
  const files: FileFindings[] = [];
  for (const file of [...found.keys()].sort()) {
    const { root: own, configuration } = await configurations.placeOf(file);
    const whole = found.get(file)!.map((fact) => wholeFinding(fact, (path) => catalogue.hasItem(path)));
    const path = pathIn(root, file);
    files.push({ path, findings: select(path, configured(whole, configuration, pathIn(own, file)), selection) });
  }
  return files;
}

async function writeSarif(files: readonly FileFindings[], { kernel, skipped }: Report, root: string): Promise<void> {
  await write(sarifStart({ version: process.env.R4L_VERSION ?? '0.0.0', kernel, root: pathToFileURL(`${root}/`).href }));
  let count = 0;
  for (const { path, findings } of files)
    await write(
      sarifResults(path, findings)
        .map((result) => (count++ > 0 ? ',\n' : '\n') + result)
        .join(''),
    );
  await write(sarifEnd(skipped));
}

/** `2/5` as of `--shard`. */
export function parseShard(text: string): { index: number; count: number } {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new UsageError(`--shard ${text}: I/N is expected, the first of five is 1/5`);
  return { index, count };
}
