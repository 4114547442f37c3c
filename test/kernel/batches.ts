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
      const crate = resolve(work, `batch_${at}.rs`);
      writeFileSync(crate, ROOT + left.map((file, i) => `#[path = ${JSON.stringify(file)}]\nmod candidate_${i};\n`).join(''));
      const { status, stderr } = spawnSync(
        'scripts/kernel-check/check.sh',
        ['-k', kernel, '--rust', rust, '--json', '--werror', crate],
        { encoding: 'utf8', maxBuffer: 1 << 29 },
      );
      rmSync(crate);
      if (status === 0) break;
      const bad = new Set<string>();
      for (const line of stderr.split('\n')) {
        if (!line.startsWith('{')) continue;
        const diagnostic = JSON.parse(line) as Diagnostic;
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
