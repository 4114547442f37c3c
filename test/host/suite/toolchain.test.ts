import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually, fixture } from './editor';

describe('"Check Rust Toolchain Readiness"', () => {
  it('shows what the tree of the active file needs, and closes without a choice', async () => {
    await activated();
    await vscode.window.showTextDocument(await fixture('linux/drivers/acme_bare.c'));
    const terminals = vscode.window.terminals.length;
    let ended = false;
    const shown = vscode.commands.executeCommand('r4l.toolchain').then(() => (ended = true));
    await eventually(
      async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return ended;
      },
      (closed) => closed,
    );
    expect(await shown).to.equal(true);
    expect(vscode.window.terminals.length, 'nothing is run unasked').to.equal(terminals);
  });

  it('says what it needs where no kernel tree is in use', async () => {
    await activated();
    await vscode.window.showTextDocument(await fixture('acme_gpio.c'));
    await vscode.commands.executeCommand('r4l.toolchain'); // a message, which nobody has to answer
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
