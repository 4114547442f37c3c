import { describeDriver } from '../driver';
import type { Syntax, SyntaxTree } from '../syntax';
import type { Candidate, DriverFile } from './candidate';
import { rewriteDriver } from './rewrite';
import type { KernelApi } from './kernel-api';

/** Gives the text of a file, or undefined if there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Headers of the kernel for everybody: too much else stands in them; single constants are taken out of them. */
const GENERAL =
  /^linux\/(?:kernel|module|device|slab|fs|mm|sched|init|types|list|spinlock|mutex|io|err|errno|printk|string|uaccess|workqueue|interrupt|of|of_device|platform_device|clk|delay|bitops|netdevice|skbuff|proc_fs|seq_file|compat|cdev|wait|completion|dma-mapping|property|acpi)\.h$/;
const LARGEST = 400_000;
/** How many headers are looked into for constants that are not defined yet. */
const MOST_ASIDE = 250;

/** Headers by path, kept from one driver to the next; null for what cannot be read. */
export type HeaderCache = Map<string, Header | null>;

interface Header {
  text: string;
  includes: Include[];
  /** Once it is parsed. */
  tree?: SyntaxTree;
  /** Names of the macros without parameters and of the enumerators that it seems to define; once it is asked. */
  values?: Set<string>;
}

interface Include {
  path: string;
  local: boolean;
}

/**
 * The files of a driver: the given sources, the headers beside them that they include, and those of the kernel's headers that hold
 * constants. Kernel headers are read under `tree/include`; left out if `tree` is null.
 * @param cache headers, kept from one driver to the next
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
  /** Included, but of no use but for a constant. */
  const aside = new Set<string>();
  const load = async (path: string): Promise<Header | null> => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const text = await read(path);
    const found = text === undefined || text.length > LARGEST ? null : { text, includes: includesOf(text) };
    cache.set(path, found);
    return found;
  };
  const visit = async (path: string, role: 'header' | 'kernel', depth: number): Promise<void> => {
    if (seen.has(path)) return;
    const found = await load(path);
    if (!found) return;
    seen.add(path);
    found.tree ??= syntax.parse('c', found.text);
    (role === 'header' ? headers : kernel).push({ path, tree: found.tree, model: null, role, ...place(path) });
    await follow(path, found.includes, role, depth + 1);
  };
  const follow = async (
    from: string,
    includes: readonly Include[],
    role: 'source' | 'header' | 'kernel',
    depth: number,
  ): Promise<void> => {
    for (const { path, local } of includes) {
      if (local && role !== 'kernel') {
        if (depth <= 3) await visit(normal(`${from.replace(/[^/]*$/, '')}${path}`), 'header', depth);
        continue;
      }
      if (tree === null) continue;
      const related = role !== 'kernel' || path.startsWith('uapi/') || relatedTo(from, path);
      const useful = !GENERAL.test(path) && related && depth <= 3;
      if (!useful || !/^(?:uapi\/)?(?:linux|media|sound|net|scsi|drm|video|dt-bindings|soc|rdma)\//.test(path)) {
        if (depth <= 2) aside.add(path);
        continue;
      }
      await visit(`${tree}/include/${path}`, 'kernel', depth);
      if (!path.startsWith('uapi/')) await visit(`${tree}/include/uapi/${path}`, 'kernel', depth);
    }
  };
  for (const { path, tree: parsed } of sources) await follow(path, includesOf(parsed.text), 'source', 0);
  const all = [...files, ...headers, ...kernel];
  if (tree === null || aside.size === 0) return all;
  const wanted = undefinedIn([...files, ...headers], all);
  let looked = 0;
  for (const path of aside) {
    if (wanted.size === 0 || looked++ > MOST_ASIDE) break;
    for (const full of [`${tree}/include/${path}`, `${tree}/include/uapi/${path}`]) {
      if (seen.has(full)) continue;
      seen.add(full);
      const found = await load(full);
      if (!found) continue;
      found.values ??= valuesIn(found.text);
      const { values } = found;
      for (const include of found.includes) if (!include.local) aside.add(include.path);
      const here = [...wanted].filter((name) => values.has(name));
      if (here.length === 0) continue;
      for (const name of here) wanted.delete(name);
      found.tree ??= syntax.parse('c', found.text);
      all.push({ path: full, tree: found.tree, model: null, role: 'kernel', valuesOnly: true, ...place(full) });
    }
  }
  return all;
}

/** Names in the way of constants that `users` name and none of `files` defines. */
function undefinedIn(users: readonly DriverFile[], files: readonly DriverFile[]): Set<string> {
  const names = new Set(users.flatMap(({ tree }) => tree.text.match(/\b[A-Z][A-Z0-9_]{2,}\b/g) ?? []));
  // Errors have names in Rust.
  for (const name of names) if (/^E[A-Z0-9]+$/.test(name)) names.delete(name);
  for (const { tree } of files) for (const name of valuesOf(tree)) names.delete(name);
  return names;
}

const VALUES = new WeakMap<SyntaxTree, Set<string>>();

function valuesOf(tree: SyntaxTree): Set<string> {
  let values = VALUES.get(tree);
  if (!values) VALUES.set(tree, (values = valuesIn(tree.text)));
  return values;
}

/** Names that a text seems to define as macros without parameters, or as enumerators. */
function valuesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/^[ \t]*(?:#[ \t]*define[ \t]+([A-Z]\w+)(?![\w(])|([A-Z][A-Z0-9_]+)[ \t]*(?:=[^=]|,|$))/gm))
    names.add((match[1] ?? match[2])!);
  return names;
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

function includesOf(text: string): Include[] {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm)].map((match) => ({
    path: (match[1] ?? match[2])!,
    local: match[1] !== undefined,
  }));
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
