import { versionOfMakefile } from '../kernel-version';
import type { Syntax } from '../syntax';
import { GENERATED, generatedNames } from './c/generated';
import { scanHeader } from './c/header';
import { scanHelpers, type HelperFact } from './c/helpers';
import { reachedHeaders } from './c/reach';
import type { CatalogueData } from './data';
import type { RustFile } from './facts';
import type { RawKind } from './raw-names';
import { linkTree, type TreeFacts } from './link/build';
import { filesUnder, type TreeReader } from './reader';
import { indexRustFile } from './rust/items';

export interface IndexOptions {
  /** Called now and then with a number from 0 to 1. */
  onProgress?: (fraction: number) => void;
  /** Rust files that did not change: their facts are taken as they are. */
  known?: ReadonlyMap<string, RustFile>;
}

/** Crates of other projects that a kernel tree carries. */
const VENDORED = /^rust\/(?:syn|quote|proc-macro2|zerocopy|zerocopy-derive|alloc)(?:\/|$)/;
/** How long to work before others get a turn: an editor's providers wait in the same thread. */
const SLICE_MS = 20;
/** The crates that drivers name. */
const OURS = /^rust\/(?:kernel|macros|pin-init)\//;
/** Where Rust drivers are: everywhere outside rust/, but not in the tools of the build. */
const DRIVER_DIRS = ['drivers', 'samples/rust', 'fs', 'net', 'lib', 'mm', 'block', 'sound', 'crypto', 'security'];

/**
 * Reads a kernel tree and says what its Rust side offers.
 * @throws Error if `reader` shows no kernel tree (no Makefile with a version, or no rust/kernel/lib.rs)
 */
export async function indexTree(reader: TreeReader, syntax: Syntax, options: IndexOptions = {}): Promise<CatalogueData> {
  return linkTree(await readTree(reader, syntax, options));
}

/** The facts of each file of a tree, not yet linked. */
export async function readTree(reader: TreeReader, syntax: Syntax, options: IndexOptions = {}): Promise<TreeFacts> {
  const version = versionOfMakefile((await reader.read('Makefile')) ?? '');
  if (version === undefined) throw new Error('no kernel tree: its Makefile has no VERSION and PATCHLEVEL');
  const headers = reachedHeaders(reader, 'rust/bindings/bindings_helper.h');
  const [ours, ...elsewhere] = await Promise.all([
    filesUnder(reader, 'rust', '.rs', (path) => VENDORED.test(path) || path.endsWith('/examples') || path.endsWith('/tests')),
    ...DRIVER_DIRS.map((dir) => filesUnder(reader, dir, '.rs')),
  ]);
  const wanted = ours.filter((path) => OURS.test(path));
  if (!wanted.includes('rust/kernel/lib.rs')) throw new Error('this kernel tree has no rust/kernel/lib.rs');
  const driverPaths = elsewhere.flat().sort();
  const rust = new Map<string, RustFile>();
  const drivers: RustFile[] = [];
  const total = wanted.length + driverPaths.length;
  let done = 0;
  let pause = performance.now() + SLICE_MS;
  const all = [...wanted, ...driverPaths];
  const texts = await Promise.all(
    all.map((path) => (options.known?.has(path) === true ? Promise.resolve(undefined) : reader.read(path))),
  );
  for (const [index, path] of all.entries()) {
    const text = texts[index];
    const file = text === undefined ? options.known?.get(path) : indexRustFile(path, text, syntax);
    if (file && index < wanted.length) rust.set(path, file);
    else if (file) drivers.push(file);
    done++;
    if (performance.now() > pause) {
      options.onProgress?.(done / total);
      await new Promise((resolve) => setTimeout(resolve, 0));
      pause = performance.now() + SLICE_MS;
    }
  }
  const facts = { version, rust, drivers, helpers: await readHelpers(reader), headers: await headers };
  const generated = await readGenerated(reader);
  return generated ? { ...facts, generated } : facts;
}

/** What bindgen bound, if the tree was built in place. */
async function readGenerated(reader: TreeReader): Promise<[string, RawKind][] | undefined> {
  const texts = await Promise.all(GENERATED.map((path) => reader.read(path)));
  if (texts[0] === undefined) return undefined;
  return texts.flatMap((text, index) => (text === undefined ? [] : generatedNames(text, index > 0)));
}

async function readHelpers(reader: TreeReader): Promise<HelperFact[]> {
  const files = await filesUnder(reader, 'rust/helpers', '.c');
  const texts = await Promise.all([...files, 'rust/helpers.c'].map((path) => reader.read(path)));
  return texts.flatMap((text) => (text === undefined ? [] : scanHelpers(text)));
}

/**
 * The facts of a tree after one of its files changed, for linkTree: only that file is read again.
 * @param text the file's new text; undefined if it is gone
 * @returns `facts` itself if the file says nothing to the catalogue
 */
export function withFile(facts: TreeFacts, path: string, text: string | undefined, syntax: Syntax): TreeFacts {
  if (path.endsWith('.rs')) {
    const file = text === undefined ? undefined : indexRustFile(path, text, syntax);
    if (!path.startsWith('rust/')) {
      const others = facts.drivers.filter((driver) => driver.path !== path);
      return { ...facts, drivers: file ? [...others, file].sort((a, b) => (a.path < b.path ? -1 : 1)) : others };
    }
    if (!OURS.test(path)) return facts;
    const rust = new Map(facts.rust);
    if (file) rust.set(path, file);
    else rust.delete(path);
    return { ...facts, rust };
  }
  const known = facts.headers.findIndex((header) => header.path === path);
  if (known < 0 || text === undefined) return facts;
  return { ...facts, headers: facts.headers.map((header, index) => (index === known ? scanHeader(path, text) : header)) };
}
