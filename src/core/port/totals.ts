import type { DriverReport, Totals, Unlock } from './model';

/** How many names an unlock shows. */
const NAMES = 8;

/** The totals over drivers, from their reports alone: those of shards put together give the same. */
export function totalsOf(drivers: readonly DriverReport[]): Totals {
  const totals: Totals = {
    drivers: drivers.length,
    files: new Set(drivers.flatMap(({ files }) => files)).size,
    lines: 0,
    kinds: {},
    uses: { safe: 0, partial: 0, raw: 0, none: 0 },
    suspects: 0,
    hazards: 0,
    rewritable: 0,
    scores: Array.from({ length: 10 }, () => 0),
    unlock: unlocks(drivers),
  };
  for (const { lines, kind, uses, suspects, hazards, rewrite, score } of drivers) {
    totals.lines += lines;
    totals.kinds[kind] = (totals.kinds[kind] ?? 0) + 1;
    for (const status of ['safe', 'partial', 'raw', 'none'] as const) totals.uses[status] += uses[status];
    totals.suspects += suspects;
    totals.hazards += hazards;
    if (rewrite === 'supported') totals.rewritable++;
    totals.scores[Math.min(9, Math.floor(score / 10))]!++;
  }
  totals.kinds = Object.fromEntries(Object.entries(totals.kinds).sort(([a], [b]) => (a < b ? -1 : 1)));
  return totals;
}

/**
 * What would unlock most drivers: each driver gives one vote, split among the abstractions that it lacks. An abstraction that many lack along
 * with ten others has less than one that is the last obstacle of as many.
 */
export function unlocks(drivers: readonly DriverReport[]): Unlock[] {
  const groups = new Map<string, Omit<Unlock, 'group' | 'names'> & { names: Map<string, number> }>();
  for (const { kind, blockers: all } of drivers) {
    if (kind !== 'driver') continue;
    const blockers = all.filter(({ helpers }) => !helpers);
    for (const { group, names, uses } of blockers) {
      let one = groups.get(group);
      if (!one) groups.set(group, (one = { drivers: 0, unlocks: 0, nearly: 0, weight: 0, uses: 0, names: new Map() }));
      one.drivers++;
      if (blockers.length === 1) one.unlocks++;
      if (blockers.length <= 3) one.nearly++;
      one.weight += 1 / blockers.length;
      one.uses += uses;
      for (const [name] of names) one.names.set(name, (one.names.get(name) ?? 0) + 1);
    }
  }
  return [...groups]
    .map(([group, { names, weight, ...rest }]) => ({
      group,
      ...rest,
      weight: Math.round(weight * 10) / 10,
      names: [...names]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, NAMES)
        .map(([name]) => name),
    }))
    .sort((a, b) => b.weight - a.weight || (a.group < b.group ? -1 : 1));
}
