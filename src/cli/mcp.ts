import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyse, tools, type ToolEngine } from '../core';
import { loadSyntax } from '../node/assets';
import { candidateOf } from '../node/candidate';
import { resolveCatalogue, UsageError } from '../node/kernels';
import { makeReport } from '../node/report';
import { readSource } from '../node/source-files';

/** `r4l mcp`: the tools for language models, by the Model Context Protocol on standard input and output. No network. */
export async function mcp(options: { kernel?: string }, dist: string): Promise<void> {
  const engine = engineOf(options.kernel, dist);
  const { serve } = (await import(pathToFileURL(join(dist, 'mcp.js')).href)) as typeof import('./mcp-server');
  await serve(
    tools.map((tool) => ({ ...tool, call: (input) => tool.run(input, engine) })),
    'r4l',
    process.env.R4L_VERSION ?? 'unknown',
  );
}

/** @param standard the kernel where a tool is not told which */
function engineOf(standard: string | undefined, dist: string): ToolEngine {
  const syntax = loadSyntax(dist);
  const catalogue = async (kernel: string | undefined, near: string | undefined) =>
    resolveCatalogue(kernel ?? standard, near ?? process.cwd(), await syntax, dist);
  return {
    catalogue,
    async analyse(path, kernel) {
      await mustExist(path);
      const source = await readSource(path);
      if ('reason' in source) throw new UsageError(`${path}: ${source.reason}`);
      return analyse((await syntax).parse('c', source.text), await catalogue(kernel, path));
    },
    async report(paths, kernel) {
      for (const path of paths) await mustExist(path);
      const options = { dist, jobs: undefined, cached: true, changed: undefined, shard: undefined };
      return makeReport(paths, { ...options, catalogue: await catalogue(kernel, paths[0]) });
    },
    candidate: async (paths, kernel) => (await candidateOf(paths, kernel ?? standard, await syntax, dist)).candidate,
  };
}

async function mustExist(path: string): Promise<void> {
  await stat(path).catch(() => {
    throw new UsageError(`${path}: no such file or folder; the server runs in ${process.cwd()}`);
  });
}
