import type { DriverModel } from '../../driver';
import { functionAt } from '../../driver';
import { CKind, Field, type SyntaxTree } from '../../syntax';
import type { Report } from '../model';

/** A value of a HID report by a fixed place behind the first. */
const VALUE = /->field\[\w+\]->value$|\bfield->value$/;
/** What asks how many values a report has. Source: include/linux/hid.h, hid_validate_values(). */
const ASKS = /\breport_count\b|\bhid_validate_values\b|\bmaxusage\b/;

/** Writes to values of a report of which nothing in the file has asked how many it has: the device's description says that. */
export function* valuesUnasked(tree: SyntaxTree, model: DriverModel): Generator<Report> {
  if (!tree.text.includes('->value[') || !/\breport_list\b|\breport_enum\b|\breport_id_hash\b/.test(tree.text)) return;
  if (ASKS.test(tree.text)) return;
  const said = new Set<string>();
  for (const node of tree.nodesOfKind(CKind.subscript_expression)) {
    const index = tree.textOf(tree.childByField(node, Field.index));
    if (!/^(?:[1-9]|0x[1-9a-f])/i.test(index) || tree.hasError(node)) continue;
    if (!VALUE.test(tree.textOf(tree.childByField(node, Field.argument)))) continue;
    const name = functionAt(model, tree.starts[node]!)?.name;
    if (name === undefined || said.size > 0) continue;
    said.add(name);
    yield {
      node,
      function: name,
      message: `${tree.textOf(node)} is used, and nothing in this file asks how many values the report has (report_count, hid_validate_values()): the device's description says it`,
    };
  }
}
