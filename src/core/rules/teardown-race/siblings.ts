import { CKind, type SyntaxTree } from '../../syntax';
import type { Report } from '../model';
import type { AgentCall } from './armed';
import { mayBeStoppedElsewhere } from './elsewhere';
import { aliased, ENDS, freesItself, isHeld, isSwept, isWorkSwept, ownerType, sameType, type Scene } from './freed';

/** Names of functions that set up: what they stop, they stop because something failed. */
const SETS_UP = /(?:^|_)(?:probe|init|create|alloc|setup|open|add|attach|connect|register|new|start|bind|resume)(?:_|\d|$)/;
const STARTED_BY_SUBSYSTEM = /^(?!(?:schedule|queue|mod)_)\w+_(?:queue|schedule)_/;
/** Names of functions that end a round of work, after which another may begin. */
const PAUSES = /(?:^|_)(?:suspend|stop|close|disable|reset|pause|flush|down|off)(?:_|\d|$)/;

/** An agent that a function forgets. */
interface Forgotten {
  what: string;
  runs: string;
  related: Report['related'] & {};
}

/**
 * Reports agents that are forgotten where others of the same structure are stopped: one function sets them up, another waits
 * for some of them before the structure goes, and nothing on a way out stops the rest.
 */
export function forgottenSiblings(scene: Scene, reported: ReadonlySet<string>): Report[] {
  const { agents, tree } = scene;
  const found = new Map<string, { sibling: AgentCall; type: string; all: Forgotten[] }>();
  const said = new Set(reported);
  for (const setup of agents.setups) {
    if (said.has(setup.key) || setup.agent === 'URB' || !agents.started.has(setup.key)) continue;
    const type = ownerType(scene, setup);
    if (type === '') continue;
    const sibling = agents.waiting.find(
      (stop) =>
        stop.key !== setup.key &&
        isTeardown(scene, stop) &&
        ownerType(scene, stop) === type &&
        agents.setups.some(({ key, function: by, owner }) => key === stop.key && by === setup.function && owner === setup.owner),
    );
    if (!sibling || isStoppedOrHeld(scene, type, setup, sibling)) continue;
    said.add(setup.key);
    const start = agents.started.get(setup.key)![0]!;
    const known = found.get(sibling.function);
    const forgotten = {
      what: `${setup.agent} ${setup.field}`,
      runs: setup.callback,
      related: [
        place(tree, setup.node, `${setup.name}() sets up ${setup.field} to run ${setup.callback}()`),
        place(tree, start.node, `${start.name}() starts it in ${start.function}()`),
      ],
    };
    if (known) known.all.push(forgotten);
    else found.set(sibling.function, { sibling, type, all: [forgotten] });
  }
  return [...found.values()].map(({ sibling, type, all }) => ({
    node: sibling.node,
    function: sibling.function,
    related: all.flatMap(({ related }) => related),
    message: `${sibling.function}() stops ${sibling.field} of struct ${type}, but nothing stops its ${all.map(({ what }) => what).join(', ')}: ${all.map(({ runs }) => `${runs}()`).join(' and ')} may run afterwards`,
  }));
}

/** Reports agents of a structure of other files that a function of its end stops without waiting, where nothing in the file waits. */
export function leftHalfway(scene: Scene, reported: ReadonlySet<string>): Report[] {
  const { agents, tree, model, owners, mentions } = scene;
  return agents.notWaiting.flatMap((stop): Report[] => {
    const setup = agents.setups.find(({ key }) => key === stop.key);
    if (!setup || setup.callback === '' || reported.has(stop.key) || !agents.started.has(stop.key)) return [];
    const type = ownerType(scene, stop);
    if (
      type === '' ||
      owners.declares(type) ||
      !sameType(scene, type, setup) ||
      !ENDS.test(stop.function) ||
      !isTeardown(scene, stop)
    )
      return [];
    if (agents.waiting.some(({ key }) => key === stop.key) || isSwept(agents, stop.key)) return [];
    if (aliased(tree, stop.field) || isHeld(scene, type, stop.key) || freesItself(scene, setup)) return [];
    if (mayBeStoppedElsewhere(tree, model, owners, setup, mentions.closure([stop.function]))) return [];
    const start = agents.started.get(stop.key)![0]!;
    return [
      {
        node: stop.node,
        function: stop.function,
        related: [
          place(tree, setup.node, `${setup.name}() sets up ${setup.field} to run ${setup.callback}()`),
          place(tree, start.node, `${start.name}() starts it in ${start.function}()`),
        ],
        message: `${stop.name}() does not wait for ${setup.callback}() to end, and nothing in this file does: struct ${type} may go while it runs`,
      },
    ];
  });
}

const place = (tree: SyntaxTree, node: number, message: string) => ({
  start: tree.starts[node]!,
  end: tree.ends[node]!,
  message,
});

/** A call in a function after which the structure is gone, as a statement of its own. */
function isTeardown({ closure, ways, tree }: Scene, { function: name, node }: AgentCall): boolean {
  if (SETS_UP.test(name) || PAUSES.test(name) || ways.isAside(name)) return false;
  return (closure().has(name) || ENDS.test(name)) && tree.kinds[tree.parents[node]!] === (CKind.expression_statement as number);
}

/** Something else sees to the agent: a stop of either form, its queue, whoever frees or holds the structure, a word of the function that stops the others. */
function isStoppedOrHeld(scene: Scene, type: string, setup: AgentCall, sibling: AgentCall): boolean {
  const { agents, ways, tree, model, mentions, owners } = scene;
  const { field, key } = setup;
  const starts = agents.started.get(key)!;
  const isOfIt = (stop: AgentCall) => stop.key === key && sameType(scene, type, stop);
  if (agents.waiting.some((stop) => isOfIt(stop) && !ways.isElsewhere(stop, starts))) return true;
  if (agents.notWaiting.some(isOfIt)) return true;
  if (isWorkSwept(agents, setup) || (setup.agent === 'delayed work' && isSwept(agents, key)) || aliased(tree, field)) return true;
  if (isHeld(scene, type, key) || freesItself(scene, setup)) return true;
  // A queue of a subsystem is the subsystem's to stop.
  if (starts.every(({ agent, name }) => agent === 'work' && STARTED_BY_SUBSYSTEM.test(name))) return true;
  const reached = mentions.closure([sibling.function]);
  const teardown = new Set([...reached, ...(scene.closure().has(sibling.function) ? scene.closure() : [])]);
  if (!owners.declares(type) && mayBeStoppedElsewhere(tree, model, owners, setup, teardown)) return true;
  const speaks = new RegExp(`\\b${field}(?:_\\w+)?\\b`);
  return model.functions.some(({ name, start, end }) => reached.has(name) && speaks.test(tree.text.slice(start, end)));
}
