import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCPath } from '../core';

/** A file to be analysed, or one that was named or met and cannot be. */
export type SourceFile = { path: string; text: string; bytes: number } | { path: string; reason: string };

/** A text above this size is no source that a person reads or a kernel holds (the largest header of 7.3 has 19 MB). */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The C files below `paths`, read one by one, sorted within each folder: memory holds one at a time. A path that is a file is taken whatever its
 * name; in folders `.c` and `.h` files are, but for hidden folders and symbolic links (a kernel tree's links lead back into it).
 */
export async function* sourceFiles(paths: readonly string[]): AsyncGenerator<SourceFile> {
  for (const path of paths) {
    const found = await stat(path);
    if (found.isDirectory()) yield* folder(path);
    else yield await readSource(path);
  }
}

async function* folder(path: string): AsyncGenerator<SourceFile> {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    yield { path, reason: reasonOf(error) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) yield* folder(child);
    } else if (entry.isFile() && isCPath(entry.name)) yield await readSource(child);
  }
}

/** Reads a source as editors do: UTF-8, a byte-order mark dropped, bytes that are no UTF-8 replaced. */
export async function readSource(path: string): Promise<SourceFile> {
  const bytes = await readBytes(path);
  return typeof bytes === 'string'
    ? { path, reason: bytes }
    : { path, text: new TextDecoder().decode(bytes), bytes: bytes.length };
}

/** The bytes of a source, or the reason why it is none that can be read. */
async function readBytes(path: string): Promise<Buffer | string> {
  try {
    return judged(await readFile(path));
  } catch (error) {
    return reasonOf(error);
  }
}

/** The same at once: of thousands of small files that the system has in memory, handing each to another thread is most of the work. */
export function readBytesSync(path: string): Buffer | string {
  try {
    return judged(readFileSync(path));
  } catch (error) {
    return reasonOf(error);
  }
}

function judged(bytes: Buffer): Buffer | string {
  if (bytes.length > MAX_BYTES) return `larger than ${MAX_BYTES >> 20} MB`;
  return bytes.includes(0) ? 'binary: holds a NUL byte' : bytes;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
