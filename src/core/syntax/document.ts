import { Edit, type Tree } from 'web-tree-sitter';
import type { Syntax } from './syntax';
import { lineIndex, lineStartsOf, type SyntaxTree } from './tree';

/** One replacement, as in VS Code's `TextDocumentContentChangeEvent`: UTF-16 offsets into the text before it. */
export interface TextChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

/** From this length on (UTF-16 units) a first parse yields to other tasks: about 20 ms of parsing. */
const LARGE = 100_000;

/** Whether a `\r` stands without `\n`; `includes` first, since it is many times quicker on the usual text. */
const hasLoneCr = (text: string): boolean => text.includes('\r') && /\r(?!\n)/.test(text);

/**
 * A text of kernel C that follows edits: it keeps tree-sitter's tree for the next incremental parse.
 * `tree` is plain data and always belongs to the text of the last finished update.
 */
export class SyntaxDocument {
  #parsed: Tree | undefined;
  #tree: SyntaxTree | undefined;
  #text: string;
  #updates = 0;
  #pending: { update: number; tree: Promise<SyntaxTree | undefined> } | undefined;
  #disposed = false;

  constructor(
    private readonly syntax: Syntax,
    text: string,
  ) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  /** The tree of the present text; parsed now if it has not been. */
  get tree(): SyntaxTree {
    this.#tree ??= this.publish(this.syntax.reparse(this.#text, this.#parsed));
    return this.#tree;
  }

  /** The tree of the present text, parsed in slices if the text is large and was not parsed before; undefined if the text changed meanwhile. */
  ready(): Promise<SyntaxTree | undefined> {
    if (this.#disposed) return Promise.resolve(undefined);
    if (this.isParsed() || this.#text.length < LARGE) return Promise.resolve(this.tree);
    // Hovers and lenses ask at the same time: one parse serves both.
    if (this.#pending?.update !== this.#updates) this.#pending = { update: this.#updates, tree: this.parseInSlices() };
    return this.#pending.tree;
  }

  private async parseInSlices(): Promise<SyntaxTree | undefined> {
    const update = this.#updates;
    const stale = () => this.#disposed || this.#updates !== update;
    const parsed = await this.syntax.reparseInSlices(this.#text, undefined, stale);
    if (!parsed) return undefined;
    // Somebody may have asked for `tree` meanwhile.
    if (stale() || this.isParsed()) {
      parsed.delete();
      return stale() ? undefined : this.tree;
    }
    return (this.#tree = this.publish(parsed));
  }

  /**
   * Takes over a new text. `changes` are what led to it, in the order of VS Code's event: each refers to the text that the ones
   * before it left, and none touches what a former one inserted (VS Code sends them from the end of the document to its start).
   * Where that does not hold, or the whole text was replaced, the text is parsed afresh: right either way.
   */
  update(text: string, changes: readonly TextChange[]): void {
    if (this.#disposed) return;
    this.#updates++;
    const old = this.#text;
    const parsed = this.#parsed;
    const lineStarts = this.#tree?.lineStarts ?? lineStartsOf(old);
    this.#text = text;
    this.#tree = undefined;
    if (!parsed) return;
    // tree-sitter counts rows by `\n` alone, VS Code also by a lone `\r`: rare enough to parse afresh.
    if (hasLoneCr(old) || hasLoneCr(text) || !applicable(old, text, changes)) {
      this.forget();
      return;
    }
    for (const { rangeOffset, rangeLength, text: inserted } of changes) {
      const startPosition = pointAt(lineStarts, rangeOffset);
      parsed.edit(
        new Edit({
          startIndex: rangeOffset,
          oldEndIndex: rangeOffset + rangeLength,
          newEndIndex: rangeOffset + inserted.length,
          startPosition,
          oldEndPosition: pointAt(lineStarts, rangeOffset + rangeLength),
          newEndPosition: advance(startPosition, inserted),
        }),
      );
    }
  }

  /** Frees the tree. Safe to call more than once. */
  dispose(): void {
    this.#disposed = true;
    this.forget();
    this.#tree = undefined;
  }

  private isParsed(): boolean {
    return this.#parsed !== undefined;
  }

  private publish(parsed: Tree): SyntaxTree {
    const tree = this.syntax.read('c', parsed, this.#text);
    this.#parsed?.delete();
    this.#parsed = parsed;
    return tree;
  }

  private forget(): void {
    this.#parsed?.delete();
    this.#parsed = undefined;
  }
}

/** Whether `changes` run from the end to the start of `old` without overlap, leave `text`, and leave something of `old`. */
function applicable(old: string, text: string, changes: readonly TextChange[]): boolean {
  let end = old.length;
  let tail = text.length;
  let kept = old.length;
  for (const { rangeOffset, rangeLength, text: inserted } of changes) {
    const after = rangeOffset + rangeLength;
    if (rangeOffset < 0 || rangeLength < 0 || after > end) return false;
    const unchanged = end - after;
    tail -= unchanged;
    if (tail < 0 || !sameSlice(old, after, text, tail, unchanged)) return false;
    tail -= inserted.length;
    if (tail < 0 || !text.startsWith(inserted, tail)) return false;
    end = rangeOffset;
    kept -= rangeLength;
  }
  return end === tail && kept > 0 && sameSlice(old, 0, text, 0, end);
}

const sameSlice = (a: string, from: number, b: string, at: number, length: number): boolean =>
  a.slice(from, from + length) === b.slice(at, at + length);

/** tree-sitter's row and column, in UTF-16 units. */
function pointAt(lineStarts: Uint32Array, offset: number): { row: number; column: number } {
  const row = lineIndex(lineStarts, offset);
  return { row, column: offset - lineStarts[row]! };
}

function advance(from: { row: number; column: number }, inserted: string): { row: number; column: number } {
  const last = inserted.lastIndexOf('\n');
  if (last === -1) return { row: from.row, column: from.column + inserted.length };
  let rows = 0;
  for (let i = inserted.indexOf('\n'); i !== -1; i = inserted.indexOf('\n', i + 1)) rows++;
  return { row: from.row + rows, column: inserted.length - last - 1 };
}
