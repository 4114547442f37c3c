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
  /** Headers beside it that it includes. */
  includes: readonly string[];
}

/** The headers that lie beside drivers, each read once. */
export class LocalHeaders {
  private readonly known = new Map<string, Promise<Header>>();

  constructor(
    private readonly root: string,
    private readonly cache: FactsCache,
  ) {}

  /**
   * Adds the functions that `header`, and headers beside it that it includes, declare, with the header they stand in without `.h`.
   * @param header path from the root; one that is not there declares nothing
   */
  async declaredIn(header: string, into: Map<string, string>, depth = 0): Promise<void> {
    let known = this.known.get(header);
    if (!known) this.known.set(header, (known = this.read(header)));
    const { functions, includes } = await known;
    for (const name of functions) if (!into.has(name)) into.set(name, header.replace(/\.h$/, ''));
    if (depth < MAX_DEPTH) for (const other of includes) await this.declaredIn(other, into, depth + 1);
  }

  private async read(header: string): Promise<Header> {
    const path = join(this.root, header);
    const state = (await stateOf(path)) ?? '';
    const before = this.cache.contentOf(keyOf(`header ${state}`));
    const kept = before === undefined ? undefined : parsed(this.cache.get(before));
    if (kept) return kept;
    const bytes = await readBytes(path);
    if (typeof bytes === 'string' || bytes.length > MAX_BYTES) return { functions: [], includes: [] };
    const text = bytes.toString('utf8');
    const { functions, forwards } = scanHeader(header, text);
    const declared = new Set(functions);
    const around = forwards.filter(({ calls }) => calls.some((name) => declared.has(name))).map(({ name }) => name);
    const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.h)"/gm)]
      .map((match) => normalise(`${dirname(header)}/${match[1]!}`))
      .filter((path) => path !== header);
    const found = { functions: [...functions, ...around], includes };
    if (state !== '') {
      const key = keyOf(`header ${header} ${text}`);
      this.cache.putContent(keyOf(`header ${state}`), key);
      this.cache.put(key, JSON.stringify(found));
    }
    return found;
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
