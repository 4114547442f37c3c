import * as vscode from 'vscode';
import { addFlow, fileFacts, reportDriver, totalsOf, type Catalogue, type Report } from '../core';
import type { Documents } from './documents';
import type { Kernels } from './kernels';

/** How a host that has a disk makes reports: whole drivers and folders, on other threads, from a cache. */
export type DiskReport = (
  paths: readonly string[],
  options: { catalogue: Catalogue; signal: AbortSignal; progress: (done: number, total: number) => void },
) => Promise<Report>;

/** What was asked for cannot be reported on: the message says why and what to do. */
export class ReportError extends Error {}

/** Makes reports on the drivers of the workspace, as `r4l report` does. */
export class DriverReports {
  /** @param disk left out where the host has no disk: then a report is on single files, of what their text says */
  constructor(
    private readonly documents: Documents,
    private readonly kernels: Kernels,
    private readonly disk: DiskReport | undefined,
  ) {}

  /**
   * The report on the drivers that have a file among `uris`; a folder stands for all below it.
   * @throws ReportError; vscode.CancellationError if `token` is cancelled
   */
  async of(
    uris: readonly vscode.Uri[],
    token?: vscode.CancellationToken,
    progress: (done: number, total: number) => void = () => undefined,
    catalogue?: Catalogue,
  ): Promise<Report> {
    const kernel = catalogue ?? (await this.kernels.kernelOf(uris[0]!)).catalogue;
    if (!this.disk || uris.some(({ scheme }) => scheme !== 'file')) return this.ofTexts(uris, kernel, token, progress);
    const abort = new AbortController();
    const subscription = token?.onCancellationRequested(() => {
      abort.abort(new vscode.CancellationError());
    });
    try {
      const paths = uris.map(({ fsPath }) => fsPath);
      return await this.disk(paths, { catalogue: kernel, signal: abort.signal, progress });
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
    const skipped: Report['skipped'] = [];
    for (const [i, uri] of uris.entries()) {
      if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
      progress(i, uris.length);
      const path = vscode.workspace.asRelativePath(uri);
      const { type } = await vscode.workspace.fs.stat(uri);
      if (type & vscode.FileType.Directory)
        throw new ReportError(`${path} is a folder: reports on folders need a kernel tree on the disk of VS Code's host.`);
      const document = await vscode.workspace.openTextDocument(uri);
      const found = await this.documents.analysisOf(document, token);
      if (!found) {
        skipped.push({ path, reason: 'no kernel C' });
        continue;
      }
      const facts = fileFacts(addFlow(found.analysis), new TextEncoder().encode(document.getText()).length);
      const name = uri.path.replace(/^.*\//, '').replace(/\.[ch]$/, '');
      const sources = { name, configs: [], always: false, built: false, files: [{ path, facts }] };
      drivers.push(reportDriver(sources, { catalogue, index: undefined, kconfig: undefined, maintainers: undefined }));
    }
    return { schemaVersion: 1, kernel: catalogue.kernel, totals: totalsOf(drivers), drivers, skipped };
  }
}
