import * as vscode from 'vscode';
import { docsAbove, hoverAt, hoverItemAt, type RustDocs, type RustItem } from '../core';
import type { KernelTree } from './kernels';
import { SELECTOR, type Documents } from './documents';
import { settingsOf } from './settings';
import { treeUri } from './places';

/** Registers the hover: what Rust for Linux offers for the kernel name or entry point under the cursor. */
export function registerHover(documents: Documents): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SELECTOR, {
    async provideHover(document, position, token) {
      const { on } = settingsOf(document.uri);
      if (!on('hover.enabled')) return undefined;
      const found = await documents.analysisOf(document, token);
      if (!found) return undefined;
      const { analysis, tree, provenance } = found;
      const offset = document.offsetAt(position);
      const own = tree && analysis.catalogue.kernel.source === 'tree' ? tree : undefined;
      const docs = own && on('hover.documentation') && (await docsOf(own, hoverItemAt(analysis, offset)));
      if (token.isCancellationRequested) return undefined;
      const hover = hoverAt(analysis, offset, {
        provenance,
        docs: () => docs || undefined,
        parts: { inYourNames: on('hover.inYourNames'), findings: on('hover.findings') },
        ...(own && { treeLink: (file, line) => treeUri(own, file, line).toString() }),
      });
      if (!hover) return undefined;
      const markdown = new vscode.MarkdownString(hover.markdown, true);
      return new vscode.Hover(markdown, new vscode.Range(document.positionAt(hover.start), document.positionAt(hover.end)));
    },
  });
}

/** The documentation of an item as it stands in the user's tree now. */
async function docsOf({ root }: KernelTree, item: RustItem | undefined): Promise<RustDocs | undefined> {
  if (!item || item.file === null || item.line === null) return undefined;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, item.file));
    return docsAbove(new TextDecoder().decode(bytes), item.line);
  } catch {
    return undefined; // gone since the tree was indexed
  }
}
