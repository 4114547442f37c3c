import * as vscode from 'vscode';
import { lensesOf } from '../core';
import { LENS_COMMAND, type LensArguments } from './commands';
import { SELECTOR, type Documents } from './documents';
import type { Kernels } from './kernels';
import { SECTION, settingsOf } from './settings';

/** Registers the code lenses on registrations and entry points. */
export function registerLenses(documents: Documents, kernels: Kernels): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    kernels.onDidChange(() => {
      changed.fire();
    }),
    documents.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.codeLens`)) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SELECTOR, {
      onDidChangeCodeLenses: changed.event,
      async provideCodeLenses(document, token) {
        if (!settingsOf(document.uri).codeLens) return [];
        const found = await documents.analysisOf(document, token);
        if (!found) return undefined;
        return lensesOf(found.analysis).map(({ start, end, title, tooltip, target }) => {
          const args: LensArguments = [document.uri, target];
          return new vscode.CodeLens(new vscode.Range(document.positionAt(start), document.positionAt(end)), {
            title,
            tooltip,
            command: LENS_COMMAND,
            arguments: args,
          });
        });
      },
    }),
  );
}
