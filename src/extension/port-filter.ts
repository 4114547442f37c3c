import * as vscode from 'vscode';
import { filterText, rules, STATUS_TEXT, type DriverFilter } from '../core';

/** Asks for a further condition on drivers; undefined if the user thinks better of it. */
export async function askFilter(filter: DriverFilter): Promise<DriverFilter | undefined> {
  type Item = vscode.QuickPickItem & { with: () => Promise<DriverFilter | undefined> | DriverFilter };
  const items: Item[] = [
    {
      label: 'Name, path, Kconfig symbol or bus…',
      with: async () => {
        const text = await vscode.window.showInputBox({
          title: 'Drivers whose name, path, symbol or bus has',
          value: filter.text ?? '',
        });
        return text === undefined
          ? undefined
          : without({ ...filter, text: text.trim() }, text.trim() === '' ? 'text' : undefined);
      },
    },
    { label: 'Has a Rust candidate', with: () => ({ ...filter, rewritable: true }) },
    {
      label: 'Lacks an abstraction…',
      with: async () => {
        const lacks = await vscode.window.showInputBox({
          title: 'Drivers that lack the abstraction',
          placeHolder: 'the header it stands for: linux/regmap',
          value: filter.lacks ?? '',
        });
        return lacks === undefined
          ? undefined
          : without({ ...filter, lacks: lacks.trim() }, lacks.trim() === '' ? 'lacks' : undefined);
      },
    },
    ...(['safe', 'partial', 'raw', 'none'] as const).map((status): Item => ({
      label: `Uses names with: ${STATUS_TEXT[status]}`,
      with: () => ({ ...filter, status }),
    })),
    ...rules.map(({ metadata }): Item => ({
      label: `Has findings of ${metadata.id}`,
      description: metadata.cwe,
      with: () => ({ ...filter, rule: metadata.id }),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Show only drivers that', placeHolder: filterText(filter) });
  return picked?.with();
}

function without(filter: DriverFilter, field: keyof DriverFilter | undefined): DriverFilter {
  return field === undefined ? filter : Object.fromEntries(Object.entries(filter).filter(([name]) => name !== field));
}
