import * as vscode from 'vscode';
import { DRIVER_ORDERS, filterText } from '../core';
import { OPEN_CANDIDATE } from './candidate-commands';
import { command } from './commands';
import type { DriverReports } from './driver-reports';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { askFilter } from './port-filter';
import type { Node } from './port-nodes';
import { REPORT_DRIVER, REPORT_FOLDER } from './port-pages';
import { PortTree, VIEW } from './port-tree';

/** Registers the view "Rust Port": folders, their drivers with scores, and what is behind a score. Read when they are unfolded. */
export function registerPortView(reports: DriverReports, kernels: Kernels, log: Log): vscode.Disposable {
  const drivers = new PortTree(reports, kernels, log);
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
