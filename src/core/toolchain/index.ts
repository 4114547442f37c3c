/** Whether a kernel tree can be built with Rust: what it asks for, what is there, what blocks CONFIG_RUST. */
export { parseMinVersions, type MinVersions } from './min-versions';
export type { BuildFolder } from './build-folder';
export { isReady, readinessOf, type Blocker, type FoundTools, type Readiness, type ToolState } from './readiness';
export { nextSteps, configPlace, readinessMarkdown, readinessSummary, readinessText } from './render';
