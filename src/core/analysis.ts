import type { Catalogue, CatalogueEntry } from './catalogue/model';
import { apiRange, describeDriver, type DriverModel, type EntryPoint } from './driver';
import type { FlowMemory } from './flow';
import { findingsOf, type Finding } from './rules';
import { inContext } from './shared-tables';
import type { SyntaxTree } from './syntax';

/** All that the product knows of one text of kernel C, for one kernel. Plain data; offsets are UTF-16 units into `tree.text`. */
export interface Analysis {
  tree: SyntaxTree;
  model: DriverModel;
  catalogue: Catalogue;
  /** What Rust offers for each use of a kernel name, in the order of `model.apis`. */
  apis: CatalogueEntry[];
  /** What each entry point becomes in Rust, in the order of `model.entryPoints`. */
  entryPoints: CatalogueEntry[];
  findings: Finding[];
  /** Whether `findings` has those that follow the paths of functions. */
  withFlow: boolean;
}

/**
 * Analyses a parsed text for the kernel of `catalogue`.
 * @param withFlow whether functions are followed along their paths for findings; an editor does that when the user pauses
 */
export function analyse(tree: SyntaxTree, catalogue: Catalogue, withFlow = true): Analysis {
  const model = describeDriver(tree);
  const here = inContext(tree, model, catalogue);
  const apis = model.apis.map(({ name, kind, start }) => here(catalogue.lookup(name, kind), start));
  return {
    tree,
    model,
    catalogue,
    apis,
    entryPoints: model.entryPoints.map((point) => here(entryOfEntryPoint(catalogue, model, apis, point), point.start)),
    findings: findingsOf(tree, model, catalogue, withFlow),
    withFlow,
  };
}

/**
 * The catalogue's entry for what an entry point hangs on: the callback field; else the use of a kernel name that stands there, if one
 * does (`request_irq`, `MODULE_DEVICE_TABLE(of)`); else the structure or macro.
 */
function entryOfEntryPoint(
  catalogue: Catalogue,
  model: DriverModel,
  apis: readonly CatalogueEntry[],
  point: EntryPoint,
): CatalogueEntry {
  const { field, container, start, end } = point;
  if (field !== null) return catalogue.lookup(`${container}.${field}`, 'field');
  const [use, after] = apiRange(model, start, end);
  if (use < after && model.apis[use]!.name.startsWith(container)) return apis[use]!;
  const isTable = point.kind === 'driver' || point.kind === 'ops' || point.kind === 'id-table';
  return catalogue.lookup(container, isTable ? 'struct' : 'macro');
}

/**
 * The same analysis, with the findings that follow the paths of functions.
 * @param memory of the document: only functions that an edit has changed, or whose callees it has, are followed again
 */
export function addFlow(analysis: Analysis, memory?: FlowMemory): Analysis {
  if (analysis.withFlow) return analysis;
  const { tree, model, catalogue } = analysis;
  return { ...analysis, findings: findingsOf(tree, model, catalogue, true, memory), withFlow: true };
}

/**
 * Takes the findings of functions whose text has not changed over from an earlier analysis of the document, so that
 * an edit elsewhere does not make them vanish until the flow is followed again.
 */
export function carryFindings(earlier: Analysis, now: Analysis): Analysis {
  if (now.withFlow || earlier.findings.length === 0) return now;
  const before = new Map(earlier.model.functions.map((definition) => [definition.name, definition]));
  const known = new Set(now.findings.map(({ rule, start }) => `${rule} ${start}`));
  const findings = [...now.findings];
  for (const { name, start, end } of now.model.functions) {
    const old = before.get(name);
    if (!old || old.end - old.start !== end - start) continue;
    const inside = earlier.findings.filter((finding) => finding.start >= old.start && finding.end <= old.end);
    if (inside.length === 0 || earlier.tree.text.slice(old.start, old.end) !== now.tree.text.slice(start, end)) continue;
    const moved = start - old.start;
    for (const finding of inside) {
      if (known.has(`${finding.rule} ${finding.start + moved}`)) continue;
      const related = finding.related.filter((place) => place.start >= old.start && place.end <= old.end);
      findings.push({
        ...finding,
        start: finding.start + moved,
        end: finding.end + moved,
        related: related.map((place) => ({ ...place, start: place.start + moved, end: place.end + moved })),
      });
    }
  }
  return { ...now, findings: findings.sort((a, b) => a.start - b.start) };
}
