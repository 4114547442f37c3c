import * as vscode from 'vscode';
import {
  candidateSummary,
  exemplarsOf,
  implementsTrait,
  LABEL,
  missingNames,
  orderExemplars,
  placeOf,
  type Exemplar,
} from '../core';
import { candidateUri, SCHEME, sourceUri } from './candidate-document';
import { showMaintainers } from './candidate-maintainers';
import type { Candidates, DocumentCandidate } from './candidates';
import { activeAnalysis, command } from './commands';
import type { Documents } from './documents';
import type { Kernels } from './kernels';
import type { Log } from './log';

/** What the lens on the C side and the palette run; without an address, for the active editor. */
export const OPEN_CANDIDATE = 'r4l.openCandidate';

/** A candidate with its own address and that of its C file. */
interface Target {
  found: DocumentCandidate;
  uri: vscode.Uri;
  c: vscode.Uri;
}

/** Registers the commands on candidates. Each takes the address of a candidate or of a C file, or goes by the active editor. */
export function registerCandidateCommands(
  candidates: Candidates,
  documents: Documents,
  kernels: Kernels,
  log: Log,
): vscode.Disposable {
  /** The candidate that is asked for; where there is none, a message says why. */
  const targetOf = async (uri = vscode.window.activeTextEditor?.document.uri): Promise<Target | undefined> => {
    const c = uri?.scheme === SCHEME ? sourceUri(uri) : uri;
    const asked = c && (await vscode.workspace.openTextDocument(c));
    const main = asked && (await candidates.mainOf(asked));
    const found = main && (await candidates.of(await vscode.workspace.openTextDocument(main)));
    if (!found) {
      if (!asked || !(await documents.analysisOf(asked))) await activeAnalysis(documents); // says what is needed
      return undefined;
    }
    if (found.candidate.reason === undefined) return { found, uri: candidateUri(main), c: main };
    await sayWhyNone(found);
    return undefined;
  };
  const on = (id: string, run: (target: Target) => Promise<void>) =>
    command(log, id, async (...[uri]: [vscode.Uri?]) => {
      const target = await targetOf(uri instanceof vscode.Uri ? uri : undefined);
      if (target) await run(target);
    });
  return vscode.Disposable.from(
    on(OPEN_CANDIDATE, openBeside),
    on('r4l.saveCandidate', saveAs),
    on('r4l.showMissing', showMissing),
    on('r4l.openExemplar', (target) => openExemplar(target, kernels)),
    on('r4l.showMaintainers', ({ found }) => showMaintainers(found)),
    on('r4l.nextLeft', (target) => goToLeft(target, 1)),
    on('r4l.previousLeft', (target) => goToLeft(target, -1)),
  );
}

/** Why there is no candidate and what is nearest, with a way to read on. */
async function sayWhyNone({ candidate, kernel }: DocumentCandidate): Promise<void> {
  const nearest = kernel.catalogue.items().find(({ path }) => candidate.nearest.includes(path));
  const show = nearest && `Open ${nearest.path}`;
  const picked = await vscode.window.showInformationMessage(candidateSummary(candidate), ...(show === undefined ? [] : [show]));
  if (picked !== undefined && nearest) await openPlace(nearest.file ?? '', nearest.line ?? 1, kernel);
}

/** Opens the candidate beside its C file, at what stands for the line of the cursor. */
async function openBeside({ found, uri }: Target): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const file = found.files.findIndex((one) => one.toString() === editor?.document.uri.toString());
  const line = editor?.selection.active.line ?? 0;
  const at = new vscode.Position((line > 0 && file >= 0 ? found.regions.toRust({ file, line }) : undefined) ?? 0, 0);
  const known = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
    viewColumn: known?.viewColumn ?? vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: false,
    selection: new vscode.Range(at, at),
  });
}

/** Asks for a place, then writes the text there; the dialog asks before it lets a file be replaced. */
async function saveAs({ found, uri, c }: Target): Promise<void> {
  const folder = c.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(c, '..');
  const name = uri.path.replace(/^.*\//, '');
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { Rust: ['rs'] },
    title: 'Save Rust Candidate As',
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(found.candidate.text));
  await vscode.window.showTextDocument(target);
}

/** The names that keep the rest in C, in the order in which they are needed; picking one goes to its first use in C and shows its hover. */
async function showMissing({ found, c }: Target): Promise<void> {
  const { candidate, kernel, files, own } = found;
  const items: vscode.QuickPickItem[] = [];
  for (const inRust of [false, true]) {
    const group = missingNames(candidate, kernel.catalogue).filter((one) => one.inRust === inRust);
    const label = inRust ? 'Has an abstraction, which the candidate does not use' : 'Has no abstraction in this kernel';
    if (group.length > 0) items.push({ label: `${label} (${group.length})`, kind: vscode.QuickPickItemKind.Separator });
    for (const { name, uses, item, note } of group)
      items.push({ label: name, description: uses > 1 ? `${item}${item === '' ? '' : ' · '}${uses} times` : item, detail: note });
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: `What keeps the rest in C (Linux ${kernel.catalogue.kernel.version}), in the order in which the driver needs it`,
    placeHolder: items.length > 0 ? 'Pick a name to go to its first use in C' : 'No kernel name keeps anything in C',
    matchOnDescription: true,
  });
  if (!picked) return;
  const word = new RegExp(`\\b${picked.label}\\b(?!\\s*\\*?\\s*/)`);
  for (const uri of files.slice(0, own)) {
    const document = await vscode.workspace.openTextDocument(uri);
    const at = word.exec(document.getText())?.index;
    if (at === undefined) continue;
    const selection = new vscode.Range(document.positionAt(at), document.positionAt(at + picked.label.length));
    await vscode.window.showTextDocument(document, {
      selection,
      viewColumn: columnOf(uri) ?? columnOf(c) ?? vscode.ViewColumn.Active,
    });
    await vscode.commands.executeCommand('editor.action.showHover');
    return;
  }
}

/** A pick among the Rust drivers and samples of the same bus; one alone is opened at once. */
async function openExemplar({ found }: Target, kernels: Kernels): Promise<void> {
  const { candidate, kernel } = found;
  const exemplars = orderExemplars([...(await samplesOf(found, kernels)), ...exemplarsOf(candidate, kernel.catalogue)]);
  if (exemplars.length === 0) {
    void vscode.window.showInformationMessage(
      `${LABEL} ${kernel.catalogue.kernel.version}: no driver or sample implements ${candidate.traits.join(', ')} yet.`,
    );
    return;
  }
  const picked =
    exemplars.length === 1
      ? exemplars[0]
      : await vscode.window.showQuickPick(
          exemplars.map((one) => ({ ...one, label: one.file.replace(/^.*\//, ''), description: one.file, detail: one.trait })),
          { title: 'Rust drivers and samples of the same bus', matchOnDescription: true },
        );
  if (picked) await openPlace(picked.file, picked.line, kernel);
}

/** Samples of the user's tree that implement the traits of a candidate: the catalogue keeps but two users of each item. */
async function samplesOf({ candidate, kernel }: DocumentCandidate, kernels: Kernels): Promise<Exemplar[]> {
  if (!kernel.tree || kernel.catalogue.kernel.source !== 'tree') return [];
  const reader = kernels.readerOf(kernel.tree);
  const found: Exemplar[] = [];
  for (const { name } of await reader.list('samples/rust')) {
    const file = `samples/rust/${name}`;
    const text = name.endsWith('.rs') ? await reader.read(file) : undefined;
    for (const trait of text === undefined ? [] : candidate.traits) {
      const line = implementsTrait(text!, trait);
      if (line !== undefined) found.push({ file, line, trait });
    }
  }
  return found;
}

/** Opens a place of the kernel that is in use: in the user's tree, else in the public source. */
async function openPlace(file: string, line: number, { catalogue, tree }: DocumentCandidate['kernel']): Promise<void> {
  if (tree && catalogue.kernel.source === 'tree') {
    const at = new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(tree.root, file), { selection: new vscode.Range(at, at) });
    return;
  }
  const { source, docs } = placeOf({ path: '', file, line }, catalogue.kernel);
  await vscode.env.openExternal(vscode.Uri.parse(source ?? docs));
}

/** Moves the cursor of the candidate to the next (1) or previous (-1) place that is left in C, around the ends. */
async function goToLeft({ found, uri }: Target, step: 1 | -1): Promise<void> {
  const places = found.regions.left();
  if (places.length === 0) {
    void vscode.window.showInformationMessage('Nothing is left in C.');
    return;
  }
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const line = editor?.selection.active.line ?? -1;
  const next =
    step === 1
      ? (places.find(({ rustStart }) => rustStart > line) ?? places[0]!)
      : (places.filter(({ rustStart }) => rustStart < line).at(-1) ?? places.at(-1)!);
  const at = new vscode.Position(next.rustStart, 0);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.Beside,
    selection: new vscode.Range(at, at),
  });
}

/** Where a document is shown; undefined if nowhere. */
const columnOf = (uri: vscode.Uri): vscode.ViewColumn | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())?.viewColumn;
