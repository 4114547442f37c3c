import type { Analysis } from '../analysis';
import { bestItem, itemName, STATUS_ICON, STATUS_TEXT } from '../ide';
import { lineIndex } from '../syntax';
import type { DriverReport } from './model';
import { obstacles, partsOf } from './render';

/** A place in C below a driver. */
export interface DriverPlace {
  label: string;
  description: string;
  tooltip: string;
  /** A codicon's name. */
  icon: string;
  /** A file of the driver, as its report has it. */
  path: string;
  /** Zero-based. */
  line: number;
}

/** A group below a driver: of places, or of groups of places. */
export interface DriverGroup {
  label: string;
  icon: string;
  groups: DriverGroup[];
  places: DriverPlace[];
}

/** A file of a driver, read. */
export interface ReadFile {
  path: string;
  analysis: Analysis;
}

/** What is behind a driver's score, to be unfolded: its entry points, missing abstractions and findings, with their places. Groups without any are left out. */
export function contentsOf(driver: DriverReport, files: readonly ReadFile[]): DriverGroup[] {
  return [entryPoints(files), missingNames(driver, files), findings(files)].filter(
    ({ groups, places }) => groups.length + places.length > 0,
  );
}

const lineOf = ({ tree }: Analysis, offset: number): number => lineIndex(tree.lineStarts, offset);

function entryPoints(files: readonly ReadFile[]): DriverGroup {
  const places = files.flatMap(({ path, analysis }) =>
    analysis.model.entryPoints.flatMap((point, i): DriverPlace[] => {
      if (point.kind === 'export') return [];
      const entry = analysis.entryPoints[i]!;
      const best = bestItem(entry);
      return [
        {
          label: point.function ?? point.name,
          description: best ? itemName(best, true) : STATUS_TEXT[entry.status],
          tooltip: `${point.container}${point.field === null ? '' : `.${point.field}`}: ${STATUS_TEXT[entry.status]}`,
          icon: iconOf(entry.status),
          path,
          line: lineOf(analysis, point.start),
        },
      ];
    }),
  );
  return { label: `Entry points (${places.length})`, icon: 'debug-start', groups: [], places };
}

/** `pass` of `$(pass)`. */
const iconOf = (status: keyof typeof STATUS_ICON): string => STATUS_ICON[status].slice(2, -1);

function missingNames(driver: DriverReport, files: readonly ReadFile[]): DriverGroup {
  const firstUse = (name: string): { path: string; line: number } | undefined => {
    for (const { path, analysis } of files) {
      const use = analysis.model.apis.find((api) => api.name === name);
      if (use) return { path, line: lineOf(analysis, use.start) };
    }
    return undefined;
  };
  const groups = obstacles(driver).map(({ group, level, names }): DriverGroup => ({
    label: `${group} (${level})`,
    icon: 'package',
    groups: [],
    places: names.flatMap(([name, uses]): DriverPlace[] => {
      const place = firstUse(name);
      const description = uses === 1 ? 'one use' : `${uses} uses`;
      return place ? [{ label: name, description, tooltip: 'Go to the first use', icon: 'circle-slash', ...place }] : [];
    }),
  }));
  return { label: `Missing abstractions (${groups.length})`, icon: 'circle-slash', groups, places: [] };
}

/** Suspects first; what the text or the configuration allows is left out. */
function findings(files: readonly ReadFile[]): DriverGroup {
  const found = files.flatMap(({ path, analysis }) =>
    analysis.findings.filter(({ suppressed }) => suppressed === undefined).map((finding) => ({ path, analysis, finding })),
  );
  const suspects = found.filter(({ finding }) => finding.kind === 'suspect');
  const places = [...suspects, ...found.filter(({ finding }) => finding.kind !== 'suspect')].map(
    ({ path, analysis, finding }): DriverPlace => ({
      label: finding.message,
      description: `${finding.rule} · ${finding.cwe}`,
      tooltip: `${finding.message}\n\nIn Rust ${finding.rust.verdict.replace('-', ' ')}: ${finding.rust.mechanism}`,
      icon: finding.kind === 'suspect' ? 'warning' : 'lightbulb',
      path,
      line: lineOf(analysis, finding.start),
    }),
  );
  return { label: `What Rust would check (${places.length})`, icon: 'shield', groups: [], places };
}

/** Scores from these on are good, from the second on fair. */
const GOOD = 60;
const FAIR = 40;

/** A driver in one line. */
export interface DriverLine {
  description: string;
  tooltip: string;
  /** For a screen reader. */
  spoken: string;
  worth: 'good' | 'fair' | 'poor';
}

/** What a driver's line says beside its name. */
export function driverLine(driver: DriverReport): DriverLine {
  const { name, path, score, kind, buses } = driver;
  const missing = obstacles(driver).length;
  const facts = [kind === 'driver' ? buses.join(' ') : kind, missing > 0 ? `${missing} missing` : ''];
  const parts = partsOf(driver).map(({ title, part }) => `${title} ${part.points ?? '—'} of ${part.max}: ${part.text}`);
  return {
    description: [String(score), ...facts.filter((fact) => fact !== '')].join(' · '),
    tooltip: [`${path}: ${score} of 100`, ...parts].join('\n'),
    spoken: `${name}, score ${score} of 100, ${missing} missing abstractions`,
    worth: score >= GOOD ? 'good' : score >= FAIR ? 'fair' : 'poor',
  };
}
