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

/** A managed interrupt: it comes until after the driver's removal. */
interface ManagedInterrupt {
  node: number;
  handlers: string[];
  /** Type of what the handler is given. */
  type: string;
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
    if (free)
      reports.push({
        node: free.node,
        function: free.function,
        related: [requested],
        message: `${free.what} is freed while its interrupt may still come: a managed interrupt is freed later`,
      });
    const reached = mentions.closure(interrupt.handlers);
    for (const stop of agents?.waiting ?? []) {
      if (!closure.has(stop.function) || stop.agent !== 'work' || !/^cancel_/.test(stop.name) || said.has(stop.field)) continue;
      const start = startedBy(agents!, stop.field, interrupt.handlers, reached);
      if (!start || isMasked(tree, model, stop)) continue;
      said.add(stop.field);
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
      });
    }
  }
  return found;
}

/** A start of the field's agent in a handler itself. */
function startedBy(
  agents: Agents,
  field: string,
  handlers: readonly string[],
  reached: ReadonlySet<string>,
): AgentCall | undefined {
  return (agents.started.get(field) ?? []).find((start) => handlers.includes(start.function) && reached.has(start.function));
}

/** The function that stops the work writes to the device, too: it may keep the interrupt from coming. */
function isMasked(tree: SyntaxTree, model: DriverModel, stop: AgentCall): boolean {
  const definition = model.functions.find(({ name }) => name === stop.function);
  const text = definition ? tree.text.slice(definition.start, definition.end) : '';
  return /\b(?:write[bwlq]|iowrite\w+|regmap_\w+|\w*_write\w*|\w*(?:mask|irq|intr|interrupt|disable|stop|off|reset|halt|shutdown|deinit|close|clear|set_)\w*)\s*\(/.test(
    text.replace(/\b\w*_(?:set_drvdata|cancel\w*)\s*\(|cancel_\w+\(|\b\w*irq_work\w*/g, ''),
  );
}
