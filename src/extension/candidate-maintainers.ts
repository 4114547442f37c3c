import * as vscode from 'vscode';
import { parseMaintainers, type MaintainersMatch } from '../core/port/maintainers';
import type { DocumentCandidate } from './candidates';

interface EntryItem extends vscode.QuickPickItem {
  /** Title of the entry; left out of separators. */
  title?: string;
}

/** A pick among the entries of MAINTAINERS for a driver and for the Rust side of its bus; picking one opens it. */
export async function showMaintainers({ candidate, kernel, files }: DocumentCandidate): Promise<void> {
  const root = kernel.tree?.root;
  const uri = root && vscode.Uri.joinPath(root, 'MAINTAINERS');
  const document = uri && (await Promise.resolve(vscode.workspace.openTextDocument(uri)).catch(() => undefined));
  if (!document) {
    void vscode.window.showInformationMessage(
      'Who maintains a driver is read from MAINTAINERS of the kernel tree around it: this file lies in none that has one.',
    );
    return;
  }
  const maintainers = parseMaintainers(document.getText());
  const below = (file: vscode.Uri) => file.path.slice(root.path.replace(/\/?$/, '/').length);
  const own = maintainers.find(below(files[0]!));
  const traits = new Set(candidate.traits);
  const rustFiles = kernel.catalogue.items().flatMap(({ path, file }) => (traits.has(path) && file !== null ? [file] : []));
  const rust = [...new Set(rustFiles)].flatMap((file) => maintainers.find(file) ?? []);
  const items: EntryItem[] = [];
  const group = (label: string, entries: EntryItem[]) => {
    if (entries.length > 0) items.push({ label, kind: vscode.QuickPickItemKind.Separator }, ...entries);
  };
  const seen = new Set<string>();
  const entry = ({ title, status, lists }: Pick<MaintainersMatch, 'title'> & Partial<MaintainersMatch>): EntryItem[] => {
    if (seen.has(title)) return [];
    seen.add(title);
    return [{ label: title, description: status ?? '', detail: lists?.join(', ') ?? '', title }];
  };
  group('This driver', own ? entry(own) : []);
  group('Its Rust side', [
    ...rust.flatMap(entry),
    ...[...(own?.rust ?? []), ...rust.flatMap((match) => match.rust)].flatMap((title) => entry({ title })),
  ]);
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Who maintains this driver and its Rust side',
    placeHolder: items.length > 0 ? 'Pick an entry to open it in MAINTAINERS' : 'MAINTAINERS has no entry for it',
  });
  if (picked?.title === undefined) return;
  const line = document.getText().split(/\r?\n/).indexOf(picked.title);
  const at = new vscode.Position(Math.max(0, line), 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
