import { CKind, Field, RustKind } from './kinds';

/** A place in a text: zero-based line, zero-based column in UTF-16 units (as VS Code counts). */
export interface Position {
  line: number;
  column: number;
}

/** The node number that stands for "no such node". */
export const NONE = -1;

/** The arrays behind a tree; all have one element per node, in pre-order. */
export interface TreeArrays {
  /** Node type: a `CKind` or `RustKind`. */
  kinds: Uint8Array;
  /** The `Field` under which the node hangs on its parent. */
  fields: Uint8Array;
  /** Bits of `NodeFlag`. */
  flags: Uint8Array;
  /** First UTF-16 offset of the node. */
  starts: Uint32Array;
  /** Offset after the node's last UTF-16 unit. */
  ends: Uint32Array;
  /** Number of the parent; `NONE` for the root. */
  parents: Int32Array;
  /** Number of the node that follows the node's whole subtree in pre-order. */
  nexts: Uint32Array;
}

/** Texts of names, by number. */
export interface NameTexts {
  textOf(name: number): string;
}

/** What else is known of a node. */
export const enum NodeFlag {
  /** The parser invented the node: it has no text. */
  missing = 1,
  /** An ERROR or missing node is in the node's subtree, or it is one. */
  hasError = 2,
}

/**
 * A syntax tree as plain data: the visible nodes of a tree-sitter tree in pre-order. A node is a number, its index in the
 * arrays; `NONE` is no node. The tree owns nothing in WebAssembly memory, so it may be kept, passed on and dropped freely.
 */
export class SyntaxTree implements TreeArrays {
  readonly kinds: Uint8Array;
  readonly fields: Uint8Array;
  readonly flags: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly parents: Int32Array;
  readonly nexts: Uint32Array;
  #lineStarts: Uint32Array | undefined;
  #nameNumbers: Int32Array | undefined;
  #names: NameTexts | undefined;

  /**
   * @param text the text that was parsed
   * @param size number of nodes
   */
  constructor(
    readonly text: string,
    readonly size: number,
    arrays: TreeArrays,
  ) {
    this.kinds = arrays.kinds;
    this.fields = arrays.fields;
    this.flags = arrays.flags;
    this.starts = arrays.starts;
    this.ends = arrays.ends;
    this.parents = arrays.parents;
    this.nexts = arrays.nexts;
  }

  /** First child of `node`, named or not, or `NONE`. */
  firstChild(node: number): number {
    return node + 1 < this.nexts[node]! ? node + 1 : NONE;
  }

  /** Next sibling of `node`, named or not, or `NONE`. */
  nextSibling(node: number): number {
    const parent = this.parents[node]!;
    const next = this.nexts[node]!;
    return parent !== NONE && next < this.nexts[parent]! ? next : NONE;
  }

  /** All children of `node`, or only the named ones that are no comments. */
  children(node: number, named = false): number[] {
    const { kinds, nexts } = this;
    const end = nexts[node]!;
    const children: number[] = [];
    for (let child = node + 1; child < end; child = nexts[child]!)
      if (!named || (kinds[child] !== (CKind.token as number) && !this.isComment(child))) children.push(child);
    return children;
  }

  /** First child of `node` that hangs under `field`, or `NONE`. */
  childByField(node: number, field: Field): number {
    const { fields, nexts } = this;
    const end = nexts[node]!;
    for (let child = node + 1; child < end; child = nexts[child]!) if (fields[child] === (field as number)) return child;
    return NONE;
  }

  /** First child of `node` of type `kind`, or `NONE`. */
  childOfKind(node: number, kind: CKind | RustKind): number {
    const { kinds, nexts } = this;
    const end = nexts[node]!;
    for (let child = node + 1; child < end; child = nexts[child]!) if (kinds[child] === (kind as number)) return child;
    return NONE;
  }

  /** The nodes of type `kind` among `from` to `to` (exclusive), in pre-order: quicker than a loop over all of them. */
  nodesOfKind(kind: CKind | RustKind, from = 0, to = this.size): number[] {
    const found: number[] = [];
    const { kinds } = this;
    for (let node = kinds.indexOf(kind, from); node !== -1 && node < to; node = kinds.indexOf(kind, node + 1)) found.push(node);
    return found;
  }

  /** Nearest ancestor of `node` (not `node` itself) of type `kind`, or `NONE`. */
  ancestorOfKind(node: number, kind: CKind | RustKind): number {
    for (let up = this.parents[node]!; up !== NONE; up = this.parents[up]!) if (this.kinds[up] === (kind as number)) return up;
    return NONE;
  }

  /** The text that `node` covers. */
  textOf(node: number): string {
    return this.text.slice(this.starts[node], this.ends[node]);
  }

  /**
   * The text of an identifier or of the name of a field or type: the same string wherever the name stands, so that maps find it without reading
   * it anew, once a pass over the tree has numbered the names.
   */
  nameOf(node: number): string {
    const name = this.#nameNumbers?.[node] ?? -1;
    return name < 0 ? this.textOf(node) : this.#names!.textOf(name);
  }

  /**
   * Takes over the numbers of the names, for `nameOf`.
   * @param numbers for each node the number of its name in `names`, or -1
   */
  keepNames(numbers: Int32Array, names: NameTexts): void {
    this.#nameNumbers = numbers;
    this.#names = names;
  }

  /** Whether the text of `node` is exactly `word`; cheaper than comparing `textOf`. */
  hasText(node: number, word: string): boolean {
    const start = this.starts[node]!;
    return this.ends[node]! - start === word.length && this.text.startsWith(word, start);
  }

  hasError(node: number): boolean {
    return (this.flags[node]! & (NodeFlag.hasError as number)) !== 0;
  }

  /** The innermost node that covers `offset`; where two nodes meet at `offset`, the one that starts there. */
  nodeAt(offset: number): number {
    let node = this.coveringNode(offset);
    descend: for (;;) {
      const end = this.nexts[node]!;
      let touching = NONE;
      for (let child = node + 1; child < end && this.starts[child]! <= offset; child = this.nexts[child]!) {
        if (this.ends[child]! > offset) {
          node = child;
          continue descend;
        }
        if (this.ends[child] === offset && this.kinds[child] !== (CKind.token as number)) touching = child;
      }
      if (touching === NONE) return node;
      node = touching;
    }
  }

  /** The innermost node that starts at or before `offset` and ends after it; the root if none does. Starts never fall in pre-order. */
  private coveringNode(offset: number): number {
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    while (low > 0 && this.ends[low]! <= offset) low = this.parents[low]!;
    return low;
  }

  /** The number of ERROR and missing nodes; an ERROR inside an ERROR counts once. */
  errorCount(): number {
    let count = 0;
    for (let node = 0; node < this.size;) {
      const isError = this.kinds[node] === (CKind.ERROR as number);
      if (isError || this.flags[node]! & (NodeFlag.missing as number)) count++;
      node = isError || !this.hasError(node) ? this.nexts[node]! : node + 1;
    }
    return count;
  }

  /** Offsets at which the lines start (after `\n`, as in VS Code also after a lone `\r`); the first is 0. */
  get lineStarts(): Uint32Array {
    return (this.#lineStarts ??= lineStartsOf(this.text));
  }

  /** Zero-based line of `offset`. */
  lineAt(offset: number): number {
    return lineIndex(this.lineStarts, offset);
  }

  positionAt(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, column: offset - this.lineStarts[line]! };
  }

  /** Offset of a position; beyond the end of a line it is the end of that line. */
  offsetAt({ line, column }: Position): number {
    const starts = this.lineStarts;
    if (line >= starts.length) return this.text.length;
    const end = line + 1 < starts.length ? starts[line + 1]! : this.text.length;
    return Math.min(starts[line]! + column, end);
  }

  private isComment(node: number): boolean {
    // Both grammars' comments begin with a slash; no other named node does.
    return this.text.charCodeAt(this.starts[node]!) === 0x2f && this.ends[node]! - this.starts[node]! > 1;
  }
}

/** Offsets at which the lines of `text` start; `\n`, `\r\n` and a lone `\r` end a line, as in VS Code. */
export function lineStartsOf(text: string): Uint32Array {
  const starts = [0];
  const loneCr = text.includes('\r');
  if (loneCr) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
  } else {
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}

/** Index of the last element of `starts` that is not greater than `offset`. */
export function lineIndex(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
