import * as vscode from 'vscode';
import { bestItem, compareVersions, itemName, STATUS_ICON, STATUS_TEXT, type CatalogueEntry, type LensTarget } from '../core';
import type { Assets } from './assets';
import type { DocumentAnalysis, Documents } from './documents';
import type { Log } from './log';
import { openRustItem } from './places';
import { SECTION, settingsOf } from './settings';

/** What a click on a lens runs; not in the palette, since it needs a lens's target. */
export const LENS_COMMAND = 'r4l.openLens';
export type LensArguments = [uri: vscode.Uri, target: LensTarget];

/** Registers a command. What fails is logged and said in a message: a command was asked for, so it answers. */
export function command(log: Log, id: string, run: (...args: never[]) => Promise<void> | void): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: never[]) => {
    try {
      await run(...args);
    } catch (error) {
      log.error(id, error);
      void vscode.window.showErrorMessage(`${id} failed; the log of Rust for Linux Lens says why.`);
    }
  });
}

/** Registers the commands that show what is known of a file, and those of the extension itself. */
export function registerCommands(assets: Assets, documents: Documents, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    command(log, LENS_COMMAND, async (...[uri, target]: LensArguments) => {
      const document = await vscode.workspace.openTextDocument(uri);
      const found = await documents.analysisOf(document);
      if (!found) return;
      if (target.open === 'rust') await openEntry(found, document, target.index);
      else if (target.open === 'names') await showNames(found, document, target.start, target.end);
      else await showFindings(found, document, target.start, target.end);
    }),
    command(log, 'r4l.showNames', async () => {
      const active = await activeAnalysis(documents);
      if (active) await showNames(active.found, active.document, 0, active.document.getText().length);
    }),
    command(log, 'r4l.showFindings', async () => {
      const active = await activeAnalysis(documents);
      if (active) await showFindings(active.found, active.document, 0, active.document.getText().length);
    }),
    command(log, 'r4l.selectKernel', () => selectKernel(assets)),
    command(log, 'r4l.showLog', () => {
      log.show();
    }),
  );
}

/** The analysis of the active editor's document; if it is no kernel C, a message says so. */
export async function activeAnalysis(
  documents: Documents,
): Promise<{ found: DocumentAnalysis; document: vscode.TextDocument } | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const found = document && (await documents.analysisOf(document));
  if (found) return { found, document };
  void vscode.window.showInformationMessage(
    'Open a C file of the kernel first: one that includes <linux/…>, or that lies in a kernel tree.',
  );
  return undefined;
}

/** Opens the equivalent of an entry point; where there is none, its hover says so. */
async function openEntry(found: DocumentAnalysis, document: vscode.TextDocument, index: number): Promise<void> {
  const entry = found.analysis.entryPoints[index];
  const best = entry && bestItem(entry);
  if (best) {
    await openRustItem(best, found);
    return;
  }
  const point = found.analysis.model.entryPoints[index];
  if (!point) return;
  await reveal(document, point.start, point.end);
  await vscode.commands.executeCommand('editor.action.showHover');
}

interface NameItem extends vscode.QuickPickItem {
  entry?: CatalogueEntry;
  start: number;
  end: number;
}

/** A quick pick of the kernel names between two offsets, by state; picking one opens its Rust item, or its place if there is none. */
async function showNames(found: DocumentAnalysis, document: vscode.TextDocument, start: number, end: number): Promise<void> {
  const { analysis } = found;
  const byName = new Map<string, NameItem & { entry: CatalogueEntry; uses: number }>();
  analysis.model.apis.forEach((use, i) => {
    if (use.start < start || use.start >= end || use.kind === 'header') return;
    const known = byName.get(use.name);
    if (known) known.uses++;
    else byName.set(use.name, { label: use.name, entry: analysis.apis[i]!, uses: 1, start: use.start, end: use.end });
  });
  const items: NameItem[] = [];
  for (const status of ['safe', 'partial', 'raw', 'none'] as const) {
    const group = [...byName.values()].filter(({ entry }) => entry.status === status);
    if (group.length === 0) continue;
    items.push({ label: `${STATUS_TEXT[status]} (${group.length})`, kind: vscode.QuickPickItemKind.Separator, start: 0, end: 0 });
    for (const item of group) {
      const best = bestItem(item.entry);
      items.push({
        ...item,
        label: `${STATUS_ICON[status]} ${item.label}`,
        description: best ? itemName(best) : '',
        detail: item.entry.note || undefined,
      } as NameItem);
    }
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: `Kernel names, as Linux ${analysis.catalogue.kernel.version} has them in Rust`,
    placeHolder: 'Pick a name to open its Rust side, or its use if it has none',
    matchOnDescription: true,
  });
  if (!picked) return;
  const best = picked.entry && bestItem(picked.entry);
  if (best) await openRustItem(best, found);
  else await reveal(document, picked.start, picked.end);
}

async function showFindings(found: DocumentAnalysis, document: vscode.TextDocument, start: number, end: number): Promise<void> {
  const inside = found.analysis.findings.filter(
    (finding) => finding.start >= start && finding.start < end && finding.suppressed === undefined,
  );
  const picked = await vscode.window.showQuickPick(
    inside.map((finding) => ({
      label: `${finding.kind === 'suspect' ? '$(warning)' : '$(lightbulb)'} ${finding.message}`,
      description: `${finding.rule} · ${finding.cwe} · line ${document.positionAt(finding.start).line + 1}`,
      detail: `In Rust ${finding.rust.verdict.replace('-', ' ')}: ${finding.rust.mechanism}`,
      finding,
    })),
    { title: 'Places that Rust would check', placeHolder: inside.length > 0 ? 'Pick a place to go there' : 'None here' },
  );
  if (picked) await reveal(document, picked.finding.start, picked.finding.end);
}

async function reveal(document: vscode.TextDocument, start: number, end: number): Promise<void> {
  const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
  await vscode.window.showTextDocument(document, { selection });
}

async function selectKernel(assets: Assets): Promise<void> {
  const versions = (await assets.versions()).sort(compareVersions).reverse();
  const current = settingsOf(vscode.window.activeTextEditor?.document.uri).kernelVersion;
  const items = [
    { label: 'auto', description: 'the kernel tree around the file, else the newest snapshot' },
    ...versions.map((version) => ({ label: version, description: 'shipped snapshot' })),
  ].map((item) => (item.label === current ? { ...item, description: `${item.description} (in use)` } : item));
  const picked = await vscode.window.showQuickPick(items, { title: 'Kernel whose Rust abstractions are shown' });
  if (!picked) return;
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update('kernelVersion', picked.label, target);
}
