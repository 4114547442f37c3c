import * as vscode from 'vscode';
import { CONFIGURATION_FILE, EMPTY_CONFIGURATION, LABEL, readConfiguration, type Configuration } from '../core';
import type { Log } from './log';

/** The configuration in force for some documents. */
export interface Place {
  configuration: Configuration;
  /** The path of a document relative to the configuration's folder. */
  path: (uri: vscode.Uri) => string;
}

const NONE: Place = { configuration: EMPTY_CONFIGURATION, path: () => '' };

/**
 * Finds the `.r4l.yaml` in the nearest folder above a document and follows its changes on disk. What it says wrongly is among the problems
 * of that file.
 */
export class Configurations implements vscode.Disposable {
  private readonly folders = new Map<string, Promise<Place | undefined>>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires when a configuration was changed. */
  readonly onDidChange = this.changed.event;
  private readonly problems = vscode.languages.createDiagnosticCollection('r4l-configuration');
  private readonly subscriptions: { dispose(): unknown }[];

  constructor(private readonly log: Log) {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${CONFIGURATION_FILE}`);
    const forget = (uri: vscode.Uri) => {
      if (!uri.path.endsWith(`/${CONFIGURATION_FILE}`)) return;
      this.folders.clear();
      this.problems.delete(uri);
      this.changed.fire();
    };
    this.subscriptions = [
      this.changed,
      this.problems,
      watcher,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      // Not every file system tells of its changes.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        forget(uri);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** What is in force for a document. Never throws: a file that cannot be read says nothing. */
  async placeOf(uri: vscode.Uri): Promise<Place> {
    if (uri.scheme === 'untitled') return NONE;
    return (await this.at(vscode.Uri.joinPath(uri, '..'))) ?? NONE;
  }

  private at(folder: vscode.Uri): Promise<Place | undefined> {
    const key = folder.toString();
    let found = this.folders.get(key);
    if (!found) this.folders.set(key, (found = this.look(folder)));
    return found;
  }

  private async look(folder: vscode.Uri): Promise<Place | undefined> {
    const file = vscode.Uri.joinPath(folder, CONFIGURATION_FILE);
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(file);
    } catch {
      const parent = vscode.Uri.joinPath(folder, '..');
      return parent.path === folder.path ? undefined : this.at(parent);
    }
    const { configuration, problems } = await readConfiguration(new TextDecoder().decode(bytes));
    this.problems.set(
      file,
      problems.map(({ line, column, message }) => {
        const diagnostic = new vscode.Diagnostic(
          new vscode.Range(line - 1, column - 1, line - 1, 1000),
          message,
          vscode.DiagnosticSeverity.Warning,
        );
        diagnostic.source = `${LABEL} Lens`;
        return diagnostic;
      }),
    );
    for (const { line, message } of problems) this.log.warning(`${file.toString(true)}:${line}: ${message}`);
    const root = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
    return { configuration, path: (uri) => (uri.path.startsWith(root) ? uri.path.slice(root.length) : uri.path) };
  }
}
