import { expect } from 'chai';
import * as vscode from 'vscode';
import type { Api } from '../../../src/extension/start';
import { activated, fixture, hoverOn, lensesOf } from './editor';

/** A small generator of pseudo-random numbers below `n`, so that a failure can be had again. */
function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
}

describe('an edited document', () => {
  let api: Api;
  let source: string;
  before(async () => {
    api = await activated();
    source = (await fixture('acme_gpio.c')).getText();
  });

  const open = async (content: string): Promise<vscode.TextEditor> =>
    vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'c', content }));

  /** What the extension says of a document, without times and addresses. */
  async function said(document: vscode.TextDocument): Promise<unknown> {
    const { entryPoints, apis, findings } = (await api.annotations(document.uri))!;
    return { entryPoints, apis, findings };
  }

  after(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('gets fresh annotations', async () => {
    const editor = await open(source);
    const { document } = editor;
    const before = (await api.annotations(document.uri))!;
    expect(before.apis.map(({ name }) => name)).to.not.include('spin_lock_init');
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), '\n\n'));
    const moved = (await api.annotations(document.uri))!;
    expect(moved.entryPoints.map(({ line }) => line)).to.deep.equal(before.entryPoints.map(({ line }) => line + 2));
    const at = document.positionAt(document.getText().indexOf('\tmutex_init('));
    await editor.edit((builder) => builder.insert(at, '\tspin_lock_init(&gpio->spin);\n'));
    const after = (await api.annotations(document.uri))!;
    expect(after.apis.map(({ name }) => name)).to.include('spin_lock_init');
    expect(await hoverOn(document, 'spin_lock_init')).to.include('Rust for Linux');
  });

  it('gets the old annotations back when the edit is undone', async () => {
    const editor = await open(source);
    const { document } = editor;
    const before = await said(document);
    await editor.edit((builder) => builder.delete(new vscode.Range(10, 0, 30, 0)));
    expect(await said(document)).to.not.deep.equal(before);
    await vscode.commands.executeCommand('undo');
    expect(document.getText()).to.equal(source);
    expect(await said(document)).to.deep.equal(before);
  });

  it('is annotated after many edits as a fresh document of the same text', async () => {
    const editor = await open(source);
    const { document } = editor;
    const next = random(42);
    for (let i = 0; i < 40; i++) {
      // Two cursors at once, astral characters and other line ends among what is typed; the includes stay, or it is no kernel C.
      const row = () => 9 + next(document.lineCount - 9);
      const [first, second] = [row(), row()].sort((a, b) => a - b);
      const text = ['\tmutex_lock(&gpio->lock);\n', '/* 🐧 */', '{', '}', '\r\n', 'static int x;\n', ''][next(7)]!;
      await editor.edit((builder) => {
        builder.insert(new vscode.Position(first!, next(20)), text);
        if (second !== first) builder.replace(new vscode.Range(second!, 0, second!, next(10)), text);
      });
      if (i % 5 === 0) await said(document);
    }
    const fresh = await vscode.workspace.openTextDocument({ language: 'c', content: document.getText() });
    expect(fresh.getText()).to.equal(document.getText());
    expect(await said(document)).to.deep.equal(await said(fresh));
  });

  it('is left alone as soon as it is no kernel C, and looked at again when it is', async () => {
    const editor = await open(source);
    const { document } = editor;
    expect(await lensesOf(document)).to.not.deep.equal([]);
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), '#include <stdio.h>\n'));
    expect(await lensesOf(document)).to.deep.equal([]);
    await vscode.commands.executeCommand('undo');
    expect(await lensesOf(document)).to.not.deep.equal([]);
  });
});
