import { expect } from 'chai';
import { host } from 'virtual:mocha';
import * as vscode from 'vscode';
import { activated, eventually, fixture, fixtureUri, hoverOn, LABEL, lensesOf, lensTitles, positionOf } from './editor';

/** The lenses on a line of a Rust file, once the tree around it is indexed. */
const titlesOnceIndexed = (document: vscode.TextDocument, text: string): Promise<string[]> =>
  eventually(
    () => lensTitles(document, positionOf(document, text)),
    (titles) => titles.length > 0,
  );

describe('the Rust side of a kernel tree', () => {
  let rust: vscode.TextDocument;
  let bare: vscode.TextDocument;
  before(async () => {
    await activated();
    bare = await fixture('linux/drivers/acme_bare.c');
    rust = await fixture('linux/rust/kernel/sync.rs');
    await lensesOf(bare);
  });

  it('has lenses that say which C names an item stands for, and how often open C files use them', async () => {
    const [title] = await titlesOnceIndexed(rust, 'pub struct AcmeLock');
    expect(title).to.include('mutex');
    const titles = await eventually(
      () => lensTitles(rust, positionOf(rust, 'pub fn acquire')),
      (found) => found.some((text) => text.includes('in open C files')),
    );
    expect(titles[0]).to.match(/^C: mutex_lock.* uses? in open C files$/);
  });

  it('has hovers that name the C side', async () => {
    await titlesOnceIndexed(rust, 'pub fn acquire');
    expect(await hoverOn(rust, 'acquire('))
      .to.include(LABEL)
      .and.include('`mutex_lock`');
    expect(await hoverOn(rust, 'inner: Opaque')).to.equal('');
  });

  it('is where "Go to Rust" leads from C', async () => {
    await titlesOnceIndexed(rust, 'pub fn acquire');
    const editor = await vscode.window.showTextDocument(bare);
    const at = positionOf(bare, 'mutex_lock(');
    editor.selection = new vscode.Selection(at, at);
    const ended = vscode.commands.executeCommand('r4l.goToRust');
    const path = await eventually(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'); // where several items do the job
        return vscode.window.activeTextEditor?.document.uri.path ?? '';
      },
      (active) => active.endsWith('.rs'),
    );
    await ended;
    expect(path).to.match(/rust\/kernel\/sync\.rs$/);
  });

  // In the web host no watcher reports what a test writes.
  const whereWatched = host === 'web' ? () => undefined : it;
  whereWatched('is followed when it changes', async () => {
    await titlesOnceIndexed(rust, 'pub fn acquire');
    const uri = fixtureUri('linux/rust/kernel/sync.rs');
    const before = await vscode.workspace.fs.readFile(uri);
    const changed = new TextDecoder().decode(before).replace('fn acquire', 'fn seize');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(changed));
    try {
      const hover = await eventually(
        () => hoverOn(bare, 'mutex_lock('),
        (text) => text.includes('AcmeLock::seize'),
      );
      expect(hover).to.include('AcmeLock::seize');
    } finally {
      await vscode.workspace.fs.writeFile(uri, before);
    }
    const restored = await eventually(
      () => hoverOn(bare, 'mutex_lock('),
      (text) => text.includes('AcmeLock::acquire'),
    );
    expect(restored).to.include('AcmeLock::acquire');
  });
});

describe('a Rust file outside of a kernel’s rust/ folder', () => {
  it('is left alone', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'rust',
      content: 'pub struct Mutex;\nfn mutex_lock() {}\n',
    });
    expect(await lensesOf(document)).to.deep.equal([]);
    expect(await hoverOn(document, 'Mutex')).to.equal('');
  });
});

describe('"Find a Rust abstraction"', () => {
  it('opens a list, and closes without a choice', async () => {
    await activated();
    let ended = false;
    const shown = vscode.commands.executeCommand('r4l.find').then(() => (ended = true));
    await eventually(
      async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return ended;
      },
      (closed) => closed,
    );
    expect(await shown).to.equal(true);
  });
});
