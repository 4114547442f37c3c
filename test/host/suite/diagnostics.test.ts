import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually, fixtureUri, hoverAt } from './editor';

const FAULT = `#include <linux/slab.h>
static int acme_use(struct acme *a)
{
	kfree(a);
	return a->x;
}
`;

/** Our diagnostics of a document, once they are as many as expected. */
const diagnosticsOf = (document: vscode.TextDocument, count: number): Promise<vscode.Diagnostic[]> =>
  eventually(
    () => Promise.resolve(vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Rust for Linux Lens')),
    (found) => found.length === count,
  );

describe('a suspected fault', () => {
  let document: vscode.TextDocument;
  before(async () => {
    await activated();
    document = await vscode.workspace.openTextDocument({ language: 'c', content: FAULT });
    await vscode.window.showTextDocument(document);
  });

  it('is among the problems, with its story and what Rust does about it', async () => {
    const [problem] = await diagnosticsOf(document, 1);
    expect(problem?.range.start.line).to.equal(4);
    expect((problem?.code as { value: string }).value).to.equal('use-after-free');
    expect(problem?.message).to.include('In Rust prevented');
    expect(problem?.relatedInformation?.map(({ location }) => location.range.start.line)).to.include(3);
  });

  it('goes when it is mended', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(3, 0, 4, 14), '\treturn a->x;\n');
    await vscode.workspace.applyEdit(edit);
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
  });
});

describe('a finding', () => {
  let document: vscode.TextDocument;
  const open = async (content: string) => {
    document = await vscode.workspace.openTextDocument({ language: 'c', content });
    await vscode.window.showTextDocument(document);
  };
  const fixesAt = async (range: vscode.Range) =>
    (
      await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
        vscode.CodeActionKind.QuickFix.value,
      )
    ).filter(({ title }) => title.includes('use-after-free'));
  before(async () => {
    await activated();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('is allowed by a quick fix that asks for the reason, and is gone then', async () => {
    await open(FAULT);
    const [problem] = await diagnosticsOf(document, 1);
    const fix = (await fixesAt(problem!.range)).find(({ title }) => title.includes('here'));
    expect(await vscode.workspace.applyEdit(fix!.edit!)).to.equal(true);
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
    expect(document.lineAt(4).text).to.equal('\t/* r4l: allow(use-after-free): reason */');
  });

  it('is allowed in the whole file by another', async () => {
    await open(`// SPDX-License-Identifier: GPL-2.0\n${FAULT}`);
    const [problem] = await diagnosticsOf(document, 1);
    const fix = (await fixesAt(problem!.range)).find(({ title }) => title.includes('this file'));
    expect(await vscode.workspace.applyEdit(fix!.edit!)).to.equal(true);
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
    expect(document.lineAt(1).text).to.match(/^\/\* r4l: allow\(use-after-free\): /);
  });

  it('leads to the page of its rule, in every host', async () => {
    await open(FAULT);
    const [problem] = await diagnosticsOf(document, 1);
    const { target } = problem!.code as { target: vscode.Uri };
    expect(target.scheme).to.equal('command');
    await vscode.commands.executeCommand(target.path, ...(JSON.parse(target.query) as unknown[]));
    const page = await eventually(
      () => Promise.resolve(vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'r4l-rule')),
      (found) => found !== undefined,
    );
    expect(page?.getText()).to.include('`use-after-free`');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is explained by a hover, with what becomes of the calls that it is about', async () => {
    await open(FAULT);
    await diagnosticsOf(document, 1);
    const hover = await hoverAt(document, new vscode.Position(4, 10));
    expect(hover).to.include('suspect `use-after-free`');
    expect(hover).to.match(/line 4: /);
    expect(hover).to.match(/`kfree`: `kernel::alloc::/);
  });

  it('that is a mere hazard is shown only to those who ask', async () => {
    const configuration = vscode.workspace.getConfiguration('r4l');
    await open(`#include <linux/platform_device.h>
static int acme_suspend(struct device *dev)
{
	struct acme *a = dev_get_drvdata(dev);

	return a->x;
}
`);
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
    await configuration.update('diagnostics.hazards', true, vscode.ConfigurationTarget.Workspace);
    try {
      const [problem] = await diagnosticsOf(document, 1);
      expect(problem?.severity).to.equal(vscode.DiagnosticSeverity.Hint);
    } finally {
      await configuration.update('diagnostics.hazards', undefined, vscode.ConfigurationTarget.Workspace);
    }
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
  });
});

describe('.r4l.yaml', () => {
  let file: vscode.Uri;
  const write = (text: string) => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  let source: vscode.Uri;
  let document: vscode.TextDocument;
  before(async () => {
    await activated();
    file = fixtureUri('.r4l.yaml');
    source = fixtureUri('freed.c');
    await vscode.workspace.fs.writeFile(source, new TextEncoder().encode(FAULT));
    document = await vscode.workspace.openTextDocument(source);
    await vscode.window.showTextDocument(document);
    await diagnosticsOf(document, 1);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(source);
  });

  it('is followed when it comes, changes and goes', async () => {
    await write('suppress:\n  - { rules: use-after-free, paths: freed.c, reason: a test }\n');
    expect(await diagnosticsOf(document, 0)).to.deep.equal([]);
    await write('rules:\n  use-after-free: information\n');
    // While the file is being written, it may be seen empty.
    const information = await eventually(
      () => Promise.resolve(vscode.languages.getDiagnostics(source)),
      ([found]) => found?.severity === vscode.DiagnosticSeverity.Information,
    );
    expect(information[0]?.severity).to.equal(vscode.DiagnosticSeverity.Information);
    await vscode.workspace.fs.delete(file);
    const warning = await eventually(
      () => Promise.resolve(vscode.languages.getDiagnostics(source)),
      ([found]) => found?.severity === vscode.DiagnosticSeverity.Warning,
    );
    expect(warning).to.have.length(1);
  });

  it('says where it is wrong, and hides nothing then', async () => {
    await write('rules:\n  no-such-rule: off\n');
    const problems = await eventually(
      () => Promise.resolve(vscode.languages.getDiagnostics(file)),
      (found) => found.length > 0,
    );
    expect(problems[0]?.range.start.line).to.equal(1);
    expect(problems[0]?.message).to.include('no-such-rule');
    expect(await diagnosticsOf(document, 1)).to.have.length(1);
    await vscode.workspace.fs.delete(file);
  });
});
