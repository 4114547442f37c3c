export { CKind, Field, RustKind } from './kinds';
export { NONE, NodeFlag, SyntaxTree, lineIndex, lineStartsOf, type Position } from './tree';
export { Syntax, sameTree, type SyntaxAssets } from './syntax';
export { confidenceOf, damagedShare, type ParseConfidence } from './confidence';
export { SyntaxDocument, type TextChange } from './document';
export type { GrammarName } from './grammar';
