import { EvidenceKind } from '../data';
import type { Evidence } from './evidence';
import type { Members } from './members';
import type { PublicPaths } from './paths';

/**
 * Free items that are named as their C side is: `pr_info!`, `module_platform_driver!`, `container_of!`, `read_poll_timeout`,
 * `SZ_4K`. Methods don't count: `complete` of a request is not `complete()`.
 * @param isC whether C headers define the name
 */
export function addSameNames(
  evidence: Evidence,
  members: Members,
  paths: PublicPaths,
  isC: (name: string) => 'function' | 'macro' | 'type' | undefined,
): void {
  addConversions(evidence, members, paths);
  for (const [item, path] of paths.items) {
    const { name, kind } = item.fact;
    if ((item.fact.hidden && !paths.inlined.has(item)) || item.owner || item.module.path[0] !== 'kernel') continue;
    if (kind !== 'macro' && kind !== 'function' && kind !== 'constant') continue;
    const full = cNameOf(name, kind, item.module.path, isC);
    const c = isC(full);
    if (c === undefined || (kind === 'constant' && !/^[A-Z]/.test(name)) || name.length < 3) continue;
    if (c === 'type' && kind === 'macro') continue;
    // A constant that is another constant of C's (`flags::READ` is VM_READ) only looks like its namesake.
    if (kind === 'constant' && item.fact.refs?.bindings.some((ref) => ref.use === 'value' && ref.name !== full)) continue;
    // `rcu::read_lock` is rcu_read_lock, not the read_lock of rwlock_t.
    if (kind === 'function' && item.module.path.length > 1 && isC(`${item.module.path.at(-1)!}_${name}`) !== undefined) continue;
    const list = evidence.get(full) ?? [];
    evidence.set(full, list);
    if (list.some((candidate) => candidate.item === item && candidate.score > 90)) continue;
    const at = list.findIndex((candidate) => candidate.item === item);
    if (at >= 0) list.splice(at, 1);
    list.unshift({
      item,
      path,
      relation: 'replaces',
      score: 92,
      evidence: [{ kind: EvidenceKind.sameName, file: item.file.path, line: item.fact.line, name: full }],
    });
  }
}

/** The C name of an item: its own, or for a constant with its module in front: `cpufreq::flags::CONST_LOOPS` is CPUFREQ_CONST_LOOPS. */
function cNameOf(name: string, kind: string, module: readonly string[], isC: (name: string) => string | undefined): string {
  if (kind !== 'constant' || isC(name) !== undefined) return name;
  const prefixed = module.slice(1).map((segment) => `${segment.toUpperCase()}_${name}`);
  return prefixed.reverse().find((candidate) => isC(candidate) !== undefined) ?? name;
}

/** Methods that turn a value into one that does a C function's job later: `into_mmput_async` for mmput_async. */
function addConversions(evidence: Evidence, members: Members, paths: PublicPaths): void {
  for (const item of members.resolver.crates.items) {
    if (item.fact.kind !== 'method' || !item.fact.name.startsWith('into_')) continue;
    const name = item.fact.name.slice('into_'.length);
    const list = name.includes('_') ? evidence.get(name) : undefined;
    const path = list && members.pathOf(item, paths);
    if (!list || path === undefined || (list[0]?.score ?? 0) < 60) continue;
    const proof = { kind: EvidenceKind.sameName, file: item.file.path, line: item.fact.line, name };
    list.push({ item, path, relation: 'replaces', score: list[0]!.score - 10, evidence: [proof] });
    list.sort((a, b) => b.score - a.score);
  }
}
