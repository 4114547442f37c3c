import type { HeaderIndex } from '../c/header-index';
import { sameJob } from '../c/jobs';
import type { HelperFact } from '../c/helpers';
import { EvidenceKind } from '../data';
import type { Candidate } from './evidence';
import type { Members } from './members';
import { wordsOf } from '../words';
import type { PublicPaths } from './paths';

const DEVICE_PRINT = /^dev_(emerg|alert|crit|err|warn|notice|info|dbg)$/;

/**
 * C macros and inline functions that do no more than call one other function: `#define mutex_init(m) … __mutex_init(…)`,
 * `queue_work` → `queue_work_on`. What Rust has for the callee then does for the name too. A word more in the name
 * (`ww_mutex_init`, `dma_alloc_wc`) mostly means another job, so such a name does not count, unless `named` knows an item
 * of the callee's that has the word too (`nla_put_u32` → `put_u32`).
 * @param known C names that Rust has something for
 * @param named whether an item beside those that do the callee's job has the words that the name has beyond the callee
 * @returns name → the known name that it comes to
 */
export function linkForwards(
  index: HeaderIndex,
  helpers: readonly HelperFact[],
  known: (name: string) => boolean,
  named: (name: string, callee: string) => boolean,
): Map<string, string> {
  const direct = new Map<string, readonly string[]>(index.sameJobs);
  for (const { name, calls } of index.forwards) {
    const more = calls.filter(
      (call) =>
        known(call) &&
        index.sameJobs.get(name)?.includes(call) !== true &&
        (printsFor(name, call) || named(name, call) || (calls.length === 1 && isPartOf(name, call))),
    );
    if (more.length > 0) direct.set(name, [...(direct.get(name) ?? []), ...more]);
  }
  const found = new Map<string, string>();
  // A helper under another name than what it wraps: the wrapped name is what C code says.
  for (const { name, calls } of helpers) {
    if (!known(name)) continue;
    for (const call of calls) {
      if (call !== name && !known(call) && !found.has(call) && (calls.length === 1 || sameJob(call, name) || sameJob(name, call)))
        found.set(call, name);
    }
  }
  for (const [name, callees] of direct) {
    if (known(name) || found.has(name)) continue;
    const target = follow(callees, direct, known, found, 0);
    if (target !== undefined && target !== name) found.set(name, target);
  }
  return found;
}

/** Whether the callee has every word of the name, and more: `dev_pm_opp_add` and dev_pm_opp_add_dynamic. */
const isPartOf = (name: string, callee: string): boolean => wordsOf(name).every((word) => wordsOf(callee).includes(word));

function follow(
  callees: readonly string[],
  direct: ReadonlyMap<string, readonly string[]>,
  known: (name: string) => boolean,
  found: Map<string, string>,
  depth: number,
): string | undefined {
  for (const callee of callees) {
    if (known(callee)) return callee;
    const other = found.get(callee);
    if (other !== undefined) return other;
  }
  if (depth > 3) return undefined;
  for (const callee of callees) {
    const next = direct.get(callee);
    const target = next && follow(next, direct, known, found, depth + 1);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** `pci_err(pdev, …)` is dev_err of the device in it. */
function printsFor(name: string, callee: string): boolean {
  const level = DEVICE_PRINT.exec(callee)?.[1];
  return level !== undefined && wordsOf(name).length === 2 && name.endsWith(`_${level}`);
}

/**
 * Items that have `words` in their name and stand with those that do a callee's job: themselves, or another method of the same
 * type (`dev_pm_opp_set_regulators` calls what `Config::set` does: `Config::set_regulator_names`).
 */
export function namedAfter(
  name: string,
  candidates: readonly Candidate[],
  words: readonly string[],
  members: Members,
  paths: PublicPaths,
): Candidate[] {
  if (words.length === 0) return [];
  const fits = (name: string): boolean => {
    const have = wordsOf(name);
    return words.every((word) => have.some((other) => other === word || other === `${word}s` || `${other}s` === word));
  };
  // A sibling must share more with the C name than those words: `phy_id` is nothing to phy_read_status.
  const rest = wordsOf(name).filter((word) => !words.includes(word));
  const shares = (other: string): boolean => wordsOf(other).some((word) => rest.includes(word));
  const found: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.score < 45) continue;
    if (fits(candidate.item.fact.name)) found.push({ ...candidate, score: 100 });
    const owner = candidate.item.owner;
    const type = owner && (owner.fact.kind === 'impl' ? members.selfOf.get(owner) : owner);
    for (const [sibling, siblings] of (type && members.members.get(type)) ?? []) {
      const item = siblings[0]!;
      const path = fits(sibling) && shares(sibling) && item !== candidate.item ? members.pathOf(item, paths) : undefined;
      if (path === undefined || item.fact.hidden) continue;
      const proof = { kind: EvidenceKind.reaches, file: item.file.path, line: item.fact.line, name: candidate.evidence[0]!.name };
      found.push({ item, path, relation: 'replaces', score: 99, evidence: [proof] });
    }
  }
  return found;
}
