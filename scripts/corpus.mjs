// Makes candidates for the drivers of a kernel tree and compiles them: test/kernel/corpus.ts says how.
//   npm run corpus -- TREE [--every N] [--sample N --seed S] [--only TEXT] [--dirs drivers,sound] [--batch N [--passed FILE]] [--no-check] [--style]
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/kernel/corpus.ts'],
  outfile: 'out/corpus.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  sourcemap: 'inline',
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, ['--enable-source-maps', join(root, 'out/corpus.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
