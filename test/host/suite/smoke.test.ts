import { expect } from 'chai';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('rust-for-linux-lens.rust-for-linux-lens');
    await extension?.activate();
    expect(extension?.isActive).to.equal(true);
  });
});
