import * as vscode from 'vscode';
import { contentsOf, inOrder, passes, type ReadFile, type DriverFilter, type DriverOrder, type DriverReport } from '../core';
import { ReportError, type DriverReports, type WorkspaceReport } from './driver-reports';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { belowGroup, itemOf, type Node } from './port-nodes';

/** The view's name in package.json. */
export const VIEW = 'r4l.port';

/** Folders of a kernel tree that hold no code of the kernel's own to be ported. */
const LEFT_OUT = new Set([
  'Documentation',
  'scripts',
  'tools',
  'samples',
  'usr',
  'rust',
  'LICENSES',
  'include',
  'debian',
  'certs',
]);

/** The nodes of the view, read when they are unfolded. */
export class PortTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  filter: DriverFilter = {};
  order: DriverOrder = 'score';
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly getTreeItem = itemOf;
  /** Reports by folder. */
  private readonly made = new Map<string, Promise<WorkspaceReport | undefined>>();
  private readonly running = new Set<vscode.CancellationTokenSource>();

  constructor(
    private readonly reports: DriverReports,
    private readonly kernels: Kernels,
    private readonly log: Log,
  ) {}

  dispose(): void {
    this.stop();
    this.changed.dispose();
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Forgets what is known, of the folder of `file` alone if one is given. */
  forget(file?: vscode.Uri): void {
    if (file && !this.made.delete(vscode.Uri.joinPath(file, '..').toString())) return;
    if (!file) this.made.clear();
    this.refresh();
  }

  /** Stops the reports that are being made; their folders can be unfolded again. */
  stop(): void {
    for (const source of this.running) source.cancel();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      if (!node) return await this.roots();
      if (node.is === 'folder') return await this.folder(node.uri);
      if (node.is === 'driver') return await this.behind(node.driver, node.report);
      return node.is === 'group' ? belowGroup(node.group, node.report) : [];
    } catch (error) {
      this.log.error('the view of drivers', error);
      return [{ is: 'text', label: 'This could not be read; the log says why.' }];
    }
  }

  /** The folders of the workspace that lie in kernel trees, with the tree's top folders where one is the whole tree. */
  private async roots(): Promise<Node[]> {
    const roots: Node[] = [];
    for (const { uri, name } of vscode.workspace.workspaceFolders ?? []) {
      const tree = await this.kernels.treeOf(vscode.Uri.joinPath(uri, 'Makefile'));
      if (tree?.root.toString() === uri.toString() && this.reports.canReadFolders(uri)) {
        const folders = (await this.below(uri)).folders.filter(({ label }) => !LEFT_OUT.has(label));
        roots.push(...folders.map((folder): Node => ({ is: 'folder', ...folder })));
      } else if (this.reports.canReadFolders(uri)) roots.push({ is: 'folder', uri, label: name });
    }
    return roots;
  }

  private async folder(uri: vscode.Uri): Promise<Node[]> {
    const { folders, sources } = await this.below(uri);
    const report = sources.length === 0 ? undefined : await this.reportOf(uri, sources);
    const drivers = report ? report.drivers.filter((driver) => passes(driver, this.filter)) : [];
    const nodes: Node[] = [
      ...folders.map((folder): Node => ({ is: 'folder', ...folder })),
      ...inOrder(drivers, this.order).map((driver): Node => ({ is: 'driver', driver, report: report! })),
    ];
    if (sources.length > 0 && !report) nodes.push({ is: 'text', label: 'Stopped. Refresh to go on.' });
    else if (nodes.length === 0)
      nodes.push({ is: 'text', label: report ? 'No driver here passes the filter.' : 'No C files here.' });
    return nodes;
  }

  /** What a folder holds: folders with sources or makefiles, and C files. */
  private async below(uri: vscode.Uri): Promise<{ folders: { uri: vscode.Uri; label: string }[]; sources: vscode.Uri[] }> {
    const entries = (await vscode.workspace.fs.readDirectory(uri)).sort(([a], [b]) => (a < b ? -1 : 1));
    const child = (name: string): vscode.Uri => vscode.Uri.joinPath(uri, name);
    const isSource = (name: string): boolean => name.endsWith('.c') && !name.endsWith('.mod.c');
    const folders = await Promise.all(
      entries
        .filter(([name, type]) => type === vscode.FileType.Directory && !name.startsWith('.'))
        .map(async ([label]) => {
          const inside = await Promise.resolve(vscode.workspace.fs.readDirectory(child(label))).catch(() => []);
          const code = inside.some(([name]) => isSource(name) || /^(?:Makefile|Kbuild|Kconfig)$/.test(name));
          return code ? [{ uri: child(label), label }] : [];
        }),
    );
    const sources = entries
      .filter(([name, type]) => type === vscode.FileType.File && isSource(name))
      .map(([name]) => child(name));
    return { folders: folders.flat(), sources };
  }

  /** The report on the C files of one folder, made once; undefined if it was stopped. */
  private reportOf(uri: vscode.Uri, sources: vscode.Uri[]): Promise<WorkspaceReport | undefined> {
    const key = uri.toString();
    let making = this.made.get(key);
    if (!making) {
      making = this.make(uri, sources).then((report) => {
        if (!report) this.made.delete(key);
        return report;
      });
      this.made.set(key, making);
    }
    return making;
  }

  private async make(uri: vscode.Uri, sources: vscode.Uri[]): Promise<WorkspaceReport | undefined> {
    const source = new vscode.CancellationTokenSource();
    this.running.add(source);
    void vscode.commands.executeCommand('setContext', 'r4l.portRunning', true);
    try {
      return await vscode.window.withProgress({ location: { viewId: VIEW }, title: uri.path }, () =>
        this.reports.of(sources, source.token),
      );
    } catch (error) {
      if (error instanceof vscode.CancellationError || error instanceof ReportError) return undefined;
      throw error;
    } finally {
      this.running.delete(source);
      source.dispose();
      if (this.running.size === 0) void vscode.commands.executeCommand('setContext', 'r4l.portRunning', false);
    }
  }

  /** What is behind a driver's score, with its places. */
  private async behind(driver: DriverReport, report: WorkspaceReport): Promise<Node[]> {
    const files: ReadFile[] = [];
    for (const path of driver.files)
      files.push({ path, analysis: await this.reports.analysisOf(report.uriOf(path), report.catalogue) });
    return contentsOf(driver, files).map((group): Node => ({ is: 'group', group, report }));
  }
}
