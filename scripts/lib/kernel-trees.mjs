// Kernel trees for the tests and measurements: Debian's linux-source packages, unpacked under .vscode-test/kernel-trees (or
// $R4L_TREES), less what no test reads. apt works with lists of its own; nothing is installed.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './process.mjs';
import { toolsDir } from './root.mjs';

export const releases = ['7.3', '7.2', '6.12', '6.1'];

/** Where the trees are: `linux-source-7.3` … in it. */
export const treesDir = resolve(process.env.R4L_TREES ?? join(toolsDir, 'kernel-trees'));

/** Debian's suites that carry the packages. */
const SUITES = ['bookworm', 'trixie', 'trixie-backports', 'sid'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What the tests read of a tree; an asterisk stands for folders, too. */
const PARTS = [
  'Makefile',
  'Kconfig',
  'MAINTAINERS',
  'init/Kconfig',
  'scripts/min-tool-version.sh',
  'scripts/rust_is_available.sh',
  'arch/x86/include',
  'arch/Kconfig',
  'arch/*/Kconfig*',
  'kernel/*Kconfig*',
  'rust',
  'samples',
  'include',
  'drivers',
  'fs',
  'net',
  'lib',
  'mm',
  'block',
  'sound',
  'crypto',
  'security',
];
/** A file of each pattern that every release has. */
const WITNESS = { 'arch/*/Kconfig*': 'arch/arm64/Kconfig.platforms', 'kernel/*Kconfig*': 'kernel/Kconfig.hz' };

export const treeOf = (release) => join(treesDir, `linux-source-${release}`);
const isThere = (release) => PARTS.every((part) => existsSync(join(treeOf(release), WITNESS[part] ?? part)));

/** The mirror that the machine's own apt uses. */
function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []), '/etc/apt/sources.list'];
  for (const file of files.filter(existsSync)) {
    const [found] = /https?:\/\/[^ \n]+\/debian\/?(?=[ \n])/.exec(readFileSync(file, 'utf8')) ?? [];
    if (found) return found;
  }
  return undefined;
}

/** apt-get or dpkg-deb, quietly; throws with the last lines of output if it fails. */
async function quietly(command, args, options) {
  const lines = [];
  const { code } = await run(command, args, { timeoutMs: 10 * 60_000, onLine: (line) => lines.push(line), ...options });
  if (code !== 0) throw new Error(`${command} ${args.at(-1)} failed (exit ${code}): ${lines.slice(-3).join(' ')}`);
}

/** Fetches the trees that are not there yet. @returns {Promise<string | undefined>} the reason why it could not. */
export async function fetchKernelTrees(wanted = releases) {
  const missing = wanted.filter((release) => !isThere(release));
  if (missing.length === 0) return undefined;
  if (!existsSync('/usr/bin/apt-get') || !existsSync(KEYRING)) return 'this is not a Debian system';
  const from = mirror();
  if (!from) return 'no Debian mirror is named in /etc/apt';
  const apt = join(treesDir, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial', 'none']) mkdirSync(join(apt, folder), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), SUITES.map((suite) => `deb [signed-by=${KEYRING}] ${from} ${suite} main\n`).join(''));
  const settings = {
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': join(apt, 'none'),
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '5',
  };
  const options = ['-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
  try {
    await quietly('apt-get', [...options, 'update']);
    for (const release of missing) await unpack(release, options);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}

async function unpack(release, aptOptions) {
  console.log(`Fetching linux-source-${release} (Debian) …`);
  const folder = join(treesDir, `partial-${release}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await quietly('apt-get', [...aptOptions, 'download', `linux-source-${release}`], { cwd: folder });
  const parts = PARTS.map((part) => `'linux-source-${release}/${part}'`).join(' ');
  const script = `set -o pipefail; dpkg-deb --fsys-tarfile *.deb | tar -xO --wildcards './usr/src/*.tar.xz' | xz -dc -T2 | tar -x --wildcards ${parts}`;
  await quietly('bash', ['-c', script], { cwd: folder });
  rmSync(treeOf(release), { recursive: true, force: true });
  renameSync(join(folder, `linux-source-${release}`), treeOf(release));
  rmSync(folder, { recursive: true, force: true });
}
