import type { Catalogue, CatalogueEntry } from './catalogue/model';
import { apiRange, describeDriver, type DriverModel, type EntryPoint } from './driver';
import { findingsOf, type Finding } from './rules';
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
}

/** Analyses a parsed text for the kernel of `catalogue`. Never throws on any text. */
export function analyse(tree: SyntaxTree, catalogue: Catalogue): Analysis {
  const model = describeDriver(tree);
  const apis = model.apis.map(({ name, kind }) => catalogue.lookup(name, kind));
  return {
    tree,
    model,
    catalogue,
    apis,
    entryPoints: model.entryPoints.map((point) => entryOfEntryPoint(catalogue, model, apis, point)),
    findings: findingsOf(tree, model, catalogue),
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
