import * as vscode from 'vscode';
import {
  addFlow,
  analyse,
  fileFacts,
  reportDriver,
  totalsOf,
  type Analysis,
  type Catalogue,
  type DriverReport,
  type Report,
} from '../core';
import type { Assets } from './assets';
import type { Documents } from './documents';
import type { Kernels } from './kernels';

/** How a host that has a disk makes reports: whole drivers and folders, on other threads, from a cache. */
export type DiskReport = (
  paths: readonly string[],
  options: { catalogue: Catalogue; signal: AbortSignal; progress: (done: number, total: number) => void },
) => Promise<Report>;

/** What was asked for cannot be reported on: the message says why and what to do. */
export class ReportError extends Error {}

/** A report whose paths are as the workbench shows them, with the addresses behind them. */
export interface WorkspaceReport extends Report {
  uriOf: (path: string) => vscode.Uri;
  catalogue: Catalogue;
}

/** Makes reports on the drivers of the workspace, as `r4l report` does. */
export class DriverReports {
  /** @param disk left out where the host has no disk: then a report is on single files, of what their text says */
  constructor(
    private readonly assets: Assets,
    private readonly documents: Documents,
    private readonly kernels: Kernels,
    private readonly disk: DiskReport | undefined,
  ) {}

  /** Whether folders can be reported on: what lies on this host's disk. */
  canReadFolders = ({ scheme }: vscode.Uri): boolean => this.disk !== undefined && scheme === 'file';

  /**
   * The report on the drivers that have a file among `uris`; a folder stands for all below it.
   * @throws ReportError; vscode.CancellationError if `token` is cancelled
   */
  async of(
    uris: readonly vscode.Uri[],
    token?: vscode.CancellationToken,
    progress: (done: number, total: number) => void = () => undefined,
    chosen?: Catalogue,
  ): Promise<WorkspaceReport> {
    const catalogue = chosen ?? (await this.kernels.kernelOf(uris[0]!)).catalogue;
    const report = uris.every(this.canReadFolders)
      ? await this.ofFiles(uris, catalogue, token, progress)
      : await this.ofTexts(uris, catalogue, token, progress);
    const addresses = new Map<string, vscode.Uri>();
    const shown = (path: string): string => {
      const uri = uris[0]!.with({ path: vscode.Uri.file(path).path, query: '', fragment: '' });
      const short = vscode.workspace.asRelativePath(uri);
      addresses.set(short, uri);
      return short;
    };
    const drivers = report.drivers.map((driver): DriverReport => ({
      ...driver,
      path: shown(driver.path),
      files: driver.files.map(shown),
    }));
    const skipped = report.skipped.map(({ path, reason }) => ({ path: shown(path), reason }));
    const uriOf = (path: string): vscode.Uri => addresses.get(path) ?? vscode.Uri.file(path);
    return { ...report, drivers, skipped, uriOf, catalogue };
  }

  /** The analysis of a driver's file: of the text in its editor if it is open, else of the file. */
  async analysisOf(uri: vscode.Uri, catalogue: Catalogue): Promise<Analysis> {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const found = document && (await this.documents.analysisOf(document));
    if (found?.catalogue === catalogue) return addFlow(found.analysis);
    const text = document?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return analyse((await this.assets.syntax()).parse('c', text), catalogue);
  }

  private async ofFiles(
    uris: readonly vscode.Uri[],
    catalogue: Catalogue,
    token: vscode.CancellationToken | undefined,
    progress: (done: number, total: number) => void,
  ): Promise<Report> {
    const abort = new AbortController();
    const subscription = token?.onCancellationRequested(() => {
      abort.abort(new vscode.CancellationError());
    });
    try {
      const paths = uris.map(({ fsPath }) => fsPath);
      return await this.disk!(paths, { catalogue, signal: abort.signal, progress });
    } finally {
      subscription?.dispose();
    }
  }

  /** A report without a disk: each file is a driver of its own, and nothing is known of the tree around it. */
  private async ofTexts(
    uris: readonly vscode.Uri[],
    catalogue: Catalogue,
    token: vscode.CancellationToken | undefined,
    progress: (done: number, total: number) => void,
  ): Promise<Report> {
    const drivers: Report['drivers'] = [];
    for (const [i, uri] of uris.entries()) {
      if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
      progress(i, uris.length);
      const { type } = await vscode.workspace.fs.stat(uri);
      if (type & vscode.FileType.Directory)
        throw new ReportError(
          `${vscode.workspace.asRelativePath(uri)} is a folder: reports on folders need a kernel tree on the disk of VS Code’s host.`,
        );
      const analysis = await this.analysisOf(uri, catalogue);
      const facts = fileFacts(analysis, new TextEncoder().encode(analysis.tree.text).length);
      const name = uri.path.replace(/^.*\//, '').replace(/\.[ch]$/, '');
      const sources = { name, configs: [], always: false, built: false, files: [{ path: uri.path, facts }] };
      drivers.push(
        reportDriver(sources, {
          catalogue,
          index: undefined,
          kconfig: undefined,
          architectures: undefined,
          maintainers: undefined,
        }),
      );
    }
    return { schemaVersion: 1, kernel: catalogue.kernel, totals: totalsOf(drivers), drivers, skipped: [] };
  }
}
