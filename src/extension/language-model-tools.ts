import * as vscode from 'vscode';
import { InputError, nearestSnapshot, releaseOf, tools, type Catalogue, type Input, type ToolEngine } from '../core';
import type { Assets } from './assets';
import type { Candidates } from './candidates';
import { ReportError, type DriverReports } from './driver-reports';
import type { Kernels } from './kernels';
import type { Log } from './log';

/** Registers the tools for language models; package.json describes them, in the words of the core. */
export function registerLanguageModelTools(
  assets: Assets,
  kernels: Kernels,
  candidates: Candidates,
  reports: DriverReports,
  log: Log,
): vscode.Disposable {
  const engineFor = (token: vscode.CancellationToken) => engineOf(assets, kernels, candidates, reports, token);
  return vscode.Disposable.from(
    ...tools.map((tool) =>
      vscode.lm.registerTool<Input>(`r4l_${tool.name}`, {
        prepareInvocation: ({ input }) => ({ invocationMessage: `${tool.title}: ${subject(input)}` }),
        async invoke({ input }, token) {
          try {
            const text = await tool.run(input, engineFor(token));
            return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
          } catch (error) {
            if (!(error instanceof InputError || error instanceof ReportError || error instanceof vscode.CancellationError))
              log.error(`r4l_${tool.name}`, error);
            throw error; // VS Code tells the model its message
          }
        },
      }),
    ),
  );
}

/** What a tool is asked about, for the message while it runs. */
const subject = ({ names, paths, path }: Input): string =>
  [names ?? paths ?? path]
    .flat()
    .filter((one) => typeof one === 'string')
    .slice(0, 3)
    .join(', ');

function engineOf(
  assets: Assets,
  kernels: Kernels,
  candidates: Candidates,
  reports: DriverReports,
  token: vscode.CancellationToken,
): ToolEngine {
  const catalogue = async (kernel: string | undefined, near: vscode.Uri | undefined): Promise<Catalogue> => {
    const versions = await assets.versions();
    if (kernel !== undefined) {
      const version = versions.find((candidate) => candidate === kernel || releaseOf(candidate) === releaseOf(kernel));
      if (version === undefined) throw new InputError(`no snapshot of ${kernel} is shipped, only of ${versions.join(', ')}`);
      return assets.snapshot(version);
    }
    const place = near ?? vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    return place ? (await kernels.kernelOf(place)).catalogue : assets.snapshot(nearestSnapshot(versions));
  };
  return {
    catalogue: (kernel) => catalogue(kernel, undefined),
    async analyse(path, kernel) {
      const uri = await resolve(path);
      return reports.analysisOf(uri, await catalogue(kernel, uri));
    },
    async report(paths, kernel) {
      const uris = await Promise.all(paths.map(resolve));
      const {
        schemaVersion,
        kernel: used,
        totals,
        drivers,
        skipped,
      } = await reports.of(uris, token, undefined, await catalogue(kernel, uris[0]));
      return { schemaVersion, kernel: used, totals, drivers, skipped };
    },
    async candidate([path, ...more], kernel) {
      if (kernel !== undefined) throw new InputError('the setting r4l.kernelVersion chooses the kernel here: leave "kernel" out');
      if (more.length > 0) throw new InputError("one file at a time here: its driver's other files are not asked for");
      const found = await candidates.of(await open(path!), token);
      if (!found) throw new InputError(`${path!} is no kernel C`);
      return found.candidate;
    },
  };
}

const open = async (path: string): Promise<vscode.TextDocument> => vscode.workspace.openTextDocument(await resolve(path));

/** The address of a path that a model names: absolute, or relative to a folder of the workspace. */
async function resolve(path: string): Promise<vscode.Uri> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const absolute = /^(?:\/|[A-Za-z]:[\\/])/.test(path);
  const places = absolute
    ? [folders[0] && folders[0].uri.scheme !== 'file' ? folders[0].uri.with({ path }) : vscode.Uri.file(path)]
    : folders.map(({ uri }) => vscode.Uri.joinPath(uri, path));
  for (const uri of places) {
    try {
      await vscode.workspace.fs.stat(uri);
      return uri;
    } catch {
      // not there: the next folder
    }
  }
  throw new InputError(
    `${path}: no such file or folder in ${folders.map(({ name }) => name).join(', ') || 'an empty workspace'}`,
  );
}
