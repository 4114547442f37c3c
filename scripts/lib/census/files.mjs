// The source files of a kernel tree.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files under `directory` that end with `extension`, sorted. */
export function filesUnder(directory, extension) {
  const found = [];
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(path, entry.name));
      else if (entry.isFile() && entry.name.endsWith(extension)) found.push(join(path, entry.name));
    }
  };
  visit(directory);
  return found.sort();
}

/** The subsystems that the kernel's drivers and core code are in. */
export const SUBSYSTEMS = ['drivers', 'sound', 'net', 'fs', 'kernel', 'mm', 'block', 'crypto'];

/** `count` of `files`, chosen by `next` (lib/edits.mjs), each at most once. */
export function choose(files, count, next) {
  const left = [...files];
  const chosen = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(next(left.length), 1));
  return chosen;
}
