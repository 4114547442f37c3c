/**
 * Reads a tree out of tree-sitter's own memory. Walking 100,000 nodes through web-tree-sitter's cursor costs several times as
 * much as parsing them, since each step crosses into WebAssembly and back; reading the subtrees where they lie costs a few
 * nanoseconds a node. The layout is that of `Subtree` in lib/src/subtree.h and of `TSLanguage` in lib/src/parser.h for a
 * 32-bit little-endian target; web-tree-sitter is pinned, and `Syntax.create` compares this reader with the cursor on a
 * probe text before it is used (cursor.ts is the fall-back).
 */
import type { Grammar } from './grammar';
import { NodeFlag, SyntaxTree } from './tree';

/** SubtreeHeapData, offsets in 32-bit words. */
const PADDING_BYTES = 1;
const SIZE_BYTES = 4;
const ERROR_COST = 8;
const CHILD_COUNT = 9;
const SYMBOL_AND_STATE = 10;
const HEAP_BITS = 11;
const DESCENDANTS = 14;
const DEPTH_AND_PRODUCTION = 16;
/** HEAP_BITS */
const VISIBLE = 1;
const EXTRA = 1 << 2;
const MISSING = 1 << 9;
/** SubtreeInlineData: bits of its first byte. */
const INLINE = 1;
const INLINE_VISIBLE = 1 << 1;
const INLINE_EXTRA = 1 << 3;
const INLINE_MISSING = 1 << 5;
/** TSLanguage, offsets in 32-bit words. */
const SYMBOL_COUNT = 1;
const ALIAS_COUNT = 2;
const PRODUCTION_COUNT = 7;
const MAX_ALIASES_AND_PRIMARY = 9;
const FIELD_SLICES = 16;
const FIELD_ENTRIES = 17;
const SYMBOL_METADATA = 18;
const PUBLIC_SYMBOLS = 19;
const ALIAS_SEQUENCES = 21;

/** What the reader needs of a grammar's tables, copied once. */
export interface HeapLanguage {
  /** Our kind of each internal symbol. */
  kindOfSymbol: Uint8Array;
  /** Whether a symbol is visible when it stands as an alias. */
  visible: Uint8Array;
  /** Alias of child `i` in production `p` at `p * aliasWidth + i`; 0 for none. */
  aliases: Uint16Array;
  aliasWidth: number;
  /** `Field` of child `i` in production `p` at `p * fieldWidth + i`. */
  fields: Uint8Array;
  fieldWidth: number;
}

/** Address of a web-tree-sitter object (Tree, Language) in the WebAssembly memory. */
export const addressOf = (object: object): number => (object as unknown as Record<number, number>)[0] ?? 0;

/** Copies the tables of `grammar` out of the memory. */
export function readLanguage(memory: WebAssembly.Memory, grammar: Grammar): HeapLanguage {
  const words = new Uint32Array(memory.buffer);
  const halves = new Uint16Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const base = addressOf(grammar.language) >>> 2;
  const at = (word: number) => words[base + word]!;
  const symbolCount = at(SYMBOL_COUNT) + at(ALIAS_COUNT);
  const productionCount = at(PRODUCTION_COUNT);
  const aliasWidth = at(MAX_ALIASES_AND_PRIMARY) & 0xffff;

  const publicSymbols = at(PUBLIC_SYMBOLS) >>> 1;
  const kindOfSymbol = new Uint8Array(65536).fill(grammar.kindOf[65535]!);
  const visible = new Uint8Array(symbolCount);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    kindOfSymbol[symbol] = grammar.kindOf[halves[publicSymbols + symbol]!]!;
    visible[symbol] = bytes[at(SYMBOL_METADATA) + 3 * symbol]!;
  }
  const aliases = halves.slice(at(ALIAS_SEQUENCES) >>> 1, (at(ALIAS_SEQUENCES) >>> 1) + productionCount * aliasWidth);

  const slices = at(FIELD_SLICES) >>> 1;
  const entries = at(FIELD_ENTRIES);
  const direct: [production: number, child: number, field: number][] = [];
  let fieldWidth = 1;
  for (let production = 0; production < productionCount; production++) {
    const first = halves[slices + 2 * production]!;
    const count = halves[slices + 2 * production + 1]!;
    for (let i = first + count - 1; i >= first; i--) {
      const child = bytes[entries + 4 * i + 2]!;
      if (bytes[entries + 4 * i + 3]) continue; // inherited: the hidden child's own production says it
      direct.push([production, child, grammar.fieldOf[halves[(entries >>> 1) + 2 * i]!]!]);
      fieldWidth = Math.max(fieldWidth, child + 1);
    }
  }
  const fields = new Uint8Array(productionCount * fieldWidth);
  for (const [production, child, field] of direct) fields[production * fieldWidth + child] = field;
  return { kindOfSymbol, visible, aliases, aliasWidth, fields, fieldWidth };
}

/** A frame of the walk below: seven numbers. */
const FRAME = 7;
let stack = new Int32Array(FRAME * 512);

/**
 * The visible nodes of the tree at `address`, in pre-order, as a `SyntaxTree` of `text`.
 * The tree stays owned by its creator; nothing of the memory is referred to afterwards.
 */
export function readTree(memory: WebAssembly.Memory, language: HeapLanguage, address: number, text: string): SyntaxTree {
  const words = new Uint32Array(memory.buffer);
  const { kindOfSymbol, visible, aliases, aliasWidth, fields: fieldTable, fieldWidth } = language;
  const rootWord = address >>> 2;
  const rootPointer = words[rootWord]!;
  const rootIsInline = (rootPointer & INLINE) !== 0;
  // The root itself may be hidden in no grammar of ours; its descendant count excludes it.
  const capacity =
    1 + (rootIsInline || words[(rootPointer >>> 2) + CHILD_COUNT] === 0 ? 0 : words[(rootPointer >>> 2) + DESCENDANTS]!);
  const buffer = new ArrayBuffer(capacity * 19);
  const starts = new Uint32Array(buffer, 0, capacity);
  const ends = new Uint32Array(buffer, 4 * capacity, capacity);
  const parents = new Int32Array(buffer, 8 * capacity, capacity);
  const nexts = new Uint32Array(buffer, 12 * capacity, capacity);
  const kinds = new Uint8Array(buffer, 16 * capacity, capacity);
  const fields = new Uint8Array(buffer, 17 * capacity, capacity);
  const flags = new Uint8Array(buffer, 18 * capacity, capacity);

  let size = 0;
  let position = 0; // in bytes of UTF-16
  // Frame: next child's word, children left, structural index, production, inherited field, visible parent, node to close.
  let top = 0;
  let frames = stack;
  let child = rootWord;
  let left = 1;
  let structural = 0;
  let production = -1;
  let inherited = 0;
  let parent = -1;
  let closing = -1;
  for (;;) {
    if (left === 0) {
      if (closing !== -1) nexts[closing] = size;
      if (top === 0) break;
      top -= FRAME;
      child = frames[top]!;
      left = frames[top + 1]!;
      structural = frames[top + 2]!;
      production = frames[top + 3]!;
      inherited = frames[top + 4]!;
      parent = frames[top + 5]!;
      closing = frames[top + 6]!;
      continue;
    }
    const low = words[child]!;
    const high = words[child + 1]!;
    child += 2;
    left--;
    if ((low & INLINE) !== 0) {
      // bits, symbol:8, state:16 | padding columns, padding rows and lookahead, padding bytes, size
      const padding = (high >>> 16) & 0xff;
      const length = high >>> 24;
      let symbol = (low >>> 8) & 0xff;
      let shown = low & INLINE_VISIBLE;
      let field = 0;
      if ((low & INLINE_EXTRA) === 0 && production >= 0) {
        const alias = production > 0 && structural < aliasWidth ? aliases[production * aliasWidth + structural]! : 0;
        if (alias !== 0) {
          symbol = alias;
          shown = visible[alias]!;
        }
        field = (structural < fieldWidth ? fieldTable[production * fieldWidth + structural]! : 0) || inherited;
        structural++;
      }
      if (shown) {
        starts[size] = (position + padding) >>> 1;
        ends[size] = (position + padding + length) >>> 1;
        kinds[size] = kindOfSymbol[symbol]!;
        fields[size] = field;
        parents[size] = parent;
        flags[size] = low & INLINE_MISSING ? NodeFlag.missing | NodeFlag.hasError : 0;
        nexts[size] = ++size;
      }
      position += padding + length;
      continue;
    }
    const data = low >>> 2;
    const padding = words[data + PADDING_BYTES]!;
    const length = words[data + SIZE_BYTES]!;
    const count = words[data + CHILD_COUNT]!;
    const bits = words[data + HEAP_BITS]!;
    let symbol = words[data + SYMBOL_AND_STATE]! & 0xffff;
    let shown = bits & VISIBLE;
    let field = 0;
    if ((bits & EXTRA) === 0 && production >= 0) {
      const alias = production > 0 && structural < aliasWidth ? aliases[production * aliasWidth + structural]! : 0;
      if (alias !== 0) {
        symbol = alias;
        shown = visible[alias]!;
      }
      field = (structural < fieldWidth ? fieldTable[production * fieldWidth + structural]! : 0) || inherited;
      structural++;
    }
    let node = -1;
    if (shown) {
      node = size++;
      starts[node] = (position + padding) >>> 1;
      ends[node] = (position + padding + length) >>> 1;
      kinds[node] = kindOfSymbol[symbol]!;
      fields[node] = field;
      parents[node] = parent;
      flags[node] =
        (count === 0 && bits & MISSING ? NodeFlag.missing | NodeFlag.hasError : 0) |
        (words[data + ERROR_COST] ? NodeFlag.hasError : 0);
    }
    if (count === 0) {
      if (node !== -1) nexts[node] = size;
      position += padding + length;
      continue;
    }
    if (top + FRAME > frames.length) {
      stack = new Int32Array(frames.length * 2);
      stack.set(frames);
      frames = stack;
    }
    frames[top] = child;
    frames[top + 1] = left;
    frames[top + 2] = structural;
    frames[top + 3] = production;
    frames[top + 4] = inherited;
    frames[top + 5] = parent;
    frames[top + 6] = closing;
    top += FRAME;
    child = data - 2 * count;
    left = count;
    structural = 0;
    production = words[data + DEPTH_AND_PRODUCTION]! >>> 16;
    inherited = node === -1 ? field : 0;
    if (node !== -1) parent = node;
    closing = node;
  }
  return new SyntaxTree(text, size, { kinds, fields, flags, starts, ends, parents, nexts });
}
