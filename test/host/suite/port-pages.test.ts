import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually, fixtureUri } from './editor';

/** Titles of the open tabs that show a page of ours. */
const pages = (): string[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('r4l.port'))
    .map(({ label }) => label);

describe('the report on a driver', () => {
  before(() => activated());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens a page, once for each driver', async () => {
    await vscode.commands.executeCommand('r4l.reportDriver', fixtureUri('acme_gpio.c'));
    await eventually(
      () => Promise.resolve(pages()),
      (found) => found.includes('acme_gpio: Rust port'),
    );
    await vscode.commands.executeCommand('r4l.reportDriver', fixtureUri('acme_gpio.c'));
    expect(pages()).to.deep.equal(['acme_gpio: Rust port']);
  });

  it('takes the active editor where no file is named', async () => {
    await vscode.window.showTextDocument(fixtureUri('acme_gpio.c'));
    await vscode.commands.executeCommand('r4l.reportDriver');
    await eventually(
      () => Promise.resolve(pages()),
      (found) => found.includes('acme_gpio: Rust port'),
    );
  });
});
