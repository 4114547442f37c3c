import * as vscode from 'vscode';
import { toAnnotations, type FileAnnotations, type TreeReader } from '../core';
import { Assets } from './assets';
import { registerCandidate } from './candidate';
import { Candidates } from './candidates';
import { registerCommands } from './commands';
import { Configurations } from './configurations';
import { registerDiagnostics } from './diagnostics';
import { Documents } from './documents';
import { DriverReports, type DiskReport } from './driver-reports';
import { registerHover } from './hover';
import { Kernels } from './kernels';
import { registerLanguageModelTools } from './language-model-tools';
import { registerLenses } from './lenses';
import { Log } from './log';
import { registerNavigation } from './navigation';
import { registerPortPages } from './port-pages';
import { registerPortView } from './port-view';
import { registerQuickFixes, registerRewrites } from './quick-fixes';
import { registerRulePages } from './rule-pages';
import { registerRustSide } from './rust-side';
import { registerStatusBar } from './status-bar';
import { registerToolchain, type ToolFinder } from './toolchain';

/** What the extension offers to other extensions and to its own tests. */
export interface Api {
  /** `node` or `web`: the extension host that runs it. */
  host: 'node' | 'web';
  /** How long `activate` took, in milliseconds. */
  activationMilliseconds: number;
  /** The annotations of an open document, as `r4l annotate --format json` prints them; undefined if it is no kernel C. */
  annotations(uri: vscode.Uri): Promise<FileAnnotations | undefined>;
}

/** What only one of the hosts has. */
export interface Host {
  name: Api['host'];
  /** Reads a kernel tree on this machine's disk. */
  diskReader?: (root: string) => TreeReader;
  /** Asks the tools of this machine for their versions. */
  toolFinder?: ToolFinder;
  /** Makes reports on drivers on this machine's disk; `dist` is the folder of the bundles. */
  diskReport?: (dist: string) => DiskReport;
}

/** Composes the extension: the one place that knows all its parts. */
export function start(context: vscode.ExtensionContext, { name: host, diskReader, diskReport, toolFinder }: Host): Api {
  const begin = performance.now();
  const log = new Log();
  const assets = new Assets(context.extensionUri);
  const kernels = new Kernels(assets, log, diskReader);
  const configurations = new Configurations(log);
  const documents = new Documents(assets, kernels, configurations, log);
  const candidates = new Candidates(assets, documents, kernels, log);
  const reports = new DriverReports(
    assets,
    documents,
    kernels,
    diskReport?.(vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath),
  );
  context.subscriptions.push(
    log,
    kernels,
    configurations,
    documents,
    candidates,
    registerHover(documents),
    registerDiagnostics(documents),
    registerQuickFixes(documents),
    registerRewrites(documents),
    registerRulePages(assets, log),
    registerLenses(documents, kernels),
    registerCandidate(candidates, documents, kernels, log),
    registerStatusBar(documents, kernels),
    registerToolchain(kernels, log, toolFinder),
    registerCommands(assets, documents, log),
    registerNavigation(documents, kernels, log),
    registerRustSide(documents, kernels, log),
    registerPortPages(reports, kernels, log),
    registerPortView(reports, kernels, log),
    registerLanguageModelTools(assets, kernels, candidates, reports, log),
  );
  const activationMilliseconds = performance.now() - begin;
  log.info(`active in the ${host} extension host after ${activationMilliseconds.toFixed(1)} ms`);
  return {
    host,
    activationMilliseconds,
    async annotations(uri) {
      const document = await vscode.workspace.openTextDocument(uri);
      const begun = performance.now();
      const found = await documents.analysisOf(document);
      if (!found) return undefined;
      const bytes = new TextEncoder().encode(document.getText()).length;
      return toAnnotations(uri.path, bytes, found.analysis, { parse: 0, total: performance.now() - begun });
    },
  };
}
