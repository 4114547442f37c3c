import type { DriverModel } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import type { Report } from '../model';
import type { AgentCall, Agents } from './armed';
import type { Mentions } from './closure';
import type { Owners } from './owners';
import { ownKeys } from '../../own-keys';

/** Position of the handler in a managed request. Source: include/linux/interrupt.h. */
const REQUESTS: Readonly<Record<string, number>> = ownKeys({
  devm_request_irq: 2,
  devm_request_threaded_irq: 2,
  devm_request_any_context_irq: 2,
});
export const MANAGED_REQUESTS: ReadonlySet<string> = new Set(Object.keys(REQUESTS));
/** What ends an interrupt, or keeps it from coming, before the managed release. */
const ENDS =
  /\b(?:devm_free_irq|free_irq|disable_irq\w*|synchronize_irq|disable_(?:delayed_)?work_sync|irq_set_status_flags)\s*\(/;

/** What takes a device down, after which it raises no interrupt of its own. */
const QUIETS = /\b(?:\w+_)?(?:unregister|disable|deactivate|stop|off|mask|halt|reset|shutdown|remove|del)(?:_\w+)?\s*\(/;

/** A managed interrupt: it comes until after the driver's removal. */
interface ManagedInterrupt {
  node: number;
  handlers: string[];
  /** Type of what the handler is given. */
  type: string;
  /** Other devices may raise it, too. */
  isShared: boolean;
}

/** Reports interrupts that outlive what their handlers use: structures freed by hand, and work that was stopped. */
export function managedInterrupts(
  tree: SyntaxTree,
  model: DriverModel,
  agents: Agents | undefined,
  mentions: Mentions,
  torn: () => ReadonlySet<string>,
  owners: Owners,
): Report[] {
  if (!/devm_request_(?:threaded_|any_context_)?irq/.test(tree.text) || ENDS.test(tree.text)) return [];
  const closure = torn();
  if (closure.size === 0) return [];
  const interrupts = interruptsOf(tree, model, owners);
  const reports: Report[] = [];
  const said = new Set<string>();
  for (const interrupt of interrupts) {
    const requested = {
      start: tree.starts[interrupt.node]!,
      end: tree.ends[interrupt.node]!,
      message: 'the interrupt is requested here, and freed after the driver is unbound',
    };
    const free = owners.frees.find(({ type, function: name }) => type === interrupt.type && type !== '' && closure.has(name));
    if (free && (interrupt.isShared || !isTakenDown(tree, model, mentions, closure, free.function)))
      reports.push({
        node: free.node,
        function: free.function,
        related: [requested],
        message: `${free.what} is freed while its interrupt may still come: a managed interrupt is freed later`,
      });
    const reached = mentions.closure(interrupt.handlers);
    for (const stop of agents?.waiting ?? []) {
      if (!closure.has(stop.function) || stop.agent !== 'work' || !/^cancel_/.test(stop.name) || said.has(stop.key)) continue;
      const start = startedBy(agents!, stop.key, interrupt.handlers, reached);
      if (!start || isMasked(tree, model, stop, closure) || isToldToEnd(tree, model, stop, start)) continue;
      said.add(stop.key);
      reports.push({
        node: stop.node,
        function: stop.function,
        related: [
          requested,
          { start: tree.starts[start.node]!, end: tree.ends[start.node]!, message: `${start.function}() starts it` },
        ],
        message: `${stop.field} may be started again after ${stop.name}(): its interrupt comes until the driver is unbound`,
      });
    }
  }
  return reports;
}

/** The device is taken down by what the way out to `freeing` does. */
function isTakenDown(
  tree: SyntaxTree,
  model: DriverModel,
  mentions: Mentions,
  closure: ReadonlySet<string>,
  freeing: string,
): boolean {
  const ways = [...closure].map((name) => mentions.closure([name])).filter((way) => way.has(freeing));
  return model.functions.some(
    ({ name, body, end }) => ways.some((way) => way.has(name)) && QUIETS.test(tree.text.slice(tree.starts[body], end)),
  );
}

function interruptsOf(tree: SyntaxTree, model: DriverModel, owners: Owners): ManagedInterrupt[] {
  const found: ManagedInterrupt[] = [];
  for (const definition of model.functions) {
    if (!/devm_request_/.test(tree.text.slice(definition.start, definition.end))) continue;
    for (let node = definition.body; node < tree.nexts[definition.body]!; node++) {
      if (tree.kinds[node] !== (CKind.call_expression as number)) continue;
      const name = calleeOf(tree, node);
      const at = Object.hasOwn(REQUESTS, name) ? REQUESTS[name] : undefined;
      if (at === undefined) continue;
      const args = argumentsOf(tree, node);
      const data = args.at(-1);
      if (data === undefined || args.length < at + 3) continue;
      found.push({
        node,
        handlers: args
          .slice(at, name.includes('threaded') ? at + 2 : at + 1)
          .map((argument) => tree.textOf(argument))
          .filter((text) => text !== 'NULL'),
        type: owners.typeOf(definition, tree.textOf(data)),
        isShared: args.some((argument) => /\bIRQF_SHARED\b/.test(tree.textOf(argument))),
      });
    }
  }
  return found;
}

/** A start of the agent in a handler itself. */
function startedBy(
  agents: Agents,
  key: string,
  handlers: readonly string[],
  reached: ReadonlySet<string>,
): AgentCall | undefined {
  return (agents.started.get(key) ?? []).find((start) => handlers.includes(start.function) && reached.has(start.function));
}

/**
 * The function that stops the work writes to the device, too, or who calls it on the way out does so before: it may keep the interrupt
 * from coming.
 */
function isMasked(tree: SyntaxTree, model: DriverModel, stop: AgentCall, closure: ReadonlySet<string>): boolean {
  const calls = new RegExp(`\\b${stop.function}\\s*\\(`);
  const text = model.functions
    .flatMap(({ name, body, end }) => {
      const own = tree.text.slice(tree.starts[body], end);
      if (name === stop.function) return [own];
      const call = closure.has(name) ? own.search(calls) : -1;
      return call === -1 ? [] : [own.slice(0, call)];
    })
    .join('\n');
  return /\b(?:write[bwlq]|iowrite\w+|regmap_\w+|\w*_write\w*|\w*(?:mask|irq|intr|interrupt|disable|deactivate|stop|off|reset|halt|shutdown|deinit|close|clear|set_|sriov)\w*)\s*\(/.test(
    text.replace(/\b\w*_(?:set_drvdata|cancel\w*)\s*\(|cancel_\w+\(|\b\w*irq_work\w*/g, ''),
  );
}

/** Before it stops the work, the function sets a flag that the handler looks at before it starts the work. */
function isToldToEnd(tree: SyntaxTree, model: DriverModel, stop: AgentCall, start: AgentCall): boolean {
  const before = ({ function: inside, node }: AgentCall): string => {
    const definition = model.functions.find(({ name }) => name === inside);
    return definition ? tree.text.slice(definition.start, tree.starts[node]) : '';
  };
  const tested = before(start);
  return [...before(stop).matchAll(/(?:->|\.)(\w+)\s*=\s*(?:false|true|0|1)\s*;/g)].some(([, flag]) =>
    new RegExp(`\\bif\\s*\\([^;{]*(?:->|\\.)${flag!}\\b`).test(tested),
  );
}
