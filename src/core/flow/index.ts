export type { Diagnosis, DiagnosisKind } from './diagnosis';
export { FlowFile } from './file';
