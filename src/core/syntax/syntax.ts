import { Language, Parser, type Tree } from 'web-tree-sitter';
import { readTreeWithCursor } from './cursor';
import { SyntaxDocument } from './document';
import { describeGrammar, type Grammar, type GrammarName } from './grammar';
import { addressOf, readLanguage, readTree, type HeapLanguage } from './heap';
import type { SyntaxTree } from './tree';

/** The bytes of the three wasm files; who runs the core reads them (file system, `vscode.workspace.fs`). */
export interface SyntaxAssets {
  runtime: Uint8Array;
  c: Uint8Array;
  rust: Uint8Array;
}

/** Texts that touch each construct which the heap reader must get right: hidden nodes, aliases, fields, extras, errors. */
const PROBE: Record<GrammarName, string> = {
  c: '#include <linux/module.h>\n/* x */ static int __init f(struct a *b) { for_each_x(b) { if (b->c[1] > 2) return g(b, "s"); } int ; ( }\n#if A\nint z = 1 + 2 * 3;\n#else\nlong z;\n#endif\nMODULE_LICENSE("GPL");\n',
  rust: '//! doc\nuse a::{b, c as d};\npub(crate) fn f<T: A>(x: &T) -> Result<u32> { unsafe { bindings::g(x.as_raw(), 1) }; m!{ a b }; let = ; Ok(1) }\n',
};

/** Where a parse into slices stops to let others run: after this many milliseconds. */
const SLICE_MS = 20;

/**
 * The parsers and grammars: the only place that owns tree-sitter objects and deletes them. What leaves it is `SyntaxTree`, plain data.
 * One instance per process or worker is enough; web-tree-sitter keeps one WebAssembly memory.
 */
export class Syntax {
  readonly #parsers: Record<GrammarName, Parser>;

  private constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly grammars: Record<GrammarName, Grammar>,
    private readonly heap: Record<GrammarName, HeapLanguage | undefined>,
  ) {
    this.#parsers = { c: this.newParser('c'), rust: this.newParser('rust') };
  }

  private static starting: Promise<Syntax> | undefined;

  /**
   * Loads the runtime and both grammars; later calls return the same instance, whatever they pass.
   * @throws Error if a wasm file cannot be loaded or a grammar does not fit kinds.ts
   */
  static create(assets: SyntaxAssets): Promise<Syntax> {
    Syntax.starting ??= Syntax.load(assets);
    return Syntax.starting;
  }

  private static async load({ runtime, c, rust }: SyntaxAssets): Promise<Syntax> {
    // Our own memory object, so that trees can be read where they lie (heap.ts); the sizes are web-tree-sitter's own.
    const memory = new WebAssembly.Memory({ initial: 512, maximum: 32768 });
    await Parser.init({ wasmBinary: runtime, wasmMemory: memory, locateFile: (name: string) => name });
    const grammars = {
      c: describeGrammar('c', await Language.load(c)),
      rust: describeGrammar('rust', await Language.load(rust)),
    };
    const heap: Record<GrammarName, HeapLanguage | undefined> = { c: undefined, rust: undefined };
    for (const name of ['c', 'rust'] as const) heap[name] = probedHeap(memory, grammars[name]);
    return new Syntax(memory, grammars, heap);
  }

  /** Whether trees of `name` are read from tree-sitter's memory (else through the slower cursor). */
  readsHeap(name: GrammarName): boolean {
    return this.heap[name] !== undefined;
  }

  /** Bytes of the WebAssembly memory; it never shrinks. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Parses `text` from scratch. Text that is no valid C or Rust gives a tree with ERROR nodes, never an exception. */
  parse(name: GrammarName, text: string): SyntaxTree {
    const tree = parseWhole(this.#parsers[name], text);
    try {
      return this.read(name, tree, text);
    } finally {
      tree.delete();
    }
  }

  /** Opens a document of kernel C that is going to be edited. The caller disposes of it. */
  open(text: string): SyntaxDocument {
    return new SyntaxDocument(this, text);
  }

  /** The tree of `tree` as plain data. @internal for SyntaxDocument */
  read(name: GrammarName, tree: Tree, text: string): SyntaxTree {
    const heap = this.heap[name];
    return heap ? readTree(this.memory, heap, addressOf(tree), text) : readTreeWithCursor(this.grammars[name], tree, text);
  }

  /** @internal for SyntaxDocument */
  reparse(text: string, old: Tree | undefined): Tree {
    return parseWhole(this.#parsers.c, text, old);
  }

  /**
   * Like `reparse`, but lets other tasks run every 20 ms, for large files.
   * Returns undefined when `cancelled` says so at such a moment. @internal for SyntaxDocument
   */
  async reparseInSlices(text: string, old: Tree | undefined, cancelled: () => boolean): Promise<Tree | undefined> {
    const parser = this.newParser('c'); // its own: an interrupted parse would resume in the next call on a shared one
    try {
      for (;;) {
        const deadline = performance.now() + SLICE_MS;
        const tree = parser.parse(text, old, { progressCallback: () => performance.now() > deadline });
        if (tree) return tree;
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (cancelled()) return undefined;
      }
    } finally {
      parser.delete();
    }
  }

  private newParser(name: GrammarName): Parser {
    return new Parser().setLanguage(this.grammars[name].language);
  }
}

function parseWhole(parser: Parser, text: string, old?: Tree): Tree {
  parser.reset();
  const tree = parser.parse(text, old);
  if (!tree) throw new Error('tree-sitter gave no tree although nothing cancelled the parse');
  return tree;
}

/** The heap reader's tables for `grammar`, if reading the probe text from memory gives just what the cursor gives. */
function probedHeap(memory: WebAssembly.Memory, grammar: Grammar): HeapLanguage | undefined {
  const text = PROBE[grammar.name];
  const parser = new Parser().setLanguage(grammar.language);
  try {
    const tree = parseWhole(parser, text);
    try {
      const language = readLanguage(memory, grammar);
      return sameTree(readTree(memory, language, addressOf(tree), text), readTreeWithCursor(grammar, tree, text))
        ? language
        : undefined;
    } finally {
      tree.delete();
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined; // another layout can send the reader anywhere
    throw error;
  } finally {
    parser.delete();
  }
}

/** Whether two trees have the same nodes, types, fields, flags and ranges. */
export function sameTree(a: SyntaxTree, b: SyntaxTree): boolean {
  if (a.size !== b.size) return false;
  for (const key of ['kinds', 'fields', 'flags', 'starts', 'ends', 'parents', 'nexts'] as const) {
    const left = a[key];
    const right = b[key];
    for (let i = 0; i < a.size; i++) if (left[i] !== right[i]) return false;
  }
  return true;
}
