import { spawnSync } from 'node:child_process';

/** Compiles Rust files against the kernel crate with both compilers, warnings as errors; returns what they say of those that fail. */
export function failures(files: readonly string[], kernel = '7.3'): string {
  let text = '';
  for (const rust of ['newest', 'oldest']) {
    const { status, stdout, stderr } = spawnSync(
      'scripts/kernel-check/check.sh',
      ['-k', kernel, '--rust', rust, '--codegen', '--werror', '-j', '2', ...files],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    if (status !== 0) text += `${rust}: ${stdout.replace(/^ok .*\n/gm, '')}${stderr}\n`;
  }
  return text;
}
