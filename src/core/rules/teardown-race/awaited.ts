import type { DriverModel } from '../../driver';
import type { SyntaxTree } from '../../syntax';
import type { AgentCall, Agents } from './armed';
import type { Mentions } from './closure';
import { bodies } from './elsewhere';

/** `wait_for_completion(&a->done)`, without an end. */
const WAITS = /\bwait_for_completion\s*\(\s*&?[\w>.-]*?(\w+)\s*\)/g;

/** What says that a request has come to its end. */
const REPORTS_END = /(?:_done|_end_request|_request_end|\bcomplete\w*|_complete|_finish\w*)\s*\(/;

/**
 * Whether a timer guards requests only: work that reports the end of each deletes it, does not start it, and is seen to on the way out.
 */
export function isDeletedByWork(
  tree: SyntaxTree,
  model: DriverModel,
  agents: Agents,
  { key, agent }: AgentCall,
  torn: ReadonlySet<string>,
  mentions: Mentions,
): boolean {
  if (agent.endsWith('work')) return false;
  const textOf = (names: ReadonlySet<string>) => bodies(tree, model, names).join('\n');
  return agents.setups.some((other) => {
    if (other.key === key || !(other.agent.endsWith('work') || other.agent === 'tasklet')) return false;
    const deletes = [...agents.notWaiting, ...agents.waiting].some(
      (stop) => stop.key === key && stop.function === other.callback,
    );
    if (!deletes || !new RegExp(`\\b${other.field}\\b`).test(textOf(torn))) return false;
    const reached = mentions.closure([other.callback]);
    return (
      REPORTS_END.test(textOf(new Set([other.callback]))) &&
      !(agents.started.get(key) ?? []).some((start) => reached.has(start.function))
    );
  });
}

/**
 * Whether all who start an agent wait until its callback has come to its end: they wait for a completion that the callback completes. The callback
 * may start the agent again by itself.
 */
export function isAwaited(tree: SyntaxTree, model: DriverModel, agents: Agents, setup: AgentCall, mentions: Mentions): boolean {
  if (setup.callback === '' || !/\bwait_for_completion\s*\(/.test(tree.text)) return false;
  const textOf = new Map(model.functions.map(({ name, start, end }) => [name, tree.text.slice(start, end)]));
  const again = mentions.closure([setup.callback]);
  const ends = [...again].map((name) => textOf.get(name) ?? '').join('\n');
  return (agents.started.get(setup.key) ?? []).every(({ function: name }) => {
    // The callback's own part is entered by others, too: they have to wait.
    const begins = again.has(name)
      ? [...textOf].filter(([by, text]) => !again.has(by) && new RegExp(`\\b${name}\\s*\\(`).test(text))
      : [[name, textOf.get(name) ?? ''] as const];
    return (
      begins.length > 0 &&
      begins.every(([, text]) =>
        [...text.matchAll(WAITS)].some(([, done]) =>
          new RegExp(`\\bcomplete(?:_all)?\\s*\\(\\s*&?[\\w>.-]*\\b${done!}\\s*\\)`).test(ends),
        ),
      )
    );
  });
}
