import { reportCsv, reportHtml, reportMarkdown, reportText, type Report } from '../core';
import { write } from './output';

export type ReportFormat = 'text' | 'json' | 'md' | 'csv' | 'html';

const WRITERS: Record<ReportFormat, (report: Report) => Iterable<string>> = {
  text: reportText,
  json: reportJson,
  md: reportMarkdown,
  csv: reportCsv,
  html: reportHtml,
};

export const REPORT_FORMATS = Object.keys(WRITERS) as ReportFormat[];

/** Prints a report piece by piece: a whole tree's is never one string. */
export async function writeReport(report: Report, format: ReportFormat): Promise<void> {
  let block = '';
  for (const piece of WRITERS[format](report)) {
    block += piece;
    if (block.length < 1 << 16) continue;
    await write(block);
    block = '';
  }
  await write(block);
}

/** JSON with a driver on a line. */
function* reportJson({ drivers, ...rest }: Report): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"drivers":[`;
  for (const [i, driver] of drivers.entries()) yield `${i > 0 ? ',' : ''}\n${JSON.stringify(driver)}`;
  yield ']}\n';
}
