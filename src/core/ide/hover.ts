import type { Analysis } from '../analysis';
import type { CatalogueEntry, KernelIdentity, RustItem } from '../catalogue/model';
import type { EntryPoint } from '../driver';
import { CKind } from '../syntax';
import { codeBlock, codeSpan, escapeMarkdown, link } from './markdown';
import { placeOf } from './places';
import { bestItem, counted, functionCoverage, itemName, LABEL, relationText, STATUS_ICON, STATUS_TEXT } from './wording';

/** A hover: Markdown (theme icons allowed) and the range it is about. */
export interface Hover {
  markdown: string;
  start: number;
  end: number;
}

/** What a hover needs to know beside the analysis. */
export interface HoverContext {
  /** Address of a file of the user's own kernel tree at a one-based line; undefined if there is no such tree. */
  treeLink?: (file: string, line: number | null) => string | undefined;
  /** Why this kernel's catalogue is used although the file may be of another; empty if it is the file's own. */
  provenance?: string;
}

/** How many other items a hover names after the best one: it is read beside other hovers, so it stays short. */
const ALSO = 3;

/** What Rust for Linux offers for the name at `offset`: a use of a kernel name, or an entry point's name or function; undefined elsewhere. */
export function hoverAt(analysis: Analysis, offset: number, context: HoverContext = {}): Hover | undefined {
  const { apis, entryPoints, functions } = analysis.model;
  const covers = ({ start, end }: { start: number; end: number }) => start <= offset && offset <= end;

  const use = apis.findIndex(covers);
  if (use !== -1) {
    const { start, end } = apis[use]!;
    return { markdown: entryMarkdown(analysis.apis[use]!, analysis.catalogue.kernel, context), start, end };
  }
  const point = entryPoints.findIndex(covers);
  if (point !== -1) {
    const { start, end } = entryPoints[point]!;
    return { markdown: entryPointMarkdown(analysis, point, context), start, end };
  }
  // The name of an entered function, where it is defined, hung up or called.
  const { tree } = analysis;
  const node = tree.nodeAt(offset);
  if ((tree.kinds[node] as CKind) !== CKind.identifier) return undefined;
  const name = tree.textOf(node);
  const ways = entryPoints.flatMap((candidate, index) => (candidate.function === name ? [index] : []));
  if (ways.length === 0 || !functions.some((definition) => definition.name === name)) return undefined;
  const range = { start: tree.starts[node]!, end: tree.ends[node]! };
  // Hung up here: this way of those in which it is entered.
  const here = ways.filter((index) => entryPoints[index]!.start <= range.start).at(-1);
  const hungUpHere = here !== undefined && tree.lineAt(entryPoints[here]!.start) === tree.lineAt(range.start);
  return { markdown: entryPointMarkdown(analysis, hungUpHere ? here : ways[0]!, context), ...range };
}

/** The Markdown of one catalogue entry: what a hover shows, and what `r4l lookup` explains. */
export function entryMarkdown(entry: CatalogueEntry, kernel: KernelIdentity, context: HoverContext = {}): string {
  const parts = [heading(entry)];
  const best = bestItem(entry);
  if (best) parts.push(itemMarkdown(best, entry, kernel, context));
  else {
    const nearest = entry.rust[0];
    parts.push(
      entry.status === 'raw'
        ? `Only ${codeSpan(`bindings::${entry.name}`)} exists; a driver should not call it directly.`
        : `Nothing in the ${codeSpan('kernel')} crate of ${kernel.version} does the job of ${codeSpan(entry.name)}.`,
    );
    if (nearest) parts.push(`Nearest, but no equivalent: ${itemLink(nearest, kernel, context)}`);
  }
  if (entry.note) parts.push(escapeMarkdown(entry.note));
  const others = entry.rust.filter((item) => item !== best && (best !== undefined || item.relation !== 'nearest')).slice(0, ALSO);
  if (others.length > 0) parts.push(`Also: ${others.map((item) => itemLink(item, kernel, context)).join(', ')}`);
  parts.push(footer(kernel, context));
  return parts.join('\n\n');
}

function heading({ status }: CatalogueEntry): string {
  return `${STATUS_ICON[status]} **${LABEL}**: ${STATUS_TEXT[status]}`;
}

function itemMarkdown(item: RustItem, entry: CatalogueEntry, kernel: KernelIdentity, context: HoverContext): string {
  const facts: string[] = [];
  if (item.unsafe) facts.push('$(unlock) needs `unsafe`');
  if (item.config.length > 0) facts.push(item.config.map(codeSpan).join(' '));
  if (item.since !== null) facts.push(`in ${item.since}${item.absentIn === null ? '' : `, not in ${item.absentIn}`}`);
  const place = placeOf(item, kernel);
  facts.push(link('docs', place.docs));
  return [
    `${itemLink(item, kernel, context)} ${relationText(item.relation)} ${codeSpan(entry.name)}`,
    item.signature ? codeBlock('rust', item.signature) : '',
    facts.join(' · '),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function itemLink(item: RustItem, kernel: KernelIdentity, { treeLink }: HoverContext): string {
  const { file, line, source, docs } = placeOf(item, kernel);
  const own = file === null ? undefined : treeLink?.(file, line);
  return link(codeSpan(itemName(item)), own ?? source ?? docs);
}

function footer(kernel: KernelIdentity, { provenance }: HoverContext): string {
  const from = kernel.source === 'tree' ? 'your tree' : 'shipped snapshot';
  return `*Linux ${escapeMarkdown(kernel.version)}, ${from}${provenance ? `; ${escapeMarkdown(provenance)}` : ''}*`;
}

function entryPointMarkdown(analysis: Analysis, index: number, context: HoverContext): string {
  const { catalogue, model, findings } = analysis;
  const point = model.entryPoints[index]!;
  const entry = analysis.entryPoints[index]!;
  const parts = [`${STATUS_ICON[entry.status]} **${LABEL}**: entry point, ${STATUS_TEXT[entry.status]}`];
  const best = bestItem(entry);
  if (best) parts.push(itemMarkdown(best, entry, catalogue.kernel, context));
  else {
    parts.push(
      `The kernel enters here through ${codeSpan(describe(point))}; ${catalogue.kernel.version} has no Rust abstraction for that.`,
    );
    if (entry.rust[0]) parts.push(`Nearest, but no equivalent: ${itemLink(entry.rust[0], catalogue.kernel, context)}`);
  }
  if (entry.note) parts.push(escapeMarkdown(entry.note));
  const definition = model.functions.find(({ name }) => name === point.function);
  if (definition) {
    const { safe, partial, total } = functionCoverage(analysis, definition);
    const inside = findings.filter(({ start }) => start >= definition.start && start < definition.end);
    const hazards = inside.length > 0 ? `; ${counted(inside.length, 'place')} that Rust would check` : '';
    parts.push(
      `${codeSpan(`${definition.name}()`)}: ${safe} of ${counted(total, 'kernel name')} have a safe equivalent, ${partial} a partial one${hazards}`,
    );
  }
  parts.push(footer(catalogue.kernel, context));
  return parts.join('\n\n');
}

/** What an entry point hangs on, in C terms: `platform_driver.probe`, `devm_request_irq()`. */
export function describe({ container, field, kind }: EntryPoint): string {
  if (field !== null) return `${container}.${field}`;
  return ['irq', 'work', 'timer', 'thread', 'callback', 'module-macro', 'initcall'].includes(kind) ? `${container}()` : container;
}
