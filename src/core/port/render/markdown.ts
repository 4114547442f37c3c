import type { DriverReport, Report } from '../model';
import { architectureText } from '../score';
import { covered, kernelText, obstacles, partsOf, ranked, totalsText } from './text';

/** Drivers that are explained in full; a longer report is a table. */
const EXPLAINED = 10;

/** A report as Markdown, in pieces. */
export function* reportMarkdown(report: Report): Generator<string> {
  const { drivers, totals } = report;
  yield `# Port report\n\n${escaped(kernelText(report))}: ${escaped(totalsText(totals))}.\n\n`;
  if (drivers.length > EXPLAINED) {
    yield '| score | driver | file | covered | missing abstractions | lines | suspects | hazards |\n|---:|---|---|---:|---|---:|---:|---:|\n';
    for (const driver of ranked(drivers)) {
      const missing = obstacles(driver).map(({ group }) => group);
      const shown = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`;
      yield `| ${driver.score} | ${escaped(driver.name)} | ${escaped(driver.path)} | ${percent(driver)} | ${escaped(shown)} | ${driver.lines} | ${driver.suspects} | ${driver.hazards} |\n`;
    }
    yield '\n';
  } else for (const driver of ranked(drivers)) yield driverMarkdown(driver);
  if (drivers.length > 1 && totals.unlock.length > 0) {
    yield '## Abstractions that would unlock most drivers\n\nEach driver has one vote, split among what it lacks.\n\n| abstraction | votes | drivers that lack it | it is all they lack | at most three lacking | names |\n|---|---:|---:|---:|---:|---|\n';
    for (const { group, weight, drivers: lacking, unlocks, nearly, names } of totals.unlock.slice(0, 30))
      yield `| ${escaped(group)} | ${weight} | ${lacking} | ${unlocks} | ${nearly} | ${names.slice(0, 5).map(escaped).join(', ')} |\n`;
  }
}

/** The report on one driver as Markdown. */
export function driverMarkdown(driver: DriverReport): string {
  const facts = [
    driver.kind,
    driver.kconfig,
    driver.buses.length > 0 ? `registers with ${driver.buses.join(', ')}` : null,
    `${driver.lines} lines in ${driver.files.length === 1 ? '1 file' : `${driver.files.length} files`}`,
    architectureText(driver) ?? null,
    driver.maintainers ? `${driver.maintainers.entry} (${driver.maintainers.status})` : null,
  ].filter((fact) => fact !== null);
  const lines = [
    `## ${escaped(driver.name)}: ${driver.score} of 100`,
    '',
    `${escaped(driver.path)}: ${escaped(facts.join('; '))}.`,
    '',
    '| part | points | of | from |',
    '|---|---:|---:|---|',
    ...partsOf(driver).map(
      ({ title, part }) => `| ${title} | ${part.points ?? 'not known'} | ${part.max} | ${escaped(part.text)} |`,
    ),
    '',
  ];
  const missing = obstacles(driver);
  if (missing.length > 0) {
    lines.push('Missing abstractions, in the order in which they are needed:', '');
    missing.forEach(({ group, level, names, after }, i) =>
      lines.push(
        `${i + 1}. ${escaped(group)} (${level}): ${names
          .slice(0, 8)
          .map(([name, uses]) => `${escaped(name)} ${uses}×`)
          .join(
            ', ',
          )}${names.length > 8 ? ` and ${names.length - 8} more` : ''}${after.length > 0 ? `; builds on ${after.map(escaped).join(', ')}` : ''}`,
      ),
    );
    lines.push('');
  }
  const helpers = driver.blockers.filter((one) => one.helpers).flatMap(({ names }) => names.map(([name]) => name));
  if (helpers.length > 0)
    lines.push(
      `Macros and inline functions without a Rust side, which the driver can have itself: ${helpers.map(escaped).join(', ')}.`,
      '',
    );
  const found = Object.entries(driver.rules).map(([rule, count]) => `${rule} ${count}`);
  lines.push(found.length > 0 ? `Findings: ${escaped(found.join(', '))}.` : 'No findings.', '');
  lines.push(`A candidate by \`r4l rewrite\`: ${escaped(driver.rewrite)}.`, '', '');
  return lines.join('\n');
}

const percent = (driver: DriverReport): string => {
  const share = covered(driver);
  return share === null ? '—' : `${share} %`;
};

/** Text out of sources and makefiles is untrusted: it is never markup. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>()#|~!]/g, '\\$&').replace(/\r?\n/g, ' ');
