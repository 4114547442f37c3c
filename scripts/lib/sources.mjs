// The sources as scripts use them: what they export, bundled for this process, and the parsers.
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);
let made = 0;

/** The exports of a module with this text, which imports from the project's root: `export * from './src/core'`. */
export async function loadSources(contents) {
  const outfile = join(root, `out/scripts/sources-${process.pid}-${made++}.cjs`);
  await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  try {
    return require(outfile);
  } finally {
    rmSync(outfile);
  }
}

/** The parsers, for exports that have `Syntax`. */
export async function loadSyntax({ Syntax }) {
  return Syntax.create({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    rust: readFileSync(require.resolve('tree-sitter-rust/tree-sitter-rust.wasm')),
    c: readFileSync(join(root, 'grammars/kernel-c.wasm')),
  });
}
