// The driver model for scripts.
import { loadSources, loadSyntax } from './lib/sources.mjs';

/** `{ syntax, describeDriver, … }` of the sources as they are now. */
export async function loadDriver() {
  const core = await loadSources("export * from './src/core/syntax'; export * from './src/core/driver';");
  return { ...core, syntax: await loadSyntax(core) };
}
