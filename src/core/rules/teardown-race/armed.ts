import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { DriverModel } from '../../driver';
import { ownKeys } from '../../own-keys';
import { remembered } from '../../remembered';

/** What runs by itself once it is armed. */
export type Agent = 'work' | 'delayed work' | 'timer' | 'high-resolution timer' | 'tasklet' | 'thread' | 'URB';

/** A call that has to do with an agent which is a field of the driver's data. */
export interface AgentCall {
  agent: Agent;
  name: string;
  /** Field that holds the agent: `poll_work` of `&priv->poll_work`. */
  field: string;
  /** Tells agents of the same field name in several structures apart, where the text does; else the field. */
  key: string;
  node: number;
  /** The function that runs; '' if the call does not name one. */
  callback: string;
  /** Name of the function that the call is in. */
  function: string;
  /** What the agent is a field of, as the text says it: `priv`. */
  owner: string;
  /** The whole of it, without `&` and indices: `priv->ir.work`. */
  path: string;
  /** Last name of the queue that work is put on; 'system' for the kernel's own. */
  queue: string;
  /** After which time delayed work is put on it, as the text says it; '' for others. */
  delay: string;
}

/** What arms, starts and stops an agent. Sources: include/linux/workqueue.h, timer.h, hrtimer.h, interrupt.h, kthread.h, usb.h. */
const SETUP: Readonly<Record<string, Agent>> = ownKeys({
  INIT_WORK: 'work',
  INIT_DELAYED_WORK: 'delayed work',
  INIT_DEFERRABLE_WORK: 'delayed work',
  timer_setup: 'timer',
  hrtimer_setup: 'high-resolution timer',
  hrtimer_init: 'high-resolution timer',
  tasklet_setup: 'tasklet',
  tasklet_init: 'tasklet',
  usb_fill_int_urb: 'URB',
  usb_fill_bulk_urb: 'URB',
  usb_fill_control_urb: 'URB',
});
/** What a file that has agents uses. */
export const SETUPS: ReadonlySet<string> = new Set(Object.keys(SETUP));
/** Position of the callback, where it is not the second. */
const CALLBACK: Readonly<Record<string, number>> = ownKeys({
  usb_fill_int_urb: 5,
  usb_fill_bulk_urb: 5,
  usb_fill_control_urb: 6,
});
const START: Readonly<Record<string, number>> = ownKeys({
  schedule_work: 0,
  queue_work: 1,
  queue_work_on: 2,
  schedule_delayed_work: 0,
  queue_delayed_work: 1,
  queue_delayed_work_on: 2,
  mod_delayed_work: 1,
  mod_timer: 0,
  add_timer: 0,
  add_timer_on: 0,
  hrtimer_start: 0,
  hrtimer_start_range_ns: 0,
  tasklet_schedule: 0,
  tasklet_hi_schedule: 0,
  schedule_work_on: 1,
  schedule_delayed_work_on: 1,
  usb_submit_urb: 0,
});
/** Forms of subsystems: `ieee80211_queue_work(hw, &priv->work)`. */
const STARTS_BY_NAME = /_(?:queue|schedule)_(?:delayed_)?work$|_mod_timer$/;
/** Forms that wait until the callback has ended. */
const WAITING =
  /^(?:cancel_(?:delayed_)?work_sync|flush_(?:delayed_)?work|disable_(?:delayed_)?work_sync|(?:del_timer|timer_delete|timer_shutdown|try_to_del_timer)_sync|hrtimer_cancel|tasklet_kill|kthread_stop|usb_kill_urb|usb_poison_urb|usb_block_urb)$/;
/** Forms that let a running callback go on. */
const NOT_WAITING =
  /^(?:cancel_(?:delayed_)?work|del_timer|timer_delete|timer_shutdown|try_to_del_timer|hrtimer_try_to_cancel|disable_(?:delayed_)?work|tasklet_disable_nosync|usb_unlink_urb)$/;
/** Stop everything on a queue, or of a device. */
const SWEEPING =
  /^(?:destroy|flush|drain)_workqueue$|^flush_scheduled_work$|^usb_kill_anchored_urbs$|^kthread_(?:destroy|flush)_worker$/;
const FLUSHES = /^(?:flush|drain)_workqueue$/;
const SWEEPS_URBS = /^usb_(?:kill|poison|scuttle)_/;
/** Names of functions of other files that probably stop what they are handed. */
const STOPS_BY_NAME = /devm_add_action|cancel|stop|del|kill|flush|shutdown|disable|destroy|cleanup|remove|free|exit|release/;

/** All that a file does with its agents. */
export interface Agents {
  setups: AgentCall[];
  /** Starts of each agent, by key. */
  started: Map<string, AgentCall[]>;
  /** Calls that wait for a field's agent. */
  waiting: AgentCall[];
  notWaiting: AgentCall[];
  /** Queues that are stopped as a whole, by last name; 'system' for the kernel's own. */
  sweeping: Set<string>;
  /** Queues that the file flushes, by last name: once nothing arms them any more, no delayed work is left. */
  flushed: Set<string>;
}

/** Reads the calls of a file that uses some of `SETUPS`; `undefined` if it sets up no agent. */
export function agentsOf(tree: SyntaxTree, model: DriverModel): Agents | undefined {
  const agents: Agents = { setups: [], started: new Map(), waiting: [], notWaiting: [], sweeping: new Set(), flushed: new Set() };
  for (const { name, node: definition } of model.functions) {
    for (const node of tree.nodesOfKind(CKind.call_expression, definition, tree.nexts[definition])) {
      const callee = tree.childByField(node, Field.function);
      if (callee === NONE || tree.kinds[callee] !== (CKind.identifier as number)) continue;
      const called = tree.nameOf(callee);
      const list = hasToDoWithAgents(called) ? tree.childByField(node, Field.arguments) : NONE;
      if (list !== NONE) readCall(tree, agents, name, called, node, tree.children(list, true));
    }
  }
  return agents.setups.length === 0 ? undefined : agents;
}

/** Whether `readCall` does anything for calls of a function of this name. */
const hasToDoWithAgents = remembered(
  (name) =>
    Object.hasOwn(SETUP, name) ||
    Object.hasOwn(START, name) ||
    [STARTS_BY_NAME, SWEEPING, FLUSHES, SWEEPS_URBS, WAITING, NOT_WAITING, STOPS_BY_NAME].some((names) => names.test(name)),
);

function readCall(tree: SyntaxTree, agents: Agents, inside: string, name: string, node: number, args: readonly number[]): void {
  const call = (argument: number, agent: Agent, callback = ''): AgentCall => ({
    agent,
    name,
    ...named(fieldOf(tree, args[argument])),
    node,
    callback,
    function: inside,
    owner: ownerOf(tree, args[argument]),
    path: pathOf(tree, args[argument]),
    queue: /^(?:queue|mod_delayed)/.test(name) ? lastWord(tree.textOf(args[argument - 1]!)) : 'system',
    delay: name.includes('delayed_work') && args[argument + 1] !== undefined ? tree.textOf(args[argument + 1]!) : '',
  });
  const setup = SETUP[name];
  if (setup !== undefined) {
    const at = args[CALLBACK[name] ?? 1];
    const callback = at === undefined ? '' : tree.textOf(at);
    const made = call(0, setup, callback);
    if (made.field !== '' && !tree.hasError(node)) agents.setups.push(made);
    return;
  }
  const start =
    START[name] ?? (STARTS_BY_NAME.test(name) ? args.findIndex((argument) => fieldOf(tree, argument) !== '') : undefined);
  if (start !== undefined && start >= 0) {
    const made = call(start, 'work');
    if (made.field !== '') agents.started.set(made.key, [...(agents.started.get(made.key) ?? []), made]);
    return;
  }
  // Of which URBs, the text of the call does not say.
  if (SWEEPS_URBS.test(name) && fieldOf(tree, args[0]) === '') agents.sweeping.add('URBs');
  if (FLUSHES.test(name) && args[0] !== undefined) agents.flushed.add(lastWord(tree.textOf(args[0])));
  if (SWEEPING.test(name)) agents.sweeping.add(args[0] === undefined ? 'system' : lastWord(tree.textOf(args[0])));
  else if (WAITING.test(name)) agents.waiting.push(call(0, 'work'));
  else if (NOT_WAITING.test(name)) agents.notWaiting.push(call(0, 'work'));
  else if (STOPS_BY_NAME.test(name) && name !== 'usb_free_urb')
    for (let i = 0; i < args.length; i++) if (fieldOf(tree, args[i]) !== '') agents.waiting.push(call(i, 'work'));
}

const named = (field: string) => ({ field, key: field });

const lastWord = (text: string): string => {
  const word = /(\w+)\W*$/.exec(text)?.[1] ?? '';
  return /^system_(?:\w+_)?wq$/.test(word) ? 'system' : word;
};

const pathOf = (tree: SyntaxTree, node: number | undefined): string =>
  node === undefined ? '' : tree.textOf(node).replace(/\s+|^\(?&|\)$|\[[^\]]*\]/g, '');

/** What the field is one of: `a` of `&a->b.c`. */
function ownerOf(tree: SyntaxTree, node: number | undefined): string {
  if (node === undefined) return '';
  const path = /^\(?&?(.*)(?:->|\.)\w+(?:\[[^\]]*\])?\)?$/.exec(tree.textOf(node).replace(/\s+/g, ''))?.[1] ?? '';
  return path.includes('->') && !/^\w+->\w+$/.test(path)
    ? path.slice(0, path.lastIndexOf('->'))
    : path.replace(/^(\w+)(?:\.\w+)+$/, '$1');
}

/** The last field of `&a->b.c`, also of an element of an array of them; '' if it is no field. */
function fieldOf(tree: SyntaxTree, node: number | undefined): string {
  if (node === undefined) return '';
  const text = tree
    .textOf(node)
    .replace(/\s+/g, '')
    .replace(/\[[^\]]*\]$/, '');
  return /^\(?&.*(?:->|\.)(\w+)\)?$/.exec(text)?.[1] ?? /^\w+->(\w*urb\w*)$/.exec(text)?.[1] ?? '';
}
