import { describeDriver } from '../driver';
import { CKind, Field, NONE, type Syntax, type SyntaxTree } from '../syntax';
import type { Candidate, DriverFile } from './candidate';
import { rewriteDriver } from './rewrite';
import type { KernelApi } from './kernel-api';

/** Gives the text of a file, or undefined if there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Headers of the kernel that hold no constants of a driver's, or too much else. */
const GENERAL =
  /^linux\/(?:kernel|module|device|slab|fs|mm|sched|init|types|list|spinlock|mutex|io|err|errno|printk|string|uaccess|workqueue|interrupt|of|of_device|platform_device|clk|delay|bitops|netdevice|skbuff|proc_fs|seq_file|compat|cdev|wait|completion|dma-mapping|property|acpi)\.h$/;
const LARGEST = 400_000;

/** Parsed headers by path, kept from one driver to the next; null for what cannot be read. */
export type HeaderCache = Map<string, Parsed | null>;

interface Parsed {
  tree: SyntaxTree;
  includes: { path: string; local: boolean }[];
}

/**
 * The files of a driver: the given sources, the headers beside them that they include, and those of the kernel's headers that hold
 * constants. Kernel headers are read under `tree/include`; left out if `tree` is null.
 * @param cache parsed headers, kept from one driver to the next
 */
export async function gatherDriver(
  sources: readonly { path: string; tree: SyntaxTree }[],
  tree: string | null,
  read: ReadText,
  syntax: Syntax,
  cache: HeaderCache = new Map(),
): Promise<DriverFile[]> {
  const place = (path: string): { inTree?: string } =>
    tree !== null && path.startsWith(`${tree}/`) ? { inTree: path.slice(tree.length + 1) } : {};
  const files: DriverFile[] = sources.map(({ path, tree: parsed }) => ({
    path,
    tree: parsed,
    model: describeDriver(parsed),
    role: 'source',
    ...place(path),
  }));
  const seen = new Set(sources.map(({ path }) => path));
  const headers: DriverFile[] = [];
  const kernel: DriverFile[] = [];
  const load = async (path: string): Promise<Parsed | null> => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const text = await read(path);
    const parsed = text === undefined || text.length > LARGEST ? null : syntax.parse('c', text);
    const found = parsed && { tree: parsed, includes: includesOf(parsed) };
    cache.set(path, found);
    return found;
  };
  const visit = async (path: string, role: 'header' | 'kernel', depth: number): Promise<boolean> => {
    if (seen.has(path)) return true;
    const found = await load(path);
    if (!found) return false;
    seen.add(path);
    (role === 'header' ? headers : kernel).push({ path, tree: found.tree, model: null, role, ...place(path) });
    await follow(path, found.includes, role, depth + 1);
    return true;
  };
  const follow = async (
    from: string,
    includes: Parsed['includes'],
    role: 'source' | 'header' | 'kernel',
    depth: number,
  ): Promise<void> => {
    if (depth > 3) return;
    for (const { path, local } of includes) {
      if (local && role !== 'kernel') {
        await visit(normal(`${from.replace(/[^/]*$/, '')}${path}`), 'header', depth);
        continue;
      }
      if (tree === null || GENERAL.test(path)) continue;
      const related = role !== 'kernel' || path.startsWith('uapi/') || relatedTo(from, path);
      if (!related || !/^(?:uapi\/)?(?:linux|media|sound|net|scsi|drm|video|dt-bindings|soc|rdma)\//.test(path)) continue;
      await visit(`${tree}/include/${path}`, 'kernel', depth);
      if (!path.startsWith('uapi/')) await visit(`${tree}/include/uapi/${path}`, 'kernel', depth);
    }
  };
  for (const { path, tree: parsed } of sources) await follow(path, includesOf(parsed), 'source', 0);
  return [...files, ...headers, ...kernel];
}

/**
 * A candidate for a driver out of its texts: parses them, finds the headers, writes the module. Pure but for `read`.
 * @param sources the driver's C files, the first one names the module; texts may be unsaved
 * @param tree root of the kernel tree whose headers hold constants; null if there is none
 * @returns the candidate, and the paths that the `file` of its links counts into
 */
export async function rewriteSources(
  sources: readonly { path: string; text: string }[],
  tree: string | null,
  read: ReadText,
  syntax: Syntax,
  api: KernelApi,
  cache: HeaderCache = new Map(),
): Promise<{ candidate: Candidate; paths: string[] }> {
  const parsed = sources.map(({ path, text }) => ({ path, tree: syntax.parse('c', text) }));
  const files = await gatherDriver(parsed, tree, read, syntax, cache);
  return { candidate: rewriteDriver(files, api), paths: files.map(({ path }) => path) };
}

/** `linux/pci.h` and `linux/pci_ids.h`. */
function relatedTo(from: string, path: string): boolean {
  const stem = (text: string): string => text.replace(/^.*\//, '').replace(/\.h$/, '');
  const own = stem(from);
  const folder = (text: string): string => text.replace(/^.*\/include\//, '').replace(/[^/]*$/, '');
  // A subsystem's own folder: `linux/iio/iio.h` and `linux/iio/types.h`.
  if (/^\w+\/.+\/$/.test(folder(path)) && folder(from) === folder(path)) return true;
  return stem(path) === own || stem(path).startsWith(`${own}_`) || (own === 'phy' && /^(?:mii|mdio)$/.test(stem(path)));
}

function includesOf(tree: SyntaxTree): Parsed['includes'] {
  const found: Parsed['includes'] = [];
  for (let node = 0; node < tree.size; node++) {
    if (tree.kinds[node] !== (CKind.preproc_include as number)) continue;
    const path = tree.childByField(node, Field.path);
    if (path === NONE) continue;
    const text = tree.textOf(path);
    found.push({ path: text.replace(/^[<"]|[>"]$/g, ''), local: text.startsWith('"') });
  }
  return found;
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
