import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { normalise, scanHeader } from '../../core';
import { readBytes } from '../source-files';
import { keyOf, stateOf, type FactsCache } from './cache';

/** Headers above this size hold registers, not declarations. */
const MAX_BYTES = 1 << 19;
/** Headers that include headers that include headers. */
const MAX_DEPTH = 4;

interface Header {
  /** Functions that it declares, and macros and inline functions that call one of these. */
  functions: readonly string[];
  /** What it includes in quotes. */
  includes: readonly string[];
}

/** Functions by the headers that declare them, and the state of these headers. */
export interface Declared {
  /** Path of the header, without `.h`, by the name of the function. */
  functions: Map<string, string>;
  /** Path and key of the content of each header that was read. */
  headers: string[];
}

/** The headers that lie beside drivers, each read once. */
export class LocalHeaders {
  private readonly known = new Map<string, Promise<(Header & { key: string }) | undefined>>();

  constructor(
    private readonly root: string,
    private readonly cache: FactsCache,
  ) {}

  /**
   * Adds the functions that a header, and headers that it includes in quotes, declare, with the header they stand in without `.h`.
   * @param from path of the file that includes it, from the root
   * @param name as the file includes it; one that is not there declares nothing
   * @param paths folders in which it is looked for beside that of the file
   */
  declaredIn(from: string, name: string, paths: readonly string[], into: Declared): Promise<void> {
    return this.add(from, name, paths, into, new Set(), 0);
  }

  private async add(
    from: string,
    name: string,
    paths: readonly string[],
    into: Declared,
    seen: Set<string>,
    depth: number,
  ): Promise<void> {
    for (const folder of [dirname(from), ...paths]) {
      const header = normalise(`${folder}/${name}`);
      let known = this.known.get(header);
      if (!known) this.known.set(header, (known = this.read(header)));
      const found = await known;
      if (!found) continue;
      if (seen.has(header)) return;
      seen.add(header);
      into.headers.push(`${header} ${found.key}`);
      for (const one of found.functions) if (!into.functions.has(one)) into.functions.set(one, header.replace(/\.h$/, ''));
      if (depth < MAX_DEPTH) for (const other of found.includes) await this.add(header, other, paths, into, seen, depth + 1);
      return;
    }
  }

  /** Undefined if there is no such header. */
  private async read(header: string): Promise<(Header & { key: string }) | undefined> {
    const path = join(this.root, header);
    if (!existsSync(path)) return undefined;
    const state = stateOf(path) ?? '';
    const before = this.cache.contentOf(keyOf(`header ${state}`));
    const kept = before === undefined ? undefined : parsed(this.cache.get(before));
    if (kept) return { ...kept, key: before! };
    const bytes = await readBytes(path);
    if (typeof bytes === 'string' || bytes.length > MAX_BYTES) return { functions: [], includes: [], key: '' };
    const text = bytes.toString('utf8');
    const { functions, forwards } = scanHeader(header, text);
    const declared = new Set(functions);
    const around = forwards.filter(({ calls }) => calls.some((name) => declared.has(name))).map(({ name }) => name);
    const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.h)"/gm)]
      .map((match) => match[1]!)
      .filter((name) => normalise(`${dirname(header)}/${name}`) !== header);
    const found = { functions: [...functions, ...around], includes };
    const key = keyOf(`header ${header} ${text}`);
    if (state !== '') {
      this.cache.putContent(keyOf(`header ${state}`), key);
      this.cache.put(key, JSON.stringify(found));
    }
    return { ...found, key };
  }
}

/** What the cache has of a header; undefined if that is nothing, or damaged. */
function parsed(json: string | undefined): Header | undefined {
  try {
    const header = json === undefined ? undefined : (JSON.parse(json) as Partial<Header>);
    return Array.isArray(header?.functions) && Array.isArray(header.includes) ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}
