import { EvidenceKind } from '../data';
import type { Evidence } from './evidence';
import type { PublicPaths } from './paths';

/**
 * Free items that are named as their C side is: `pr_info!`, `module_platform_driver!`, `container_of!`, `read_poll_timeout`,
 * `SZ_4K`. Methods don't count: `complete` of a request is not `complete()`.
 * @param isC whether C headers define the name
 */
export function addSameNames(
  evidence: Evidence,
  paths: PublicPaths,
  isC: (name: string) => 'function' | 'macro' | 'type' | undefined,
): void {
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
