// The driver model for scripts: bundles src/core/syntax and src/core/driver and loads the grammars.
import * as esbuild from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..');

/** `{ syntax, describeDriver, … }` of the sources as they are now. */
export async function loadDriver() {
  const outfile = join(root, 'out', `driver-model.${process.pid}.cjs`);
  await esbuild.build({
    absWorkingDir: root,
    stdin: { contents: "export * from './src/core/syntax'; export * from './src/core/driver';", resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  const core = require(outfile);
  require('node:fs').rmSync(outfile);
  const read = (path) => readFileSync(join(root, path));
  const syntax = await core.Syntax.create({
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    c: read('grammars/kernel-c.wasm'),
    rust: readFileSync(require.resolve('tree-sitter-rust/tree-sitter-rust.wasm')),
  });
  return { ...core, syntax };
}
