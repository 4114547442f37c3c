import * as vscode from 'vscode';
import { bestItem, itemName, LABEL, STATUS_ICON, STATUS_TEXT, type CatalogueEntry, type RustItem } from '../core';
import { activeAnalysis, command } from './commands';
import type { Documents } from './documents';
import type { DocumentKernel, Kernels } from './kernels';
import type { Log } from './log';
import { openRustItem } from './places';

/** What a click on a lens of the Rust side runs. */
export const C_SIDE_COMMAND = 'r4l.openCSide';
export type CSideArguments = [names: string[]];

/** Registers the ways between C and Rust: go to Rust, peek Rust, back to C, find an abstraction. */
export function registerNavigation(documents: Documents, kernels: Kernels, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    command(log, 'r4l.goToRust', async () => {
      const target = await entryAtCursor(documents);
      if (!target) return;
      const items = target.entry.rust.filter(({ relation }) => relation !== 'nearest');
      const item = items.length > 1 ? await pickItem(target.entry, items) : items[0];
      if (item) await openRustItem(item, target.kernel);
    }),
    command(log, 'r4l.peekRust', async () => {
      const target = await entryAtCursor(documents);
      if (!target) return;
      const { tree, catalogue } = target.kernel;
      const best = bestItem(target.entry)!;
      // The editor lists them by place: the type that a method belongs to would come first, and is to be seen around the method anyway.
      const locations = target.entry.rust.flatMap(({ path, file, line, relation }) =>
        tree &&
        file !== null &&
        relation !== 'nearest' &&
        !best.path.startsWith(`${path}::`) &&
        catalogue.kernel.source === 'tree'
          ? [new vscode.Location(vscode.Uri.joinPath(tree.root, file), new vscode.Position((line ?? 1) - 1, 0))]
          : [],
      );
      if (locations.length > 0)
        await vscode.commands.executeCommand(
          'editor.action.peekLocations',
          target.document.uri,
          target.position,
          locations,
          'peek',
        );
      else await openRustItem(best, target.kernel); // no tree of the user's to peek into
    }),
    command(log, 'r4l.find', async () => {
      const uri =
        vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
      await findAbstraction(await kernels.kernelOf(uri));
    }),
    command(log, C_SIDE_COMMAND, (...[names]: CSideArguments) => showUses(documents, names)),
  );
}

interface Target {
  entry: CatalogueEntry;
  kernel: DocumentKernel;
  document: vscode.TextDocument;
  position: vscode.Position;
}

/** The catalogue's entry at the cursor of the active editor, if it names a Rust item; else a message says why there is nothing to go to. */
async function entryAtCursor(documents: Documents): Promise<Target | undefined> {
  const active = await activeAnalysis(documents);
  const position = vscode.window.activeTextEditor?.selection.active;
  if (!active || !position) return undefined;
  const { document, found } = active;
  const { analysis } = found;
  const offset = document.offsetAt(position);
  const at = ({ start, end }: { start: number; end: number }) => start <= offset && offset <= end;
  const use = analysis.model.apis.findIndex(at);
  const point = use === -1 ? analysis.model.entryPoints.findIndex(at) : -1;
  const entry = use !== -1 ? analysis.apis[use] : analysis.entryPoints[point];
  if (entry && bestItem(entry)) return { entry, kernel: found, document, position };
  const { version } = analysis.catalogue.kernel;
  void vscode.window.showInformationMessage(
    entry
      ? `${LABEL} ${version}: ${STATUS_TEXT[entry.status]} for ${entry.name}.`
      : 'Put the cursor on a name of the kernel: a function, macro, type, header or callback field.',
  );
  return undefined;
}

async function pickItem(entry: CatalogueEntry, items: readonly RustItem[]): Promise<RustItem | undefined> {
  const picked = await vscode.window.showQuickPick(
    items.map((item) => ({ label: itemName(item), description: item.kind, detail: item.signature ?? '', item })),
    { title: `Rust for ${entry.name}` },
  );
  return picked?.item;
}

/** A quick pick over every C name of which the catalogue knows something, and every Rust item. */
async function findAbstraction(kernel: DocumentKernel): Promise<void> {
  const { catalogue } = kernel;
  type Pick = vscode.QuickPickItem & { find: () => RustItem | undefined };
  const picks: Pick[] = [{ label: 'C names', kind: vscode.QuickPickItemKind.Separator, find: () => undefined }];
  for (const name of catalogue.names()) {
    const entry = catalogue.lookup(name);
    const best = bestItem(entry);
    picks.push({
      label: `${STATUS_ICON[entry.status]} ${name}`,
      description: best ? itemName(best) : STATUS_TEXT[entry.status],
      find: () => best,
    });
  }
  picks.push({ label: 'Rust items', kind: vscode.QuickPickItemKind.Separator, find: () => undefined });
  for (const item of catalogue.items()) picks.push({ label: itemName(item), description: item.kind, find: () => item });
  const picked = await vscode.window.showQuickPick(picks, {
    title: `Find a Rust abstraction in Linux ${catalogue.kernel.version}`,
    placeHolder: 'A C name (mutex_lock, platform_driver.probe, linux/mutex.h) or a Rust path',
    matchOnDescription: true,
  });
  const item = picked?.find();
  if (item) await openRustItem(item, kernel);
  else if (picked)
    void vscode.window.showInformationMessage(
      `${LABEL} ${catalogue.kernel.version} has no abstraction for ${picked.label.replace(/^\$\(\S+\) /, '')}.`,
    );
}

/** The uses of C names in the C files that are open, to go to. */
async function showUses(documents: Documents, names: readonly string[]): Promise<void> {
  const picks = names.flatMap((name) =>
    documents.usesOf(name).map(({ document, start, end }) => ({
      label: name,
      description: `${vscode.workspace.asRelativePath(document.uri)}:${document.positionAt(start).line + 1}`,
      document,
      selection: new vscode.Range(document.positionAt(start), document.positionAt(end)),
    })),
  );
  const picked = await vscode.window.showQuickPick(picks, {
    title: `Uses of ${names.length === 1 ? names[0]! : `${names.length} C names`} in open C files`,
    placeHolder: picks.length > 0 ? 'Pick a use to go there' : `None is open that uses ${names.join(', ')}`,
  });
  if (picked) await vscode.window.showTextDocument(picked.document, { selection: picked.selection });
}
