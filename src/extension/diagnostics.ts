import * as vscode from 'vscode';
import { LABEL, type Finding } from '../core';
import type { Documents } from './documents';
import { ruleLink } from './rule-pages';
import { affects, SECTION, settingsOf } from './settings';

const SEVERITY: Record<Finding['severity'], vscode.DiagnosticSeverity> = {
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

const SOURCE = `${LABEL} Lens`;

/** Whether a diagnostic is one of a finding of ours. */
export const isOurs = (
  diagnostic: vscode.Diagnostic,
): diagnostic is vscode.Diagnostic & { code: { value: string; target: vscode.Uri } } =>
  diagnostic.source === SOURCE && typeof diagnostic.code === 'object';

/** Registers the diagnostics: suspects, and hazards only if asked for, since they are right as far as one sees; lenses count those. */
export function registerDiagnostics(documents: Documents): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection(SECTION);
  const refresh = async (document: vscode.TextDocument) => {
    const { on } = settingsOf(document.uri);
    if (!on('diagnostics.enabled')) {
      collection.delete(document.uri);
      return;
    }
    const { version } = document;
    const found = await documents.analysisOf(document);
    if (document.isClosed || document.version !== version) return; // the later version asks itself
    const shown =
      found?.analysis.findings.filter(
        ({ kind, suppressed }) => (kind === 'suspect' || on('diagnostics.hazards')) && suppressed === undefined,
      ) ?? [];
    collection.set(
      document.uri,
      shown.map((finding) => diagnosticOf(document, finding)),
    );
  };
  const refreshShown = () => {
    for (const { document } of vscode.window.visibleTextEditors) void refresh(document);
  };
  refreshShown();
  return vscode.Disposable.from(
    collection,
    documents.onDidChange((document) => void refresh(document)),
    vscode.window.onDidChangeVisibleTextEditors(refreshShown),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      collection.delete(uri);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affects(event, 'diagnostics')) refreshShown();
    }),
  );
}

function diagnosticOf(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const rangeOf = ({ start, end }: { start: number; end: number }) =>
    new vscode.Range(document.positionAt(start), document.positionAt(end));
  const { rust, message } = finding;
  const diagnostic = new vscode.Diagnostic(
    rangeOf(finding),
    `${message}\nIn Rust ${rust.verdict.replace('-', ' ')}: ${rust.mechanism}`,
    SEVERITY[finding.severity],
  );
  diagnostic.source = SOURCE;
  diagnostic.code = { value: finding.rule, target: ruleLink(finding.rule) };
  diagnostic.relatedInformation = finding.related.map(
    (place) => new vscode.DiagnosticRelatedInformation(new vscode.Location(document.uri, rangeOf(place)), place.message),
  );
  return diagnostic;
}
