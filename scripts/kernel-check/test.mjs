// npm run test:kernel: compiles what the product can show against the kernel crate of 7.3, with the newest and the oldest compiler.
//   --sample N   candidates of so many drivers (default 12); needs a kernel tree: KSRC_7_3, else the one that setup.sh unpacked
//   --seed S     which ones
// Sets up what is missing (see setup.sh); where that is not possible it says why and exits 0 with "skipped".
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const option = (name, other) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : other);

/** Why the kernel crate cannot be had here; undefined if it can. */
export function unavailable() {
  if (kernelTree() && ['newest', 'oldest'].every((rust) => existsSync(join(cache(), rust, '7.3/check.args')))) return undefined;
  if (!existsSync('/usr/bin/apt-get')) return 'this is not a Debian system';
  if (process.getuid?.() !== 0) return 'only root may run apt-get';
  if (process.arch !== 'x64') return 'the kernel crate is built for x86-64';
  return undefined;
}

const cache = () => process.env.KERNEL_CHECK ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'r4l-kernel-check');

/** An unpacked kernel 7.3 to take drivers from. */
function kernelTree() {
  const places = [process.env.KSRC_7_3, join(homedir(), 'lab/linux-source-7.3')];
  return places.find((place) => place && existsSync(join(place, 'drivers/net/phy/ax88796b.c')));
}

/** Builds the kernel crate for both compilers. @returns whether it is there */
export function setUp() {
  for (const rust of ['newest', 'oldest']) {
    const { status } = spawnSync(join(import.meta.dirname, 'setup.sh'), ['--rust', rust, '7.3'], {
      stdio: 'inherit',
      env: { ...process.env, ...(kernelTree() ? { KSRC_7_3: kernelTree() } : {}) },
    });
    if (status !== 0) return false;
  }
  return true;
}

export async function runKernelTests(sample = option('--sample', '12'), seed = option('--seed', '1')) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/kernel/candidates.test.ts', 'test/kernel/idioms.test.ts'].filter((file) => existsSync(join(root, file))),
    outdir: 'out/kernel',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    external: ['mocha'],
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    logLevel: 'warning',
  });
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', '--no-config', '--timeout', '280000', 'out/kernel/*.test.js'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, SAMPLE: sample, SEED: seed, KERNEL_TREE: kernelTree() ?? '' } },
  );
  return status ?? 1;
}

if (process.argv[1] === import.meta.filename) {
  const reason = unavailable();
  if (reason) console.log(`skipped: ${reason}`);
  else if (!setUp()) process.exitCode = 1;
  else process.exitCode = await runKernelTests();
}
