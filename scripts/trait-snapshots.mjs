// Writes src/core/rewrite/trait-snapshots.json out of kernel trees: the traits of the kernels that ship as snapshots.
//   node scripts/trait-snapshots.mjs TREE…
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/kernel/trait-snapshots.ts'],
  outfile: 'out/trait-snapshots.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  sourcemap: 'inline',
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  logLevel: 'warning',
});
const run = spawnSync(
  process.execPath,
  ['--enable-source-maps', join(root, 'out/trait-snapshots.js'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(run.status ?? 1);
