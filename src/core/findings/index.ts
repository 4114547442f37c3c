export { baselineText, readBaseline, type Baseline } from './baseline';
export { changedLinesOf, WHOLE_FILE, type LineRanges } from './changed-lines';
export {
  CONFIGURATION_FILE,
  configured,
  EMPTY_CONFIGURATION,
  readConfiguration,
  type Configuration,
  type ConfigurationProblem,
} from './configuration';
export { fingerprintsOf } from './fingerprint';
export { cwePage, sarifEnd, sarifResults, sarifStart, type SarifRun } from './sarif';
export { fails, isOpen, select, SEVERITIES, type Selection } from './selection';
