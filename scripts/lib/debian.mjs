// Debian packages, for the tests and pictures: only as root, and only on a system that has apt-get.
import { existsSync } from 'node:fs';
import { run } from './process.mjs';

/** Installs packages where that is allowed. @returns {Promise<string | undefined>} the reason why it could not. */
export async function aptInstall(...packages) {
  if (!existsSync('/usr/bin/apt-get')) return 'this is not a Debian system';
  if (process.getuid?.() !== 0) return 'only root may run apt-get';
  console.log(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lines = [];
  const quiet = { env, timeoutMs: 5 * 60_000, onLine: (line) => lines.push(line) };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { code } = await run('apt-get', ['-q', ...args], quiet);
    if (code !== 0) {
      console.log(lines.slice(-10).join('\n'));
      return `apt-get ${args[0]} failed (exit ${code})`;
    }
  }
  return undefined;
}
