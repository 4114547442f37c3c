import * as vscode from 'vscode';
import { candidatePlace, candidateTitle } from '../core';
import { OPEN_CANDIDATE, registerCandidateCommands } from './candidate-commands';
import { registerCandidateDocuments } from './candidate-document';
import { registerCandidateView } from './candidate-view';
import { summaryOf, type Candidates, type DocumentCandidate } from './candidates';
import { SELECTOR, type Documents } from './documents';
import type { Kernels } from './kernels';
import type { Log } from './log';
import { affects, settingsOf } from './settings';

/** Registers Rust candidates: the lens on the C side, the documents that hold them, the view of both sides, the commands. */
export function registerCandidate(candidates: Candidates, documents: Documents, kernels: Kernels, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    registerCandidateDocuments(candidates),
    registerCandidateView(candidates),
    registerCandidateCommands(candidates, documents, kernels, log),
    registerCandidateLens(candidates, documents),
    registerContext(documents),
  );
}

/** Keeps the context `r4l.driver`, which shows the commands where they have something to work on: in files that register a driver. */
function registerContext(documents: Documents): vscode.Disposable {
  const update = () => void refresh();
  const refresh = async () => {
    const document = vscode.window.activeTextEditor?.document;
    const found = document && (await documents.analysisOf(document));
    if (vscode.window.activeTextEditor?.document !== document) return; // the later editor asks itself
    const isDriver = found !== undefined && candidatePlace(found.analysis) !== undefined;
    await vscode.commands.executeCommand('setContext', 'r4l.driver', isDriver);
  };
  update();
  return vscode.Disposable.from(documents.onDidChange(update), vscode.window.onDidChangeActiveTextEditor(update));
}

/** A lens whose candidate is made when it comes into view. */
class CandidateLens extends vscode.CodeLens {
  constructor(
    range: vscode.Range,
    readonly document: vscode.TextDocument,
  ) {
    super(range);
  }
}

function registerCandidateLens(candidates: Candidates, documents: Documents): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    candidates.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      // What is not shown is not made again at each edit: its share is of the saved text.
      if (candidates.latest(document.uri)) void candidates.of(document);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affects(event, 'codeLens')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SELECTOR, {
      onDidChangeCodeLenses: changed.event,
      async provideCodeLenses(document, token) {
        if (!settingsOf(document.uri).on('codeLens.candidate')) return [];
        const found = await documents.analysisOf(document, token);
        const place = found && candidatePlace(found.analysis);
        if (!place) return found ? [] : undefined;
        return [new CandidateLens(new vscode.Range(document.positionAt(place.start), document.positionAt(place.end)), document)];
      },
      async resolveCodeLens(lens, token) {
        if (!(lens instanceof CandidateLens)) return lens;
        const { document } = lens;
        lens.command = commandOf(candidates.latest(document.uri) ?? (await candidates.of(document, token)), document.uri);
        return lens;
      },
    }),
  );
}

function commandOf(found: DocumentCandidate | undefined, uri: vscode.Uri): vscode.Command {
  return {
    title: found ? candidateTitle(found.candidate) : 'Rust candidate',
    tooltip: found ? summaryOf(found) : 'Open a Rust starting point for this driver',
    command: OPEN_CANDIDATE,
    arguments: [uri],
  };
}
