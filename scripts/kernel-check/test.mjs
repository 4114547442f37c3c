// npm run test:kernel, and the tier `kernel` of npm test: compiles what the product can show against the kernel crate of 7.3, with
// the newest and the oldest compiler.
//   --sample N   candidates of so many drivers (default 150)
//   --seed S     which ones
// Sets up what is missing (see setup.sh); where that is not possible it says why and exits 0 with "skipped".
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { fetchKernelTrees, treeOf } from '../lib/kernel-trees.mjs';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const COMPILERS = ['newest', 'oldest'];
const option = (name, other) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : other);

const cache = () => process.env.KERNEL_CHECK ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'r4l-kernel-check');
const isPrepared = () => COMPILERS.every((rust) => existsSync(join(cache(), rust, '7.3/check.args')));

/** Why the kernel crate cannot be had here; undefined if it can. */
export function unavailable() {
  if (isPrepared()) return undefined;
  if (!existsSync('/usr/bin/apt-get')) return 'this is not a Debian system';
  if (process.getuid?.() !== 0) return 'only root may run apt-get';
  if (process.arch !== 'x64') return 'the kernel crate is built for x86-64';
  return undefined;
}

/** A whole source of 7.3 that is there already: the second compiler takes what the first one has unpacked. */
function wholeSource() {
  const places = [process.env.KSRC_7_3, treeOf('7.3'), join(cache(), 'newest/src/linux-source-7.3')];
  return places.find(
    (place) =>
      place && ['scripts/Makefile.build', 'init/Kconfig', 'kernel/Makefile'].every((file) => existsSync(join(place, file))),
  );
}

/** Builds the kernel crate for both compilers, and fetches the drivers of 7.3. @returns why it could not; undefined if it has */
export async function setUp() {
  const reason = await fetchKernelTrees(['7.3']);
  if (reason) return reason;
  for (const rust of COMPILERS) {
    const source = wholeSource();
    const { status } = spawnSync(join(import.meta.dirname, 'setup.sh'), ['--rust', rust, '7.3'], {
      stdio: 'inherit',
      env: { ...process.env, ...(source ? { KSRC_7_3: source } : {}) },
    });
    if (status !== 0) return `scripts/kernel-check/setup.sh --rust ${rust} 7.3 failed`;
  }
  return undefined;
}

/** Bundles the tests of test/kernel. @returns their paths */
export async function bundleKernelTests() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: readdirSync(join(root, 'test/kernel'))
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join('test/kernel', file)),
    outdir: 'out/kernel',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    external: ['mocha'],
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  return readdirSync(join(root, 'out/kernel'))
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join('out/kernel', file));
}

if (process.argv[1] === import.meta.filename) {
  const reason = unavailable();
  if (reason) console.log(`skipped: ${reason}`);
  else {
    const failed = await setUp();
    if (failed) {
      console.error(failed);
      process.exit(1);
    }
    const files = await bundleKernelTests();
    const { status } = spawnSync(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', '--no-config', '--timeout', '3600000', ...files],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, SAMPLE: option('--sample', '150'), SEED: option('--seed', '1'), KERNEL_TREE: treeOf('7.3') },
      },
    );
    process.exitCode = status ?? 1;
  }
}
