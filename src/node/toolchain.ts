import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundTools } from '../core';

/** How long a tool may take to say its version, in milliseconds. */
const TIMEOUT = 20_000;

/**
 * Asks rustc and bindgen for their versions, as scripts/rust_is_available.sh of the tree does. They run in the tree, which may choose
 * the toolchain there (rust-toolchain.toml): only for trees that are trusted.
 */
export async function findTools(tree: string): Promise<FoundTools> {
  const header = join(tree, 'scripts/rust_is_available_bindgen_libclang.h');
  const [rustc, bindgen, libclang, sysroot] = await Promise.all([
    ask(tree, 'rustc', ['--version']),
    ask(tree, 'bindgen', ['--version']),
    ask(tree, 'bindgen', [header]),
    ask(tree, 'rustc', ['--print', 'sysroot']),
  ]);
  const sources = process.env.RUST_LIB_SRC ?? join(sysroot.output.trim(), 'lib/rustlib/src/rust/library');
  return {
    rustc: /rustc (\d+\.\d+\.\d+)/.exec(rustc.output)?.[1] ?? null,
    bindgen: /bindgen (\d+\.\d+\.\d+)/.exec(bindgen.output)?.[1] ?? null,
    libclang: /clang version (\d+\.\d+\.\d+)/.exec(libclang.output)?.[1] ?? null,
    coreSources: await access(join(sources, 'core/src/lib.rs')).then(
      () => true,
      () => false,
    ),
    failures: {
      ...(rustc.problem !== '' && { rustc: rustc.problem }),
      ...(bindgen.problem !== '' && { bindgen: bindgen.problem }),
      ...(libclang.problem !== '' && { libclang: libclang.problem }),
    },
  };
}

/** ARCH of this machine, as the kernel's makefiles take it from `uname -m`. */
export function hostArch(): string {
  const names: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64',
    ia32: 'i386',
    ppc64: 'powerpc',
    riscv64: 'riscv',
    loong64: 'loongarch',
    s390x: 's390',
  };
  return names[process.arch] ?? process.arch;
}

/** What a tool prints, on both streams; if it is there and fails, the first line of what it says instead. */
function ask(cwd: string, tool: string, args: readonly string[]): Promise<{ output: string; problem: string }> {
  return new Promise((resolve) => {
    execFile(tool, args, { cwd, timeout: TIMEOUT, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) => {
      if (!error) resolve({ output: stdout + stderr, problem: '' });
      else if (error.code === 'ENOENT') resolve({ output: '', problem: '' });
      else resolve({ output: '', problem: (stderr || error.message).trim().split('\n')[0]! });
    });
  });
}
