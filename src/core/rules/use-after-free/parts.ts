import { functionAt } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, RuleContext } from '../model';

/** What gives a driver its part of an object, and what frees object and part together. Sources: include/linux/netdevice.h, iio.h, mmc/host.h, spi.h; net/mac80211.h; scsi/scsi_host.h. */
const PARTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^netdev_priv$/, /^free_(?:netdev|candev|sja1000dev|c_can_dev|cc770dev)$/],
  [/^iio_priv$/, /^iio_device_free$/],
  [/^mmc_priv$/, /^mmc_free_host$/],
  [/^spi_(?:controller|master)_get_devdata$/, /^spi_(?:controller|master)_put$/],
  [/^shost_priv$/, /^scsi_host_put$/],
  [/^wiphy_priv$/, /^wiphy_free$/],
  [/^->priv$/, /^ieee80211_free_hw$/],
  [/^->private_data$/, /^snd_card_free$/],
];
const FREES: ReadonlySet<string> = new Set(
  'free_netdev free_candev free_sja1000dev free_c_can_dev free_cc770dev iio_device_free mmc_free_host spi_controller_put spi_master_put scsi_host_put wiphy_free ieee80211_free_hw snd_card_free'.split(
    ' ',
  ),
);

/** Uses of a driver's part of an object after the object was freed. */
export function usesOfFreedParts({ tree, model, calls }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { name, node, arguments: args } of calls(FREES)) {
    const pair = PARTS.find(([, frees]) => frees.test(name));
    const object = args[0];
    const statement = tree.parents[node]!;
    const inside = functionAt(model, tree.starts[node]!);
    if (!pair || !inside || object === undefined || tree.kinds[statement] !== (CKind.expression_statement as number)) continue;
    const text = tree.text.slice(inside.start, inside.end);
    const part = partOf(text, tree.textOf(object).replace(/\s+/g, ''), pair[0]);
    const use = part === '' ? NONE : useAfter(tree, statement, part);
    if (use === NONE) continue;
    reports.push({
      node: use,
      function: inside.name,
      message: `${part} is used after ${name}(), which frees it with ${tree.textOf(object)}`,
      related: [{ start: tree.starts[node]!, end: tree.ends[node]!, message: `${name}() frees it here` }],
    });
  }
  return reports;
}

/** The variable that holds the driver's part of `object` in a function. */
function partOf(text: string, object: string, how: RegExp): string {
  const quoted = object.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const [, name, callee] of text.matchAll(new RegExp(`\\b(\\w+)\\s*=\\s*(\\w+)\\s*\\(\\s*${quoted}\\s*\\)`, 'g')))
    if (how.test(callee!)) return name!;
  for (const [, name, field] of text.matchAll(new RegExp(`\\b(\\w+)\\s*=\\s*${quoted}(->\\w+)\\s*[;,]`, 'g')))
    if (how.test(field!)) return name!;
  return '';
}

/** The first use of `part` in the statements after `statement`, before the way ends or the variable is set. */
function useAfter(tree: SyntaxTree, statement: number, part: string): number {
  for (let next = tree.nextSibling(statement); next !== NONE; next = tree.nextSibling(next)) {
    if (tree.kinds[next] === (CKind.labeled_statement as number)) return NONE;
    for (let node = next; node < tree.nexts[next]!; node++) {
      if (tree.kinds[node] !== (CKind.identifier as number) || !tree.hasText(node, part)) continue;
      const parent = tree.parents[node]!;
      const kind = tree.kinds[parent] as CKind;
      if (kind === CKind.assignment_expression && tree.childByField(parent, Field.left) === node) return NONE;
      if (kind === CKind.field_expression || kind === CKind.argument_list) return kind === CKind.field_expression ? parent : node;
    }
    const kind = tree.kinds[next] as CKind;
    if (kind === CKind.return_statement || kind === CKind.goto_statement || kind === CKind.break_statement) return NONE;
  }
  return NONE;
}
