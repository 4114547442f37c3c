// The core as scripts that measure findings use it: without a catalogue, so that rules alone speak.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);

/** @returns {Promise<{syntax, describeDriver, findingsOf, CKind, Field}>} the parsers, the driver model, the rules of the sources as they are, and the kinds of nodes */
export async function coreFindings() {
  const bundle = join(root, `out/core-findings-${process.pid}.cjs`);
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents:
        "export * from './src/core/syntax'; export { describeDriver } from './src/core/driver'; export { findingsOf } from './src/core/rules';",
      resolveDir: root,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  const { Syntax, describeDriver, findingsOf, CKind, Field } = require(bundle);
  const syntax = await Syntax.create({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    c: readFileSync(join(root, 'grammars/kernel-c.wasm')),
    rust: readFileSync(require.resolve('tree-sitter-rust/tree-sitter-rust.wasm')),
  });
  return { syntax, describeDriver, findingsOf, CKind, Field };
}
