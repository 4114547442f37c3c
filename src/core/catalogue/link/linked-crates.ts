import type { RustFile } from '../facts';
import type { Targets } from './calls';
import { linkCrates, type Crates } from './crate';
import { Members } from './members';
import { publicPaths, type PublicPaths } from './paths';
import { Resolver } from './resolve';
import type { KeptSignatures } from './shapes';
import type { KeptUses } from './uses';

/** The crates of a tree with everything that depends on names only, not on what bodies do. */
export interface LinkedCrates {
  crates: Crates;
  resolver: Resolver;
  paths: PublicPaths;
  members: Members;
  targets: Targets;
  uses: KeptUses;
  signatures: KeptSignatures;
}

/**
 * Links crates again and again as files change. An edit inside a body leaves all names as they are; then only the facts of that
 * file are put in the place of the old ones, and what was resolved stays.
 */
export class CrateLinker {
  private files: ReadonlyMap<string, RustFile> = new Map();
  private linked: LinkedCrates | undefined;

  link(files: ReadonlyMap<string, RustFile>): LinkedCrates {
    const changed = this.linked && changedFiles(this.files, files);
    this.files = files;
    if (this.linked && changed) for (const [before, after] of changed) replaceFacts(this.linked, before, after);
    else this.linked = linkAfresh(files);
    return this.linked;
  }
}

function linkAfresh(files: ReadonlyMap<string, RustFile>): LinkedCrates {
  const crates = linkCrates(files);
  const resolver = new Resolver(crates);
  return {
    crates,
    resolver,
    paths: publicPaths(resolver),
    members: new Members(crates, resolver),
    targets: new Map(),
    uses: new WeakMap(),
    signatures: new WeakMap(),
  };
}

/** The files that differ, old and new, if they declare the same names in the same order; else undefined. */
function changedFiles(
  before: ReadonlyMap<string, RustFile>,
  after: ReadonlyMap<string, RustFile>,
): [RustFile, RustFile][] | undefined {
  if (before.size !== after.size) return undefined;
  const changed: [RustFile, RustFile][] = [];
  for (const [path, file] of after) {
    const old = before.get(path);
    if (old === file) continue;
    if (!old || shapeOf(old) !== shapeOf(file)) return undefined;
    changed.push([old, file]);
  }
  return changed;
}

/** What of a file's facts only the file itself depends on: places, bodies, documentation. */
const OWN = new Set(['line', 'refs', 'signature', 'headers', 'mentions']);

/** All that other files can depend on. */
const shapeOf = (file: RustFile): string =>
  JSON.stringify([file.items, file.uses], (key, value: unknown) => (OWN.has(key) ? undefined : value));

function replaceFacts({ crates, targets }: LinkedCrates, before: RustFile, after: RustFile): void {
  for (const item of crates.items) {
    if (item.file !== before) continue;
    item.file = after;
    item.fact = after.items[item.index]!;
    targets.delete(item);
  }
  for (const module of crates.modules) if (module.file === before) module.file = after;
}
