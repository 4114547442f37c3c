import { WEIGHTS } from '../weights';
import { architectureText } from '../score';
import type { DriverReport, PartName, Report, ScorePart, Totals } from '../model';

/** How the parts of a score are called, in the order in which they are shown. */
export const partsOf = (driver: DriverReport): { name: PartName; title: string; part: ScorePart }[] =>
  (Object.keys(WEIGHTS) as PartName[]).map((name) => ({ name, title: WEIGHTS[name].title, part: driver.scoreParts[name] }));

/** Missing abstractions that count, in the order of need. */
export const obstacles = ({ blockers }: DriverReport): DriverReport['blockers'] => blockers.filter(({ helpers }) => !helpers);

/** Share of API names with a safe or partial abstraction, in percent; null if the driver uses none. */
export function covered({ coverage: { safe, partial, raw, none } }: DriverReport): number | null {
  const all = safe + partial + raw + none;
  return all === 0 ? null : Math.round((100 * (safe + partial)) / all);
}

/** Drivers before libraries and the rest, the best first; equal ones by path. */
export const ranked = (drivers: readonly DriverReport[]): DriverReport[] =>
  [...drivers].sort(
    (a, b) =>
      Number(b.kind === 'driver') - Number(a.kind === 'driver') ||
      b.score - a.score ||
      (`${a.path} ${a.name}` < `${b.path} ${b.name}` ? -1 : 1),
  );

/** `6.4.1 (tree)`. */
export const kernelText = ({ kernel }: Report): string =>
  `Linux ${kernel.version} (${kernel.source === 'tree' ? 'the tree itself' : 'shipped snapshot'})`;

/** What the totals say in a sentence. */
export function totalsText({ drivers, files, lines, kinds, suspects, hazards, rewritable }: Totals): string {
  const what = Object.entries(kinds)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
  return `${drivers} ${drivers === 1 ? 'entry' : 'entries'} (${what}), ${files} ${files === 1 ? 'file' : 'files'}, ${lines} lines; ${suspects} suspects, ${hazards} hazards; r4l rewrite has a candidate for ${rewritable}`;
}

/** A driver on a few lines of plain text. */
export function driverText(driver: DriverReport): string {
  const lines = [
    `${String(driver.score).padStart(3)}  ${driver.name}  ${driver.path}${driver.files.length > 1 ? ` and ${driver.files.length - 1} more` : ''}`,
    `     ${[driver.kind, driver.kconfig, driver.buses.length > 0 ? `on ${driver.buses.join(', ')}` : null, architectureText(driver) ?? null, driver.maintainers ? `${driver.maintainers.entry}: ${driver.maintainers.status}` : null].filter((one) => one !== null).join('; ')}`,
  ];
  for (const { title, part } of partsOf(driver))
    lines.push(
      `     ${(part.points === null ? '—' : part.points.toFixed(1)).padStart(5)} of ${String(part.max).padEnd(3)} ${title}: ${part.text}`,
    );
  const missing = obstacles(driver);
  if (missing.length > 0) lines.push('     Missing, in the order of need:');
  for (const { group, level, names } of missing.slice(0, 12))
    lines.push(
      `       ${level.padEnd(5)} ${group}: ${names
        .slice(0, 6)
        .map(([name, uses]) => `${name} ${uses}×`)
        .join(', ')}${names.length > 6 ? ' …' : ''}`,
    );
  lines.push(`     r4l rewrite: ${driver.rewrite}`);
  return `${lines.join('\n')}\n`;
}

/** How many drivers the text form explains in full; above, a line each. */
const EXPLAINED = 5;

/** A report as plain text, in pieces. */
export function* reportText(report: Report): Generator<string> {
  const { drivers, totals } = report;
  yield `${kernelText(report)}: ${totalsText(totals)}\n\n`;
  if (drivers.length <= EXPLAINED) {
    for (const driver of ranked(drivers)) yield `${driverText(driver)}\n`;
    return;
  }
  yield 'score  covered  missing  lines   driver\n';
  for (const driver of ranked(drivers)) {
    const share = covered(driver);
    yield `${String(driver.score).padStart(5)}  ${`${share ?? '—'}${share === null ? '' : ' %'}`.padStart(7)}  ${String(obstacles(driver).length).padStart(7)}  ${String(driver.lines).padStart(6)}  ${driver.path} (${driver.name}${driver.kind === 'driver' ? '' : `, ${driver.kind}`})\n`;
  }
  if (totals.unlock.length > 0) yield '\nAbstractions that would unlock most drivers\n';
  for (const { group, drivers: lacking, unlocks, nearly, weight } of totals.unlock.slice(0, 20))
    yield `${weight.toFixed(1).padStart(8)}  ${group}: ${lacking} drivers lack it, for ${unlocks} it is all, for ${nearly} one of at most three\n`;
}
