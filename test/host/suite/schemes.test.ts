import { expect } from 'chai';
import * as vscode from 'vscode';
import type { Api } from '../../../src/extension/start';
import { activated, eventually, fixture, fixtureUri, hoverOn, LABEL, lensesOf } from './editor';

/** A read-only file system of a few files: what github.dev and other virtual workspaces are to an extension. */
class Files implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  constructor(private readonly files: Record<string, string>) {}
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  stat({ path }: vscode.Uri): vscode.FileStat {
    const text = this.files[path];
    const folder = Object.keys(this.files).some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));
    if (text === undefined && !folder) throw vscode.FileSystemError.FileNotFound(path);
    return { type: folder ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: text?.length ?? 0 };
  }
  readFile(uri: vscode.Uri): Uint8Array {
    this.stat(uri);
    return new TextEncoder().encode(this.files[uri.path]);
  }
  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const inside = Object.keys(this.files).filter((file) => file.startsWith(`${path}/`));
    return inside.map((file) => [file.slice(path.length + 1), vscode.FileType.File]);
  }
  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe('a document that is no file on a disk', () => {
  let api: Api;
  let source: string;
  const registered: vscode.Disposable[] = [];
  before(async () => {
    api = await activated();
    source = (await fixture('acme_gpio.c')).getText();
    const files = new Files({
      '/loose/acme.c': source,
      '/linux/Kconfig': 'mainmenu "Linux"\n',
      '/linux/Makefile': 'VERSION = 7\nPATCHLEVEL = 99\nSUBLEVEL = 1\n',
      '/linux/drivers/acme.c': source,
    });
    registered.push(
      vscode.workspace.registerFileSystemProvider('r4l-files', files, { isReadonly: true }),
      vscode.workspace.registerTextDocumentContentProvider('r4l-review', { provideTextDocumentContent: () => source }),
    );
  });
  after(() => {
    for (const one of registered) one.dispose();
  });

  async function isAnnotated(document: vscode.TextDocument): Promise<void> {
    expect(document.languageId).to.equal('c');
    // The workbench may still be closing a document of the same name: then the first question gets no answer.
    const hover = await eventually(
      () => hoverOn(document, 'kzalloc'),
      (text) => text !== '',
    );
    expect(hover).to.include(LABEL);
    expect(await lensesOf(document)).to.not.deep.equal([]);
    const { entryPoints } = (await api.annotations(document.uri))!;
    expect(entryPoints.map(({ function: name }) => name)).to.include('acme_gpio_probe');
  }

  it('is annotated: untitled', async () => {
    await isAnnotated(await vscode.workspace.openTextDocument({ language: 'c', content: source }));
  });

  it('is annotated: of a content provider, as reviews and diffs are', async () => {
    await isAnnotated(await vscode.workspace.openTextDocument(vscode.Uri.parse('r4l-review:/patches/acme_gpio.c?HEAD')));
  });

  it('is annotated: of a virtual file system', async () => {
    await isAnnotated(await vscode.workspace.openTextDocument(vscode.Uri.parse('r4l-files:/loose/acme.c')));
  });

  it('gets the nearest snapshot in a virtual kernel tree, and the hover says so', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('r4l-files:/linux/drivers/acme.c'));
    await isAnnotated(document);
    expect(await hoverOn(document, 'kzalloc'))
      .to.include('shipped snapshot')
      .and.include('7.99.1');
  });

  it('is annotated on both sides of a diff', async () => {
    const left = vscode.Uri.parse('r4l-review:/acme_gpio.c?HEAD~1');
    const right = fixtureUri('acme_gpio.c');
    await vscode.commands.executeCommand('vscode.diff', left, right, 'acme_gpio.c (HEAD~1 ↔ now)');
    await isAnnotated(await vscode.workspace.openTextDocument(left));
    await isAnnotated(await vscode.workspace.openTextDocument(right));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
