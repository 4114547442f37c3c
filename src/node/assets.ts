import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Syntax } from '../core';

/** The parsers, from the wasm files beside the bundle (`dist/wasm`). */
export async function loadSyntax(dist: string): Promise<Syntax> {
  const [runtime, c, rust] = await Promise.all(
    ['web-tree-sitter.wasm', 'kernel-c.wasm', 'tree-sitter-rust.wasm'].map((name) => readFile(join(dist, 'wasm', name))),
  );
  return Syntax.create({ runtime: runtime!, c: c!, rust: rust! });
}

/** Version and file of each snapshot beside the bundle (`dist/snapshots`), as the file names say. */
export async function listSnapshots(dist: string): Promise<Map<string, string>> {
  const names = await readdir(join(dist, 'snapshots')).catch(() => []);
  return new Map(
    names
      .filter((name) => name.endsWith('.json.gz'))
      .map((name) => [name.slice(0, -'.json.gz'.length), join(dist, 'snapshots', name)]),
  );
}
