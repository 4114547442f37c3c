/** The one face of the core: everything that the command line, the extension and scripts use of it. */
export * from './analysis';
export * from './catalogue';
export * from './driver';
export * from './findings';
export { FlowMemory } from './flow';
export * from './ide';
export * from './kconfig';
export * from './kernel-version';
export * from './port';
export * from './rewrite';
export * from './toolchain';
export { rules, type Finding, type Rule, type RuleMetadata, type Severity } from './rules';
export * from './tools';
export { lineIndex, Syntax, SyntaxTree, SyntaxDocument, type SyntaxAssets, type TextChange, type Position } from './syntax';
