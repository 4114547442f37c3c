import * as vscode from 'vscode';
import type { Assets } from './assets';
import { command } from './commands';
import type { Log } from './log';

const SCHEME = 'r4l-rule';
const COMMAND = 'r4l.openRule';

/** Address that opens a rule's page where VS Code follows links of our diagnostics. */
export const ruleLink = (rule: string): vscode.Uri =>
  vscode.Uri.parse(`command:${COMMAND}?${encodeURIComponent(JSON.stringify([rule]))}`);

/** The command that opens a rule's page. */
export const openRule = (rule: string): vscode.Command => ({
  command: COMMAND,
  title: `Open the page of ${rule}`,
  arguments: [rule],
});

/** Registers the rules' pages: documents of a scheme of their own, since not every host can open the extension's files in an editor. */
export function registerRulePages(assets: Assets, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: ({ path }) => assets.rulePage(path.slice(1)),
    }),
    command(log, COMMAND, async (rule: string) => {
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
      const known = await vscode.commands.getCommands(true);
      if (known.includes('markdown.showPreview')) await vscode.commands.executeCommand('markdown.showPreview', uri);
      else await vscode.window.showTextDocument(uri, { preview: true });
    }),
  );
}
