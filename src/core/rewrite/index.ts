/** From C drivers to Rust starting points: all that is used from outside of this folder. */
export type { Candidate, DriverFile, RegionLink } from './candidate';
export type { Statistics } from './driver/header';
export type { DeviceContext, KernelApi } from './kernel-api';
export { idiomAt, type Idiom } from './idioms';
export { gatherDriver, rewriteSources, type HeaderCache, type ReadText } from './sources';
export { openKernelApi } from './kernel-source';
export { rewriteDriver } from './rewrite';
