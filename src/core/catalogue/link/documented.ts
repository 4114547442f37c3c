import type { HeaderIndex } from '../c/header-index';
import { EvidenceKind } from '../data';
import { sameThing, similarity } from '../words';
import type { LinkedItem } from './crate';
import type { Evidence } from './evidence';
import type { Members } from './members';
import type { PublicPaths } from './paths';

/** A candidate under this score says nothing for sure. */
const SURE = 45;
/** How much of the name of a C type a Rust type must share to stand for it because its documentation names it. */
const ALIKE = 0.5;

/**
 * What documentation says of C names: `#[doc(alias = "atomic_read")]`, and a type that names a structure of C in its
 * documentation, is called like it and holds none, where that is the only hint (`opp::Config` for `struct dev_pm_opp_config`);
 * a constant that names one of C's with just its words (`Driver::FEAT_RENDER` of drm for DRIVER_RENDER).
 */
export function addDocumented(evidence: Evidence, members: Members, paths: PublicPaths, index: HeaderIndex): void {
  const holding = new Set<LinkedItem>();
  for (const list of evidence.values())
    for (const { item, evidence } of list) if (evidence.some((proof) => proof.kind === EvidenceKind.holds)) holding.add(item);
  for (const item of members.resolver.crates.items) {
    const { aliases, mentions, kind, hidden, line } = item.fact;
    if ((aliases.length === 0 && mentions.length === 0) || hidden || item.module.path[0] !== 'kernel') continue;
    const path = members.pathOf(item, paths);
    if (path === undefined) continue;
    for (const name of aliases) {
      // A lone word (`swap`) is for those who search, not the name of a C function.
      if (name.includes('_') && index.kinds.has(name)) offer(evidence, name, item, path, 90, EvidenceKind.named, line);
    }
    if (kind === 'constant') {
      for (const name of mentions)
        if (index.constants.has(name) && (evidence.get(name)?.[0]?.score ?? 0) < SURE && similarity(name, path) === 1)
          offer(evidence, name, item, path, 60, EvidenceKind.mention, line);
      continue;
    }
    if ((kind !== 'struct' && kind !== 'enum' && kind !== 'trait' && kind !== 'type') || holding.has(item)) continue;
    for (const name of mentions) {
      if (!index.types.has(name) || !name.includes('_') || (evidence.get(name)?.[0]?.score ?? 0) >= SURE) continue;
      const alike = similarity(name, path);
      if (alike >= ALIKE && sameThing(name, `x::${item.fact.name}`))
        offer(evidence, name, item, path, 46 + alike * 20, EvidenceKind.mention, line);
    }
  }
}

function offer(
  evidence: Evidence,
  name: string,
  item: LinkedItem,
  path: string,
  score: number,
  kind: EvidenceKind,
  line: number,
): void {
  const list = evidence.get(name) ?? [];
  if (list.some((candidate) => candidate.item === item && candidate.score >= score)) return;
  const others = list.filter((candidate) => candidate.item !== item);
  const proof = { kind, file: item.file.path, line, name };
  const relation = item.fact.kind === 'trait' ? 'implements' : kind === EvidenceKind.mention ? 'wraps' : 'replaces';
  const known = list.find((candidate) => candidate.item === item);
  const candidate = {
    item,
    path,
    relation: known?.relation ?? relation,
    score,
    evidence: [...(known?.evidence ?? []), proof].slice(0, 3),
  } as const;
  evidence.set(
    name,
    [...others, { ...candidate, evidence: [...candidate.evidence] }].sort((a, b) => b.score - a.score),
  );
}
