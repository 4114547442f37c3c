import * as vscode from 'vscode';
import { LABEL } from '../core';
import type { Documents } from './documents';
import type { Kernels } from './kernels';

/** Registers the status bar item: which kernel's abstractions are shown for the active file, and where they come from. */
export function registerStatusBar(documents: Documents, kernels: Kernels): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('r4l.kernel', vscode.StatusBarAlignment.Right, 90);
  item.name = `${LABEL} Lens`;
  item.command = 'r4l.selectKernel';
  let latest = 0;
  const refresh = async () => {
    const turn = ++latest;
    const document = vscode.window.activeTextEditor?.document;
    const shown = document && (await documents.isKernelC(document)) ? await kernels.kernelOf(document.uri) : undefined;
    if (turn !== latest) return;
    await vscode.commands.executeCommand('setContext', 'r4l.kernelC', shown !== undefined);
    if (!shown) {
      item.hide();
      return;
    }
    const { version, source } = shown.catalogue.kernel;
    item.text = `$(gear) Rust ${version}${source === 'tree' ? '' : ' (snapshot)'}`;
    item.tooltip = `${LABEL}: abstractions of Linux ${version}, from ${source === 'tree' ? 'your kernel tree' : 'the shipped snapshot'}${shown.provenance ? `\n${shown.provenance}` : ''}\nClick to choose another kernel`;
    item.show();
  };
  const update = () =>
    void refresh().catch(() => {
      item.hide();
    });
  update();
  return vscode.Disposable.from(item, vscode.window.onDidChangeActiveTextEditor(update), kernels.onDidChange(update));
}
