import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Syntax, type ReadSnapshotFile } from '../core';

/** The parsers, from the wasm files beside the bundle (`dist/wasm`). */
export async function loadSyntax(dist: string): Promise<Syntax> {
  const [runtime, c, rust] = await Promise.all(
    ['web-tree-sitter.wasm', 'kernel-c.wasm', 'tree-sitter-rust.wasm'].map((name) => readFile(join(dist, 'wasm', name))),
  );
  return Syntax.create({ runtime: runtime!, c: c!, rust: rust! });
}

/** Reads a file of the snapshots beside the bundle (`dist/snapshots`). */
export const snapshotReader =
  (dist: string): ReadSnapshotFile =>
  (name) =>
    readFile(join(dist, 'snapshots', name));
