import * as vscode from 'vscode';
import { placeOf, type RustItem } from '../core';
import type { DocumentKernel, KernelTree } from './kernels';

/** Address of a file of the tree; VS Code opens it at the one-based line that the fragment names. */
export const treeUri = ({ root }: KernelTree, file: string, line: number | null): vscode.Uri =>
  vscode.Uri.joinPath(root, file).with({ fragment: line === null ? '' : `L${line}` });

/** Opens a Rust item: in the user's tree if the catalogue comes from it, else its public source or documentation. */
export async function openRustItem(item: RustItem, { catalogue, tree }: DocumentKernel): Promise<void> {
  const { file, line, source, docs } = placeOf(item, catalogue.kernel);
  if (file !== null && tree && catalogue.kernel.source === 'tree') {
    const at = new vscode.Position((line ?? 1) - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(tree.root, file), {
      selection: new vscode.Range(at, at),
      preview: true,
    });
  } else await vscode.env.openExternal(vscode.Uri.parse(source ?? docs));
}
