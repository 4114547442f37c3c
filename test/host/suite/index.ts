// The entry of the suite in every host (desktop, code-server, web worker): VS Code calls run(), and turns a resolved promise
// into exit code 0 and a rejected one into 1.
import * as vscode from 'vscode';
import { create } from 'virtual:mocha';
import { load } from 'virtual:suites';

/** The mark tells the suite's lines from the workbench's own (scripts/lib/host.mjs). */
function print(text: string): void {
  for (const line of text.split('\n')) console.log(`[mocha] ${line}`);
}

export async function run(): Promise<void> {
  const mocha = create({ ui: 'bdd', timeout: 20_000, color: false, forbidOnly: true }, print);
  try {
    load();
  } catch (error) {
    print(`the suites do not load: ${String(error)}`);
    throw error;
  }
  print(`VS Code ${vscode.version}, ${vscode.env.appHost}, ${vscode.env.remoteName ?? 'local'}`);
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      // The runner insists on this line: a host that ends early can then never look green.
      print(`RESULT ${JSON.stringify({ passes, failures, pending })}`);
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else if (passes === 0) reject(new Error('no test ran'));
      else resolve();
    });
  });
}
