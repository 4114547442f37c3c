import { randomNonce } from './nonce';
import * as vscode from 'vscode';
import {
  driverHtml,
  driverMarkdown,
  reportCsv,
  reportHtml,
  reportMarkdown,
  type DriverReport,
  type KernelIdentity,
  type PageHost,
} from '../core';
import { OPEN_CANDIDATE } from './candidate-commands';
import { command } from './commands';
import { ReportError, type DriverReports, type WorkspaceReport } from './driver-reports';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { openRustItem } from './places';

/** Opens the page on the driver of a C file; without an address, of the active editor's. */
export const REPORT_DRIVER = 'r4l.reportDriver';
/** Opens the page on the drivers below a folder; without an address, of one that is asked for. */
export const REPORT_FOLDER = 'r4l.reportFolder';

/** What a page's script tells. */
interface Message {
  /** A file of the report, with a one-based line. */
  file?: string;
  line?: number;
  /** Path of a Rust item. */
  rust?: string;
  /** An action of the page's head, or of a driver of its table. */
  action?: 'candidate' | 'export' | 'refresh' | 'report';
}

/** Tells the extension what was chosen; keeps the place when the page is made again. */
const SCRIPT = `
const host = acquireVsCodeApi();
addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const { file, line, rust, action } = button.dataset;
  if (file || rust || action) host.postMessage({ file, line: line && Number(line), rust, action });
});
scrollTo(0, host.getState()?.top ?? 0);
addEventListener('scroll', () => host.setState({ top: scrollY }), { passive: true });
`;

/** Files of a driver that a page reads; a driver of more is described by its report alone beyond. */
const FILES = 60;

/** Registers the pages on drivers and folders, and their commands. */
export function registerPortPages(reports: DriverReports, kernels: Kernels, log: Log): vscode.Disposable {
  const pages = new PortPages(reports, kernels, log);
  return vscode.Disposable.from(
    pages,
    command(log, REPORT_DRIVER, async (...[uri]: [vscode.Uri?]) => {
      const target = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
      if (target) await pages.openDriver(target);
      else void vscode.window.showInformationMessage('Open a C file of a driver first, or choose one in the Explorer.');
    }),
    command(log, REPORT_FOLDER, async (...[uri]: [vscode.Uri?]) => {
      const target = uri instanceof vscode.Uri ? uri : await chosenFolder();
      if (target) await pages.openFolder(target);
    }),
  );
}

async function chosenFolder(): Promise<vscode.Uri | undefined> {
  const [home] = vscode.workspace.workspaceFolders ?? [];
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Report',
    title: 'Report on the drivers of a folder',
    ...(home && { defaultUri: home.uri }),
  });
  return chosen?.[0];
}

class PortPages implements vscode.Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly reports: DriverReports,
    private readonly kernels: Kernels,
    private readonly log: Log,
  ) {}

  dispose(): void {
    for (const panel of this.open.values()) panel.dispose();
  }

  /** The page on the driver that `uri` is a file of; made again when one of its files is saved. */
  async openDriver(uri: vscode.Uri): Promise<void> {
    const report = await this.make([uri], `Report on ${vscode.workspace.asRelativePath(uri)}`);
    const driver = report?.drivers[0];
    if (!report || !driver) {
      if (report) sayNothing(report);
      return;
    }
    const panel = this.panel(`driver ${uri.toString()}`, `${driver.name}: Rust port`, (message) =>
      message.action === 'refresh'
        ? this.openDriver(uri)
        : message.action === 'candidate'
          ? Promise.resolve(vscode.commands.executeCommand(OPEN_CANDIDATE, report.uriOf(driver.path)))
          : message.action === 'export'
            ? this.exported(report, driver)
            : this.go(message, report),
    );
    panel.webview.html = driverHtml(await this.pageOf(report, driver), {
      ...hostOf(panel.webview),
      actions: [
        ...(driver.rewrite === 'supported' ? [{ title: 'Open Rust Candidate', action: 'candidate' }] : []),
        { title: 'Export…', action: 'export' },
        { title: 'Refresh', action: 'refresh' },
      ],
    });
  }

  /** The page on all drivers below a folder. */
  async openFolder(uri: vscode.Uri): Promise<void> {
    const folder = vscode.workspace.asRelativePath(uri);
    const report = await this.make([uri], `Report on the drivers of ${folder}`);
    if (!report) return;
    if (report.drivers.length === 0) {
      sayNothing(report);
      return;
    }
    const panel = this.panel(`folder ${uri.toString()}`, `${folder}: Rust port`, (message) =>
      message.action === 'refresh'
        ? this.openFolder(uri)
        : message.action === 'export'
          ? this.exported(report)
          : message.action === 'report' && message.file !== undefined
            ? this.openDriver(report.uriOf(message.file))
            : this.go(message, report),
    );
    panel.webview.html = [
      ...reportHtml(report, {
        ...hostOf(panel.webview),
        actions: [
          { title: 'Export…', action: 'export' },
          { title: 'Refresh', action: 'refresh' },
        ],
      }),
    ].join('');
  }

  /** Makes a report with progress that can be cancelled; undefined if it was, or if a message has said why there is none. */
  private async make(uris: readonly vscode.Uri[], title: string): Promise<WorkspaceReport | undefined> {
    const location = vscode.ProgressLocation.Notification;
    try {
      return await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
        let last = 0;
        return this.reports.of(uris, token, (done, total) => {
          const percent = Math.floor((100 * done) / total);
          if (percent > last) progress.report({ increment: percent - last, message: `${done} of ${total} files` });
          last = Math.max(last, percent);
        });
      });
    } catch (error) {
      if (error instanceof vscode.CancellationError) return undefined;
      if (!(error instanceof ReportError)) throw error;
      void vscode.window.showInformationMessage(error.message);
      return undefined;
    }
  }

  /** The panel of a page, made or brought to the front; `receive` gets what is chosen in it. */
  private panel(key: string, title: string, receive: (message: Message) => Promise<unknown>): vscode.WebviewPanel {
    let panel = this.open.get(key);
    if (!panel) {
      panel = vscode.window.createWebviewPanel('r4l.port', title, vscode.ViewColumn.Active, {
        enableScripts: true,
        localResourceRoots: [],
        enableFindWidget: true,
        retainContextWhenHidden: false,
      });
      this.open.set(key, panel);
      panel.onDidDispose(() => this.open.delete(key));
    } else panel.reveal();
    this.receivers.get(panel)?.dispose();
    const receiver = panel.webview.onDidReceiveMessage((message: Message) => {
      receive(message).catch((error: unknown) => {
        this.log.error(`${title}: ${JSON.stringify(message)}`, error);
      });
    });
    this.receivers.set(panel, receiver);
    return panel;
  }

  private readonly receivers = new WeakMap<vscode.WebviewPanel, vscode.Disposable>();

  private async pageOf(report: WorkspaceReport, driver: DriverReport): Promise<Parameters<typeof driverHtml>[0]> {
    const files = [];
    for (const path of driver.files.slice(0, FILES)) {
      try {
        files.push({ path, analysis: await this.reports.analysisOf(report.uriOf(path), report.catalogue) });
      } catch (error) {
        this.log.error(`${path} could not be read for the report`, error); // the rest of the page stands
      }
    }
    return { driver, kernel: report.kernel, files };
  }

  /** Goes to a place of C or to a Rust item. */
  private async go({ file, line, rust }: Message, report: WorkspaceReport): Promise<void> {
    if (file !== undefined) {
      const at = new vscode.Position((line ?? 1) - 1, 0);
      await vscode.window.showTextDocument(report.uriOf(file), { selection: new vscode.Range(at, at), preview: true });
    } else if (rust !== undefined) {
      const item = report.catalogue.items().find(({ path }) => path === rust);
      const first = report.drivers[0];
      if (item && first) await openRustItem(item, await this.kernels.kernelOf(report.uriOf(first.path)));
    }
  }

  /** Saves the report as Markdown, CSV, JSON or HTML, whatever the ending of the chosen name says. */
  private async exported(report: WorkspaceReport, driver?: DriverReport): Promise<void> {
    const { schemaVersion, kernel, totals, drivers, skipped } = report;
    const name = driver ? driver.name : 'port-report';
    const [home] = vscode.workspace.workspaceFolders ?? [];
    const target = await vscode.window.showSaveDialog({
      ...(home && { defaultUri: vscode.Uri.joinPath(home.uri, `${name}.md`) }),
      filters: { Markdown: ['md'], HTML: ['html'], CSV: ['csv'], JSON: ['json'] },
      title: 'Export Report',
    });
    if (!target) return;
    const plain = { schemaVersion, kernel, totals, drivers, skipped };
    const text = target.path.endsWith('.html')
      ? driver
        ? driverHtml(await this.pageOf(report, driver))
        : [...reportHtml(plain)].join('')
      : target.path.endsWith('.csv')
        ? [...reportCsv(plain)].join('')
        : target.path.endsWith('.json')
          ? `${JSON.stringify(plain, undefined, 1)}\n`
          : driver
            ? driverMarkdown(driver)
            : [...reportMarkdown(plain)].join('');
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const picked = await vscode.window.showInformationMessage(`Saved ${target.path.replace(/^.*\//, '')}.`, 'Open');
    if (picked !== undefined)
      await (target.path.endsWith('.html') ? vscode.env.openExternal(target) : vscode.window.showTextDocument(target));
  }
}

function sayNothing({ skipped }: { skipped: readonly { path: string; reason: string }[]; kernel: KernelIdentity }): void {
  const why = skipped[0] ? `: ${skipped[0].path}: ${skipped[0].reason}` : ': there is no C file.';
  void vscode.window.showInformationMessage(`There is nothing to report on${why}`);
}

/** What a page may do in the workbench: its own style and script, nothing from elsewhere. */
function hostOf({ cspSource }: vscode.Webview): PageHost {
  const nonce = randomNonce();
  return {
    policy: `default-src 'none'; style-src ${cspSource} 'unsafe-inline'; script-src 'nonce-${nonce}'`,
    nonce,
    script: SCRIPT,
  };
}
