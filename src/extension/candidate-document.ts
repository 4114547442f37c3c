import * as vscode from 'vscode';
import { candidateName, candidateSummary, counted, translatedPercent } from '../core';
import type { Candidates, DocumentCandidate } from './candidates';
import { affects, settingsOf } from './settings';

/** The scheme of candidates: read-only documents that are made of a C file. */
export const SCHEME = 'r4l-candidate';

/** Candidates, for providers. */
export const CANDIDATES: vscode.DocumentSelector = { scheme: SCHEME };

/** The address of the candidate of a C file. */
export const candidateUri = (c: vscode.Uri): vscode.Uri =>
  vscode.Uri.from({
    scheme: SCHEME,
    path: c.path.replace(/[^/]*$/, '').replace(/^(?!\/)/, '/') + candidateName(c.path),
    query: c.toString(),
  });

/** The address of the C file that a candidate is made of. */
export const sourceUri = (candidate: vscode.Uri): vscode.Uri => vscode.Uri.parse(candidate.query);

/** Registers the documents that hold candidates, and their lenses. */
export function registerCandidateDocuments(candidates: Candidates): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const lensesChanged = new vscode.EventEmitter<void>();
  const following = new Map<string, vscode.Disposable>();
  const unfollow = ({ uri }: { uri: vscode.Uri }) => {
    following.get(uri.toString())?.dispose();
    following.delete(uri.toString());
  };
  return vscode.Disposable.from(
    changed,
    lensesChanged,
    new vscode.Disposable(() => {
      for (const one of following.values()) one.dispose();
    }),
    candidates.onDidChange((c) => {
      if (!following.has(candidateUri(c).toString())) return;
      changed.fire(candidateUri(c));
      lensesChanged.fire();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.scheme === SCHEME) unfollow(document);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affects(event, 'codeLens')) lensesChanged.fire();
    }),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      async provideTextDocumentContent(uri, token) {
        const c = sourceUri(uri);
        if (!following.has(uri.toString())) following.set(uri.toString(), candidates.follow(c));
        const found = candidates.latest(c) ?? (await candidates.of(await vscode.workspace.openTextDocument(c), token));
        return found ? textOf(found, c) : undefined;
      },
    }),
    vscode.languages.registerCodeLensProvider(CANDIDATES, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses({ uri }) {
        const found = settingsOf(sourceUri(uri)).on('codeLens.candidate') ? candidates.latest(sourceUri(uri)) : undefined;
        return found && found.candidate.reason === undefined ? lensesOf(uri, found) : [];
      },
    }),
  );
}

/** What the document shows: the module, or why there is none. */
function textOf({ candidate }: DocumentCandidate, c: vscode.Uri): string {
  if (candidate.reason === undefined) return candidate.text;
  return `// ${vscode.workspace.asRelativePath(c)}\n// ${candidateSummary(candidate)}\n`;
}

function lensesOf(uri: vscode.Uri, { candidate }: DocumentCandidate): vscode.CodeLens[] {
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string, tooltip: string) =>
    new vscode.CodeLens(top, { title, command, tooltip, arguments: [uri] });
  const { missing, statistics } = candidate;
  const left = statistics.statements - statistics.translated;
  return [
    lens(
      `${translatedPercent(candidate)} % translated, ${counted(missing.length, 'name')} in the way`,
      'r4l.showMissing',
      candidateSummary(candidate),
    ),
    ...(left > 0 ? [lens('Next Left in C', 'r4l.nextLeft', 'Go to the next place that is left in C')] : []),
    lens('Save As…', 'r4l.saveCandidate', 'Save this text as a file of yours'),
    lens('Exemplar', 'r4l.openExemplar', 'Open a Rust driver or sample of the same bus'),
    lens('Maintainers', 'r4l.showMaintainers', 'Who maintains this driver and its Rust side, as MAINTAINERS says'),
  ];
}
