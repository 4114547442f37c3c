// Makes the catalogue snapshots that ship with the extension, out of kernel trees:
//   npm run snapshots -- TREE…      (or R4L_TREES="TREE TREE …"; default: ~/lab/linux-source-{6.1,6.12,7.2,7.3})
// Facts only: names, paths, lines, signatures. Made again from the same trees the files are the same, byte for byte.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadCore, loadSyntax, treeReader } from './lib/catalogue.mjs';
import { root } from './lib/root.mjs';

const LIMIT = 600 * 1024;
const named = process.argv.slice(2);
const fromEnvironment = (process.env.R4L_TREES ?? '').split(/\s+/).filter(Boolean);
const trees =
  named.length > 0
    ? named
    : fromEnvironment.length > 0
      ? fromEnvironment
      : ['6.1', '6.12', '7.2', '7.3'].map((release) => join(homedir(), `lab/linux-source-${release}`));
const missing = trees.filter((tree) => !existsSync(join(tree, 'rust/kernel/lib.rs')));
if (missing.length > 0) {
  console.error(`no kernel tree with rust/kernel: ${missing.join(', ')}`);
  process.exit(2);
}

const core = await loadCore();
const syntax = await loadSyntax(core);
const kernels = [];
for (const tree of trees) {
  const started = performance.now();
  const data = await core.indexTree(treeReader(tree), syntax);
  console.log(
    `${data.version}: ${data.items.length} Rust items, ${Object.keys(data.names).length} C names, ${Math.round(performance.now() - started)} ms`,
  );
  kernels.push(data);
}
const numbers = (version) => version.split('.').map(Number);
kernels.sort((a, b) => numbers(a.version)[0] - numbers(b.version)[0] || numbers(a.version)[1] - numbers(b.version)[1]);
kernels.forEach((data, index) => core.addHistory(data, kernels.slice(0, index)));

const { facts, names } = core.shareNames(kernels);
/** zlib's gzip without time or file name: the same bytes each time. */
const gzip = (text) => gzipSync(text, { level: 9 });
const files = new Map([['names.txt.gz', gzip(names)]]);
const index = { format: kernels[0].format, kernels: [], names: 'names.txt.gz' };
facts.forEach((data, number) => {
  const file = `${data.version.split('.').slice(0, 2).join('.')}.json.gz`;
  files.set(file, gzip(JSON.stringify(data)));
  index.kernels.push({ version: data.version, file, bit: 1 << number });
});
files.set('index.json', Buffer.from(`${JSON.stringify(index, null, 2)}\n`));

const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
const dir = join(root, 'snapshots');
rmSync(dir, { recursive: true, force: true });
mkdirSync(dir, { recursive: true });
for (const [name, bytes] of files) writeFileSync(join(dir, name), bytes);
console.log(
  `${[...files].map(([name, bytes]) => `${name} ${Math.round(bytes.length / 1024)} KB`).join(', ')}; ${Math.round(total / 1024)} KB together`,
);
if (total > LIMIT) {
  console.error(`the snapshots are over ${LIMIT / 1024} KB`);
  process.exit(1);
}
