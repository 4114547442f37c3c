import { join } from 'node:path';

/** Where a release's kernel tree lies; scripts/lib/kernel-trees.mjs fetches them and sets the variable for the tests. */
export function treeOf(release: string): string {
  const folder = process.env.R4L_TREES;
  if (folder === undefined) throw new Error('R4L_TREES is not set: run `npm test -- --only tree`');
  return join(folder, `linux-source-${release}`);
}
