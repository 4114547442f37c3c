import type { TreeReader } from '../reader';
import { scanHeader, type HeaderFacts } from './header';

/** Where headers are looked for, in order, as a kernel build for x86 does; `asm/` falls back to asm-generic. */
const INCLUDE_DIRS = ['include', 'arch/x86/include', 'include/uapi', 'arch/x86/include/uapi'];

/** The file a header name means, or undefined if it is generated or missing. */
async function locate(
  reader: TreeReader,
  name: string,
  from: string,
  cache: Map<string, Promise<HeaderFacts | undefined>>,
): Promise<HeaderFacts | undefined> {
  const base = name.startsWith('.')
    ? [normalize(`${from.slice(0, from.lastIndexOf('/'))}/${name}`), normalize(`include/${name}`)]
    : [];
  const sibling = name.includes('/') ? [] : [`${from.slice(0, from.lastIndexOf('/'))}/${name}`];
  const generic = name.startsWith('asm/')
    ? [`include/asm-generic/${name.slice(4)}`, `include/uapi/asm-generic/${name.slice(4)}`]
    : [];
  const paths = [...base, ...INCLUDE_DIRS.map((dir) => `${dir}/${name}`), ...generic, ...sibling];
  for (const path of paths) {
    let facts = cache.get(path);
    if (!facts) {
      facts = reader.read(path).then((text) => (text === undefined ? undefined : scanHeader(path, text)));
      cache.set(path, facts);
    }
    const found = await facts;
    if (found) return found;
  }
  return undefined;
}

/** Resolves `.` and `..` in a path. */
export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/**
 * All headers that `root` (rust/bindings/bindings_helper.h) reaches by `#include`, conditions not evaluated, each once.
 * Order does not depend on timing: by path.
 */
export async function reachedHeaders(reader: TreeReader, root: string): Promise<HeaderFacts[]> {
  const text = await reader.read(root);
  if (text === undefined) return [];
  const first = scanHeader(root, text);
  const cache = new Map<string, Promise<HeaderFacts | undefined>>();
  const seen = new Map<string, HeaderFacts>([[root, first]]);
  let level: HeaderFacts[] = [first];
  while (level.length > 0) {
    const next: HeaderFacts[] = [];
    const found = await Promise.all(
      level.flatMap((header) => header.includes.map((name) => locate(reader, name, header.path, cache))),
    );
    for (const header of found) {
      if (!header || seen.has(header.path)) continue;
      seen.set(header.path, header);
      next.push(header);
    }
    level = next;
  }
  return [...seen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
