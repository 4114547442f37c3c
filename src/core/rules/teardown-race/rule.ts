import type { DriverModel, EntryPoint, EntryPointKind } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';
import { agentsOf, SETUPS, type AgentCall, type Agents } from './armed';
import { isSwept, isWorkSwept, judgeFree } from './freed';
import { managedInterrupts, MANAGED_REQUESTS } from './interrupts';
import { moduleWide } from './module-wide';
import { Owners } from './owners';
import { leftRegistered, REGISTERS } from './registered';
import { leftByProbe } from './probing';
import { Mentions } from './closure';

/** Memory that goes when the device is unbound: managed, or freed by hand. */
const MANAGED =
  /\bdevm_(?:k[zmc]alloc|kmalloc_array|iio_device_alloc|input_allocate_device|alloc_etherdev|spi_alloc_(?:host|master)|drm_dev_alloc|kmemdup|rtc_allocate_device|kzalloc_obj|kmalloc_obj)\w*\s*\(/;
const FREED =
  /\b(?:kv?free(?:_sensitive)?|free_netdev|free_candev|ieee80211_free_hw|iio_device_free|input_free_device|snd_card_free|v4l2_device_put|usb_put_dev|wiphy_free|hci_free_dev|scsi_host_put|spi_controller_put|nfc_free_device|mmc_free_host|rc_free_device)\s*\(/;

/** Functions by which a framework ends what it has begun. */
const CLOSES = /(?:^|_)(?:close|stop|shutdown|down|disable|del|deinit)(?:_|$)/;
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
    const agents = usesAny(SETUPS) ? agentsOf(tree, model) : undefined;
    const reports: Report[] = moduleWide(tree, model);
    if (!agents && !usesAny(MANAGED_REQUESTS) && !usesAny(REGISTERS)) return reports;
    const removes = enteredBy(model, 'remove');
    const probes = enteredBy(model, 'probe');
    const mentions = new Mentions(tree, model);
    const owners = new Owners(tree, model);
    const torn = once(() =>
      mentions.closure([...removes, ...enteredBy(model, 'module-macro').filter((name) => /exit|cleanup/.test(name))]),
    );
    const probed = once(() => mentions.closure(probes));
    if (usesAny(REGISTERS)) reports.push(...leftRegistered(tree, model, removes, probed, torn, mentions));
    const seen = new Set<string>();
    for (const setup of agents?.setups ?? []) {
      if (!agents) break;
      if (seen.has(setup.field) || !agents.started.has(setup.field)) continue;
      seen.add(setup.field);
      const report =
        (setup.agent === 'URB' || freesItself(tree, model, setup)
          ? undefined
          : judge(tree, model, agents, setup, removes, torn, probed, mentions, owners)) ??
        judgeFree({ tree, model, agents, owners, closure: torn, mentions }, setup);
      if (report) reports.push(report);
    }
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

function judge(
  tree: SyntaxTree,
  model: DriverModel,
  agents: Agents,
  setup: AgentCall,
  removes: readonly string[],
  torn: () => ReadonlySet<string>,
  probed: () => ReadonlySet<string>,
  mentions: Mentions,
  owners: Owners,
): Report | undefined {
  const { field, agent, callback } = setup;
  const waiting = agents.waiting.filter((stop) => stop.field === field);
  if (waiting.length > 0 && !onlyOnOtherWays(tree, model, waiting, agents.started.get(field)!, mentions)) return undefined;
  if (isWorkSwept(agents, setup)) return undefined;
  const probe = probed();
  if (!probe.has(setup.function) && !(waiting.length === 0 && isOpening(model, owners, setup))) return undefined;
  const closure = torn();
  const managed = bodies(tree, model, probe).some((text) => MANAGED.test(text));
  const free = freeIn(tree, model, closure);
  if (!managed && free === undefined) return undefined;
  if (mayBeStoppedElsewhere(tree, model, owners, setup, closure)) return undefined;
  const started = agents.started.get(field)![0]!.name;
  const armed = {
    start: tree.starts[setup.node]!,
    end: tree.ends[setup.node]!,
    message: `${setup.name}() sets up ${field}${callback === '' ? '' : ` to run ${callback}()`}; ${started}() starts it`,
  };
  const halfway = agents.notWaiting.find(
    (stop) =>
      stop.field === field &&
      (closure.has(stop.function) || (agent.endsWith('work') && CLOSES.test(stop.function))) &&
      tree.kinds[tree.parents[stop.node]!] === (CKind.expression_statement as number) &&
      !isSwept(agents, field),
  );
  if (halfway)
    return {
      node: halfway.node,
      function: halfway.function,
      related: [armed],
      message: `${halfway.name}() does not wait for ${callback === '' ? `the ${agent}` : `${callback}()`} to end, and its data goes when the device does`,
    };
  // The framework closes what it was given before its data goes, and lets those in softirq end meanwhile; work goes on.
  if (!agent.endsWith('work') && agents.notWaiting.some((stop) => stop.field === field && CLOSES.test(stop.function)))
    return undefined;
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
  if (free) related.push({ ...free, message: 'the data is freed here' });
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

/**
 * The teardown speaks of the agent in a way of its own (a counter, a flag), or the driver has other files: its structure is not
 * declared here, and the teardown calls functions that are named like the driver's and defined elsewhere.
 */
function mayBeStoppedElsewhere(
  tree: SyntaxTree,
  model: DriverModel,
  owners: Owners,
  setup: AgentCall,
  closure: ReadonlySet<string>,
): boolean {
  const { field, owner, function: setUp } = setup;
  const definedIn = model.functions.find(({ name }) => name === setUp);
  const type = definedIn ? owners.typeOf(definedIn, owner) : '';
  const texts = bodies(tree, model, closure);
  const speaks = new RegExp(`\\b${field}_\\w+`);
  if (texts.some((text) => speaks.test(text))) return true;
  if (
    new RegExp(`struct\\s+(?:work_struct|delayed_work|timer_list|hrtimer|tasklet_struct)\\s+(?:\\w+\\s*,\\s*)*${field}\\b`).test(
      tree.text,
    )
  )
    return false;
  // A library: those who use it may stop it.
  if (/^EXPORT_SYMBOL/m.test(tree.text)) return true;
  const own = new Set(model.functions.map(({ name }) => name));
  const prefixes = new Set([...closure].map((name) => /^_*[a-z0-9]+_/.exec(name)?.[0]).filter((prefix) => prefix !== undefined));
  return model.functions.some((definition) => {
    if (!closure.has(definition.name)) return false;
    const text = tree.text.slice(definition.start, definition.end);
    return [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(([^()]*)/g)].some(
      ([, name, given]) =>
        !own.has(name!) &&
        prefixes.has(/^_*[a-z0-9]+_/.exec(name!)?.[0] ?? '-') &&
        given!.split(',').some((argument) => mayLeadTo(owners.typeOf(definition, argument.trim()), argument.trim(), type)),
    );
  });
}

/** Whether who is handed `argument` can find a structure of type `type`: it is one, or an object of a bus, or what it is is not known. */
const mayLeadTo = (of: string, argument: string, type: string): boolean =>
  /^&?\w+$/.test(argument) &&
  (of === '' ||
    type === '' ||
    of === type ||
    /^(?:device|net_device|ieee80211_hw|\w+_(?:device|dev|client|interface|intf))$/.test(of));

/** A callback of the driver sets the agent up, as a part of what probe has made: of a structure that the file declares. */
function isOpening(model: DriverModel, owners: Owners, { function: name, owner }: AgentCall): boolean {
  const definition = model.functions.find((one) => one.name === name);
  if (!definition || !model.entryPoints.some((point) => point.kind === 'ops' && point.function === name)) return false;
  const type = owners.typeOf(definition, owner);
  return type !== '' && owners.declares(type) && owners.managed(type) !== undefined;
}

/** The callback frees what it is part of: an object of its own, not the driver's data. */
function freesItself(tree: SyntaxTree, model: DriverModel, { callback }: AgentCall): boolean {
  const definition = model.functions.find(({ name }) => name === callback);
  return (
    !definition || /\bk(?:v|mem_cache_)?free\w*\s*\(|_put\s*\(|_free\s*\(/.test(tree.text.slice(definition.start, definition.end))
  );
}

/** Callbacks by which a framework, or whoever has the device open, ends what was begun: what they stop is stopped before the data goes. */
const ENDING =
  /close|stop|release|shutdown|down|disconnect|remove|exit|free|disable|destroy|unbind|fini|cleanup|clean|detach|unregister|deinit|uninit|del|off|set_power|s_power|s_stream|mode|state|status|enable|reset|suspend|event|notif|flush|unprepare|kill|cancel|abort|bias|level|jack|freeze|error/i;

/** The waiting stops are all on the way to sleep, where the setting up fails, or in callbacks that end nothing: none is on the way out. */
function onlyOnOtherWays(
  tree: SyntaxTree,
  model: DriverModel,
  stops: readonly AgentCall[],
  started: readonly AgentCall[],
  mentions: Mentions,
): boolean {
  const entered = (is: (point: EntryPoint) => boolean) =>
    mentions.closure(model.entryPoints.flatMap((point) => (point.function !== null && is(point) ? [point.function] : [])));
  // libata's freeze() is no sleep.
  const sleeps = ({ kind, container }: EntryPoint) => kind === 'pm' && !/_operations$/.test(container);
  const asleep = entered(sleeps);
  const others = entered(
    (point) =>
      !sleeps(point) && point.kind !== 'probe' && (point.kind !== 'ops' || ENDING.test(`${point.field ?? ''} ${point.function}`)),
  );
  const all = entered(() => true);
  return stops.every(
    ({ function: name, name: by }) =>
      !others.has(name) &&
      // It stops what it has started itself, or what it calls has.
      (!started.some((start) => mentions.closure([name]).has(start.function)) ||
        model.entryPoints.some((point) => point.kind === 'probe' && point.function === name)) &&
      !by.startsWith('devm_') &&
      (asleep.has(name) ||
        (all.has(name) && (model.entryPoints.some((point) => point.function === name) || !isHandedOn(tree, name)))),
  );
}

/** The function is kept or handed on by its name: who calls it when, the text does not say. */
const isHandedOn = ({ text }: SyntaxTree, name: string): boolean => new RegExp(`(?:[=,(]|&)\\s*${name}\\s*[,;)}]`).test(text);

const bodies = (tree: SyntaxTree, model: DriverModel, names: ReadonlySet<string>): string[] =>
  model.functions.filter(({ name }) => names.has(name)).map(({ start, end }) => tree.text.slice(start, end));

/** The first call in the teardown that frees something. */
function freeIn(tree: SyntaxTree, model: DriverModel, closure: ReadonlySet<string>): { start: number; end: number } | undefined {
  for (const { name, start, end } of model.functions) {
    if (!closure.has(name)) continue;
    const found = FREED.exec(tree.text.slice(start, end));
    if (found) return { start: start + found.index, end: start + found.index + found[0].length - 1 };
  }
  return undefined;
}
