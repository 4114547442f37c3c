import type { DriverReport, PartName, Report } from '../model';
import { WEIGHTS } from '../weights';
import { covered, obstacles } from './text';

const PARTS = Object.keys(WEIGHTS) as PartName[];

const COLUMNS: readonly (readonly [string, (driver: DriverReport) => string | number | null])[] = [
  ['name', ({ name }) => name],
  ['path', ({ path }) => path],
  ['kind', ({ kind }) => kind],
  ['subsystem', ({ subsystem }) => subsystem],
  ['kconfig', ({ kconfig }) => kconfig],
  ['buses', ({ buses }) => buses.join(' ')],
  ['files', ({ files }) => files.length],
  ['lines', ({ lines }) => lines],
  ['score', ({ score }) => score],
  ...PARTS.map((name) => [name, ({ scoreParts }: DriverReport) => scoreParts[name].points] as const),
  ['covered_percent', covered],
  ['safe', ({ coverage }) => coverage.safe],
  ['partial', ({ coverage }) => coverage.partial],
  ['raw', ({ coverage }) => coverage.raw],
  ['none', ({ coverage }) => coverage.none],
  [
    'missing_abstractions',
    (driver) =>
      obstacles(driver)
        .map(({ group }) => group)
        .join(' '),
  ],
  ['suspects', ({ suspects }) => suspects],
  ['hazards', ({ hazards }) => hazards],
  ['entry_points', ({ entryPoints }) => entryPoints],
  ['exports', ({ exports }) => exports],
  ['maintainers', ({ maintainers }) => maintainers?.entry ?? null],
  ['status', ({ maintainers }) => maintainers?.status ?? null],
  ['rust_architectures', ({ architectures }) => architectures?.rust.join(' ') ?? null],
  ['rewrite', ({ rewrite }) => rewrite],
];

/** A report as CSV (RFC 4180) with a header, a driver a row, in pieces. */
export function* reportCsv({ drivers }: Report): Generator<string> {
  yield row(COLUMNS.map(([title]) => title));
  for (const driver of drivers) yield row(COLUMNS.map(([, of]) => of(driver)));
}

const row = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(',')}\r\n`;

/** A spreadsheet would take a text that starts with one of these for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
