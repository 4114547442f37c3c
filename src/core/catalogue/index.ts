export type {
  Catalogue,
  CatalogueEntry,
  KernelIdentity,
  KernelShapes,
  Relation,
  TraitMember,
  TraitShape,
  RustItem,
  RustItemKind,
  RustSide,
  Status,
} from './model';
export type { CatalogueData } from './data';
export type { TreeReader } from './reader';
export { indexTree, readTree, withFile, type IndexOptions } from './indexer';
export { linkTree, pathsNamedBy, TreeLinker, type TreeFacts } from './link/build';
export { indexRustFile } from './rust/items';
export { openCatalogue } from './lookup';
export { NO_SHAPES } from './shapes';
export {
  decodeSnapshot,
  encodeSnapshot,
  encodeText,
  readSnapshot,
  shareNames,
  shippedKernels,
  type ReadSnapshotFile,
  type SnapshotIndex,
} from './snapshot';
export { addHistory, addShippedHistory } from './history';
export { scanHeader, type HeaderFacts } from './c/header';
