import type { Catalogue } from '../../../src/core/catalogue';
import { curatedEntries } from '../../../src/core/catalogue/curated';
import { isLibraryPath, statedPath } from '../../../src/core/catalogue/curated/model';
import { compareVersions, releaseOf } from '../../../src/core/kernel-version';

/** A path with each of the alternatives of its pattern's group in place of `$1`. */
function filledIn(path: string, pattern: RegExp | undefined): string[] {
  if (!path.includes('$1')) return [path];
  const alternatives = /\((\w+(?:\|\w+)*)\)/.exec(pattern?.source ?? '')?.[1]?.split('|') ?? ['no group'];
  return alternatives.map((word) => path.replace('$1', word));
}

/** Curated paths that a kernel should have by what the entries state, and has not. */
export function missingPaths(catalogue: Catalogue): string[] {
  const release = releaseOf(catalogue.kernel.version);
  const missing = new Set<string>();
  for (const entry of curatedEntries) {
    if (entry.until !== undefined && compareVersions(release, entry.until) > 0) continue;
    for (const text of [...entry.rust, ...(entry.nearest ?? [])].flatMap((path) => filledIn(path, entry.pattern))) {
      const { path, from = '7.2' } = statedPath(text);
      const stated = [from, entry.from ?? from].every((version) => compareVersions(release, version) >= 0);
      if (stated && !isLibraryPath(path) && !catalogue.hasItem(path)) missing.add(path);
    }
  }
  return [...missing];
}
