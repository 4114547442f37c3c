// The core as scripts that measure findings use it: without a catalogue, so that rules alone speak.
import { loadSources, loadSyntax } from './sources.mjs';

/** @returns {Promise<{syntax, describeDriver, findingsOf}>} the parsers, the driver model and the rules of the sources as they are */
export async function coreFindings() {
  const core = await loadSources(
    "export * from './src/core/syntax'; export { describeDriver } from './src/core/driver'; export { findingsOf } from './src/core/rules';",
  );
  return { ...core, syntax: await loadSyntax(core) };
}
