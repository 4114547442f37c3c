// Builds and runs test/perf/bench.ts: see there.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { createRequire } from 'node:module';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const build = spawnSync(process.execPath, [join(root, 'esbuild.mjs')], { stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/perf/bench.ts'],
  outfile: 'out/bench.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [join(root, 'out/bench.js'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(run.status ?? 1);
