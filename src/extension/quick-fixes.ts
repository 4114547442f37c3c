import * as vscode from 'vscode';
import { allowHere, allowInFile, candidatePlace, idiomAt, type Insertion } from '../core';
import { OPEN_CANDIDATE } from './candidate-commands';
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

/** What the light bulb runs to put the Rust text of an idiom on the clipboard. */
const COPY_IDIOM = 'r4l.copyIdiom';

/** Registers the light bulb of C text: how it stands in the driver's Rust candidate, and the Rust text of what is a known idiom. */
export function registerRewrites(documents: Documents): vscode.Disposable {
  const kind = vscode.CodeActionKind.RefactorRewrite;
  return vscode.Disposable.from(
    vscode.commands.registerCommand(COPY_IDIOM, (text: unknown) =>
      typeof text === 'string' ? vscode.env.clipboard.writeText(text) : undefined,
    ),
    vscode.languages.registerCodeActionsProvider(
      SELECTOR,
      {
        async provideCodeActions(document, range, context, token) {
          if (context.only && !context.only.contains(kind)) return undefined;
          const found = await documents.analysisOf(document, token);
          if (!found) return undefined;
          const { tree, model, catalogue } = found.analysis;
          const offset = document.offsetAt(range.start);
          const actions: vscode.CodeAction[] = [];
          const action = (title: string, command: vscode.Command) => {
            const made = new vscode.CodeAction(title, kind);
            made.command = command;
            actions.push(made);
          };
          const inFunction = model.functions.some(({ start, end }) => start <= offset && offset < end);
          if (inFunction && candidatePlace(found.analysis))
            action('Show this in Rust', { title: 'Show this in Rust', command: OPEN_CANDIDATE, arguments: [document.uri] });
          const idiom = idiomAt(tree, model, catalogue, offset);
          if (idiom) action('Copy this in Rust', { title: 'Copy this in Rust', command: COPY_IDIOM, arguments: [idiom.rust] });
          return actions;
        },
      },
      { providedCodeActionKinds: [kind] },
    ),
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
