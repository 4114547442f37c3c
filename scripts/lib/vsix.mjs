// Makes the .vsix and looks into it.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { run } from './process.mjs';
import { vsixFile } from './root.mjs';

/** The largest .vsix that `npm run package` accepts. */
export const maxBytes = 3_000_000;

/** Builds for production and packs; `.vscodeignore` says what goes in. */
export async function makeVsix({ timeoutMs } = {}) {
  const steps = [
    ['esbuild.mjs', '--production'],
    // The project depends on nothing at run time: the bundles hold everything.
    [
      'node_modules/@vscode/vsce/vsce',
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
    ],
  ];
  steps[1].push('--out', vsixFile);
  for (const args of steps) {
    const lines = [];
    const { code } = await run(process.execPath, args, { timeoutMs, onLine: (line) => lines.push(line) });
    if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} failed (exit ${code})\n${lines.join('\n')}`);
  }
  const bytes = readFileSync(vsixFile).length;
  if (bytes > maxBytes) throw new Error(`${vsixFile} has ${bytes} bytes; ${maxBytes} are allowed`);
  return bytes;
}

/** The files of a .vsix, a zip archive: name → a function that returns its bytes. */
export function readVsix(file) {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${file} is no zip archive`);
  const files = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const header = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    files.set(name, () => {
      const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
      const data = zip.subarray(start, start + size);
      return method === 0 ? data : inflateRawSync(data);
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
