import * as vscode from 'vscode';
import {
  addFlow,
  analyse,
  carryFindings,
  configured,
  FlowMemory,
  isCPath,
  kernelEvidence,
  type Analysis,
  type Evidence,
  type SyntaxDocument,
} from '../core';
import type { Assets } from './assets';
import type { Configurations, Place } from './configurations';
import type { DocumentKernel, Kernels } from './kernels';
import type { Log } from './log';

/** What is known of a document at one version of its text. */
export interface DocumentAnalysis extends DocumentKernel {
  analysis: Analysis;
  version: number;
}

interface Entry {
  /** A document may be closed and another opened under the same address. */
  document: vscode.TextDocument;
  syntax: SyntaxDocument;
  /** Version of the document that `syntax` has. */
  version: number;
  /** What the paths of its functions have shown so far. */
  readonly memory: FlowMemory;
  /** What the text shows, whatever `.r4l.yaml` says of it. */
  last: DocumentAnalysis | undefined;
  /** `last` as `.r4l.yaml` wants it. */
  shown?: { of: DocumentAnalysis; place: Place; as: DocumentAnalysis };
  /** Runs until the paths of the functions are followed. */
  timer?: ReturnType<typeof setTimeout>;
}

/** Trees of this many documents are kept; older ones are made again when asked for. */
const KEPT = 40;

/** How long the user must have paused before the paths of functions are followed. */
const PAUSE_MS = 300;

/** The languages in which kernel C is opened; headers are C++ to VS Code. */
export const SELECTOR: vscode.DocumentSelector = [{ language: 'c' }, { language: 'cpp' }];

/** Follows the open documents and analyses them on demand, each version once. Documents that are no kernel C stay untouched. */
export class Documents implements vscode.Disposable {
  /** In order of use, the latest last. */
  private readonly entries = new Map<string, Entry>();
  private readonly evidence = new WeakMap<vscode.TextDocument, { version: number; evidence: Evidence }>();
  private readonly changed = new vscode.EventEmitter<vscode.TextDocument>();
  /** Fires when more has been found in a document whose text is the same. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: { dispose(): unknown }[];

  constructor(
    private readonly assets: Assets,
    private readonly kernels: Kernels,
    private readonly configurations: Configurations,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      this.changed,
      configurations.onDidChange(() => {
        for (const { document } of this.entries.values()) this.changed.fire(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const entry = this.entries.get(document.uri.toString());
        if (entry?.document !== document || entry.version === document.version) return;
        // The last argument's order is what VS Code applies: from the end of the document to its start.
        entry.syntax.update(document.getText(), contentChanges);
        entry.version = document.version;
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        const key = document.uri.toString();
        if (this.entries.get(key)?.document === document) this.drop(key);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const key of [...this.entries.keys()]) this.drop(key);
  }

  /**
   * The analysis of the document's present text; undefined if it is no kernel C, or if the text changed or `token` was
   * cancelled meanwhile. Never throws: what fails is logged.
   */
  async analysisOf(document: vscode.TextDocument, token?: vscode.CancellationToken): Promise<DocumentAnalysis | undefined> {
    try {
      return await this.analyse(document, token);
    } catch (error) {
      this.log.error(`${document.uri.toString(true)} could not be analysed`, error);
      return undefined;
    }
  }

  /** Where the open documents that were analysed use a kernel name. */
  usesOf(name: string): { document: vscode.TextDocument; start: number; end: number }[] {
    return vscode.workspace.textDocuments.flatMap((document) => {
      const last = this.entries.get(document.uri.toString())?.last;
      if (last?.version !== document.version) return [];
      return last.analysis.model.apis.filter((use) => use.name === name).map(({ start, end }) => ({ document, start, end }));
    });
  }

  /** Whether the extension has anything to say about the document. */
  async isKernelC(document: vscode.TextDocument): Promise<boolean> {
    if (vscode.languages.match(SELECTOR, document) === 0) return false;
    const evidence = this.evidenceOf(document);
    if (evidence === 'user-space') return false;
    return evidence === 'kernel' || (isCPath(document.uri.path) && (await this.kernels.treeOf(document.uri)) !== undefined);
  }

  private evidenceOf(document: vscode.TextDocument): Evidence {
    const known = this.evidence.get(document);
    if (known?.version === document.version) return known.evidence;
    const evidence = kernelEvidence(document.getText());
    this.evidence.set(document, { version: document.version, evidence });
    return evidence;
  }

  private async analyse(document: vscode.TextDocument, token?: vscode.CancellationToken): Promise<DocumentAnalysis | undefined> {
    const { version } = document;
    const stale = () => document.isClosed || document.version !== version || token?.isCancellationRequested === true;
    if (!(await this.isKernelC(document))) return undefined;
    const [syntax, kernel, place] = await Promise.all([
      this.assets.syntax(),
      this.kernels.kernelOf(document.uri),
      this.configurations.placeOf(document.uri),
    ]);
    if (stale()) return undefined;
    const key = document.uri.toString();
    if (this.entries.get(key)?.document !== document) this.drop(key);
    let entry = this.entries.get(key);
    if (!entry) entry = { document, syntax: syntax.open(document.getText()), version, memory: new FlowMemory(), last: undefined };
    else if (entry.version !== version) {
      entry.syntax.update(document.getText(), []);
      entry.version = version;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= KEPT) break;
      this.drop(oldest);
    }
    if (
      entry.last?.version === version &&
      entry.last.analysis.catalogue === kernel.catalogue &&
      entry.last.provenance === kernel.provenance
    )
      return shown(entry, entry.last, place);
    const tree = await entry.syntax.ready();
    if (!tree || stale()) return undefined;
    const start = performance.now();
    const quick = analyse(tree, kernel.catalogue, false);
    const analysis = entry.last ? carryFindings(entry.last.analysis, quick) : quick;
    entry.last = { ...kernel, analysis, version };
    this.followLater(entry);
    this.log.debug(
      `${document.uri.toString(true)} version ${version}: ${tree.size} nodes analysed in ${(performance.now() - start).toFixed(1)} ms`,
    );
    return shown(entry, entry.last, place);
  }

  /** Follows the paths of the functions when the user has paused: what was found then is in the next answer, and `onDidChange` says so. */
  private followLater(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      const { last } = entry;
      if (!last || entry.document.isClosed || last.version !== entry.document.version) return;
      try {
        const start = performance.now();
        entry.last = { ...last, analysis: addFlow(last.analysis, entry.memory) };
        this.log.debug(`${entry.document.uri.toString(true)}: paths followed in ${(performance.now() - start).toFixed(1)} ms`);
        this.changed.fire(entry.document);
      } catch (error) {
        this.log.error(`${entry.document.uri.toString(true)}: the paths of its functions could not be followed`, error);
      }
    }, PAUSE_MS);
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    clearTimeout(entry.timer);
    entry.syntax.dispose();
    this.entries.delete(key);
  }
}

/** What is known of a document, as the configuration that is checked in around it wants it. */
function shown(entry: Entry, last: DocumentAnalysis, place: Place): DocumentAnalysis {
  if (entry.shown?.of !== last || entry.shown.place !== place) {
    const findings = configured(last.analysis.findings, place.configuration, place.path(entry.document.uri));
    entry.shown = { of: last, place, as: { ...last, analysis: { ...last.analysis, findings } } };
  }
  return entry.shown.as;
}
