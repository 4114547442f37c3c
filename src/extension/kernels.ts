import * as vscode from 'vscode';
import {
  compareVersions,
  indexTree,
  nearestSnapshot,
  openCatalogue,
  releaseOf,
  versionOfMakefile,
  type Catalogue,
  type TreeReader,
} from '../core';
import type { Assets } from './assets';
import type { Log } from './log';
import { SECTION, settingsOf } from './settings';

/** A kernel tree in the workspace. */
export interface KernelTree {
  root: vscode.Uri;
  version: string;
}

/** The catalogue for a document, and how it came to it. */
export interface DocumentKernel {
  catalogue: Catalogue;
  /** The kernel tree that holds the document. */
  tree: KernelTree | undefined;
  /** Why another kernel's catalogue is used; empty if it is the document's own. */
  provenance: string;
}

/** Finds the kernel tree around a document and the catalogue for it, and indexes trees in the background. */
export class Kernels implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires when documents may have got another catalogue. */
  readonly onDidChange = this.changed.event;
  private readonly trees = new Map<string, Promise<KernelTree | undefined>>();
  private readonly indexed = new Map<string, Catalogue | 'running' | 'failed'>();
  private readonly subscriptions: { dispose(): unknown }[] = [
    this.changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.kernelVersion`)) this.changed.fire();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      this.trees.clear();
      this.changed.fire();
    }),
  ];
  private disposed = false;

  constructor(
    private readonly assets: Assets,
    private readonly log: Log,
  ) {}

  dispose(): void {
    this.disposed = true;
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The kernel tree that holds `uri`; undefined if none does. Documents of other schemes (`git:`, diffs) belong where their path lies. */
  async treeOf(uri: vscode.Uri): Promise<KernelTree | undefined> {
    const home = homeOf(uri);
    return home ? this.treeAbove(vscode.Uri.joinPath(home, '..')) : undefined;
  }

  /** The catalogue for `uri` now. A tree that is still being indexed is stood in for by the nearest snapshot; `onDidChange` tells when it is ready. */
  async kernelOf(uri: vscode.Uri): Promise<DocumentKernel> {
    const tree = await this.treeOf(uri);
    const chosen = settingsOf(uri).kernelVersion;
    const versions = await this.assets.versions();
    if (chosen !== 'auto') {
      const version = versions.find((candidate) => candidate === chosen || releaseOf(candidate) === releaseOf(chosen));
      if (version !== undefined)
        return { catalogue: await this.assets.snapshot(version), tree, provenance: 'chosen by r4l.kernelVersion' };
      this.log.warning(`r4l.kernelVersion is ${chosen}, but shipped are only ${versions.join(', ')}: taken as auto`);
    }
    if (!tree)
      return {
        catalogue: await this.assets.snapshot(nearestSnapshot(versions)),
        tree,
        provenance: 'no kernel tree around the file',
      };
    const own = this.catalogueOfTree(tree);
    if (typeof own === 'object') return { catalogue: own, tree, provenance: '' };
    const version = nearestSnapshot(versions, tree.version);
    const standIn =
      compareVersions(version, tree.version) > 0 ? 'the oldest one that is shipped' : 'the nearest one that is not newer';
    const provenance =
      own === 'running' ? `your tree (${tree.version}) is being indexed` : `your tree is ${tree.version}; this is ${standIn}`;
    return { catalogue: await this.assets.snapshot(version), tree, provenance };
  }

  private treeAbove(folder: vscode.Uri): Promise<KernelTree | undefined> {
    const key = folder.toString();
    let found = this.trees.get(key);
    if (!found) {
      found = this.inspect(folder).then((tree) => {
        if (tree) return tree;
        const parent = vscode.Uri.joinPath(folder, '..');
        return parent.path === folder.path ? undefined : this.treeAbove(parent);
      });
      this.trees.set(key, found);
    }
    return found;
  }

  private async inspect(root: vscode.Uri): Promise<KernelTree | undefined> {
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, 'Kconfig'));
      const version = versionOfMakefile(await readText(vscode.Uri.joinPath(root, 'Makefile')));
      return version === undefined ? undefined : { root, version };
    } catch {
      return undefined; // not there, or not readable: then it is no tree for us
    }
  }

  /** The tree's own catalogue, `running` while it is being made, `failed` if there is none to be made. */
  private catalogueOfTree(tree: KernelTree): Catalogue | 'running' | 'failed' {
    const key = tree.root.toString();
    const known = this.indexed.get(key);
    if (known !== undefined) return known;
    if (isVirtual(tree.root)) {
      // Thousands of requests to a remote repository: the snapshot answers at once.
      this.indexed.set(key, 'failed');
      return 'failed';
    }
    this.indexed.set(key, 'running');
    void this.index(tree).then((catalogue) => {
      this.indexed.set(key, catalogue ?? 'failed');
      if (!this.disposed) this.changed.fire();
    });
    return 'running';
  }

  private async index(tree: KernelTree): Promise<Catalogue | undefined> {
    const start = performance.now();
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(tree.root, 'rust/kernel/lib.rs'));
    } catch {
      this.log.info(`${tree.root.toString(true)} (Linux ${tree.version}) has no rust/kernel: a shipped snapshot is used`);
      return undefined;
    }
    try {
      const data = await indexTree(treeReader(tree.root), await this.assets.syntax());
      this.log.info(`indexed ${tree.root.toString(true)} (Linux ${tree.version}) in ${Math.round(performance.now() - start)} ms`);
      return openCatalogue(data, 'tree');
    } catch (error) {
      this.log.error(`${tree.root.toString(true)} could not be indexed, a shipped snapshot is used`, error);
      return undefined;
    }
  }
}

/** Reads a kernel tree through `workspace.fs`. */
function treeReader(root: vscode.Uri): TreeReader {
  return {
    read: (path) => readText(vscode.Uri.joinPath(root, path)).catch(() => undefined),
    list: async (path) => {
      try {
        const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(root, path));
        return entries.map(([name, type]) => ({ name, directory: (type & vscode.FileType.Directory) !== 0 }));
      } catch {
        return [];
      }
    },
  };
}

const readText = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

/** Whether `uri` is served by something slower than a disk (github.dev, a Git provider). */
const isVirtual = (uri: vscode.Uri): boolean => uri.scheme !== 'file' && uri.scheme !== 'vscode-remote';

/**
 * Where a document lies that may be a view of another file: `git:/linux/drivers/x.c?…` lies at that path of the workspace folder which holds it.
 * Undefined for documents that lie nowhere (`untitled:`).
 */
function homeOf(uri: vscode.Uri): vscode.Uri | undefined {
  if (uri.scheme === 'untitled') return undefined;
  const own = vscode.workspace.getWorkspaceFolder(uri);
  if (own) return uri;
  const holder = vscode.workspace.workspaceFolders?.find(({ uri: folder }) =>
    uri.path.startsWith(folder.path.replace(/\/?$/, '/')),
  );
  if (holder) return holder.uri.with({ path: uri.path });
  return uri.scheme === 'git' ? vscode.Uri.file(uri.path) : uri.with({ query: '', fragment: '' });
}
