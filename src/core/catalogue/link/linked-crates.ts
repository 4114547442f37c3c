import type { ItemFact, RustFile } from '../facts';
import { callersOf, itemsNamedBy, type Callers, type Targets } from './calls';
import { linkCrates, type Crates, type LinkedItem } from './crate';
import type { KeptEvidence } from './evidence';
import { Members } from './members';
import { publicPaths, type PublicPaths } from './paths';
import { Resolver } from './resolve';
import { namedItems, type NamedItem } from './named-items';
import type { KeptSignatures } from './shapes';
import type { KeptUses } from './uses';

/** The crates of a tree with everything that depends on names only, not on what bodies do. */
export interface LinkedCrates {
  crates: Crates;
  resolver: Resolver;
  paths: PublicPaths;
  members: Members;
  targets: Targets;
  callers: Callers;
  /** What users can name, sorted by path. */
  named: readonly NamedItem[];
  /** What each body says of bindings, as long as nothing else calls it. */
  evidence: KeptEvidence;
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
    if (this.linked && changed) replaceAll(this.linked, changed);
    else this.linked = linkAfresh(files);
    return this.linked;
  }
}

function linkAfresh(files: ReadonlyMap<string, RustFile>): LinkedCrates {
  const crates = linkCrates(files);
  const resolver = new Resolver(crates);
  const paths = publicPaths(resolver);
  const members = new Members(crates, resolver);
  const targets: Targets = new Map();
  return {
    crates,
    resolver,
    paths,
    members,
    targets,
    callers: callersOf(crates, members, targets),
    named: namedItems(members, paths),
    evidence: new Map(),
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

/** Puts changed files in the place of the old ones. Who calls whom is found out again only if a body names other items than before. */
function replaceAll(linked: LinkedCrates, changed: readonly [RustFile, RustFile][]): void {
  const replaced = changed.flatMap(([before, after]) => replaceFacts(linked.crates, before, after));
  const { targets, members, crates } = linked;
  const same = replaced.map(([item, before]) => {
    const known = targets.get(item) ?? [];
    const named = item.fact.refs ? itemsNamedBy(item, members) : [];
    if (item.fact.refs) targets.set(item, named);
    else targets.delete(item);
    return (
      named.length === known.length && named.every((one, at) => one === known[at]) && typesNamed(item.fact) === typesNamed(before)
    );
  });
  if (same.every(Boolean)) return;
  linked.callers = callersOf(crates, members, targets);
  linked.evidence.clear();
}

/** The types that a body names by themselves. */
const typesNamed = ({ refs }: ItemFact): string =>
  [...new Set(refs?.paths.flatMap(({ path, use }) => (path.length === 1 ? `${path[0]!} ${use}` : [])))].sort().join();

/** The items of a file with their new facts, and the old ones. */
function replaceFacts({ items, modules }: Crates, before: RustFile, after: RustFile): [LinkedItem, ItemFact][] {
  const replaced: [LinkedItem, ItemFact][] = [];
  for (const item of items) {
    if (item.file !== before) continue;
    replaced.push([item, item.fact]);
    item.file = after;
    item.fact = after.items[item.index]!;
  }
  for (const module of modules) if (module.file === before) module.file = after;
  return replaced;
}
