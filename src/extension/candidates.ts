import * as vscode from 'vscode';
import {
  candidatePlace,
  candidateSummary,
  describeDriver,
  gatherDriver,
  Kbuild,
  LinkedRegions,
  openKernelApi,
  rewriteDriver,
  type Candidate,
  type HeaderCache,
  type Syntax,
  type SyntaxTree,
} from '../core';
import type { Assets } from './assets';
import type { Documents } from './documents';
import type { DocumentKernel, Kernels, KernelTree } from './kernels';
import type { Log } from './log';

/** The candidate of a C file at one version of its text. */
export interface DocumentCandidate {
  candidate: Candidate;
  regions: LinkedRegions;
  /** Lines of the candidate's text. */
  lines: string[];
  /** The files that it was made from, in the order that the links count; the C document is the first. */
  files: vscode.Uri[];
  /** How many of them are the driver's own: the rest are headers of the kernel. */
  own: number;
  /** How many other C files the driver has that were left out, since it is too large. */
  leftOut: number;
  kernel: DocumentKernel;
  /** Version of the C document; -1 if another file has changed since. */
  version: number;
}

/** How long the user must have paused before a candidate that is shown is made again. */
const PAUSE_MS = 500;

/** A large driver waits longer: this many times as long as its candidate took, so that hovers and lenses are not held up while one edits. */
const PAUSE_FACTOR = 5;

/** Headers that are kept from one candidate to the next; few of them are parsed. */
const KEPT_HEADERS = 1000;

/** A driver with more text than this, in UTF-16 units, is too large to be made again at each pause: its files are taken one by one. */
const LARGEST_DRIVER = 250_000;
const MOST_FILES = 40;

/** Makes the Rust candidates of C documents, each version once and one at a time; those that are shown follow the edits. */
export class Candidates implements vscode.Disposable {
  private readonly made = new Map<string, DocumentCandidate>();
  private readonly headers: HeaderCache = new Map();
  private readonly trees = new Map<string, SyntaxTree>();
  /** How long it took to make each candidate, in milliseconds. */
  private readonly took = new Map<string, number>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly shown = new Map<string, number>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires with the address of a C document whose candidate is another now. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: { dispose(): unknown }[];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly assets: Assets,
    private readonly documents: Documents,
    private readonly kernels: Kernels,
    private readonly log: Log,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{c,h}');
    const touched = (uri: vscode.Uri) => {
      this.touched(uri);
    };
    this.subscriptions = [
      this.changed,
      watcher,
      watcher.onDidChange(touched),
      watcher.onDidDelete(touched),
      watcher.onDidCreate(() => {
        this.headers.clear(); // what could not be read may be there now
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) touched(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (!this.shown.has(uri.toString())) this.made.delete(uri.toString());
      }),
      kernels.onDidChange(() => {
        for (const key of this.shown.keys()) this.later(key);
      }),
    ];
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The candidate that was made last, which may be of an older text. */
  latest(uri: vscode.Uri): DocumentCandidate | undefined {
    return this.made.get(uri.toString());
  }

  /** Makes the candidate of `uri` again after each edit, until the result is disposed. */
  follow(uri: vscode.Uri): vscode.Disposable {
    const key = uri.toString();
    this.shown.set(key, (this.shown.get(key) ?? 0) + 1);
    return new vscode.Disposable(() => {
      const left = (this.shown.get(key) ?? 1) - 1;
      if (left > 0) this.shown.set(key, left);
      else {
        this.shown.delete(key);
        if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === key)) this.made.delete(key);
      }
    });
  }

  /**
   * The candidate of the document's present text; undefined if it is no kernel C, or if the text changed or `token` was cancelled
   * meanwhile. Never throws: what fails is logged.
   */
  async of(document: vscode.TextDocument, token?: vscode.CancellationToken): Promise<DocumentCandidate | undefined> {
    const turn = this.last.then(() => this.make(document, token));
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      this.log.error(`no candidate could be made of ${document.uri.toString(true)}`, error);
      return undefined;
    }
  }

  /** The file of the driver that registers it, where `uri` is another one of its files; else `uri`. */
  async mainOf(document: vscode.TextDocument): Promise<vscode.Uri> {
    const found = await this.documents.analysisOf(document);
    if (!found || candidatePlace(found.analysis)) return document.uri;
    const syntax = await this.assets.syntax();
    for (const { uri, text } of (await sourcesBeside(document, found.tree, this.kernels)).sources) {
      if (candidatePlace({ model: describeDriver(this.parsed({ uri, text }, syntax)) })) return uri;
    }
    return document.uri;
  }

  private async make(document: vscode.TextDocument, token?: vscode.CancellationToken): Promise<DocumentCandidate | undefined> {
    const { version, uri } = document;
    const stale = () => document.isClosed || document.version !== version || token?.isCancellationRequested === true;
    if (stale()) return undefined;
    const found = await this.documents.analysisOf(document, token);
    if (!found) return undefined;
    const known = this.made.get(uri.toString());
    if (known?.version === version && known.kernel.catalogue === found.catalogue) return known;
    const syntax = await this.assets.syntax();
    if (this.headers.size > KEPT_HEADERS) this.headers.clear();
    const root = found.tree?.root;
    const home = root ?? uri.with({ query: '', fragment: '' });
    const { sources, leftOut } = await sourcesBeside(document, found.tree, this.kernels);
    const files = await gatherDriver(
      [
        { path: uri.path, tree: found.analysis.tree },
        ...sources.map((source) => ({ path: source.uri.path, tree: this.parsed(source, syntax) })),
      ],
      root ? root.path : null,
      (path) => readText(home.with({ path })),
      syntax,
      this.headers,
    );
    if (stale()) return undefined;
    const start = performance.now();
    const candidate = rewriteDriver(files, openKernelApi(found.catalogue));
    const took = performance.now() - start;
    this.took.set(uri.toString(), took);
    this.log.debug(`${uri.toString(true)} version ${version}: candidate made in ${took.toFixed(1)} ms`);
    const { catalogue, tree, provenance } = found;
    const made: DocumentCandidate = {
      candidate,
      regions: new LinkedRegions(candidate.links),
      lines: candidate.text.split('\n'),
      files: files.map(({ path }, i) => (i === 0 ? uri : home.with({ path }))),
      own: files.filter(({ role }) => role !== 'kernel').length,
      leftOut,
      kernel: { catalogue, tree, provenance },
      version,
    };
    this.made.set(uri.toString(), made);
    this.changed.fire(uri);
    return made;
  }

  /** The tree of a source beside the one that is edited: kept, since such a file seldom changes. */
  private parsed({ uri, text }: SourceText, syntax: Syntax): SyntaxTree {
    const known = this.trees.get(uri.path);
    if (known?.text === text) return known;
    if (this.trees.size >= MOST_FILES) this.trees.clear();
    const tree = syntax.parse('c', text);
    this.trees.set(uri.path, tree);
    return tree;
  }

  /** A file has another text: the candidates that were made of it are made again, where they are shown. */
  private touched({ path }: vscode.Uri): void {
    this.headers.delete(path);
    for (const [key, made] of this.made)
      if (made.files.some((file) => file.path === path)) {
        made.version = -1;
        this.later(key);
      }
  }

  /** Makes the candidate of a document again when the user has paused, if it is shown. */
  private later(key: string): void {
    if (!this.shown.has(key)) return;
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(
        () => {
          this.timers.delete(key);
          const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
          if (document) void this.of(document);
        },
        Math.max(PAUSE_MS, PAUSE_FACTOR * (this.took.get(key) ?? 0)),
      ),
    );
  }
}

/** What is translated and what is left, and whether other files of the driver were taken. */
export function summaryOf({ candidate, leftOut }: DocumentCandidate): string {
  const alone = leftOut === 0 ? '' : `\nMade from this file alone: with its ${leftOut} others the driver is too large.`;
  return candidateSummary(candidate) + alone;
}

interface SourceText {
  uri: vscode.Uri;
  text: string;
}

/**
 * The other C files of the driver that a document belongs to, as the makefiles of its tree say; none if it is one of several drivers'.
 * `leftOut` counts them where they are too large to be taken together.
 */
async function sourcesBeside(
  document: vscode.TextDocument,
  tree: KernelTree | undefined,
  kernels: Kernels,
): Promise<{ sources: SourceText[]; leftOut: number }> {
  const none = { sources: [], leftOut: 0 };
  const { uri } = document;
  const root = tree?.root.path.replace(/\/?$/, '/');
  if (!tree || !uri.path.startsWith(root!)) return none;
  const own = uri.path.slice(root!.length);
  const reader = kernels.readerOf(tree);
  const folders = new Map<string, Promise<Set<string>>>();
  const exists = async (path: string) => {
    const folder = path.replace(/\/?[^/]*$/, '');
    let names = folders.get(folder);
    if (!names) {
      names = reader.list(folder).then((entries) => new Set(entries.map(({ name }) => name)));
      folders.set(folder, names);
    }
    return (await names).has(path.slice(folder === '' ? 0 : folder.length + 1));
  };
  const modules = await new Kbuild((path) => reader.read(path), exists).modulesOf(own);
  if (modules.length !== 1) return none;
  const paths = modules[0]!.sources.filter((path) => path !== own);
  if (paths.length > MOST_FILES) return { sources: [], leftOut: paths.length };
  const sources: SourceText[] = [];
  let size = document.getText().length;
  for (const path of paths) {
    const source = vscode.Uri.joinPath(tree.root, path);
    const text = await readText(source);
    if (text === undefined) continue;
    sources.push({ uri: source, text });
    size += text.length;
    if (size > LARGEST_DRIVER) return { sources: [], leftOut: paths.length };
  }
  return { sources, leftOut: 0 };
}

/** The text of a file as it stands in the editor, else on disk; undefined if there is none. */
async function readText(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
