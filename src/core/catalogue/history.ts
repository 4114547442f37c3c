import { compareVersions, releaseOf } from '../kernel-version';
import type { CatalogueData } from './data';
import { decodeSnapshot, shippedKernels, type ReadSnapshotFile } from './snapshot';

/** The item paths of an older kernel. */
interface OlderPaths {
  version: string;
  paths: ReadonlySet<string>;
}

const pathsOf = ({ version, items }: CatalogueData): OlderPaths => ({ version, paths: new Set(items.map((row) => row[0])) });

/**
 * Says of each item since when it is there, by comparison with the facts of older kernels. Changes `data`.
 * @param older facts of older kernels, oldest first
 */
export function addHistory(data: CatalogueData, older: readonly CatalogueData[]): void {
  compare(data, older.map(pathsOf));
}

function compare(data: CatalogueData, older: readonly OlderPaths[]): void {
  data.history = older.map((one) => one.version);
  for (const row of data.items) {
    // The first kernel from which on all that are newer have it.
    let first = older.length;
    while (first > 0 && older[first - 1]!.paths.has(row[0])) first--;
    row[9] = first === 0 ? 0 : first + 1;
  }
}

/** Paths of shipped kernels by their reader and file: a tree is compared with the same ones after each edit. */
const shipped = new WeakMap<ReadSnapshotFile, Map<string, Promise<OlderPaths>>>();

/** Says of each item of a kernel tree since which shipped release it is there. Changes `data`. */
export async function addShippedHistory(data: CatalogueData, read: ReadSnapshotFile): Promise<void> {
  const { kernels } = await shippedKernels(read);
  const older = kernels.filter(({ version }) => compareVersions(releaseOf(version), releaseOf(data.version)) < 0);
  const known = shipped.get(read) ?? new Map<string, Promise<OlderPaths>>();
  shipped.set(read, known);
  const paths = older.map(({ file }) => {
    let made = known.get(file);
    if (!made) known.set(file, (made = read(file).then(decodeSnapshot).then(pathsOf)));
    return made;
  });
  compare(data, await Promise.all(paths));
}
