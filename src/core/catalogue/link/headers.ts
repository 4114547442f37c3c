import type { HeaderFacts } from '../c/header';
import { EvidenceKind } from '../data';
import type { LinkedItem, ModuleNode } from './crate';
import { byScore, type Candidate, type Evidence } from './evidence';
import type { PublicPaths } from './paths';
import type { Resolver } from './resolve';

/**
 * Which Rust modules stand for a C header: those whose documentation links it as their C side, those that hold an item whose
 * documentation does, and those whose items wrap much of what the header declares.
 */
export function linkHeaders(
  resolver: Resolver,
  paths: PublicPaths,
  evidence: Evidence,
  headers: readonly HeaderFacts[],
): Evidence {
  const found: Evidence = new Map();
  const add = (header: string, item: LinkedItem, path: string, score: number, kind: EvidenceKind, line: number): void => {
    const list = found.get(header) ?? [];
    found.set(header, list);
    const known = list.find((candidate) => candidate.path === path);
    const proof = { kind, file: item.file.path, line, name: header };
    if (known) {
      known.score = Math.max(known.score, score) + 2;
      return;
    }
    list.push({ item, path, relation: 'wraps', score, evidence: [proof] });
  };
  const homes = homesOf(resolver, paths);
  for (const module of resolver.crates.modules) {
    if (module.path[0] !== 'kernel' || !module.item) continue;
    const own = paths.modules.get(module);
    const facts = module.item.fact.inline ? module.item.fact.headers : [...module.file.headers, ...module.item.fact.headers];
    for (const header of facts) {
      const home = homes.get(module);
      if (home && home !== module && home.item) add(header, home.item, paths.modules.get(home)!, 82, EvidenceKind.header, 1);
      if (own !== undefined && !module.item.fact.hidden)
        add(header, module.item, own, 84 + (stem(header) === module.path.at(-1) ? 6 : 0), EvidenceKind.header, 1);
      else if (own === undefined && module.parent?.item) {
        // A private module: its items are shown by the module around it.
        const outer = paths.modules.get(module.parent);
        if (outer !== undefined) add(header, module.parent.item, outer, 80, EvidenceKind.header, 1);
      }
    }
  }
  for (const [item, path] of paths.items) {
    if (item.fact.headers.length === 0 || item.module.path[0] !== 'kernel') continue;
    const home = moduleOfPath(path, resolver);
    for (const header of item.fact.headers) {
      if (home?.item)
        add(header, home.item, paths.modules.get(home) ?? home.path.join('::'), 72, EvidenceKind.header, item.fact.line);
      add(header, item, path, 66, EvidenceKind.header, item.fact.line);
    }
  }
  byDeclarations(headers, evidence, resolver, add);
  for (const list of found.values()) list.sort(byScore);
  return found;
}

const stem = (header: string): string => header.slice(header.lastIndexOf('/') + 1, -2);

/** For each module the module under which most of its public items are named, if that is another. */
function homesOf(resolver: Resolver, paths: PublicPaths): Map<ModuleNode, ModuleNode> {
  const votes = new Map<ModuleNode, Map<string, number>>();
  for (const [item, path] of paths.items) {
    if (item.owner || item.fact.kind === 'macro') continue;
    const home = path.slice(0, path.lastIndexOf('::'));
    let counts = votes.get(item.module);
    if (!counts) votes.set(item.module, (counts = new Map<string, number>()));
    counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  const homes = new Map<ModuleNode, ModuleNode>();
  for (const [module, counts] of votes) {
    const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!;
    const home = moduleOfPath(`${best}::x`, resolver);
    if (home && home !== module && home.parent !== null) homes.set(module, home);
  }
  return homes;
}

function moduleOfPath(path: string, resolver: Resolver): ModuleNode | undefined {
  const segments = path.split('::').slice(0, -1);
  let module = resolver.crates.roots.get(segments[0]!);
  for (const segment of segments.slice(1)) module = module?.modules.get(segment);
  return module;
}

/** Least score at which a name that a header declares tells where the header belongs. */
const SURE = 60;
/** One in so many of a header's constants is a good part of them. */
const PART = 15;

/** Where several names that a header declares are wrapped by items of one module, the module stands for the header. */
function byDeclarations(
  headers: readonly HeaderFacts[],
  evidence: Evidence,
  resolver: Resolver,
  add: (header: string, item: LinkedItem, path: string, score: number, kind: EvidenceKind, line: number) => void,
): void {
  const known = new Set<string>();
  for (const [name, [best]] of evidence) if ((best?.score ?? 0) >= SURE) known.add(name);
  for (const header of headers) {
    const name = header.path.replace(/^include\/(?:uapi\/)?/, '');
    if (name === header.path) continue;
    const counts = new Map<string, number>();
    const sure = new Set<string>();
    const count = (names: readonly string[]): void => {
      for (const cName of names) if (known.has(cName)) sure.add(cName);
    };
    count(header.functions);
    count(header.types);
    for (const forward of header.forwards) if (known.has(forward.name)) sure.add(forward.name);
    if (header.functions.length === 0) {
      const others = [...sure];
      count(header.constants);
      // Constants count where a header is there for them, and Rust has a good part of them: pci_ids.h, fcntl.h.
      if ((sure.size - others.length) * PART < header.constants.length) {
        sure.clear();
        for (const other of others) sure.add(other);
      }
    }
    for (const cName of sure) {
      const best = evidence.get(cName)![0]!;
      const home = moduleOfPath(best.item.owner ? best.path.slice(0, best.path.lastIndexOf('::')) : best.path, resolver);
      if (home?.parent) counts.set(home.path.join('::'), (counts.get(home.path.join('::')) ?? 0) + 1);
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    for (const [path, count] of counts) {
      const similar =
        path.split('::').at(-1) === stem(name) ||
        path.split('::').at(-1)!.startsWith(stem(name)) ||
        stem(name).startsWith(path.split('::').at(-1)!);
      if (!(similar || (count >= 3 && count * 2 > total))) continue;
      const module = moduleOfPath(`${path}::x`, resolver);
      if (module?.item) add(name, module.item, path, 50 + Math.min(20, count * 2) + (similar ? 10 : 0), EvidenceKind.declares, 1);
    }
  }
}

export type { Candidate };
