import * as vscode from 'vscode';
import { openCatalogue, readSnapshot, shippedKernels, Syntax, type Catalogue } from '../core';

/** What is shipped beside the bundle, read through `workspace.fs`: the same in the desktop, a remote and a browser. */
export class Assets {
  private syntaxLoading: Promise<Syntax> | undefined;
  private readonly snapshots = new Map<string, Promise<Catalogue>>();
  private index: Promise<string[]> | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  /** The parsers; loaded at first use. */
  syntax(): Promise<Syntax> {
    this.syntaxLoading ??= Promise.all(
      ['web-tree-sitter.wasm', 'kernel-c.wasm', 'tree-sitter-rust.wasm'].map((name) => this.read('wasm', name)),
    ).then(([runtime, c, rust]) => Syntax.create({ runtime: runtime!, c: c!, rust: rust! }));
    return this.syntaxLoading;
  }

  /** Versions of the shipped snapshots, oldest first. */
  versions(): Promise<string[]> {
    this.index ??= shippedKernels(this.readSnapshotFile).then(({ kernels }) => kernels.map(({ version }) => version));
    return this.index;
  }

  /** The catalogue of a shipped snapshot; decoded once. */
  snapshot(version: string): Promise<Catalogue> {
    let loading = this.snapshots.get(version);
    if (!loading) {
      loading = readSnapshot(this.readSnapshotFile, version).then((data) => openCatalogue(data, 'snapshot'));
      this.snapshots.set(version, loading);
    }
    return loading;
  }

  /** Reads a file of the shipped snapshots. */
  readonly readSnapshotFile = (name: string) => this.read('snapshots', name);

  /** The page of a rule, as Markdown. */
  async rulePage(name: string): Promise<string> {
    return new TextDecoder().decode(await this.read('rules', name));
  }

  private read(folder: string, name: string): Promise<Uint8Array> {
    return Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extension, 'dist', folder, name)));
  }
}
