import * as vscode from 'vscode';
import {
  addShippedHistory,
  compareVersions,
  nearestSnapshot,
  openCatalogue,
  readTree,
  releaseOf,
  TreeLinker,
  versionOfMakefile,
  withFile,
  type Catalogue,
  type TreeFacts,
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

/** An indexed tree, kept for the next time that something in it changes. */
interface IndexedTree {
  linker: TreeLinker;
  facts: TreeFacts | undefined;
  /** Files that have changed since `facts` was read, relative to the tree. */
  changed: Set<string>;
}

/** Up to this many changed files are read one by one; a branch switch reads the tree again. */
const FEW_FILES = 30;

/** A branch switch touches many files: how long none must change before the tree is indexed again. */
const SETTLED_MS = 400;

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
  /** What the next index of a tree starts from. */
  private readonly kept = new Map<string, IndexedTree>();
  private readonly watched = new Set<string>();
  private disposed = false;

  /** @param diskReader reads a tree on this machine's disk, where the host has a disk: some times quicker than `workspace.fs` */
  constructor(
    private readonly assets: Assets,
    private readonly log: Log,
    private readonly diskReader: ((root: string) => TreeReader) | undefined,
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
    const key = tree.root.toString();
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(tree.root, 'rust/kernel/lib.rs'));
    } catch {
      this.log.info(`${tree.root.toString(true)} (Linux ${tree.version}) has no rust/kernel: a shipped snapshot is used`);
      return undefined;
    }
    try {
      const indexed = this.kept.get(key) ?? { linker: new TreeLinker(), facts: undefined, changed: new Set<string>() };
      this.kept.set(key, indexed);
      indexed.facts = await this.readFacts(tree, indexed);
      this.follow(tree, indexed);
      const data = indexed.linker.link(indexed.facts);
      await addShippedHistory(data, this.assets.readSnapshotFile);
      const catalogue = openCatalogue(data, 'tree');
      this.log.info(`indexed ${tree.root.toString(true)} (Linux ${data.version}) in ${Math.round(performance.now() - start)} ms`);
      return catalogue;
    } catch (error) {
      this.log.error(`${tree.root.toString(true)} could not be indexed, a shipped snapshot is used`, error);
      return undefined;
    }
  }

  /** The facts of a tree: of the changed files alone where it has been read before and these are a few Rust files, else of all. */
  private async readFacts(tree: KernelTree, { facts, changed }: IndexedTree): Promise<TreeFacts> {
    const syntax = await this.assets.syntax();
    const reader = this.readerOf(tree);
    const paths = [...changed];
    changed.clear();
    if (!facts || paths.length > FEW_FILES || paths.some((path) => !path.endsWith('.rs'))) return readTree(reader, syntax);
    for (const path of paths) facts = withFile(facts, path, await reader.read(path), syntax);
    return facts;
  }

  /** Reads files of a kernel tree. */
  readerOf({ root }: KernelTree): TreeReader {
    return root.scheme === 'file' && this.diskReader ? this.diskReader(root.fsPath) : treeReader(root);
  }

  /** Indexes the tree again when its Rust side changes: an edit, a branch switch. */
  private follow(tree: KernelTree, indexed: IndexedTree): void {
    const key = tree.root.toString();
    if (this.watched.has(key)) return;
    this.watched.add(key);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (uri: vscode.Uri) => {
      indexed.changed.add(uri.path.slice(tree.root.path.replace(/\/?$/, '/').length));
      clearTimeout(timer);
      timer = setTimeout(() => void this.refresh(tree), SETTLED_MS);
    };
    for (const pattern of ['**/*.rs', 'rust/**/*.{c,h}', 'Makefile']) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(tree.root, pattern));
      this.subscriptions.push(
        watcher,
        watcher.onDidChange(onChange),
        watcher.onDidCreate(onChange),
        watcher.onDidDelete(onChange),
      );
    }
    this.subscriptions.push({
      dispose: () => {
        clearTimeout(timer);
      },
    });
  }

  private async refresh(tree: KernelTree): Promise<void> {
    const catalogue = await this.index(tree);
    if (this.disposed) return;
    this.trees.clear();
    this.indexed.set(tree.root.toString(), catalogue ?? 'failed');
    this.changed.fire();
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
