import * as vscode from 'vscode';
import { allowHere, allowInFile, type Insertion } from '../core';
import { isOurs } from './diagnostics';
import { SELECTOR, type Documents } from './documents';
import { openRule } from './rule-pages';

/** Registers the quick fixes of our diagnostics: allow the finding here or in the file, with a reason; open the rule's page. */
export function registerQuickFixes(documents: Documents): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    SELECTOR,
    {
      async provideCodeActions(document, _range, { diagnostics }, token) {
        const ours = diagnostics.filter(isOurs);
        const found = ours.length > 0 ? await documents.analysisOf(document, token) : undefined;
        if (!found) return undefined;
        const { tree } = found.analysis;
        return ours.flatMap((diagnostic) => {
          const rule = diagnostic.code.value;
          const fix = (title: string, insertion: Insertion) => insertingFix(document, diagnostic, title, insertion);
          const page = new vscode.CodeAction(`Open the page of ${rule}`, vscode.CodeActionKind.QuickFix);
          page.diagnostics = [diagnostic];
          page.command = openRule(rule);
          return [
            fix(`Allow ${rule} here, with a reason`, allowHere(tree, rule, document.offsetAt(diagnostic.range.start))),
            fix(`Allow ${rule} in this file, with a reason`, allowInFile(tree, rule)),
            page,
          ];
        });
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

/** A fix that puts a comment in and selects its reason, to be written over. */
function insertingFix(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  title: string,
  { offset, before, after }: Insertion,
): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  fix.diagnostics = [diagnostic];
  const at = document.positionAt(offset);
  const snippet = new vscode.SnippetString().appendText(before).appendPlaceholder('reason').appendText(after);
  const edit = new vscode.SnippetTextEdit(new vscode.Range(at, at), snippet);
  edit.keepWhitespace = true;
  fix.edit = new vscode.WorkspaceEdit();
  fix.edit.set(document.uri, [edit]);
  return fix;
}
