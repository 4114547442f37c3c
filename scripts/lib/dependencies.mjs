// The npm packages of the project: installed when node_modules does not hold what package-lock.json says.
// Imports nothing but Node, so that it runs on a fresh clone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';
import { root } from './root.mjs';

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** Does npm's own record of what it installed agree with the lock file? (Optional packages may be for other platforms.) */
function upToDate() {
  let installed;
  try {
    installed = packagesOf('node_modules/.package-lock.json');
  } catch {
    return false;
  }
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, entry]) => path === '' || (installed[path] ? installed[path].version === entry.version : entry.optional),
  );
}

/** Runs `npm ci` if it has to; throws a one-line error if that fails. */
export async function ensureDependencies() {
  if (upToDate()) return;
  console.log('Installing the npm packages (npm ci) …');
  const { code, output } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    timeoutMs: 10 * 60_000,
  });
  if (code !== 0) throw new Error(`npm ci failed (exit ${code})${output ? '' : ': no output'}; is the npm registry reachable?`);
}
