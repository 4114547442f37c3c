import { compareVersions, releaseOf } from '../kernel-version';
import type { CatalogueData } from './data';
import { decodeSnapshot, shippedKernels, type ReadSnapshotFile } from './snapshot';

/**
 * Says of each item since when it is there, by comparison with the facts of older kernels. Changes `data`.
 * @param older facts of older kernels, oldest first
 */
export function addHistory(data: CatalogueData, older: readonly CatalogueData[]): void {
  data.history = older.map((one) => one.version);
  const paths = older.map((one) => new Set(one.items.map((row) => row[0])));
  for (const row of data.items) {
    // The first kernel from which on all that are newer have it.
    let first = paths.length;
    while (first > 0 && paths[first - 1]!.has(row[0])) first--;
    row[9] = first === 0 ? 0 : first + 1;
  }
}

/** Says of each item of a kernel tree since which shipped release it is there. Changes `data`. */
export async function addShippedHistory(data: CatalogueData, read: ReadSnapshotFile): Promise<void> {
  const { kernels } = await shippedKernels(read);
  const older = kernels.filter(({ version }) => compareVersions(releaseOf(version), releaseOf(data.version)) < 0);
  addHistory(data, await Promise.all(older.map(({ file }) => read(file).then(decodeSnapshot))));
}
