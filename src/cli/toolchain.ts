import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isReady, nextSteps, readinessOf, readinessText } from '../core';
import { UsageError } from '../node/kernels';
import { findTools, hostArch } from '../node/toolchain';
import { treeReader } from '../node/tree-reader';
import { write } from './output';

/** `r4l toolchain`: whether a kernel tree can be built with Rust here. */
export async function toolchain(tree: string, options: { format: 'text' | 'json'; arch?: string }): Promise<void> {
  const root = resolve(tree);
  if (!(await stat(join(root, 'Kconfig')).catch(() => undefined))?.isFile())
    throw new UsageError(`${tree} is no kernel tree: its Makefile and Kconfig are expected there`);
  const readiness = await readinessOf(treeReader(root), await findTools(root), options.arch ?? process.env.ARCH ?? hostArch());
  await write(
    options.format === 'text'
      ? readinessText(readiness)
      : `${JSON.stringify({ schemaVersion: 1, ...readiness, ready: isReady(readiness), steps: nextSteps(readiness) })}\n`,
  );
}
