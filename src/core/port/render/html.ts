import type { ByStatus, DriverReport, PartName, Report } from '../model';
import { WEIGHTS } from '../weights';
import { runTablePage, type TablePageData } from './table-script';
import { TABLE_STYLE } from './table-style';
import { actionsOf, escapeHtml as text, OFFLINE, type PageHost } from './page';
import { covered, kernelText, obstacles, partsOf, totalsText } from './text';

interface Column {
  title: string;
  /** CSS width. */
  width: string;
  numeric: boolean;
  hint: string;
  of: (driver: DriverReport) => string | number | null;
}

const COLUMNS: readonly Column[] = [
  { title: 'Score', width: '4rem', numeric: true, hint: 'of 100', of: ({ score }) => score },
  { title: 'Driver', width: 'minmax(8rem, 1fr)', numeric: false, hint: 'module name', of: ({ name }) => name },
  { title: 'File', width: 'minmax(14rem, 2fr)', numeric: false, hint: 'the main file', of: ({ path }) => path },
  { title: 'Kind', width: '5rem', numeric: false, hint: 'driver, library, core …', of: ({ kind }) => kind },
  { title: 'Bus', width: '7rem', numeric: false, hint: 'what it registers with', of: ({ buses }) => buses.join(' ') },
  { title: 'Lines', width: '5rem', numeric: true, hint: '', of: ({ lines }) => lines },
  { title: 'Covered', width: '5rem', numeric: true, hint: 'API names with a safe or partial abstraction, percent', of: covered },
  { title: 'Missing', width: '5rem', numeric: true, hint: 'missing abstractions', of: (driver) => obstacles(driver).length },
  { title: 'Suspects', width: '5.5rem', numeric: true, hint: '', of: ({ suspects }) => suspects },
  { title: 'Hazards', width: '5rem', numeric: true, hint: '', of: ({ hazards }) => hazards },
  { title: 'Kconfig', width: 'minmax(8rem, 1fr)', numeric: false, hint: '', of: ({ kconfig }) => kconfig },
];

/** Details are kept short where there are many: a page for a whole tree should stay one that a browser opens. */
const NAMES = 12;

/** A report as one page that needs nothing else, offline: sortable, filterable, readable by a screen reader. In pieces. */
export function* reportHtml(report: Report, host: PageHost = OFFLINE): Generator<string> {
  const { drivers, totals } = report;
  const nonce = host.nonce === '' ? '' : ` nonce="${host.nonce}"`;
  yield `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`;
  yield `<meta http-equiv="Content-Security-Policy" content="${text(host.policy)}">`;
  yield `<title>Port report, ${text(kernelText(report))}</title><style${nonce}>${TABLE_STYLE}:root { --columns: ${COLUMNS.map(({ width }) => width).join(' ')}; }</style></head>\n<body><main>`;
  yield `<h1>Which drivers suit a rewrite in Rust</h1><p>${text(kernelText(report))}: ${text(totalsText(totals))}.</p>${actionsOf(host)}`;
  yield '<div class="tools"><label>Filter<input id="filter" type="search" placeholder="words of name, file, Kconfig" autocomplete="off"></label>';
  for (const { column, values } of choicesOf(drivers))
    yield `<label>${text(COLUMNS[column]!.title)}<select data-column="${column}"><option value="">all</option>${values.map((value) => `<option>${text(value)}</option>`).join('')}</select></label>`;
  yield '<output id="count" aria-live="polite"></output></div>';
  yield '<div class="frame"><div id="table" role="table" aria-label="Drivers" tabindex="0"><div id="head" class="row" role="row" aria-rowindex="1">';
  for (const [i, { title, numeric, hint }] of COLUMNS.entries())
    yield `<div role="columnheader" aria-sort="${i === 0 ? 'descending' : 'none'}" class="cell${numeric ? ' number' : ''}"><button title="${text(hint)}">${text(title)}</button></div>`;
  yield '</div><div id="space"><div id="body" role="rowgroup"></div></div></div></div><section id="details" aria-live="polite"></section>';
  yield coverageChart(drivers);
  yield unlockTable(report);
  yield scoreLegend();
  yield '</main><script type="application/json" id="data">';
  yield `{"live":${host.script !== undefined},"columns":${json(COLUMNS.map(({ title, numeric, hint }) => ({ title, numeric, hint })))},"choices":${json(choicesOf(drivers))},"rows":[`;
  for (const [i, driver] of drivers.entries()) yield `${i > 0 ? ',' : ''}\n${json(rowOf(driver))}`;
  yield `]}</script>\n<script${nonce}>(${runTablePage.toString()})();${host.script ?? ''}</script></body></html>\n`;
}

/** JSON inside a script element: nothing in it may end the element. */
const json = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

function choicesOf(drivers: readonly DriverReport[]): TablePageData['choices'] {
  const values = (of: (driver: DriverReport) => string[]): string[] => [...new Set(drivers.flatMap(of))].sort();
  return [
    { column: COLUMNS.findIndex(({ title }) => title === 'Kind'), values: values(({ kind }) => [kind]) },
    { column: COLUMNS.findIndex(({ title }) => title === 'Bus'), values: values(({ buses }) => buses) },
  ];
}

function rowOf(driver: DriverReport): TablePageData['rows'][number] {
  const details: [string, string][] = partsOf(driver).map(({ title, part }) => [
    `${title}, ${part.points ?? 'not known'} of ${part.max}`,
    part.text,
  ]);
  obstacles(driver).forEach(({ group, level, names }, i) =>
    details.push([
      `${i + 1}. ${group} (${level})`,
      `${names
        .slice(0, NAMES)
        .map(([name, uses]) => `${name} ${uses}×`)
        .join(', ')}${names.length > NAMES ? ` and ${names.length - NAMES} more` : ''}`,
    ]),
  );
  const found = Object.entries(driver.rules).map(([rule, count]) => `${rule} ${count}`);
  if (found.length > 0) details.push(['Findings', found.join(', ')]);
  if (driver.files.length > 1) details.push(['Files', driver.files.slice(0, 40).join(', ')]);
  details.push(['r4l rewrite', driver.rewrite]);
  return { cells: COLUMNS.map(({ of }) => of(driver)), details };
}

const STATES = ['safe', 'partial', 'raw', 'none'] as const;

/** Coverage by subsystem: the largest ones, as bars of uses. */
function coverageChart(drivers: readonly DriverReport[]): string {
  const subsystems = new Map<string, { drivers: number; uses: ByStatus }>();
  for (const { subsystem, uses, kind } of drivers) {
    if (kind !== 'driver') continue;
    const one = subsystems.get(subsystem) ?? { drivers: 0, uses: { safe: 0, partial: 0, raw: 0, none: 0 } };
    one.drivers++;
    for (const state of STATES) one.uses[state] += uses[state];
    subsystems.set(subsystem, one);
  }
  const rows = [...subsystems]
    .sort(([a, one], [b, other]) => other.drivers - one.drivers || (a < b ? -1 : 1))
    .slice(0, 40)
    .map(([name, { drivers: count, uses }]) => {
      const all = STATES.reduce((sum, state) => sum + uses[state], 0) || 1;
      const shares = STATES.map((state) => [state, Math.round((1000 * uses[state]) / all) / 10] as const);
      const label = shares.map(([state, share]) => `${share} % ${state}`).join(', ');
      const bar = shares.map(([state, share]) => `<i class="${state}" style="width:${share}%"></i>`).join('');
      return `<tr><th scope="row">${text(name)}</th><td class="n">${count}</td><td><div class="bar" role="img" aria-label="${label}" title="${label}">${bar}</div></td></tr>`;
    });
  if (rows.length === 0) return '';
  return `<h2>Coverage by subsystem</h2><p>Uses of kernel names by state: <b class="safe">&nbsp;&nbsp;</b> safe <b class="partial">&nbsp;&nbsp;</b> partial <b class="raw">&nbsp;&nbsp;</b> raw <b class="none">&nbsp;&nbsp;</b> none.</p><table class="bars"><tr><th scope="col">folder</th><th scope="col" class="n">drivers</th><th scope="col">uses</th></tr>${rows.join('')}</table>`;
}

function unlockTable({ totals }: Report): string {
  if (totals.unlock.length === 0) return '';
  const rows = totals.unlock
    .slice(0, 40)
    .map(
      ({ group, weight, drivers, unlocks, nearly, names }) =>
        `<tr><th scope="row">${text(group)}</th><td class="n">${weight}</td><td class="n">${drivers}</td><td class="n">${unlocks}</td><td class="n">${nearly}</td><td>${names.slice(0, 5).map(text).join(', ')}</td></tr>`,
    );
  return `<h2>Abstractions that would unlock most drivers</h2><p>Each driver has one vote, split among what it lacks.</p><table class="bars"><tr><th scope="col">abstraction</th><th scope="col" class="n">votes</th><th scope="col" class="n">lack it</th><th scope="col" class="n">lack nothing else</th><th scope="col" class="n">lack at most two more</th><th scope="col">names</th></tr>${rows.join('')}</table>`;
}

const scoreLegend = (): string =>
  `<h2>What the score is made of</h2><dl>${(Object.keys(WEIGHTS) as PartName[])
    .map((name) => `<dt>${text(WEIGHTS[name].title)}, ${WEIGHTS[name].max}</dt><dd>${text(WEIGHTS[name].how)}</dd>`)
    .join('')}</dl>`;
