import type { DriverModel } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import type { Report } from '../model';
import type { Mentions } from './closure';

/** What makes a driver known to the kernel, and what takes that back: register | unregister | what it is. Sources: include/linux/interrupt.h, netdevice.h, miscdevice.h, input.h, reboot.h, cdev.h, hwmon.h. */
const PAIRS: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /^(?:request_irq|request_threaded_irq|request_any_context_irq)$/,
    /\b(?:pci_|devm_)?free_irq\b|\bfree_irqs?\b|_free_irqs?\b/,
    'interrupt',
  ],
  [/^register_netdev$/, /\bunregister_\w*(?:netdev|dev|device|netdevice)\w*\b/, 'network device'],
  [/^misc_register$/, /\bmisc_deregister\b/, 'misc device'],
  [/^input_register_device$/, /\binput_unregister_device\b/, 'input device'],
  [
    /^register_(?:reboot|netdevice|inetaddr|pm|cpu|die|module|keyboard|oom|switchdev|inet6addr)_?\w*notifier$/,
    /\bunregister_\w*notifier\b/,
    'notifier',
  ],
  [/^cdev_add$/, /\bcdev_(?:device_)?del\b/, 'character device'],
];
/** Functions that register, by name. */
export const REGISTERS: ReadonlySet<string> = new Set(
  'request_irq request_threaded_irq request_any_context_irq register_netdev misc_register input_register_device register_reboot_notifier register_netdevice_notifier register_inetaddr_notifier register_pm_notifier register_inet6addr_notifier cdev_add'.split(
    ' ',
  ),
);
/** What frees data by hand, or for the driver when it is unbound. */
const GOES =
  /\b(?:kv?free(?:_sensitive)?|free_netdev|free_candev|iio_device_free|scsi_host_put|spi_controller_put|mmc_free_host|snd_card_free)\s*\(|\bdevm_(?:k[zmc]alloc|kmalloc_array|kzalloc_obj|kmalloc_obj)\w*\s*\(/;

/** Reports what probe registers and nothing on the way out takes back, though the data behind it goes. */
export function leftRegistered(
  tree: SyntaxTree,
  model: DriverModel,
  removes: readonly string[],
  probed: () => ReadonlySet<string>,
  torn: () => ReadonlySet<string>,
  mentions: Mentions,
): Report[] {
  const reports: Report[] = [];
  const where = model.functions.find(({ name }) => removes.includes(name));
  if (!where) return reports;
  const said = new Set<string>();
  for (const definition of model.functions) {
    if (!probed().has(definition.name) || torn().has(definition.name)) continue;
    const text = tree.text.slice(definition.start, definition.end);
    if (!PAIRS.some(([, , what]) => !said.has(what)) || !/\w*register\w*\s*\(|request_\w*irq\s*\(|cdev_add/.test(text)) continue;
    for (let node = definition.body; node < tree.nexts[definition.body]!; node++) {
      if (tree.kinds[node] !== (CKind.call_expression as number)) continue;
      const name = calleeOf(tree, node);
      const pair = PAIRS.find(([registers]) => registers.test(name));
      if (!pair || said.has(pair[2])) continue;
      said.add(pair[2]);
      if (!isLeft(tree, model, pair, probed(), torn(), mentions, node)) continue;
      const bodies = model.functions.filter((one) => torn().has(one.name) || one.name === definition.name);
      if (!bodies.some(({ start, end }) => GOES.test(tree.text.slice(start, end)))) continue;
      reports.push({
        node: tree.nodeAt(where.nameStart),
        function: where.name,
        related: [{ start: tree.starts[node]!, end: tree.ends[node]!, message: `${name}() registers it here` }],
        message: `${where.name}() does not take back the ${pair[2]} that ${name}() has registered, and the data behind it goes`,
      });
    }
  }
  return reports;
}

/** Nothing takes it back but where the setting up fails; and nothing of another file is asked to. */
function isLeft(
  tree: SyntaxTree,
  model: DriverModel,
  [, takesBack, what]: (typeof PAIRS)[number],
  probed: ReadonlySet<string>,
  torn: ReadonlySet<string>,
  mentions: Mentions,
  node: number,
): boolean {
  const { text } = tree;
  const args = argumentsOf(tree, node).map((argument) => tree.textOf(argument));
  // What the handler is given, or what is registered.
  const data = /^\w+$/.test(args.at(-1) ?? '') ? args.at(-1)! : '';
  const entered = mentions.closure(
    model.entryPoints.flatMap(({ kind, function: name }) => (name === null || kind === 'probe' ? [] : [name])),
  );
  const prefixes = new Set([...torn].map(prefixOf));
  const own = new Set(model.functions.map(({ name }) => name));
  for (const { name, start, end } of model.functions) {
    const body = text.slice(start, end);
    if (takesBack.test(body) && (torn.has(name) || !probed.has(name) || entered.has(name))) return false;
    // The way out asks functions of other files, which may do it: of the driver's own, a library's, or whoever is handed the data.
    if (torn.has(name))
      for (const [, callee, given] of body.matchAll(/\b([a-z_]\w*)\s*\(([^()]*)/g)) {
        if (own.has(callee!) || !ENDS.test(callee!) || RELEASES.test(callee!)) continue;
        if (prefixes.has(prefixOf(callee!)) || /_remove$/.test(callee!) || (data !== '' && given!.trim() === data)) return false;
      }
  }
  // A macro or a wrapper for all architectures: nothing is known of what it is handed.
  if (what === 'input device' && /\bdevm_input_allocate_device\b/.test(text)) return false;
  if (what === 'interrupt' && args.at(-1) === 'NULL') return false;
  if (/devm_add_action|pcim_|drmm_/.test(text)) return false;
  return true;
}

const ENDS =
  /unregister|remove|deregister|detach|exit|uninit|deinit|teardown|shutdown|stop|release|cleanup|free|destroy|down|del/;
/** They release what they are handed and nothing that was registered with it. */
const RELEASES = /^(?:kv?free\w*|free_netdev|free_candev|input_free_device|iounmap|netif_\w+)$/;
const prefixOf = (name: string): string => /^_*[a-z0-9]+_/.exec(name)?.[0] ?? '-';
