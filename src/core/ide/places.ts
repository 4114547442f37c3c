import type { KernelIdentity, RustItem } from '../catalogue/model';

/** Where a Rust item can be looked at. */
export interface RustPlace {
  /** Path in the kernel tree and one-based line; null for items that are not in the tree (core, alloc). */
  file: string | null;
  line: number | null;
  /** The same place in the public source, at the tag of the kernel's version; null for items that are not in the tree. */
  source: string | null;
  /** Its public documentation (the latest release's: rustdoc is published for that alone). */
  docs: string;
}

const STABLE_TREE = 'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/';

/** Where `item` of `kernel` stands. */
export function placeOf({ path, file, line }: Pick<RustItem, 'path' | 'file' | 'line'>, kernel: KernelIdentity): RustPlace {
  return {
    file,
    line,
    source:
      file === null ? null : `${STABLE_TREE}${file}?h=v${encodeURIComponent(kernel.version)}${line === null ? '' : `#n${line}`}`,
    docs: docsOf(path),
  };
}

/** rustdoc's search for a path: unlike a page's address it needs no guess at the kind of each parent. */
function docsOf(path: string): string {
  const [crate = 'kernel', ...rest] = path.split('::');
  const query = encodeURIComponent(rest.slice(-2).join('::') || crate);
  return crate === 'core' || crate === 'alloc' || crate === 'std'
    ? `https://doc.rust-lang.org/${crate}/?search=${query}`
    : `https://rust.docs.kernel.org/${crate}/?search=${query}`;
}
