import type { Analysis } from '../analysis';
import type { Catalogue } from '../catalogue/model';
import type { Candidate, RegionLink } from '../rewrite';
import { escapeMarkdown, codeSpan, link } from './markdown';
import { bestItem, counted, itemName, LABEL, STATUS_TEXT } from './wording';

/** Where the lens "Rust candidate" belongs: the file's first registration of a driver. Undefined if it has none. UTF-16 offsets. */
export function candidatePlace({ model }: Pick<Analysis, 'model'>): { start: number; end: number } | undefined {
  const points = model.entryPoints;
  return points.find(({ kind }) => kind === 'driver') ?? points.find(({ kind }) => kind === 'module-macro');
}

/** How much of a driver is translated, in whole percent; 100 only if nothing is left. */
export function translatedPercent({ statistics: { statements, translated } }: Candidate): number {
  const share = statements === 0 ? 100 : Math.round((100 * translated) / statements);
  return translated < statements ? Math.min(share, 99) : share;
}

/** The title of the lens on the C side. */
export function candidateTitle(candidate: Candidate): string {
  if (candidate.reason !== undefined) return 'No Rust candidate';
  return `Rust candidate · ${translatedPercent(candidate)} % translated`;
}

/** What is translated and what is left, in a sentence; of a driver without a candidate, why and what is nearest. */
export function candidateSummary({ statistics, missing, reason, nearest }: Candidate): string {
  if (reason !== undefined)
    return `No Rust candidate: ${reason.replace(/\.$/, '')}.${nearest.length > 0 ? ` Nearest: ${nearest.join(', ')}.` : ''}`;
  const { statements, translated } = statistics;
  const names = missing.length > 0 ? `, with ${counted(missing.length, 'name')} in the way` : '';
  return `${translated} of ${counted(statements, 'statement')} that the kernel reaches translated, ${statements - translated} left in C${names}`;
}

/** A file name as Rust drivers beside C ones have it: `drivers/net/phy/ax88796b.c` → `ax88796b_rust.rs`. */
export const candidateName = (path: string): string =>
  `${path
    .replace(/^.*\//, '')
    .replace(/\.[ch]$/, '')
    .replace(/\W/g, '_')}_rust.rs`;

/** A kernel name that keeps statements in C, as a list shows it. */
export interface MissingName {
  name: string;
  uses: number;
  /** Whether this kernel has an abstraction: then it is the candidate that does not use it. */
  inRust: boolean;
  /** The Rust item for it, or what is nearest; empty if there is none. */
  item: string;
  /** What the catalogue adds; empty if nothing. */
  note: string;
}

/** The kernel names that keep the rest of a driver in C, in the order in which they are needed. */
export const missingNames = ({ missing }: Candidate, catalogue: Catalogue): MissingName[] =>
  missing.map(({ name, uses }) => {
    const entry = catalogue.lookup(name);
    const best = bestItem(entry);
    const [first] = entry.rust;
    const item = best ? itemName(best) : first ? `nearest: ${itemName(first)}` : entry.status === 'raw' ? STATUS_TEXT.raw : '';
    return { name, uses, inRust: best !== undefined, item, note: entry.note };
  });

/** A Rust driver to read beside a candidate. */
export interface Exemplar {
  file: string;
  line: number;
  /** The trait that it implements. */
  trait: string;
}

/** Rust drivers and samples that the catalogue knows to implement the traits of a candidate. */
export function exemplarsOf({ traits }: Candidate, catalogue: Catalogue): Exemplar[] {
  const wanted = new Set(traits);
  const found = new Map<string, Exemplar>();
  for (const { path: trait, evidence } of catalogue.items())
    for (const one of wanted.has(trait) ? evidence : []) {
      const [, file, line] = /^used at (\S+):(\d+)$/.exec(one) ?? [];
      if (file !== undefined && !found.has(file)) found.set(file, { file, line: Number(line), trait });
    }
  return [...found.values()];
}

/** Exemplars in the order in which to read them: samples named after the bus, other samples, drivers; each file once. */
export function orderExemplars(exemplars: readonly Exemplar[]): Exemplar[] {
  const rank = ({ file, trait }: Exemplar) =>
    file.startsWith('samples/') ? (file.replace(/^.*\//, '').includes(trait.split('::').at(-2)!) ? 0 : 1) : 2;
  return [...new Map(exemplars.map((one) => [one.file, one])).values()].sort((a, b) => rank(a) - rank(b));
}

/** The line of a Rust text (one-based) that implements a trait for a type; undefined if none does. */
export function implementsTrait(text: string, trait: string): number | undefined {
  const [module, name] = trait.split('::').slice(-2);
  const at = new RegExp(`^(?:unsafe )?impl(?:<[^\\n]*?>)? (?:\\w+::)*${module!}::${name!}(?:<[^\\n]*?>)? for `, 'm').exec(text);
  return at === null ? undefined : text.slice(0, at.index).split('\n').length;
}

/** Why the C text of a region was left, as the comment in the candidate says it; empty if it says nothing. */
export function reasonLeft(lines: readonly string[], { rustStart, rustEnd, translated }: RegionLink): string {
  if (translated) return '';
  for (let line = rustStart; line < rustEnd; line++) {
    const reason = /^\s*\/\/ Left in C \((.*)\):?$/.exec(lines[line] ?? '')?.[1];
    if (reason !== undefined) return reason;
  }
  return '';
}

/** A hover on a linked region, from either side. */
export interface RegionHover {
  /** What is on the other side: a path, with the address of the place if one can go there. */
  other: { path: string; start: number; end: number; uri: string | null };
  translated: boolean;
  /** Why it was left; empty if it was not, or if there is nothing to say. */
  reason: string;
}

/** `stands for drivers/x.c:120–134` as Markdown. Lines are zero-based, the end is the line after the last. */
export function regionMarkdown(side: 'c' | 'rust', { other, translated, reason }: RegionHover): string {
  const lines = other.end - other.start > 1 ? `${other.start + 1}–${other.end}` : `${other.start + 1}`;
  const place = `${other.path}:${lines}`;
  const shown = other.uri === null ? codeSpan(place) : link(escapeMarkdown(place), other.uri);
  const head = `$(arrow-swap) **${LABEL}**: `;
  if (translated) return `${head}${side === 'rust' ? 'stands for' : 'in the candidate'} ${shown}`;
  const why = reason === '' ? '' : `: ${escapeMarkdown(reason)}`;
  return `${head}left in C${why} · ${side === 'rust' ? 'from' : 'in the candidate'} ${shown}`;
}
