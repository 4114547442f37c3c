import * as vscode from 'vscode';
import { rustSideMarkdown, rustSidesOf, rustSideTitle, type Catalogue, type RustSidePlace } from '../core';
import { C_SIDE_COMMAND, type CSideArguments } from './navigation';
import type { Documents } from './documents';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { affects, settingsOf } from './settings';

const SELECTOR: vscode.DocumentSelector = { language: 'rust', pattern: '**/rust/**/*.rs' };

/** Registers lenses and hovers on the kernel crate's own items: which C names they stand for. */
export function registerRustSide(documents: Documents, kernels: Kernels, log: Log): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const sidesOf = async (
    document: vscode.TextDocument,
  ): Promise<{ catalogue: Catalogue; places: RustSidePlace[] } | undefined> => {
    try {
      const tree = await kernels.treeOf(document.uri);
      if (!tree) return undefined;
      const { catalogue } = await kernels.kernelOf(document.uri);
      if (catalogue.kernel.source !== 'tree') return undefined;
      const file = document.uri.path.slice(tree.root.path.replace(/\/?$/, '/').length);
      return { catalogue, places: rustSidesOf(catalogue, file, document.getText()) };
    } catch (error) {
      log.error(`the C side of ${document.uri.toString(true)} could not be found`, error);
      return undefined;
    }
  };
  return vscode.Disposable.from(
    changed,
    kernels.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affects(event, 'codeLens')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SELECTOR, {
      onDidChangeCodeLenses: changed.event,
      async provideCodeLenses(document, token) {
        if (!settingsOf(document.uri).on('codeLens.rustSource')) return [];
        const found = await sidesOf(document);
        if (!found || token.isCancellationRequested) return undefined;
        return found.places.map((place) => {
          const args: CSideArguments = [place.cNames];
          return new vscode.CodeLens(new vscode.Range(place.line, 0, place.line, 0), {
            title: rustSideTitle(place, (name) => documents.usesOf(name).length),
            tooltip: `C names whose job ${place.item.path} does`,
            command: C_SIDE_COMMAND,
            arguments: args,
          });
        });
      },
    }),
    vscode.languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position, token) {
        if (!settingsOf(document.uri).on('hover.rustSource')) return undefined;
        const range = document.getWordRangeAtPosition(position, /\w+/);
        const word = range && document.getText(range);
        const found = word === undefined ? undefined : await sidesOf(document);
        if (!found || token.isCancellationRequested) return undefined;
        const place = found.places.find(({ line, item }) => line === position.line && item.path.endsWith(`::${word!}`));
        if (!place) return undefined;
        return new vscode.Hover(new vscode.MarkdownString(rustSideMarkdown(place, found.catalogue), true), range);
      },
    }),
  );
}
