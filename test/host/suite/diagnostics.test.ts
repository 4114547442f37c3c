import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually } from './editor';

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
