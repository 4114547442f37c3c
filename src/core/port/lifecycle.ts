import type { Analysis } from '../analysis';
import { bestItem } from '../ide';
import { functionAt } from '../driver';
import { kernelApis, type Api } from '../rules/api';
import { CKind, Field, lineIndex, NONE } from '../syntax';
import type { CatalogueEntry, RustItem } from '../catalogue';
import { ownKeys } from '../own-keys';

/** Where something happens: in which function, zero-based line. */
export interface LifecyclePlace {
  name: string;
  function: string;
  line: number;
}

/** Something that a driver acquires on its way into operation, and where it is given back. */
export interface Acquisition extends LifecyclePlace {
  /** What it is kept in, as the text says it: `priv->clk`; empty if that is not seen. */
  held: string;
  /** `device`: by devres, when the device is unbound; `calls`: where `releases` says; `not here`: nowhere in this file. */
  released: 'device' | 'calls' | 'not here';
  releases: LifecyclePlace[];
  /** What the kernel in use offers for the acquiring function. */
  status: CatalogueEntry['status'];
  /** The Rust item that owns it, and gives it back in its Drop; undefined if there is none. */
  owner: RustItem | undefined;
}

interface Call extends LifecyclePlace {
  /** Texts of the arguments. */
  arguments: string[];
  /** Left side of the assignment or declaration that the call's value goes to. */
  held: string;
}

/** Managed by the device: `devm_clk_get`, `pcim_iomap`, `drmm_mode_config_init`. */
const MANAGED = /^(?:devm|pcim|dmam|drmm)_(?!.*(?:free|release|unregister|remove|put|iounmap|destroy|unmap|disable)(?:_|$))/;

/** What undoes what, as words of names; after the kernel's own habits. */
const OPPOSITES: readonly (readonly [string, readonly string[]])[] = [
  ['register', ['unregister', 'deregister']],
  ['request', ['free', 'release']],
  ['enable', ['disable']],
  ['prepare', ['unprepare']],
  ['get', ['put']],
  ['alloc', ['free']],
  ['allocate', ['free']],
  ['create', ['destroy', 'remove', 'free', 'delete']],
  ['add', ['del', 'remove', 'delete']],
  ['init', ['exit', 'cleanup', 'deinit', 'uninit', 'destroy', 'fini', 'free', 'release']],
  ['setup', ['teardown', 'cleanup', 'free', 'shutdown']],
  ['open', ['close']],
  ['start', ['stop']],
  ['map', ['unmap']],
  ['ioremap', ['iounmap']],
  ['attach', ['detach']],
  ['connect', ['disconnect']],
  ['load', ['unload']],
  ['claim', ['release']],
  ['hold', ['put', 'release']],
];

/** Agents and what waits until they have ended. Sources: include/linux/workqueue.h, timer.h, hrtimer.h, interrupt.h, kthread.h. */
const ENDED_BY: Readonly<Record<string, RegExp>> = ownKeys({
  INIT_WORK: /^(?:cancel|flush|disable)_work_sync$|^flush_work$/,
  INIT_DELAYED_WORK: /^(?:cancel|flush|disable)_delayed_work(?:_sync)?$/,
  timer_setup: /^(?:del_timer|timer_delete|timer_shutdown)(?:_sync)?$/,
  hrtimer_setup: /^hrtimer_cancel$/,
  hrtimer_init: /^hrtimer_cancel$/,
  tasklet_setup: /^tasklet_kill$/,
  tasklet_init: /^tasklet_kill$/,
  kthread_run: /^kthread_stop$/,
  kthread_create: /^kthread_stop$/,
});

/** The call names that undo `name`, out of the words of names: `clk_prepare_enable` and `clk_disable_unprepare` have several. */
function isUndoneBy(name: string, release: string): boolean {
  const agent = ENDED_BY[name];
  if (agent) return agent.test(release);
  const words = name.split('_');
  const undoing = release.split('_');
  if (name === release || words[0] !== undoing[0]) {
    // iounmap of ioremap, unregister_x of register_x
    const opposites = OPPOSITES.find(([word]) => word === words[0])?.[1];
    if (!opposites?.includes(undoing[0]!)) return false;
    return words.slice(1).every((word) => VARIANT.has(word) || undoing.includes(word));
  }
  let turned = false;
  const left = new Set(undoing.slice(1));
  for (const word of words.slice(1)) {
    const opposite = OPPOSITES.find(([one]) => one === word)?.[1].find((one) => left.has(one));
    if (opposite !== undefined) {
      left.delete(opposite);
      turned = true;
    } else if (left.has(word)) left.delete(word);
    else if (!VARIANT.has(word)) return false;
  }
  return turned && [...left].every((word) => VARIANT.has(word));
}

/** Words that tell variants of one thing apart, not things. */
const VARIANT = new Set([
  ...['threaded', 'optional', 'by', 'name', 'index', 'sync', 'resume', 'and', 'all', 'device', 'dev', 'data', 'with', 'of', 'ex'],
  ...[
    'groups',
    'info',
    'array',
    'bulk',
    'single',
    'node',
    'managed',
    'any',
    'context',
    'suspend',
    'noidle',
    'wc',
    'region',
    'regions',
  ],
]);

/**
 * What a driver acquires in the functions that its probe (or, without one, its module_init) leads to within the file, and where it is
 * released: the release functions of the data on kernel functions, else the opposite names that the kernel's habits give. In text order.
 */
export function lifecycleOf(analysis: Analysis): Acquisition[] {
  const calls = callsOf(analysis);
  const setUp = setUpFunctions(analysis, calls);
  const apis = kernelApis();
  const lines: Acquisition[] = [];
  for (const call of calls) {
    if (!setUp.has(call.function) || analysis.model.functions.some(({ name }) => name === call.name)) continue;
    const api = apis.get(call.name);
    const managed = MANAGED.test(call.name);
    const releases = managed ? [] : releasesOf(call, api, calls, apis);
    if (!managed && releases.length === 0 && api?.gives === undefined) continue;
    const entry = analysis.catalogue.lookup(call.name, 'function');
    lines.push({
      name: call.name,
      function: call.function,
      line: call.line,
      held: heldOf(call, api, managed),
      released: managed ? 'device' : releases.length > 0 ? 'calls' : 'not here',
      releases: releases.map(({ name, function: place, line }) => ({ name, function: place, line })),
      status: entry.status,
      owner: bestItem(entry),
    });
  }
  return lines;
}

function releasesOf(call: Call, api: Api | undefined, calls: readonly Call[], apis: ReadonlyMap<string, Api>): Call[] {
  const all = calls.filter((other) => {
    const takes = apis.get(other.name)?.takes;
    if (api?.gives !== undefined && takes) return takes.families.includes(api.gives);
    return api?.gives === undefined && isUndoneBy(call.name, other.name);
  });
  // One object's releases are those that name it, if any does.
  const object = heldOf(call, api, false);
  if (object === '') return all;
  const naming = (of: (text: string) => string): Call[] =>
    all.filter((other) => other.arguments.some((text) => of(text) === of(object)));
  const exactly = naming(plain);
  const roughly = naming(lastName);
  return exactly.length > 0 ? exactly : roughly.length > 0 ? roughly : all;
}

/** What the thing is kept in: what the result goes to where that is the thing, else the first argument. */
function heldOf(call: Call, api: Api | undefined, managed: boolean): string {
  if (api?.gives !== undefined || managed) return STATUS_NAME.test(call.held) ? '' : call.held;
  return plain(call.arguments[0] ?? '');
}

/** Variables that hold a status, by the kernel's habits. */
const STATUS_NAME = /^(?:int\s+)?(?:ret|rc|err|error|status|rv|retval|result|r)$/;

/** `priv->clk` of `&priv->clk`. */
const plain = (text: string): string => text.replace(/^[&*(\s]+|[)\s]+$/g, '');

/** `clk` of `&priv->clk[i]`. */
const lastName = (text: string): string => /(\w+)\W*$/.exec(text.replace(/\[[^\]]*\]/g, ''))?.[1] ?? '';

/** The functions of the file that are reached from probe, or from the module's start where there is no probe. */
function setUpFunctions({ model }: Analysis, calls: readonly Call[]): Set<string> {
  const named = (kind: string): string[] =>
    model.entryPoints.flatMap((point) => (point.kind === kind && point.function !== null ? [point.function] : []));
  const exits = new Set(
    model.entryPoints.flatMap(({ container, function: fn }) => (/exit$/.test(container) && fn !== null ? [fn] : [])),
  );
  const roots = named('probe').length > 0 ? named('probe') : [...named('module-macro'), ...named('initcall')];
  const own = new Set(model.functions.map(({ name }) => name));
  const reached = new Set(roots.filter((name) => !exits.has(name)));
  for (const name of reached) for (const call of calls) if (call.function === name && own.has(call.name)) reached.add(call.name);
  return reached;
}

/** All calls of named functions inside of functions, in text order. */
function callsOf({ tree, model }: Analysis): Call[] {
  const { kinds, starts, parents, fields } = tree;
  const calls: Call[] = [];
  for (let node = 0; node < tree.size; node++) {
    if (kinds[node] !== (CKind.call_expression as number)) continue;
    const callee = tree.childByField(node, Field.function);
    if (callee === NONE || kinds[callee] !== (CKind.identifier as number)) continue;
    const around = functionAt(model, starts[node]!);
    if (!around) continue;
    const list = tree.childByField(node, Field.arguments);
    const parent = parents[node]!;
    let held = '';
    if (fields[node] === (Field.right as number)) held = tree.textOf(tree.childByField(parent, Field.left));
    else if (fields[node] === (Field.value as number))
      held = tree.textOf(tree.childByField(parent, Field.declarator)).replace(/^[*\s]+/, '');
    calls.push({
      name: tree.textOf(callee),
      function: around.name,
      line: lineIndex(tree.lineStarts, starts[node]!),
      arguments: list === NONE ? [] : tree.children(list, true).map((argument) => tree.textOf(argument)),
      held,
    });
  }
  return calls;
}
