import * as vscode from 'vscode';
import { reasonLeft, regionMarkdown, translatedPercent, type RegionLink } from '../core';
import { CANDIDATES, SCHEME, sourceUri } from './candidate-document';
import { summaryOf, type Candidates, type DocumentCandidate } from './candidates';
import { SELECTOR } from './documents';
import { settingsOf } from './settings';

/** A candidate in view with those of its C files that are in view. */
interface Pair {
  found: DocumentCandidate;
  rust: vscode.TextEditor;
  /** By position among the files of the driver. */
  c: Map<number, vscode.TextEditor>;
}

/**
 * How long an editor that was scrolled from here may take to report it, in milliseconds, and how far off it may end up, in lines.
 * One that was that near already may have nothing to report.
 */
const ECHO_MS = 3000;
const NEAR_ECHO_MS = 600;
const ECHO_LINES = 8;
/** How long an editor that opens may take until it stands where it was told to. */
const OPENING_MS = 1000;

/** Registers what keeps both sides together: scrolling, the region at the cursor or under the mouse, marks on what is left in C, the status bar. */
export function registerCandidateView(candidates: Candidates): vscode.Disposable {
  const linked = decoration({
    backgroundColor: new vscode.ThemeColor('editor.selectionHighlightBackground'),
    border: 'focusBorder',
    style: 'solid',
  });
  const left = decoration({ border: 'editorWarning.foreground', style: 'dotted' });
  const item = vscode.window.createStatusBarItem('r4l.candidate', vscode.StatusBarAlignment.Right, 89);
  item.name = 'Rust candidate';
  /** To which first lines editors were scrolled from here: when they report it, that is no news. */
  const echoes = new WeakMap<vscode.TextEditor, { top: number; until: number }[]>();
  /** When each candidate's editor was first seen: what it reports while it opens is no news either. */
  const opened = new WeakMap<vscode.TextEditor, number>();

  const pairs = (): Pair[] =>
    vscode.window.visibleTextEditors.flatMap((rust) => {
      const found = rust.document.uri.scheme === SCHEME ? candidates.latest(sourceUri(rust.document.uri)) : undefined;
      if (!found) return [];
      const c = new Map<number, vscode.TextEditor>();
      found.files.forEach((file, index) => {
        const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === file.toString());
        if (editor) c.set(index, editor);
      });
      return [{ found, rust, c }];
    });

  const scrollTo = (editor: vscode.TextEditor, line: number) => {
    const top = Math.min(Math.max(line, 0), editor.document.lineCount - 1);
    const now = editor.visibleRanges[0]?.start.line ?? 0;
    if (now === top) return;
    const until = Date.now() + (Math.abs(now - top) <= ECHO_LINES ? NEAR_ECHO_MS : ECHO_MS);
    echoes.set(editor, [...(echoes.get(editor) ?? []), { top, until }]);
    editor.revealRange(new vscode.Range(top, 0, top, 0), vscode.TextEditorRevealType.AtTop);
  };
  const isEcho = (editor: vscode.TextEditor, top: number): boolean => {
    if (Date.now() - (opened.get(editor) ?? 0) < OPENING_MS) return true;
    const waiting = (echoes.get(editor) ?? []).filter(({ until }) => until > Date.now());
    const at = waiting.findIndex((echo) => Math.abs(echo.top - top) <= ECHO_LINES);
    echoes.set(editor, waiting.slice(at + 1));
    return at >= 0;
  };

  /** Scrolls the other side so that what stands for the cursor's line, or if that is out of view for the one a third down, is level with it. */
  const scroll = (editor: vscode.TextEditor) => {
    const shown = editor.visibleRanges[0];
    if (!shown || !settingsOf(editor.document.uri).on('candidate.scrollTogether')) return;
    const { active } = editor.selection;
    const line = shown.contains(active) ? active.line : shown.start.line + Math.floor((shown.end.line - shown.start.line) / 3);
    const at = regionAt(editor.document, line);
    if (!at) return;
    const { found, rust, c } = at.pair;
    const target = at.onRust
      ? found.regions.toC(line)
      : { file: -1, line: found.regions.toRust({ file: fileOf(at.pair, editor.document), line }) };
    const other = at.onRust ? c.get(target?.file ?? -1) : rust;
    if (!other || target?.line === undefined) return;
    scrollTo(other, target.line - (line - shown.start.line));
  };

  /** The region at a line of a document that is in view beside its other side. */
  const regionAt = (
    document: vscode.TextDocument,
    line: number,
  ): { pair: Pair; link: RegionLink | undefined; onRust: boolean } | undefined => {
    for (const pair of pairs()) {
      const { found, rust, c } = pair;
      if (rust.document === document) return { pair, link: found.regions.atRust(line), onRust: true };
      if ([...c.values()].some((one) => one.document === document))
        return { pair, link: found.regions.atC({ file: fileOf(pair, document), line }), onRust: false };
    }
    return undefined;
  };

  /** Marks the region at the cursor on both sides. */
  const markCursor = (editor: vscode.TextEditor) => {
    const at = regionAt(editor.document, editor.selection.active.line);
    if (at) mark(linked, at.pair, at.link ? [at.link] : []);
    return at;
  };

  /** The same, and brings the other side into view. */
  const follow = (editor: vscode.TextEditor) => {
    const { pair, link, onRust } = markCursor(editor) ?? {};
    if (!pair || !link) return;
    const other = onRust ? pair.c.get(link.file) : pair.rust;
    const [from, to] = onRust ? [link.cStart, link.cEnd] : [link.rustStart, link.rustEnd];
    const shown = other?.visibleRanges[0];
    if (!other || !shown) return;
    // A region that is higher than the view has its head in view, or what is level with the cursor.
    const height = shown.end.line - shown.start.line;
    const inView = (line: number) => other.visibleRanges.some((one) => one.start.line <= line && line <= one.end.line);
    if (!inView(from) && (to - from < height || !inView(to - 1))) scrollTo(other, from - Math.floor(height / 3));
  };

  /** Names the other side of a region, and marks it there. */
  const hover: vscode.HoverProvider = {
    provideHover(document, { line }) {
      const at = settingsOf(document.uri).on('hover.enabled') ? regionAt(document, line) : undefined;
      if (!at?.link) return undefined;
      mark(linked, at.pair, [at.link]);
      return hoverOf(at.pair, at.link, at.onRust);
    },
  };

  const refresh = () => {
    const shown = pairs();
    const active = vscode.window.activeTextEditor;
    const used = new Set(shown.flatMap(({ rust, c }) => [rust, ...c.values()]));
    for (const editor of vscode.window.visibleTextEditors)
      if (!used.has(editor)) for (const type of [linked, left]) editor.setDecorations(type, []);
    for (const pair of shown) {
      mark(left, pair, pair.found.regions.left());
      const [c] = pair.c.values();
      markCursor(pair.rust === active || !c ? pair.rust : ([...pair.c.values()].find((one) => one === active) ?? c));
      if (opened.has(pair.rust)) continue;
      opened.set(pair.rust, Date.now());
      if (c) scroll(c);
    }
    const pair = shown.find(({ rust, c }) => rust === active || [...c.values()].includes(active!));
    if (!pair) {
      item.hide();
      return;
    }
    const { candidate } = pair.found;
    item.text =
      candidate.reason === undefined ? `$(arrow-swap) ${translatedPercent(candidate)} % in Rust` : '$(arrow-swap) no candidate';
    item.tooltip = `${summaryOf(pair.found)}\nClick for what is missing`;
    item.accessibilityInformation = { label: summaryOf(pair.found), role: 'button' };
    item.command = { title: 'Show Missing Abstractions', command: 'r4l.showMissing', arguments: [pair.rust.document.uri] };
    item.show();
  };
  refresh();
  return vscode.Disposable.from(
    linked,
    left,
    item,
    vscode.languages.registerHoverProvider(CANDIDATES, hover),
    vscode.languages.registerHoverProvider(SELECTOR, hover),
    candidates.onDidChange(refresh),
    vscode.window.onDidChangeVisibleTextEditors(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    // The new text of a candidate arrives after the news of it.
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === SCHEME) refresh();
    }),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      const top = textEditor.visibleRanges[0]?.start.line;
      if (top !== undefined && !isEcho(textEditor, top)) scroll(textEditor);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor === vscode.window.activeTextEditor) follow(textEditor);
    }),
  );
}

/** Whole lines with an edge at the left, which shows without colour too, and a mark in the overview ruler. */
function decoration({ backgroundColor, border, style }: { backgroundColor?: vscode.ThemeColor; border: string; style: string }) {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    ...(backgroundColor && { backgroundColor }),
    borderColor: new vscode.ThemeColor(border),
    borderStyle: style,
    borderWidth: '0 0 0 2px',
    overviewRulerColor: new vscode.ThemeColor(border),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}

function mark(type: vscode.TextEditorDecorationType, { rust, c }: Pair, links: readonly RegionLink[]): void {
  rust.setDecorations(
    type,
    links.map(({ rustStart, rustEnd }) => new vscode.Range(rustStart, 0, rustEnd - 1, 0)),
  );
  for (const [index, editor] of c)
    editor.setDecorations(
      type,
      links.filter(({ file }) => file === index).map(({ cStart, cEnd }) => new vscode.Range(cStart, 0, cEnd - 1, 0)),
    );
}

/** The position of a document among the files of a driver; -1 if it is none of them. */
const fileOf = ({ found }: Pair, { uri }: vscode.TextDocument): number =>
  found.files.findIndex((file) => file.toString() === uri.toString());

/** A hover on one side of a region, which names its place on the other. */
function hoverOf({ found, rust }: Pair, link: RegionLink, onRust: boolean): vscode.Hover {
  const { cStart, cEnd, rustStart, rustEnd, translated } = link;
  const candidate = rust.document.uri;
  const other = onRust ? found.files[link.file]! : candidate;
  const [start, end] = onRust ? [cStart, cEnd] : [rustStart, rustEnd];
  const [from, to] = onRust ? [rustStart, rustEnd] : [cStart, cEnd];
  const markdown = regionMarkdown(onRust ? 'rust' : 'c', {
    other: {
      path: onRust ? vscode.workspace.asRelativePath(other) : candidate.path.replace(/^.*\//, ''),
      start,
      end,
      // VS Code follows no links to documents of extensions.
      uri: !onRust || other.scheme === 'untitled' ? null : other.with({ fragment: `L${start + 1}` }).toString(),
    },
    translated,
    reason: reasonLeft(found.lines, link),
  });
  return new vscode.Hover(new vscode.MarkdownString(markdown, true), new vscode.Range(from, 0, to, 0));
}
