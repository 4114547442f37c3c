import { readdirSync, statSync, type Dirent } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApiIndexBuilder,
  openApiIndex,
  parseMaintainers,
  readKconfig,
  RustArchitectures,
  scanHeader,
  type ApiIndex,
  type ApiIndexData,
  type Catalogue,
  type Surroundings,
} from '../../core';
import { cacheFolder, keyOf } from './cache';

/** Surroundings, and a word that is another one when they are others; undefined without a tree. */
export type KnownSurroundings = Surroundings & { state: string | undefined };

/** What a kernel tree says around its drivers: headers, Kconfig, MAINTAINERS. */
export async function surroundingsOf(
  tree: string | undefined,
  catalogue: Catalogue,
  version: string,
): Promise<KnownSurroundings> {
  if (tree === undefined)
    return {
      catalogue,
      index: undefined,
      kconfig: undefined,
      architectures: undefined,
      maintainers: undefined,
      state: undefined,
    };
  const read = new Map<string, string>();
  const text = async (path: string) => {
    const found = await readFile(join(tree, path), 'utf8').catch(() => undefined);
    read.set(path, keyOf(found ?? ''));
    return found;
  };
  const headers = headersOf(tree);
  const [data, kconfig, maintainers] = await Promise.all([
    apiIndexOf(tree, headers, version),
    readKconfig('Kconfig', text, architecturesOf(tree)),
    text('MAINTAINERS'),
  ]);
  let index: ApiIndex | undefined;
  let architectures: RustArchitectures | undefined;
  return {
    catalogue,
    // Asked for only if a driver is not in the cache.
    get index() {
      return (index ??= openApiIndex(data));
    },
    kconfig,
    get architectures() {
      return (architectures ??= new RustArchitectures(kconfig));
    },
    maintainers: maintainers === undefined ? undefined : parseMaintainers(maintainers),
    state: keyOf(JSON.stringify([version, stateOfHeaders(headers), [...read].sort(([a], [b]) => (a < b ? -1 : 1))])),
  };
}

interface HeaderState {
  path: string;
  size: number;
  modified: number;
}

const stateOfHeaders = (headers: readonly HeaderState[]): string =>
  keyOf(headers.map(({ path, size, modified }) => `${path}\0${size}\0${modified}\n`).join(''));

/** The names that include/ declares: from the cache if no header has changed, else read now. */
async function apiIndexOf(tree: string, headers: readonly HeaderState[], version: string): Promise<ApiIndexData> {
  const file = join(cacheFolder(), 'report', `api-${keyOf(version + stateOfHeaders(headers)).slice(0, 32)}.json`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached !== undefined) {
    try {
      return JSON.parse(cached) as ApiIndexData;
    } catch {
      // cut short: made anew below
    }
  }
  const builder = new ApiIndexBuilder();
  for (const { path } of headers) {
    const text = await readFile(join(tree, path), 'utf8').catch(() => '');
    const name = path.replace(/^include\/(?:uapi\/)?/, '');
    builder.add(name, text, scanHeader(name, text));
  }
  const data = builder.finish();
  try {
    await mkdir(join(cacheFolder(), 'report'), { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(data));
    await rename(`${file}.${process.pid}`, file);
  } catch {
    // a home folder that cannot be written to costs time, nothing else
  }
  return data;
}

/** The headers of include/ but for constants of device trees, which are no interface of the kernel. */
function headersOf(tree: string): HeaderState[] {
  const headers: HeaderState[] = [];
  const walk = (folder: string): void => {
    for (const entry of entriesOf(join(tree, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== 'dt-bindings' && entry.name !== 'generated' && entry.name !== 'config') walk(path);
      } else if (entry.name.endsWith('.h')) {
        const found = statSync(join(tree, path), { throwIfNoEntry: false });
        if (found) headers.push({ path, size: found.size, modified: found.mtimeMs });
      }
    }
  };
  walk('include');
  return headers.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folders of arch/; sorted. */
const architecturesOf = (tree: string): string[] =>
  entriesOf(join(tree, 'arch'))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // a folder that cannot be read declares nothing
  }
}
