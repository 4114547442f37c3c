import type * as vscode from 'vscode';
import { availableParallelism } from 'node:os';
import { makeReport } from '../node/report';
import { findTools, hostArch } from '../node/toolchain';
import { treeReader } from '../node/tree-reader';
import { start, type Api, type Host } from './start';

/** What a host with a disk has. Reports leave one processor to the editor. */
const host: Host = {
  name: 'node',
  diskReader: treeReader,
  toolFinder: { find: findTools, hostArch: hostArch() },
  diskReport: (dist) => (paths, options) =>
    makeReport(paths, { ...options, dist, jobs: spareProcessors(), cached: true, changed: undefined, shard: undefined }),
};

const spareProcessors = (): number => Math.max(1, availableParallelism() - 1);

/** Entry of the desktop and remote extension host. */
export const activate = (context: vscode.ExtensionContext): Api => start(context, host);
