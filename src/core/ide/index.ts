export * from './annotations';
export { isCPath, kernelEvidence, type Evidence } from './detect';
export { describe, entryMarkdown, hoverAt, hoverItemAt, type Hover, type HoverContext } from './hover';
export { lensesOf, type Lens, type LensTarget } from './lenses';
export { codeSpan, escapeMarkdown } from './markdown';
export { rustSideMarkdown, rustSidesOf, rustSideTitle, type RustSidePlace } from './rust-side';
export { placeOf, type RustPlace } from './places';
export { docsAbove, type RustDocs } from './rust-docs';
export { bestItem, counted, coverageOf, itemName, LABEL, STATUS_ICON, STATUS_TEXT, type Coverage } from './wording';
