/** Kernel versions: read from a tree's Makefile, compared, and matched with the shipped snapshots. */

/**
 * The version that a kernel's top-level Makefile states: `7.3.4`, or `7.3.0` without SUBLEVEL; undefined if it is no kernel's
 * (other projects with a Kbuild, such as U-Boot, count in years).
 */
export function versionOfMakefile(text: string): string | undefined {
  const number = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\d+)\\s*$`, 'm').exec(text)?.[1];
  const version = number('VERSION');
  const patchlevel = number('PATCHLEVEL');
  if (version === undefined || patchlevel === undefined || Number(version) > 99) return undefined;
  return `${version}.${patchlevel}.${number('SUBLEVEL') ?? '0'}`;
}

/** Compares versions number by number: negative if `a` is older. `7.3` equals `7.3.0`; what follows the numbers (`-rc1`) does not count. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `7.3` of `7.3.4`. */
export const releaseOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/**
 * The shipped snapshot for a kernel of `wanted`: of the same release, else the nearest that is not newer, else the oldest.
 * Without `wanted` the newest.
 * @param available versions of the shipped snapshots, at least one
 */
export function nearestSnapshot(available: readonly string[], wanted?: string): string {
  const sorted = [...available].sort(compareVersions);
  if (wanted === undefined) return sorted.at(-1)!;
  return sorted.filter((version) => compareVersions(releaseOf(version), releaseOf(wanted)) <= 0).at(-1) ?? sorted[0]!;
}
