import type { Analysis } from '../analysis';
import type { Catalogue, CatalogueEntry, KernelIdentity, RustItem } from '../catalogue/model';
import type { EntryPoint } from '../driver';
import { idiomAt } from '../rewrite';
import { CKind } from '../syntax';
import { findingAt, findingMarkdown } from './finding-hover';
import { addressSpaceAt, ladderAt, memberTypeAt, tableFieldAt, type CleanupLadder } from './idioms';
import { codeBlock, codeSpan, escapeMarkdown, link } from './markdown';
import { placeOf } from './places';
import type { RustDocs } from './rust-docs';
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
  /** The documentation of an item, read from the user's own tree; undefined if there is no such tree. */
  docs?: (item: RustItem) => RustDocs | undefined;
  /** Why this kernel's catalogue is used although the file may be of another; empty if it is the file's own. */
  provenance?: string;
  /** What of a hover's parts is wanted; all, if it is left out. */
  parts?: HoverParts;
  /** How what is there is written in Rust, with the names of the text. */
  inYourNames?: string;
}

/** Parts of a hover that can be left out. */
export interface HoverParts {
  inYourNames: boolean;
  findings: boolean;
}

/** How many other items a hover names after the best one: it is read beside other hovers, so it stays short. */
const ALSO = 3;

/**
 * What is to be said at `offset`: what Rust for Linux offers for a kernel name, or an entry point's name or function; and of a finding there,
 * how Rust removes it. Undefined elsewhere.
 */
export function hoverAt(analysis: Analysis, offset: number, context: HoverContext = {}): Hover | undefined {
  const parts = context.parts ?? { inYourNames: true, findings: true };
  const idiom = parts.inYourNames ? idiomAt(analysis.tree, analysis.model, analysis.catalogue, offset) : undefined;
  const inYourNames = idiom && `**In your names**: ${escapeMarkdown(idiom.title)}\n\n${codeBlock('rust', idiom.rust)}`;
  // Of a switch only its first word is what the hover is about.
  const name =
    nameHoverAt(analysis, offset, inYourNames === undefined ? context : { ...context, inYourNames }) ??
    (idiom && {
      markdown: inYourNames!,
      start: idiom.start,
      end: Math.min(idiom.end, idiom.start + 'switch'.length),
    });
  const finding = parts.findings ? findingAt(analysis, offset) : undefined;
  if (!finding) return name;
  const markdown = findingMarkdown(analysis, finding);
  if (name) return { ...name, markdown: `${name.markdown}\n\n---\n\n${markdown}` };
  return { markdown, start: finding.start, end: finding.end };
}

function nameHoverAt(analysis: Analysis, offset: number, context: HoverContext): Hover | undefined {
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
  const member = memberTypeAt(analysis, offset);
  if (member) {
    const { use: type, start, end } = member;
    return { markdown: entryMarkdown(analysis.apis[type]!, analysis.catalogue.kernel, context), start, end };
  }
  const known = addressSpaceAt(analysis, offset) ?? tableFieldAt(analysis, offset);
  if (known) return { ...known, markdown: entryMarkdown(known.entry, analysis.catalogue.kernel, context) };
  const ladder = ladderAt(analysis, offset);
  if (ladder) return { markdown: ladderMarkdown(ladder, analysis.catalogue, context), start: ladder.start, end: ladder.end };
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
  facts.push(link('docs', placeOf(item, kernel).docs));
  facts.push(
    ...usesOf(item).map(({ file, line }) => `used at ${link(codeSpan(`${file}:${line}`), linkTo(file, line, kernel, context))}`),
  );
  const docs = context.docs?.(item);
  return [
    `${itemLink(item, kernel, context)} ${relationText(item.relation)} ${codeSpan(entry.name)}`,
    item.signature && item.kind !== 'macro' ? codeBlock('rust', item.signature) : '',
    docs?.summary ?? '',
    docs?.safety ? `**Safety**: ${docs.safety}` : '',
    facts.join(' · '),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function itemLink(item: RustItem, kernel: KernelIdentity, context: HoverContext): string {
  const target = item.file === null ? placeOf(item, kernel).docs : linkTo(item.file, item.line, kernel, context);
  return link(codeSpan(itemName(item)), target);
}

/** A place of the kernel tree: in the user's own if there is one, else in the public source. */
function linkTo(file: string, line: number | null, kernel: KernelIdentity, { treeLink }: HoverContext): string {
  const place = placeOf({ path: '', file, line }, kernel);
  return treeLink?.(file, line) ?? place.source ?? place.docs;
}

/** Where the tree's own drivers use the item, as its evidence says; the first such place is example enough. */
function usesOf({ evidence }: RustItem): { file: string; line: number }[] {
  return evidence
    .flatMap((text) => {
      const [, file, line] = /^used at (\S+):(\d+)$/.exec(text) ?? [];
      return file === undefined ? [] : [{ file, line: Number(line) }];
    })
    .slice(0, 1);
}

function footer(kernel: KernelIdentity, { provenance, inYourNames }: HoverContext): string {
  const from = kernel.source === 'tree' ? 'your tree' : 'shipped snapshot';
  const origin = `*Linux ${escapeMarkdown(kernel.version)}, ${from}${provenance ? `; ${escapeMarkdown(provenance)}` : ''}*`;
  return inYourNames === undefined ? origin : `${inYourNames}\n\n${origin}`;
}

/** Of what a registration call becomes, the trait that the function itself becomes a method of: `irq::Handler` for request_irq. */
function calledBack({ field, function: name }: EntryPoint, entry: CatalogueEntry): RustItem | undefined {
  if (field !== null || name === null) return undefined;
  const trait = entry.rust.find(({ kind, relation }) => kind === 'trait' && relation !== 'nearest');
  return trait && { ...trait, relation: 'implements' };
}

function entryPointMarkdown(analysis: Analysis, index: number, context: HoverContext): string {
  const { catalogue, model, findings } = analysis;
  const point = model.entryPoints[index]!;
  const entry = analysis.entryPoints[index]!;
  const parts = [`${STATUS_ICON[entry.status]} **${LABEL}**: entry point, ${STATUS_TEXT[entry.status]}`];
  const trait = calledBack(point, entry);
  const best = bestItem(entry);
  if (trait) parts.push(itemMarkdown(trait, { ...entry, name: `${point.function}()` }, catalogue.kernel, context));
  else if (best) parts.push(itemMarkdown(best, entry, catalogue.kernel, context));
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
    const inside = findings.filter(
      ({ start, suppressed }) => start >= definition.start && start < definition.end && suppressed === undefined,
    );
    const hazards = inside.length > 0 ? `; ${counted(inside.length, 'place')} that Rust would check` : '';
    parts.push(
      `${codeSpan(`${definition.name}()`)}: ${safe} of ${counted(total, 'kernel name')} have a safe equivalent, ${partial} a partial one${hazards}`,
    );
  }
  parts.push(footer(catalogue.kernel, context));
  return parts.join('\n\n');
}

/** A ladder of labels that undoes what was done: in Rust each resource undoes itself. */
function ladderMarkdown({ label, gotos, releases }: CleanupLadder, catalogue: Catalogue, context: HoverContext): string {
  const { kernel } = catalogue;
  const idiom = catalogue.lookup('goto');
  const rows = releases.map((entry) => {
    const best = bestItem(entry)!;
    const owner = { ...best, path: best.kind === 'method' ? best.path.slice(0, best.path.lastIndexOf('::')) : best.path };
    return `- ${codeSpan(entry.name)}: ${itemLink(owner, kernel, context)}`;
  });
  return [
    `$(discard) **${LABEL}**: cleanup by ${codeSpan(`goto ${label}`)} (${counted(gotos, 'jump')})`,
    escapeMarkdown(idiom.note),
    `From this label on, these take the place of the calls:\n\n${rows.join('\n')}`,
    idiom.rust.length > 0 ? `By ${idiom.rust.map((item) => itemLink(item, kernel, context)).join(', ')}` : '',
    footer(kernel, context),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The Rust item whose documentation the hover at `offset` shows; undefined if there is none. */
export function hoverItemAt(analysis: Analysis, offset: number): RustItem | undefined {
  let shown: RustItem | undefined;
  hoverAt(analysis, offset, {
    docs: (item) => {
      shown ??= item;
      return undefined;
    },
  });
  return shown;
}

/** What an entry point hangs on, in C terms: `platform_driver.probe`, `devm_request_irq()`. */
export function describe({ container, field, kind }: EntryPoint): string {
  if (field !== null) return `${container}.${field}`;
  return ['irq', 'work', 'timer', 'thread', 'callback', 'module-macro', 'initcall'].includes(kind) ? `${container}()` : container;
}
