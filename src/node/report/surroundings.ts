import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApiIndexBuilder,
  openApiIndex,
  parseMaintainers,
  readKconfig,
  scanHeader,
  type ApiIndexData,
  type Catalogue,
  type Surroundings,
} from '../../core';
import { cacheFolder } from './cache';

/** What a kernel tree says around its drivers: headers, Kconfig, MAINTAINERS. */
export async function surroundingsOf(tree: string | undefined, catalogue: Catalogue, version: string): Promise<Surroundings> {
  if (tree === undefined) return { catalogue, index: undefined, kconfig: undefined, maintainers: undefined };
  const read = (path: string) => readFile(join(tree, path), 'utf8').catch(() => undefined);
  const [index, kconfig, maintainers] = await Promise.all([
    apiIndexOf(tree, version),
    readKconfig('Kconfig', read),
    read('MAINTAINERS'),
  ]);
  return {
    catalogue,
    index: openApiIndex(index),
    kconfig,
    maintainers: maintainers === undefined ? undefined : parseMaintainers(maintainers),
  };
}

/** The names that include/ declares: from the cache if no header has changed, else read now. */
async function apiIndexOf(tree: string, version: string): Promise<ApiIndexData> {
  const headers = await headersOf(tree);
  const key = createHash('sha256').update(version);
  for (const { path, size, modified } of headers) key.update(`${path}\0${size}\0${modified}\n`);
  const file = join(cacheFolder(), 'report', `api-${key.digest('hex').slice(0, 32)}.json`);
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
async function headersOf(tree: string): Promise<{ path: string; size: number; modified: number }[]> {
  const headers: { path: string; size: number; modified: number }[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(tree, folder), { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (entry.name !== 'dt-bindings' && entry.name !== 'generated' && entry.name !== 'config') await walk(path);
        } else if (entry.name.endsWith('.h')) {
          const { size, mtimeMs } = await stat(join(tree, path));
          headers.push({ path, size, modified: mtimeMs });
        }
      }),
    );
  };
  await walk('include');
  return headers.sort((a, b) => (a.path < b.path ? -1 : 1));
}
