export type { Diagnosis, DiagnosisKind } from './diagnosis';
export { FlowFile } from './file';
export { FlowMemory } from './memory';
