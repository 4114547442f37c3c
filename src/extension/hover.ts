import * as vscode from 'vscode';
import { hoverAt } from '../core';
import { SELECTOR, type Documents } from './documents';
import { settingsOf } from './settings';
import { treeUri } from './places';

/** Registers the hover: what Rust for Linux offers for the kernel name or entry point under the cursor. */
export function registerHover(documents: Documents): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SELECTOR, {
    async provideHover(document, position, token) {
      if (!settingsOf(document.uri).hover) return undefined;
      const found = await documents.analysisOf(document, token);
      if (!found) return undefined;
      const { analysis, tree, provenance } = found;
      const hover = hoverAt(analysis, document.offsetAt(position), {
        provenance,
        treeLink: (file, line) =>
          tree && analysis.catalogue.kernel.source === 'tree' ? treeUri(tree, file, line).toString() : undefined,
      });
      if (!hover) return undefined;
      const markdown = new vscode.MarkdownString(hover.markdown, true);
      return new vscode.Hover(markdown, new vscode.Range(document.positionAt(hover.start), document.positionAt(hover.end)));
    },
  });
}
