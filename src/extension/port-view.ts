import * as vscode from 'vscode';
import {
  bestItem,
  DRIVER_ORDERS,
  filterText,
  inOrder,
  itemName,
  lineIndex,
  obstacles,
  partsOf,
  passes,
  rules,
  STATUS_ICON,
  STATUS_TEXT,
  type Analysis,
  type DriverFilter,
  type DriverOrder,
  type DriverReport,
} from '../core';
import { OPEN_CANDIDATE } from './candidate-commands';
import { command } from './commands';
import { ReportError, type DriverReports, type WorkspaceReport } from './driver-reports';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { REPORT_DRIVER, REPORT_FOLDER } from './port-pages';

/** The view's name in package.json. */
const VIEW = 'r4l.port';

/** A folder of sources, a driver, a group below a driver, a place in C, or a sentence. */
type Node =
  | { is: 'folder'; uri: vscode.Uri; label: string }
  | { is: 'driver'; driver: DriverReport; report: WorkspaceReport }
  | { is: 'group'; label: string; icon: string; children: Node[] }
  | { is: 'place'; label: string; description: string; tooltip: string; icon: string; uri: vscode.Uri; line: number }
  | { is: 'text'; label: string };

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

/** Registers the view "Rust Port": folders, their drivers with scores, and what is behind a score. Read when they are unfolded. */
export function registerPortView(reports: DriverReports, kernels: Kernels, log: Log): vscode.Disposable {
  const drivers = new PortView(reports, kernels, log);
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: drivers, showCollapseAll: true });
  const refresh = (): void => {
    const filter = filterText(drivers.filter);
    view.message = filter === '' ? '' : `Only drivers: ${filter}`;
    view.description = `by ${drivers.order}`;
    void vscode.commands.executeCommand('setContext', 'r4l.portFiltered', filter !== '');
    drivers.refresh();
  };
  const follow = (): void => void tellMenus(kernels);
  follow();
  return vscode.Disposable.from(
    view,
    drivers,
    vscode.workspace.onDidChangeWorkspaceFolders(follow),
    kernels.onDidChange(() => {
      drivers.forget();
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      drivers.forget(uri);
    }),
    command(log, 'r4l.refreshPortView', () => {
      drivers.forget();
    }),
    command(log, 'r4l.stopPortView', () => {
      drivers.stop();
    }),
    command(log, 'r4l.sortPortView', async () => {
      const picked = await vscode.window.showQuickPick(
        DRIVER_ORDERS.map((order) => ({ label: order, description: order === drivers.order ? 'now' : '' })),
        { title: 'Sort drivers by' },
      );
      if (!picked) return;
      drivers.order = picked.label;
      refresh();
    }),
    command(log, 'r4l.filterPortView', async () => {
      const filter = await askFilter(drivers.filter);
      if (!filter) return;
      drivers.filter = filter;
      refresh();
    }),
    command(log, 'r4l.clearPortFilter', () => {
      drivers.filter = {};
      refresh();
    }),
    onNode(log, 'r4l.openPortReport', (uri, node) =>
      vscode.commands.executeCommand(node.is === 'folder' ? REPORT_FOLDER : REPORT_DRIVER, uri),
    ),
    onNode(log, 'r4l.openPortSource', (uri) => vscode.commands.executeCommand('vscode.open', uri)),
    onNode(log, 'r4l.openPortCandidate', async (uri) => {
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand(OPEN_CANDIDATE, uri);
    }),
  );
}

/** Keeps the context `r4l.kernelWorkspace`: the Explorer offers reports where a folder of the workspace lies in a kernel tree, nowhere else. */
async function tellMenus(kernels: Kernels): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const trees = await Promise.all(folders.map(({ uri }) => kernels.treeOf(vscode.Uri.joinPath(uri, 'Makefile'))));
  await vscode.commands.executeCommand(
    'setContext',
    'r4l.kernelWorkspace',
    trees.some((tree) => tree !== undefined),
  );
}

/** A command of the view's menus on a folder or a driver. */
const onNode = (log: Log, id: string, run: (uri: vscode.Uri, node: Node) => Thenable<unknown>) =>
  command(log, id, async (...[node]: [Node]) => {
    if (node.is === 'folder') await run(node.uri, node);
    else if (node.is === 'driver') await run(node.report.uriOf(node.driver.path), node);
  });

class PortView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  filter: DriverFilter = {};
  order: DriverOrder = 'score';
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
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
      return node.is === 'group' ? node.children : [];
    } catch (error) {
      this.log.error('the view of drivers', error);
      return [{ is: 'text', label: 'This could not be read; the log says why.' }];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.is) {
      case 'folder': {
        const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Collapsed);
        item.resourceUri = node.uri;
        item.iconPath = vscode.ThemeIcon.Folder;
        item.contextValue = 'folder';
        item.id = node.uri.toString();
        return item;
      }
      case 'driver':
        return driverItem(node.driver, node.report);
      case 'group': {
        const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Collapsed);
        item.iconPath = new vscode.ThemeIcon(node.icon);
        return item;
      }
      case 'place': {
        const item = new vscode.TreeItem(node.label);
        item.description = node.description;
        item.tooltip = node.tooltip;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        const at = new vscode.Position(node.line, 0);
        const selection = new vscode.Range(at, at);
        item.command = { title: 'Open', command: 'vscode.open', arguments: [node.uri, { selection }] };
        return item;
      }
      case 'text':
        return new vscode.TreeItem(node.label);
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

  /** Entry points, missing abstractions and findings of a driver, with their places. */
  private async behind(driver: DriverReport, report: WorkspaceReport): Promise<Node[]> {
    const files: { uri: vscode.Uri; analysis: Analysis }[] = [];
    for (const path of driver.files) {
      const uri = report.uriOf(path);
      files.push({ uri, analysis: await this.reports.analysisOf(uri, report.catalogue) });
    }
    return [entryPoints(files), missingNames(driver, files), findings(files)].filter(
      (group) => group.is === 'group' && group.children.length > 0,
    );
  }
}

interface Read {
  uri: vscode.Uri;
  analysis: Analysis;
}

const lineOf = ({ tree }: Analysis, offset: number): number => lineIndex(tree.lineStarts, offset);

function entryPoints(files: readonly Read[]): Node {
  const children = files.flatMap(({ uri, analysis }) =>
    analysis.model.entryPoints.flatMap((point, i): Node[] => {
      if (point.kind === 'export') return [];
      const entry = analysis.entryPoints[i]!;
      const best = bestItem(entry);
      return [
        {
          is: 'place',
          label: point.function ?? point.name,
          description: best ? itemName(best, true) : STATUS_TEXT[entry.status],
          tooltip: `${point.container}${point.field === null ? '' : `.${point.field}`}: ${STATUS_TEXT[entry.status]}`,
          icon: iconOf(entry.status),
          uri,
          line: lineOf(analysis, point.start),
        },
      ];
    }),
  );
  return { is: 'group', label: `Entry points (${children.length})`, icon: 'debug-start', children };
}

/** `pass` of `$(pass)`. */
const iconOf = (status: keyof typeof STATUS_ICON): string => STATUS_ICON[status].slice(2, -1);

function missingNames(driver: DriverReport, files: readonly Read[]): Node {
  const firstUse = (name: string): { uri: vscode.Uri; line: number } | undefined => {
    for (const { uri, analysis } of files) {
      const use = analysis.model.apis.find((api) => api.name === name);
      if (use) return { uri, line: lineOf(analysis, use.start) };
    }
    return undefined;
  };
  const children = obstacles(driver).map(({ group, level, names }): Node => ({
    is: 'group',
    label: `${group} (${level})`,
    icon: 'package',
    children: names.flatMap(([name, uses]): Node[] => {
      const place = firstUse(name);
      const description = uses === 1 ? 'one use' : `${uses} uses`;
      return place
        ? [{ is: 'place', label: name, description, tooltip: 'Go to the first use', icon: 'circle-slash', ...place }]
        : [];
    }),
  }));
  return { is: 'group', label: `Missing abstractions (${children.length})`, icon: 'circle-slash', children };
}

function findings(files: readonly Read[]): Node {
  const found = files.flatMap(({ uri, analysis }) =>
    analysis.findings.filter(({ suppressed }) => suppressed === undefined).map((finding) => ({ uri, analysis, finding })),
  );
  const suspects = found.filter(({ finding }) => finding.kind === 'suspect');
  const children = [...suspects, ...found.filter(({ finding }) => finding.kind !== 'suspect')].map(
    ({ uri, analysis, finding }): Node => ({
      is: 'place',
      label: finding.message,
      description: `${finding.rule} · ${finding.cwe}`,
      tooltip: `${finding.message}\n\nIn Rust ${finding.rust.verdict.replace('-', ' ')}: ${finding.rust.mechanism}`,
      icon: finding.kind === 'suspect' ? 'warning' : 'lightbulb',
      uri,
      line: lineOf(analysis, finding.start),
    }),
  );
  return { is: 'group', label: `What Rust would check (${children.length})`, icon: 'shield', children };
}

/** Scores from these on are green, from the second on yellow. */
const GOOD = 60;
const FAIR = 40;

function driverItem(driver: DriverReport, report: WorkspaceReport): vscode.TreeItem {
  const item = new vscode.TreeItem(driver.name, vscode.TreeItemCollapsibleState.Collapsed);
  const missing = obstacles(driver).length;
  const facts = [driver.kind === 'driver' ? driver.buses.join(' ') : driver.kind, missing > 0 ? `${missing} missing` : ''];
  item.description = [String(driver.score), ...facts.filter((fact) => fact !== '')].join(' · ');
  const color = driver.score >= GOOD ? 'charts.green' : driver.score >= FAIR ? 'charts.yellow' : 'charts.red';
  item.iconPath = new vscode.ThemeIcon('circuit-board', new vscode.ThemeColor(color));
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(`${driver.path}: ${driver.score} of 100`);
  for (const { title, part } of partsOf(driver))
    tooltip.appendText(`\n${title} ${part.points ?? '—'} of ${part.max}: ${part.text}`);
  item.tooltip = tooltip;
  item.resourceUri = report.uriOf(driver.path);
  item.contextValue = driver.rewrite === 'supported' ? 'driver.rewritable' : 'driver';
  item.accessibilityInformation = { label: `${driver.name}, score ${driver.score} of 100, ${missing} missing abstractions` };
  return item;
}

/** Asks for a further condition on drivers; undefined if the user thinks better of it. */
async function askFilter(filter: DriverFilter): Promise<DriverFilter | undefined> {
  type Item = vscode.QuickPickItem & { with: () => Promise<DriverFilter | undefined> | DriverFilter };
  const items: Item[] = [
    {
      label: 'Name, path, Kconfig symbol or bus…',
      with: async () => {
        const text = await vscode.window.showInputBox({
          title: 'Drivers whose name, path, symbol or bus has',
          value: filter.text ?? '',
        });
        return text === undefined
          ? undefined
          : without({ ...filter, text: text.trim() }, text.trim() === '' ? 'text' : undefined);
      },
    },
    { label: 'Has a Rust candidate', with: () => ({ ...filter, rewritable: true }) },
    {
      label: 'Lacks an abstraction…',
      with: async () => {
        const lacks = await vscode.window.showInputBox({
          title: 'Drivers that lack the abstraction',
          placeHolder: 'the header it stands for: linux/regmap',
          value: filter.lacks ?? '',
        });
        return lacks === undefined
          ? undefined
          : without({ ...filter, lacks: lacks.trim() }, lacks.trim() === '' ? 'lacks' : undefined);
      },
    },
    ...(['safe', 'partial', 'raw', 'none'] as const).map((status): Item => ({
      label: `Uses names with: ${STATUS_TEXT[status]}`,
      with: () => ({ ...filter, status }),
    })),
    ...rules.map(({ metadata }): Item => ({
      label: `Has findings of ${metadata.id}`,
      description: metadata.cwe,
      with: () => ({ ...filter, rule: metadata.id }),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Show only drivers that', placeHolder: filterText(filter) });
  return picked?.with();
}

function without(filter: DriverFilter, field: keyof DriverFilter | undefined): DriverFilter {
  return field === undefined ? filter : Object.fromEntries(Object.entries(filter).filter(([name]) => name !== field));
}
