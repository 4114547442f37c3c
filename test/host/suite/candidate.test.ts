import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually, fixture, fixtureUri, hoverOn, lensesOf, lensTitles, positionOf } from './editor';

const SCHEME = 'r4l-candidate';

/** The candidate that is in view. */
const candidateEditor = (): vscode.TextEditor | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === SCHEME);

/** Waits until the candidate's text passes; then gives it. */
const candidateText = (passes: (text: string) => boolean): Promise<string> =>
  eventually(() => Promise.resolve(candidateEditor()?.document.getText() ?? ''), passes);

describe('the Rust candidate of a driver', () => {
  let driver: vscode.TextDocument;
  before(async () => {
    await activated();
    driver = await fixture('acme_gpio.c');
    await vscode.window.showTextDocument(driver, vscode.ViewColumn.One);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('workbench.action.closeEditorsAndGroup');
  });

  it('is offered by a lens on the registration, with the share that is translated', async () => {
    const titles = await eventually(
      () => lensTitles(driver, positionOf(driver, 'platform_driver acme_gpio_driver')),
      (found) => found.some((title) => title.startsWith('Rust candidate')),
    );
    expect(titles.filter((title) => /^Rust candidate · \d+ % translated$/.test(title))).to.have.length(1);
  });

  it('is offered by the light bulb in a function, which also takes the Rust text of a call along', async () => {
    const at = positionOf(driver, 'gpio = kzalloc', { offset: 8 });
    const actions = await eventually(
      () =>
        vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          driver.uri,
          new vscode.Range(at, at),
          vscode.CodeActionKind.RefactorRewrite.value,
        ),
      (found) => found.some(({ title }) => title === 'Copy this in Rust'),
    );
    expect(actions.map(({ title }) => title)).to.include('Show this in Rust');
    const copy = actions.find(({ title }) => title === 'Copy this in Rust')!.command!;
    expect(copy.arguments![0]).to.match(/KBox::new|KBox::pin_init/);
    expect(await hoverOn(driver, 'kzalloc', { nth: 1 })).to.include('In your names');
  });

  it('opens beside the C file, in Rust, and cannot be written to', async () => {
    await vscode.commands.executeCommand('r4l.openCandidate');
    const text = await candidateText((found) => found.includes('impl platform::Driver for'));
    expect(text).to.include('module_platform_driver!').and.include('// Left in C');
    const { document, viewColumn } = candidateEditor()!;
    expect(document.languageId).to.equal('rust');
    expect(document.uri.path).to.match(/\/acme_gpio_rust\.rs$/);
    expect(viewColumn).to.equal(vscode.ViewColumn.Two);
    expect(vscode.window.activeTextEditor?.document).to.equal(driver);
    await vscode.window.showTextDocument(document, viewColumn);
    await vscode.commands.executeCommand('type', { text: 'x' });
    expect(document.getText()).to.equal(text);
  });

  it('names the place on the other side in hovers of both sides, and says why something is left in C', async () => {
    const rust = candidateEditor()!.document;
    const line = positionOf(driver, 'cancel_work_sync(').line + 1;
    expect(await hoverOn(rust, 'cancel_work_sync(&')).to.match(
      new RegExp(`left in C: .*cancel.*work.*sync.* from \\[acme.*gpio\\.c:${line}\\]`),
    );
    expect(await hoverOn(rust, 'KBox::new(AcmeGpio')).to.match(/stands for \[acme.*gpio\.c:\d+/);
    expect(await hoverOn(driver, 'gpio = kzalloc')).to.match(/in the candidate `acme.*rust\.rs:\d+/);
  });

  it('follows the cursor: what stands for its line comes into view', async () => {
    const editor = await vscode.window.showTextDocument(driver, vscode.ViewColumn.One);
    const { document } = candidateEditor()!;
    for (const [c, rust] of [
      ['cancel_work_sync(', 'cancel_work_sync(&'],
      ['platform_driver acme_gpio_driver', 'impl platform::Driver'],
    ] as const) {
      const at = positionOf(driver, c);
      editor.selection = new vscode.Selection(at, at);
      const target = positionOf(document, rust);
      const shown = await eventually(
        () => Promise.resolve(candidateEditor()!.visibleRanges.some((range) => range.contains(target))),
        (visible) => visible,
      );
      expect(shown, rust).to.equal(true);
    }
  });

  it('has lenses for what one does with it', async () => {
    const titles = (await lensesOf(candidateEditor()!.document)).map(({ command }) => command!.title);
    expect(titles[0]).to.match(/^\d+ % translated, \d+ names? in the way$/);
    expect(titles).to.include.members(['Next Left in C', 'Save As…', 'Exemplar', 'Maintainers']);
  });

  it('goes from one place that is left in C to the next', async () => {
    const places: string[] = [];
    for (let i = 0; i < 2; i++) {
      await vscode.commands.executeCommand('r4l.nextLeft');
      const { document, selection } = candidateEditor()!;
      places.push(`${selection.active.line} ${document.lineAt(selection.active.line).text}`);
    }
    expect(places[0]).to.include('Left in C');
    expect(places[1]).to.include('Left in C').and.not.equal(places[0]);
  });

  it('follows edits, of a file that was never saved too, and says why when there is none any more', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const content = driver.getText();
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'c', content }));
    const { document } = editor;
    await vscode.commands.executeCommand('r4l.openCandidate');
    expect(await candidateText((text) => text.includes('impl platform::Driver for'))).to.not.include('acme_added');
    await editor.edit((builder) => {
      builder.insert(positionOf(document, '\tmutex_init(', { offset: 0 }), '\tacme_added(gpio, 7);\n');
    });
    expect(await candidateText((text) => text.includes('acme_added'))).to.include('acme_added(gpio, 7)');
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((builder) => {
      builder.replace(all, '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n');
    });
    expect(await candidateText((text) => text.includes('No Rust candidate'))).to.include('registers a driver');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    expect(await candidateText((text) => text.includes('impl platform::Driver for'))).to.include('acme_added');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('scrolls with the C file, unless that is not wanted', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // A constant at the top, functions far below it.
    const content = driver
      .getText()
      .replace('static void acme_gpio_poll', `#define ACME_MOST 7\n${'/* … */\n'.repeat(150)}$&`)
      .replace('\tmutex_init(', '\tif (ACME_MOST > 8)\n\t\treturn -EINVAL;\n$&');
    const file = fixtureUri('acme_scrolled.c');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    const { document } = await vscode.window.showTextDocument(file);
    await vscode.commands.executeCommand('r4l.openCandidate');
    expect(await candidateText((text) => text.includes('const ACME_MOST'))).to.include('const ACME_MOST');
    const scroll = (text: string) =>
      vscode.commands.executeCommand('revealLine', { lineNumber: positionOf(document, text).line, at: 'center' });
    const shows = (text: string) =>
      eventually(
        () => {
          const { document: rust, visibleRanges } = candidateEditor()!;
          return Promise.resolve(visibleRanges.some((range) => range.contains(positionOf(rust, text))));
        },
        (visible) => visible,
      );
    await scroll('cancel_work_sync(');
    expect(await shows('fn acme_gpio_remove')).to.equal(true);
    await scroll('#define ACME_MOST');
    expect(await shows('const ACME_MOST')).to.equal(true);
    const settings = vscode.workspace.getConfiguration('r4l');
    await settings.update('candidate.scrollTogether', false, vscode.ConfigurationTarget.Workspace);
    try {
      await scroll('cancel_work_sync(');
      await new Promise((resolve) => setTimeout(resolve, 500)); // nothing may come
      expect(await shows('const ACME_MOST')).to.equal(true);
    } finally {
      await settings.update('candidate.scrollTogether', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await vscode.workspace.fs.delete(file);
  });

  it('is one for all files of a driver, as the makefile says, whichever of them it is asked for', async () => {
    const use = (kernel?: string) =>
      vscode.workspace.getConfiguration('r4l').update('kernelVersion', kernel, vscode.ConfigurationTarget.Workspace);
    await use('7.3'); // the fixture's own tree knows no bus
    try {
      const ring = await fixture('linux/drivers/acme/acme_ring.c');
      await vscode.window.showTextDocument(ring, vscode.ViewColumn.One);
      await vscode.commands.executeCommand('r4l.openCandidate');
      const text = await candidateText((found) => found.includes('impl platform::Driver for'));
      expect(text).to.include('fn acme_ring_next(').and.include('`drivers/acme/acme_ring.c`');
      expect(candidateEditor()?.document.uri.path).to.match(/\/acme_main_rust\.rs$/);
      expect(await hoverOn(ring, 'return at + 1')).to.match(/in the candidate `acme.*main.*rust\.rs:\d+/);
    } finally {
      await use();
    }
  });

  it('is not made where nothing is registered: the file has no lens for it', async () => {
    const header = await vscode.workspace.openTextDocument(fixtureUri('acme_gpio.h'));
    expect((await lensesOf(header)).filter(({ command }) => command!.title.includes('candidate'))).to.deep.equal([]);
  });
});
