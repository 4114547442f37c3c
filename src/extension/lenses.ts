import * as vscode from 'vscode';
import { lensesOf, type LensTarget } from '../core';
import { LENS_COMMAND, type LensArguments } from './commands';
import { SELECTOR, type Documents } from './documents';
import type { Kernels } from './kernels';
import { affects, settingsOf, type Switch } from './settings';

/** Which switch turns the lenses off that open something. */
const SWITCH_OF = {
  rust: 'codeLens.equivalents',
  names: 'codeLens.coverage',
  findings: 'codeLens.findings',
} as const satisfies Record<LensTarget['open'], Switch>;

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
      if (affects(event, 'codeLens')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SELECTOR, {
      onDidChangeCodeLenses: changed.event,
      async provideCodeLenses(document, token) {
        const { on } = settingsOf(document.uri);
        if (!on('codeLens.enabled')) return [];
        const found = await documents.analysisOf(document, token);
        if (!found) return undefined;
        const shown = lensesOf(found.analysis).filter(({ target }) => on(SWITCH_OF[target.open]));
        return shown.map(({ start, end, title, tooltip, target }) => {
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
