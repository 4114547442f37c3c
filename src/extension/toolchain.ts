import * as vscode from 'vscode';
import {
  nextSteps,
  configPlace,
  readinessMarkdown,
  readinessOf,
  readinessSummary,
  type BuildFolder,
  type FoundTools,
  type Readiness,
  type ToolState,
} from '../core';
import { command } from './commands';
import type { Kernels, KernelTree } from './kernels';
import type { Log } from './log';
import { settingsOf } from './settings';

/** Asks the tools of this machine for their versions; only the host on Node can. */
export interface ToolFinder {
  find(tree: string): Promise<FoundTools>;
  /** ARCH of this machine. */
  hostArch: string;
}

interface Item extends vscode.QuickPickItem {
  run?: () => unknown;
}

const ICON: Record<ToolState['state'], string> = {
  ok: '$(pass)',
  newer: '$(warning)',
  'too old': '$(error)',
  missing: '$(error)',
  fails: '$(error)',
  'not looked for': '$(circle-slash)',
};

/** Registers the command that says whether the kernel tree can be built with Rust, and what to do. */
export function registerToolchain(kernels: Kernels, log: Log, finder: ToolFinder | undefined): vscode.Disposable {
  return command(log, 'r4l.toolchain', async () => {
    const tree = await treeInUse(kernels);
    if (!tree) {
      void vscode.window.showInformationMessage('Open a kernel tree first: what it needs to be built with Rust is read from it.');
      return;
    }
    // Tools run in the tree, which may choose them there.
    const mayRun = vscode.workspace.isTrusted && finder !== undefined && tree.root.scheme === 'file';
    const found = mayRun ? await finder.find(tree.root.fsPath) : null;
    const stated = await statedFolder(tree.root);
    const readiness = await readinessOf(kernels.readerOf(tree), found, finder?.hostArch ?? 'x86_64', stated);
    const whyNot = mayRun ? '' : whyNoTools(finder);
    const picked = await vscode.window.showQuickPick(itemsOf(readiness, tree, mayRun, whyNot), {
      title: readinessSummary(readiness),
      placeHolder: 'Pick a line to go where it is stated',
      matchOnDetail: true,
    });
    await picked?.run?.();
  });
}

/** The build folder that the settings name; undefined if they name none. */
async function statedFolder(root: vscode.Uri): Promise<BuildFolder | undefined> {
  const path = settingsOf(root).buildFolder;
  if (path === '') return undefined;
  const uri = /^(?:\/|[A-Za-z]:)/.test(path)
    ? vscode.Uri.file(path).with({ scheme: root.scheme })
    : vscode.Uri.joinPath(root, path);
  const bytes = await Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, '.config'))).catch(() => undefined);
  return { path, config: bytes && new TextDecoder().decode(bytes) };
}

const whyNoTools = (finder: ToolFinder | undefined): string =>
  finder && !vscode.workspace.isTrusted
    ? 'The workspace is not trusted: no tool is run in it.'
    : 'Tools can only be asked where VS Code runs on the machine that has the tree.';

/** The tree of the active file, else of the workspace; a pick if there are several. */
async function treeInUse(kernels: Kernels): Promise<KernelTree | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && (await kernels.treeOf(active));
  if (own) return own;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const trees = await Promise.all(folders.map(({ uri }) => kernels.treeOf(vscode.Uri.joinPath(uri, 'Kconfig'))));
  const distinct = [...new Map(trees.flatMap((tree) => (tree ? [[tree.root.toString(), tree] as const] : []))).values()];
  if (distinct.length < 2) return distinct[0];
  const picked = await vscode.window.showQuickPick(
    distinct.map((tree) => ({ label: vscode.workspace.asRelativePath(tree.root), description: tree.version, tree })),
    { title: 'Kernel tree to check' },
  );
  return picked?.tree;
}

function itemsOf(readiness: Readiness, tree: KernelTree, mayRun: boolean, whyNot: string): Item[] {
  const open = (file: string, line: number) => () => {
    const at = new vscode.Position(line - 1, 0);
    return vscode.window.showTextDocument(vscode.Uri.joinPath(tree.root, file), { selection: new vscode.Range(at, at) });
  };
  const group = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: Item[] = [group('Tools')];
  for (const { tool, needed, exact, found, state, problem } of readiness.tools)
    items.push({
      label: `${ICON[state]} ${tool}`,
      description: [needed && `needed ${needed}${exact ? '' : ' or newer'}`, found && `found ${found}`]
        .filter(Boolean)
        .join(', '),
      detail: state === 'ok' ? '' : state === 'not looked for' && whyNot !== '' ? whyNot : problem || state,
      run: open('scripts/min-tool-version.sh', 1),
    });
  items.push(group('Configuration'), {
    label: `${readiness.rust === 'y' ? '$(pass)' : '$(circle-slash)'} CONFIG_RUST`,
    description: readiness.rust + configPlace(readiness),
    run: open('init/Kconfig', 1),
  });
  for (const { text, file, line, because, unknown } of readiness.blockers)
    items.push({
      label: `$(error) ${text}`,
      description: `${file}:${line}`,
      detail: unknown ? 'not evaluated here' : because.map(({ symbol, value }) => `${symbol} is ${value}`).join(', '),
      run: open(file, line),
    });
  const steps = nextSteps(readiness);
  if (steps.length > 0) items.push(group('What to do'));
  steps.forEach((step, i) => items.push({ label: `${i + 1}. ${step.replace(/`/g, '')}` }));
  items.push(group('Actions'));
  if (mayRun)
    items.push({
      label: `$(terminal) Run ${readiness.check} in a terminal`,
      run: () => {
        const terminal = vscode.window.createTerminal({ name: 'Rust for Linux', cwd: tree.root });
        terminal.show();
        terminal.sendText(readiness.check);
      },
    });
  items.push({
    label: '$(markdown) Open as a document',
    run: async () => {
      const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: readinessMarkdown(readiness) });
      await vscode.window.showTextDocument(document);
    },
  });
  return items;
}
