import * as vscode from 'vscode';
import { decodeSnapshot, openCatalogue, Syntax, type Catalogue } from '../core';

/** What is shipped beside the bundle, read through `workspace.fs`: the same in the desktop, a remote and a browser. */
export class Assets {
  private syntaxLoading: Promise<Syntax> | undefined;
  private readonly snapshots = new Map<string, Promise<Catalogue>>();
  private names: Promise<string[]> | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  /** The parsers; loaded at first use. */
  syntax(): Promise<Syntax> {
    this.syntaxLoading ??= Promise.all(
      ['web-tree-sitter.wasm', 'kernel-c.wasm', 'tree-sitter-rust.wasm'].map((name) => this.read('wasm', name)),
    ).then(([runtime, c, rust]) => Syntax.create({ runtime: runtime!, c: c!, rust: rust! }));
    return this.syntaxLoading;
  }

  /** Versions of the shipped snapshots. A list is shipped with them, since a browser cannot list the extension’s folder. */
  versions(): Promise<string[]> {
    this.names ??= this.read('snapshots', 'versions.json').then(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as string[],
    );
    return this.names;
  }

  /** The catalogue of a shipped snapshot; decoded once. */
  snapshot(version: string): Promise<Catalogue> {
    let loading = this.snapshots.get(version);
    if (!loading) {
      loading = this.read('snapshots', `${version}.json.gz`)
        .then(gunzip)
        .then((bytes) => openCatalogue(decodeSnapshot(bytes), 'snapshot'));
      this.snapshots.set(version, loading);
    }
    return loading;
  }

  private read(folder: string, name: string): Promise<Uint8Array> {
    return Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extension, 'dist', folder, name)));
  }
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
