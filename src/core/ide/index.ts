export * from './annotations';
export {
  candidateName,
  candidatePlace,
  candidateSummary,
  candidateTitle,
  exemplarsOf,
  implementsTrait,
  missingNames,
  orderExemplars,
  reasonLeft,
  regionMarkdown,
  translatedPercent,
  type Exemplar,
  type MissingName,
  type RegionHover,
} from './candidate';
export { LinkedRegions, type CLine } from './linked-regions';
export { isCPath, kernelEvidence, type Evidence } from './detect';
export { findingAt, findingMarkdown } from './finding-hover';
export { describe, entryMarkdown, hoverAt, hoverItemAt, type Hover, type HoverContext } from './hover';
export { lensesOf, type Lens, type LensTarget } from './lenses';
export { codeSpan, escapeMarkdown } from './markdown';
export { allowHere, allowInFile, type Insertion } from './quick-fixes';
export { rustSideMarkdown, rustSidesOf, rustSideTitle, type RustSidePlace } from './rust-side';
export { placeOf, type RustPlace } from './places';
export { docsAbove, type RustDocs } from './rust-docs';
export { bestItem, counted, coverageOf, itemName, LABEL, STATUS_ICON, STATUS_TEXT, type Coverage } from './wording';
