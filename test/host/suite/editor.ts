// What the suites ask of the editor, in its own terms: through VS Code's commands, as the workbench itself does.
import { expect } from 'chai';
import * as vscode from 'vscode';
import type { Api } from '../../../src/extension/start';

export const EXTENSION_ID = 'rust-for-linux-lens.rust-for-linux-lens';
export const LABEL = 'Rust for Linux';

export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>(EXTENSION_ID);
  expect(found, 'the extension under development').to.exist;
  return found!;
}

/** The extension's API, active. Opening a document only starts the activation, so every suite waits for this first. */
export const activated = async (): Promise<Api> => extension().activate();

/** The address of a file of test/host/workspace. */
export const fixtureUri = (name: string): vscode.Uri => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

export async function fixture(name: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(fixtureUri(name));
}

/** Where the `nth` occurrence of `text` starts, plus `offset` characters. */
export function positionOf(document: vscode.TextDocument, text: string, { nth = 1, offset = 1 } = {}): vscode.Position {
  let at = -1;
  for (let n = 0; n < nth; n++) at = document.getText().indexOf(text, at + 1);
  expect(at, `${text} in ${document.uri.path}`).to.be.at.least(0);
  return document.positionAt(at + offset);
}

/** The text of our hover at a position; empty if there is none. */
export async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content as vscode.MarkdownString).value)
    .filter((text) => text.includes(LABEL))
    .join('\n');
}

export const hoverOn = (document: vscode.TextDocument, text: string, options?: { nth?: number }): Promise<string> =>
  hoverAt(document, positionOf(document, text, options));

/** Our lenses, resolved. */
export async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 1000);
  return lenses.filter(({ command }) => command?.command.startsWith('r4l.'));
}

/** The titles of our lenses on the line of a position. */
export async function lensTitles(document: vscode.TextDocument, { line }: vscode.Position): Promise<string[]> {
  return (await lensesOf(document)).filter(({ range }) => range.start.line === line).map(({ command }) => command!.title);
}

/** Asks again until the answer passes; then gives it. For what happens in the background (a tree is indexed, a file saved). */
export async function eventually<T>(ask: () => Promise<T> | Thenable<T>, passes: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (passes(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
