import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { normalise, scanHeader } from '../../core';
import { keyOf, stateOf, type FactsCache } from './cache';

/** Headers above this size hold registers, not declarations. */
const MAX_BYTES = 1 << 19;

interface Header {
  /** Functions that it declares, and macros and inline functions that call one of these. */
  functions: readonly string[];
  /** What it includes in quotes. */
  includes: readonly string[];
}

/** A header that is there. */
interface Known extends Header {
  /** Path from the root. */
  path: string;
  /** Key of its content. */
  key: string;
}

/** Functions by the headers that declare them, as the files of a driver include these. */
export interface Declared {
  /** Path of the header, without `.h`, by the name of the function. */
  functions: Map<string, string>;
  /** Path and key of the content of each header. */
  headers: Map<string, string>;
}

/** The headers that lie beside drivers, each read once. */
export class LocalHeaders {
  private readonly known = new Map<string, Known | undefined>();
  /** What names in quotes stand for, by the folders in which they are looked for and by the folder of the file that has them. */
  private readonly places = new WeakMap<readonly string[], Map<string, Map<string, Known | undefined>>>();

  constructor(
    private readonly root: string,
    private readonly cache: FactsCache,
  ) {}

  /**
   * Adds the functions that a header, and headers that it includes in quotes, declare. The first header to declare one has it.
   * @param folder of the file that includes it, from the root
   * @param name as the file includes it; one that is not there declares nothing
   * @param paths folders in which it is looked for beside that of the file
   */
  declaredIn(folder: string, name: string, paths: readonly string[], into: Declared): void {
    const header = this.find(folder, name, paths);
    if (!header || into.headers.has(header.path)) return;
    into.headers.set(header.path, header.key);
    for (const one of header.functions) if (!into.functions.has(one)) into.functions.set(one, header.path.replace(/\.h$/, ''));
    for (const other of header.includes) this.declaredIn(dirname(header.path), other, paths, into);
  }

  private find(folder: string, name: string, paths: readonly string[]): Known | undefined {
    let folders = this.places.get(paths);
    if (!folders) this.places.set(paths, (folders = new Map<string, Map<string, Known | undefined>>()));
    let names = folders.get(folder);
    if (!names) folders.set(folder, (names = new Map<string, Known | undefined>()));
    if (names.has(name)) return names.get(name);
    let found: Known | undefined;
    for (const one of [folder, ...paths]) {
      const path = normalise(`${one}/${name}`);
      if (!this.known.has(path)) this.known.set(path, this.read(path));
      if ((found = this.known.get(path))) break;
    }
    names.set(name, found);
    return found;
  }

  /** Undefined if there is no such header. */
  private read(header: string): Known | undefined {
    const path = join(this.root, header);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    if (size > MAX_BYTES) return { path: header, functions: [], includes: [], key: '' };
    const state = stateOf(path) ?? '';
    const before = this.cache.contentOf(keyOf(`header ${state}`));
    const kept = before === undefined ? undefined : parsed(this.cache.get(before));
    if (kept) return { path: header, ...kept, key: before! };
    const text = textOf(path);
    if (text === undefined) return undefined;
    const { functions, forwards } = scanHeader(header, text);
    const declared = new Set(functions);
    const around = forwards.filter(({ calls }) => calls.some((name) => declared.has(name))).map(({ name }) => name);
    const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.h)"/gm)].map((match) => match[1]!);
    const found: Header = { functions: [...functions, ...around], includes };
    const key = keyOf(`header ${header} ${text}`);
    if (state !== '') {
      this.cache.putContent(keyOf(`header ${state}`), key);
      this.cache.put(key, JSON.stringify(found));
    }
    return { path: header, ...found, key };
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // a folder of that name, or one that may not be read
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
