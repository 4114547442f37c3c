import { readFileSync } from 'node:fs';
import { Syntax } from '../../src/core/syntax';

/** The one `Syntax` of a test process; tests run with the repository's root as working directory. */
export function syntaxForTests(): Promise<Syntax> {
  return Syntax.create({
    runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    c: readFileSync('grammars/kernel-c.wasm'),
    rust: readFileSync('node_modules/tree-sitter-rust/tree-sitter-rust.wasm'),
  });
}
