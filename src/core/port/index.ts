export { ApiIndexBuilder, openApiIndex, type ApiIndex, type ApiIndexData } from './api-index';
export { reportDriver, subsystemOf, type DriverSources, type Surroundings } from './driver';
export { factsOfTree, fileFacts, wholeFinding, type FileFacts, type FindingFact } from './facts';
export { Kbuild, foldersAbove, type Module } from './kbuild/modules';
export { normalise } from './kbuild/makefile';
export { parseMaintainers, type Maintainers, type MaintainersMatch } from './maintainers';
export { contentsOf, driverLine, type ReadFile, type DriverGroup, type DriverLine, type DriverPlace } from './driver-tree';
export { lifecycleOf, type Acquisition, type LifecyclePlace } from './lifecycle';
export { byPath, mergeReports } from './merge';
export type {
  ByStatus,
  DriverMaintainers,
  DriverReport,
  EntryKind,
  Level,
  MissingGroup,
  PartName,
  Report,
  ScorePart,
  Totals,
  Unlock,
} from './model';
export { DRIVER_ORDERS, filterText, inOrder, passes, type DriverFilter, type DriverOrder } from './selection';
export { totalsOf, unlocks } from './totals';
export { SCALE, STATE_VALUE, STATUS_VALUE, WEIGHTS, type Weight } from './weights';
export * from './render';
