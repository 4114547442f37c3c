// Where C code of a kernel tree has a Rust twin that people wrote.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Twins whose names do not tell: C files, and the files or folder of the Rust side. */
export const KNOWN_TWINS = [
  [['drivers/block/null_blk/main.c'], 'drivers/block/rnull/'],
  [['drivers/android/binder.c', 'drivers/android/binder_alloc.c'], 'drivers/android/binder/'],
  [['samples/configfs/configfs_sample.c'], 'samples/rust/rust_configfs.rs'],
];

/**
 * C file beside a Rust file of the same name but for `rust`: ax88796b_rust.rs, rcpufreq_dt.rs.
 * @param {string} tree root of the kernel tree
 * @param {string[]} rustFiles paths from the root
 * @returns {[cFiles: string[], rustSide: string][]}
 */
export function twinsByName(tree, rustFiles) {
  const twins = [];
  for (const rust of rustFiles) {
    const [, dir, name] = /^(.*)\/([^/]+)\.rs$/.exec(rust);
    const bare = [name.replace(/_rust$/, ''), name.replace(/^r(?=[a-z]+_)/, '')].filter((one) => one !== name);
    for (const stem of new Set(bare.flatMap((one) => [one, one.replace(/_/g, '-')])))
      if (existsSync(join(tree, dir, `${stem}.c`))) twins.push([[`${dir}/${stem}.c`], rust]);
  }
  return twins;
}
