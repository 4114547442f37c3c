import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isReady, nextSteps, readinessOf, readinessText, type BuildFolder } from '../core';
import { UsageError } from '../node/kernels';
import { findTools, hostArch } from '../node/toolchain';
import { treeReader } from '../node/tree-reader';
import { write } from './output';

/** `r4l toolchain`: whether a kernel tree can be built with Rust here. */
export async function toolchain(
  place: string,
  options: { format: 'text' | 'json'; arch?: string; build?: string },
): Promise<void> {
  const { root, build } = await treeOf(place, options.build);
  const arch = options.arch ?? process.env.ARCH ?? hostArch();
  const readiness = await readinessOf(
    treeReader(root),
    await findTools(root),
    arch,
    build === undefined ? undefined : await folder(build),
  );
  await write(
    options.format === 'text'
      ? readinessText(readiness)
      : `${JSON.stringify({ schemaVersion: 1, ...readiness, ready: isReady(readiness), steps: nextSteps(readiness) })}\n`,
  );
}

/**
 * The tree, and the folder in which it is built if somebody says so: the option, KBUILD_OUTPUT as for make, or `place` itself, where make has left a link
 * `source` to the tree.
 */
async function treeOf(place: string, stated: string | undefined): Promise<{ root: string; build: string | undefined }> {
  const isTree = async (path: string): Promise<boolean> =>
    (await stat(join(path, 'Kconfig')).catch(() => undefined))?.isFile() ?? false;
  const root = resolve(place);
  const output = process.env.KBUILD_OUTPUT;
  if (await isTree(root))
    return { root, build: stated !== undefined ? resolve(stated) : output ? resolve(root, output) : undefined };
  const source = await realpath(join(root, 'source')).catch(() => undefined);
  if (source !== undefined && (await isTree(source))) return { root: source, build: resolve(stated ?? root) };
  throw new UsageError(`${place} is no kernel tree: its Makefile and Kconfig are expected there`);
}

async function folder(path: string): Promise<BuildFolder> {
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw new UsageError(`${path}: no such folder`);
  return { path, config: await readFile(join(path, '.config'), 'utf8').catch(() => undefined) };
}
