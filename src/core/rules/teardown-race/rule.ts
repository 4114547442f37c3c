import type { DriverModel, EntryPointKind } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';
import { agentsOf, SETUPS, type AgentCall, type Agents } from './armed';
import { isAwaited, isDeletedByWork } from './awaited';
import { bodies, mayBeStoppedElsewhere } from './elsewhere';
import { freesItself, isSwept, isWorkSwept, judgeFree } from './freed';
import { managedInterrupts, MANAGED_REQUESTS } from './interrupts';
import { moduleWide } from './module-wide';
import { Owners } from './owners';
import { leftRegistered, REGISTERS } from './registered';
import { leftByProbe } from './probing';
import { tellApart } from './holders';
import { forgottenSiblings, leftHalfway } from './siblings';
import { Mentions } from './closure';
import { Ways } from './ways';

/** Memory that goes when the device is unbound: managed, or freed by hand. */
const MANAGED =
  /\bdevm_(?:k[zmc]alloc|kmalloc_array|iio_device_alloc|input_allocate_device|alloc_etherdev|spi_alloc_(?:host|master)|drm_dev_alloc|kmemdup|rtc_allocate_device|mmc_alloc_host|kzalloc_obj|kmalloc_obj)\w*\s*\(/;
const FREED =
  /\b(?:kv?free(?:_sensitive)?|free_netdev|free_candev|ieee80211_free_hw|iio_device_free|input_free_device|snd_card_free|v4l2_device_put|usb_put_dev|wiphy_free|hci_free_dev|scsi_host_put|spi_controller_put|nfc_free_device|mmc_free_host|rc_free_device|memstick_free_host|devlink_free|\w+_free_(?:host|hw)|tty_port_put|usb_put_hcd|ata_host_put)\s*\(/;

/** Functions by which a framework ends what it has begun. */
const CLOSES = /(?:^|_)(?:close|stop|shutdown|down|disable|del|deinit)(?:_|$)/;
/** What begins and ends a binding where the table is no driver's, or names it otherwise. Sources: include/linux/{serio,gameport,component,input,tty_ldisc}.h, usb/usbnet.h. */
const BINDS: ReadonlySet<string> = new Set([
  'serio_driver.connect',
  'gameport_driver.connect',
  'input_handler.connect',
  'component_ops.bind',
  'driver_info.bind',
]);
const UNBINDS: ReadonlySet<string> = new Set(['input_handler.disconnect', 'component_ops.unbind', 'driver_info.unbind']);
/** A driver that is part of the kernel and without a remove function is not meant to be unbound. */
const STAYS_BOUND = /\bbuiltin_\w+_driver\b|\bsuppress_bind_attrs\s*=\s*true\b/;

const rule: Rule = {
  metadata: {
    id: 'teardown-race',
    title: 'Work or timer still armed when its data is freed',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-416',
    why: 'The callback may be running, or about to, when the driver lets go of the device: it then works on freed memory.',
    falsePositives: [
      'A function of another file stops the agent.',
      'The agent is started only while something holds the device.',
    ],
    references: [
      'Documentation/core-api/workqueue.rst',
      'include/linux/timer.h: timer_shutdown_sync()',
      'https://cwe.mitre.org/data/definitions/416.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism:
        'A work item holds a reference to the data that it is part of; a timer is cancelled, and waited for, when its handle is dropped.',
      items: [
        'kernel::workqueue::Work',
        'kernel::time::hrtimer::HrTimerHandle',
        'kernel::sync::Arc',
        'kernel::irq::Registration',
      ],
    },
  },
  run: ({ tree, model, usesAny }: RuleContext): Report[] => {
    const owners = new Owners(tree, model);
    const read = usesAny(SETUPS) ? agentsOf(tree, model) : undefined;
    const agents = read && tellApart(read, model, owners);
    const reports: Report[] = moduleWide(tree, model);
    if (!agents && !usesAny(MANAGED_REQUESTS) && !usesAny(REGISTERS)) return reports;
    const removes = [...new Set([...enteredBy(model, 'remove'), ...entriesOf(model, UNBINDS)])];
    const probes = [...new Set([...enteredBy(model, 'probe'), ...entriesOf(model, BINDS)])];
    const mentions = new Mentions(tree, model);
    const torn = once(() =>
      mentions.closure([...removes, ...enteredBy(model, 'module-macro').filter((name) => /exit|cleanup/.test(name))]),
    );
    const probed = once(() => mentions.closure(probes));
    if (usesAny(REGISTERS)) reports.push(...leftRegistered(tree, model, removes, probed, torn, mentions));
    const ways = new Ways(tree, model, mentions);
    const scene = agents && { tree, model, agents, owners, closure: torn, mentions, ways, removes };
    const seen = new Set<string>();
    const told = new Set<string>();
    for (const setup of agents?.setups ?? []) {
      if (!agents || !scene) break;
      if (seen.has(setup.key) || !agents.started.has(setup.key)) continue;
      seen.add(setup.key);
      const report =
        (setup.agent === 'URB' || freesItself(scene, setup)
          ? undefined
          : judge(tree, model, agents, setup, removes, torn, probed, ways, owners, mentions)) ?? judgeFree(scene, setup);
      if (report) {
        reports.push(report);
        told.add(setup.key);
      }
    }
    if (scene) reports.push(...forgottenSiblings(scene, told), ...leftHalfway(scene, told));
    if (agents) reports.push(...leftByProbe(tree, model, agents, enteredBy(model, 'probe', /^(?!snd_soc_)/), mentions, owners));
    if (removes.length > 0) reports.push(...managedInterrupts(tree, model, agents, mentions, torn, owners));
    return mergeForgotten(reports);
  },
};
export default rule;

/** A report of an agent that a function does not stop at all. */
interface Forgotten extends Report {
  /** The agent, by its field, and what runs; '' if that is not known. */
  forgets: string;
  runs: string;
}

/** What one function forgets to stop is one fault. */
function mergeForgotten(reports: Report[]): Report[] {
  const first = new Map<number, Forgotten[]>();
  const merged = reports.filter((report) => {
    if (!('forgets' in report)) return true;
    const known = first.get(report.node);
    if (known) known.push(report as Forgotten);
    else first.set(report.node, [report as Forgotten]);
    return !known;
  });
  for (const all of first.values()) {
    const runs = all.map(({ runs: callback }) => callback).filter((callback) => callback !== '');
    const may = runs.length === 0 ? '' : `: ${runs.join(' and ')} may run`;
    all[0]!.message = `${all[0]!.function!}() does not stop ${all.map(({ forgets }) => forgets).join(', ')}${may} after the data is freed`;
    all[0]!.related = all.flatMap(({ related = [] }, number) => (number === 0 ? related : related.slice(0, 1)));
  }
  return merged;
}

/** The answer of `make`, which is asked when it is needed, and once. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const enteredBy = (model: DriverModel, kind: EntryPointKind, by = /^/): string[] => [
  ...new Set(
    model.entryPoints.flatMap((point) =>
      point.kind === kind && point.function !== null && point.definition !== null && by.test(point.container)
        ? [point.function]
        : [],
    ),
  ),
];

/** Functions of the file that are fields of tables, both by the name `structure.field`. */
const entriesOf = (model: DriverModel, fields: ReadonlySet<string>): string[] =>
  model.entryPoints.flatMap((point) =>
    point.function !== null && point.definition !== null && fields.has(`${point.container}.${point.field ?? ''}`)
      ? [point.function]
      : [],
  );

function judge(
  tree: SyntaxTree,
  model: DriverModel,
  agents: Agents,
  setup: AgentCall,
  removes: readonly string[],
  torn: () => ReadonlySet<string>,
  probed: () => ReadonlySet<string>,
  ways: Ways,
  owners: Owners,
  mentions: Mentions,
): Report | undefined {
  const { field, key, agent, callback } = setup;
  const waiting = agents.waiting.filter((stop) => stop.key === key);
  if (waiting.length > 0 && !ways.areElsewhere(waiting, agents.started.get(key)!)) return undefined;
  if (isWorkSwept(agents, setup) || isAwaited(tree, model, agents, setup, mentions)) return undefined;
  const probe = probed();
  if (!probe.has(setup.function) && !(waiting.length === 0 && isOpening(model, owners, setup))) return undefined;
  const closure = torn();
  const managed = bodies(tree, model, probe).some((text) => MANAGED.test(text));
  const free = freeIn(tree, model, closure);
  if (!managed && free === undefined) return undefined;
  // A library: those who use it may stop it.
  if (mayBeStoppedElsewhere(tree, model, owners, setup, closure, /^EXPORT_SYMBOL/m.test(tree.text))) return undefined;
  const started = agents.started.get(key)![0]!.name;
  const armed = {
    start: tree.starts[setup.node]!,
    end: tree.ends[setup.node]!,
    message: `${setup.name}() sets up ${field}${callback === '' ? '' : ` to run ${callback}()`}; ${started}() starts it`,
  };
  const halfway = agents.notWaiting.find(
    (stop) =>
      stop.key === key &&
      (closure.has(stop.function) || (agent.endsWith('work') && CLOSES.test(stop.function))) &&
      tree.kinds[tree.parents[stop.node]!] === (CKind.expression_statement as number) &&
      !isSwept(agents, key),
  );
  if (halfway)
    return {
      node: halfway.node,
      function: halfway.function,
      related: [armed],
      message: `${halfway.name}() does not wait for ${callback === '' ? `the ${agent}` : `${callback}()`} to end, and its data goes when the device does`,
    };
  // The framework closes what it was given before its data goes, and lets those in softirq end meanwhile; work goes on.
  if (!agent.endsWith('work') && agents.notWaiting.some((stop) => stop.key === key && CLOSES.test(stop.function)))
    return undefined;
  if (isDeletedByWork(tree, model, agents, setup, closure, mentions)) return undefined;
  if (removes.length === 0 && STAYS_BOUND.test(tree.text)) return undefined;
  const where = removes
    .map((name) => model.functions.find((definition) => definition.name === name))
    .find((definition) => definition !== undefined);
  if (!where)
    return managed && removes.length === 0
      ? {
          node: setup.node,
          function: setup.function,
          related: [armed],
          message: `nothing stops the ${agent} ${field} when the device is unbound, but its managed data is freed then`,
        }
      : undefined;
  const related = [armed];
  // Managed data goes later: what is freed in the teardown is another thing.
  const owner = model.functions.find(({ name }) => name === setup.function);
  if (free && owners.managed(owner ? owners.typeOf(owner, setup.owner) : '') !== 'managed')
    related.push({ ...free, message: 'the data is freed here' });
  const forgotten: Forgotten = {
    node: tree.nodeAt(where.nameStart),
    function: where.name,
    related,
    message: '',
    forgets: `the ${agent} ${field}`,
    runs: callback === '' ? '' : `${callback}()`,
  };
  return forgotten;
}

/** A callback of the driver sets the agent up, as a part of what probe has made: of a structure that the file declares. */
function isOpening(model: DriverModel, owners: Owners, { function: name, owner }: AgentCall): boolean {
  const definition = model.functions.find((one) => one.name === name);
  if (!definition || !model.entryPoints.some((point) => point.kind === 'ops' && point.function === name)) return false;
  const type = owners.typeOf(definition, owner);
  return type !== '' && owners.declares(type) && owners.managed(type) !== undefined;
}

/** The first call in the teardown that frees something. */
function freeIn(tree: SyntaxTree, model: DriverModel, closure: ReadonlySet<string>): { start: number; end: number } | undefined {
  for (const { name, start, end } of model.functions) {
    if (!closure.has(name)) continue;
    const found = FREED.exec(tree.text.slice(start, end));
    if (found) return { start: start + found.index, end: start + found.index + found[0].length - 1 };
  }
  return undefined;
}
