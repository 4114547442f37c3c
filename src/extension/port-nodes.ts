import * as vscode from 'vscode';
import { driverLine, type DriverGroup, type DriverLine, type DriverPlace, type DriverReport } from '../core';
import type { WorkspaceReport } from './driver-reports';

/** A folder of sources, a driver, a group below a driver, a place in C, or a sentence. */
export type Node =
  | { is: 'folder'; uri: vscode.Uri; label: string }
  | { is: 'driver'; driver: DriverReport; report: WorkspaceReport }
  | { is: 'group'; group: DriverGroup; report: WorkspaceReport }
  | { is: 'place'; place: DriverPlace; report: WorkspaceReport }
  | { is: 'text'; label: string };

/** What is below a group. */
export const belowGroup = ({ groups, places }: DriverGroup, report: WorkspaceReport): Node[] => [
  ...groups.map((group): Node => ({ is: 'group', group, report })),
  ...places.map((place): Node => ({ is: 'place', place, report })),
];

const COLOR: Record<DriverLine['worth'], string> = { good: 'charts.green', fair: 'charts.yellow', poor: 'charts.red' };

/** A node as VS Code draws it. */
export function itemOf(node: Node): vscode.TreeItem {
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
      const item = new vscode.TreeItem(node.group.label, vscode.TreeItemCollapsibleState.Collapsed);
      item.iconPath = new vscode.ThemeIcon(node.group.icon);
      return item;
    }
    case 'place': {
      const { label, description, tooltip, icon, path, line } = node.place;
      const item = new vscode.TreeItem(label);
      item.description = description;
      item.tooltip = tooltip;
      item.iconPath = new vscode.ThemeIcon(icon);
      const at = new vscode.Position(line, 0);
      const selection = new vscode.Range(at, at);
      item.command = { title: 'Open', command: 'vscode.open', arguments: [node.report.uriOf(path), { selection }] };
      return item;
    }
    case 'text':
      return new vscode.TreeItem(node.label);
  }
}

function driverItem(driver: DriverReport, report: WorkspaceReport): vscode.TreeItem {
  const { description, tooltip, spoken, worth } = driverLine(driver);
  const item = new vscode.TreeItem(driver.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon('circuit-board', new vscode.ThemeColor(COLOR[worth]));
  item.tooltip = new vscode.MarkdownString().appendText(tooltip);
  item.resourceUri = report.uriOf(driver.path);
  item.contextValue = driver.rewrite === 'supported' ? 'driver.rewritable' : 'driver';
  item.accessibilityInformation = { label: spoken };
  return item;
}
