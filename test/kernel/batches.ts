import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What a crate has at its root when candidates are its modules: their macros ask for `crate::LocalModule` and a prefix for messages. */
const ROOT = `//! Many candidates at once.
use kernel::prelude::*;
module! {
    type: Batch,
    name: "batch",
    authors: ["None"],
    description: "Many candidates at once",
    license: "GPL",
}
struct Batch;
impl kernel::Module for Batch {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        Ok(Self)
    }
}
`;

interface Diagnostic {
  level: string;
  rendered: string;
  code: { code: string } | null;
  spans: { file_name: string; is_primary: boolean; expansion: { span: Diagnostic['spans'][number] } | null }[];
}

/**
 * Type-checks candidates as modules of few crates, warnings as errors: some six times as quick as a crate for each with code
 * generation, but blind for what only code generation finds. What fails is taken out until the rest passes, since an unresolved name
 * of one module keeps rustc from looking at the others' types.
 * @param size how many candidates share a crate
 * @returns what the compiler says of each candidate that fails
 */
export function checkBatches(
  files: readonly string[],
  { kernel, rust, size, work }: { kernel: string; rust: string; size: number; work: string },
): Map<string, string> {
  const failed = new Map<string, string>();
  mkdirSync(work, { recursive: true });
  for (let at = 0; at < files.length; at += size) {
    let left = files.slice(at, at + size).map((file) => resolve(file));
    for (let round = 0; left.length > 0; round++) {
      const { status, stderr, diagnostics } = check(left, resolve(work, `batch_${at}.rs`), kernel, rust, '--werror');
      if (status === 0) break;
      const bad = new Set<string>();
      for (const diagnostic of diagnostics) {
        for (const file of placesOf(diagnostic)) {
          if (!left.includes(file)) continue;
          bad.add(file);
          failed.set(file, `${failed.get(file) ?? ''}${diagnostic.rendered}`);
        }
      }
      if (bad.size === 0) {
        for (const file of left) failed.set(file, `not told apart in a batch: ${stderr.slice(0, 2000)}`);
        break;
      }
      left = left.filter((file) => !bad.has(file));
    }
  }
  return failed;
}

/** Runs the compiler, or clippy, over a crate at `crate` whose modules `files` are. */
function check(
  files: readonly string[],
  crate: string,
  kernel: string,
  rust: string,
  option: '--werror' | '--clippy',
): { status: number | null; stderr: string; diagnostics: Diagnostic[] } {
  writeFileSync(crate, ROOT + files.map((file, i) => `#[path = ${JSON.stringify(file)}]\nmod candidate_${i};\n`).join(''));
  const { status, stderr } = spawnSync('scripts/kernel-check/check.sh', ['-k', kernel, '--rust', rust, '--json', option, crate], {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  rmSync(crate);
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return { status, stderr, diagnostics: lines.map((line) => JSON.parse(line) as Diagnostic) };
}

/**
 * What clippy, with the kernel's own lints, warns of in candidates, as modules of few crates.
 * @returns the lints of each candidate that has any
 */
export function lintBatches(
  files: readonly string[],
  { kernel, rust, size, work }: { kernel: string; rust: string; size: number; work: string },
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  mkdirSync(work, { recursive: true });
  for (let at = 0; at < files.length; at += size) {
    const part = files.slice(at, at + size).map((file) => resolve(file));
    for (const diagnostic of check(part, resolve(work, `clippy_${at}.rs`), kernel, rust, '--clippy').diagnostics)
      for (const file of placesOf(diagnostic)) {
        if (!part.includes(file)) continue;
        const lints = found.get(file) ?? new Set();
        found.set(file, lints.add(diagnostic.code?.code ?? diagnostic.level));
      }
  }
  return found;
}

/** The candidates that rustfmt would change, with the kernel's settings. */
export function misformatted(files: readonly string[], config: string): string[] {
  return files.filter(
    (file) => spawnSync(process.env.RUSTFMT ?? 'rustfmt', ['--check', '--config-path', config, file]).status !== 0,
  );
}

/** The files that a diagnostic is about: where it points, or where the macro stands that it points into. */
function placesOf({ spans }: Diagnostic): string[] {
  return spans
    .filter(({ is_primary: isPrimary }) => isPrimary)
    .map((span) => {
      let outer = span;
      while (outer.expansion) outer = outer.expansion.span;
      return resolve(outer.file_name);
    });
}

/** Reads a list of files, one a line. */
export const readList = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');
