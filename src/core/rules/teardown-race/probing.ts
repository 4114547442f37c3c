import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report } from '../model';
import type { AgentCall, Agents } from './armed';
import type { Mentions } from './closure';
import type { Owners } from './owners';

/** The end of a way on which setting up fails. */
const FAILS =
  /\b(?:return\s+(?:-E\w+|ret|rc|err|error|r|retval|result|status|PTR_ERR\w*\s*\([^;]*|dev_err_probe\s*\([^;]*)\s*;|goto\s+(\w+)\s*;)\s*\}?\s*$/;
/** What frees the object that a structure is a part of. */
const FREES_WHOLE =
  /\b(?:free_netdev|free_candev|iio_device_free|mmc_free_host|spi_(?:controller|master)_put|scsi_host_put|wiphy_free|ieee80211_free_hw)\s*\(/;

/** An agent that probe starts and leaves behind when a later step of it fails: its data is freed then. */
export function leftByProbe(
  tree: SyntaxTree,
  model: DriverModel,
  agents: Agents,
  probes: readonly string[],
  mentions: Mentions,
  owners: Owners,
): Report[] {
  const reports: Report[] = [];
  for (const [key, starts] of agents.started)
    for (const start of starts) {
      const definition = probes.includes(start.function)
        ? model.functions.find(({ name }) => name === start.function)
        : undefined;
      const statement = tree.parents[start.node]!;
      if (!definition || tree.parents[statement] !== definition.body) continue;
      const type = owners.typeOf(definition, start.owner);
      const how = type === '' ? undefined : owners.managed(type);
      const setup = agents.setups.find((one) => one.key === key);
      if (!setup || agents.sweeping.size > 0) continue;
      const way = failingWay(tree, model, definition, statement, start, agents, mentions);
      if (!way) continue;
      const frees =
        how === 'managed' ||
        (how === 'part' && FREES_WHOLE.test(way.text)) ||
        new RegExp(`\\bkfree\\s*\\(\\s*${start.owner}\\s*\\)`).test(way.text);
      if (!frees) continue;
      reports.push({
        node: way.node,
        function: definition.name,
        related: [
          { start: tree.starts[start.node]!, end: tree.ends[start.node]!, message: `${start.name}() starts ${start.field} here` },
        ],
        message: `probing fails with ${start.field} started: ${setup.callback === '' ? `the ${setup.agent}` : `${setup.callback}()`} may run after ${start.owner} is freed`,
      });
      break;
    }
  return reports;
}

/** The first way after a statement on which probing fails, if nothing on it speaks of the agent; its text goes to the function's end. */
function failingWay(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  statement: number,
  { field, key }: AgentCall,
  agents: Agents,
  mentions: Mentions,
): { node: number; text: string } | undefined {
  const stopping = new Set(model.functions.map(({ name }) => name).filter((name) => reaches(mentions, name, agents, key)));
  const speaks = (text: string) =>
    new RegExp(`\\b${field}\\b`).test(text) || [...text.matchAll(/\b\w+\b/g)].some(([word]) => stopping.has(word));
  // A stop that is left to managed resources.
  if ([...stopping].some((name) => new RegExp(`devm_add_action\\w*\\s*\\([^;]*\\b${name}\\b`).test(tree.text))) return undefined;
  for (let next = tree.nextSibling(statement); next !== NONE; next = tree.nextSibling(next)) {
    if (tree.kinds[next] === (CKind.labeled_statement as number) || tree.kinds[next] === (CKind.return_statement as number))
      return undefined;
    if (tree.kinds[next] !== (CKind.if_statement as number)) continue;
    const way = tree.textOf(tree.childByField(next, Field.consequence));
    const fails = FAILS.exec(way);
    if (!fails || speaks(way)) continue;
    const label = fails[1];
    const rest =
      label === undefined
        ? ''
        : tree.text.slice(tree.starts[definition.body], definition.end).split(new RegExp(`\\n\\s*${label}\\s*:`))[1];
    if (rest === undefined || speaks(rest)) continue;
    return { node: next, text: way + rest };
  }
  return undefined;
}

const reaches = (mentions: Mentions, name: string, agents: Agents, key: string): boolean => {
  const reached = mentions.closure([name]);
  return [...agents.waiting, ...agents.notWaiting].some((stop: AgentCall) => stop.key === key && reached.has(stop.function));
};
