import type { Catalogue, CatalogueEntry } from './catalogue/model';
import { describeDriver, type ApiUse, type DriverModel, type EntryPoint } from './driver';
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
  return {
    tree,
    model,
    catalogue,
    apis: model.apis.map((use) => entryOfUse(catalogue, use)),
    entryPoints: model.entryPoints.map((point) => entryOfEntryPoint(catalogue, point)),
    findings: findingsOf(tree, model, catalogue),
  };
}

/** The catalogue's entry for a use of a kernel name. */
export function entryOfUse(catalogue: Catalogue, use: ApiUse): CatalogueEntry {
  return catalogue.lookup(use.name, use.kind);
}

/** The catalogue's entry for what an entry point hangs on: the callback field, else the structure, the macro or the function. */
export function entryOfEntryPoint(catalogue: Catalogue, point: EntryPoint): CatalogueEntry {
  if (point.field !== null) return catalogue.lookup(`${point.container}.${point.field}`, 'field');
  switch (point.kind) {
    case 'driver':
    case 'ops':
    case 'id-table':
      return catalogue.lookup(point.container, point.function === null ? 'struct' : 'function');
    case 'irq':
    case 'work':
    case 'timer':
    case 'thread':
    case 'callback':
      return catalogue.lookup(point.container, 'function');
    default:
      return catalogue.lookup(point.container, 'macro');
  }
}
