import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import type { Report } from '../model';
import type { AgentCall, Agents } from './armed';
import type { Mentions } from './closure';
import { bodies, mayBeStoppedElsewhere } from './elsewhere';
import type { Free, Owners } from './owners';
import type { Ways } from './ways';

/** Names of functions that take something down for good. */
const TEARS_DOWN =
  /(?:^|_)(?:remove|disconnect|release|free|destroy|exit|fini|unregister|unbind|cleanup|clean|dtor|destructor|del|delete|detach|deinit|uninit|teardown|disable|stop|close|shutdown|put)(?:_|\d|$)/;
/** Of these, the ones after which the data is gone whoever calls them. */
export const ENDS =
  /(?:^|_)(?:remove|disconnect|release|free|destroy|exit|unbind|dtor|destructor|detach|deinit|uninit|cleanup|unregister)(?:_|\d|$)/;
/** Names of functions that set up: what they free, they free because it failed. */
const SETS_UP = /(?:^|_)(?:probe|init|create|alloc|setup|open|add|attach|connect|register|new|start|bind|get|load)(?:_|\d|$)/;
/** What hands a reference on: `kref_get(&p->ref)`. */
const HOLDS = /\b(?:kref_get\w*|refcount_inc\w*|get_device|\w+_(?:get|hold|ref|tryget|grab)|try_module_get)\s*\(\s*&?\(?(\w+)/g;
const LETS_GO =
  /\b(?:k?v?free\w*|kmem_cache_free|\w*_?put(?:_\w+)?|\w*(?:free|release|unref|destroy|delete)\w*)\s*\(\s*(?:[^(),]+,\s*)?&?\(?(\w+)/g;

/** What may be a release of what a callback is part of. */
const FREES =
  /\bk(?:v|mem_cache_)?free\w*\s*\(\s*(?:[^(),]+,\s*)?&?\(?(\w+)|(?:_put|_free)\s*\(\s*(?:[^(),]+,\s*)?&?\(?(?=(\w+))/g;

/** A file, as this judgement needs it. */
export interface Scene {
  tree: SyntaxTree;
  model: DriverModel;
  agents: Agents;
  owners: Owners;
  /** Functions that are reached from the driver's removal. */
  closure: () => ReadonlySet<string>;
  mentions: Mentions;
  ways: Ways;
  /** Functions by which the driver is unbound. */
  removes: readonly string[];
}

/** Whether all queues that the work of a field is put on are stopped as a whole. */
export function isSwept(agents: Agents, key: string): boolean {
  if (agents.sweeping.size === 0) return false;
  return (agents.started.get(key) ?? []).some(({ queue }) => agents.sweeping.has(queue) || queue === '');
}

/** The same for work of either kind: work without a delay is on its queue at once, and is waited for with it. */
export const isWorkSwept = (agents: Agents, { agent, key }: AgentCall): boolean =>
  (agent === 'work' || (agent === 'delayed work' && agents.started.get(key)!.every(({ delay }) => delay === '0'))) &&
  isSwept(agents, key);

/** The queues of a delayed work are flushed: an object of many that is freed afterwards has none any more, if others disarm it. */
const isFlushed = (agents: Agents, { agent, key }: AgentCall): boolean =>
  agent === 'delayed work' && agents.started.get(key)!.some(({ queue }) => agents.flushed.has(queue));

/** The structure that an agent is part of is freed in this file, and nothing in the file waits for the agent. */
export function judgeFree(scene: Scene, setup: AgentCall): Report | undefined {
  const { tree, agents, owners } = scene;
  const { field, key, agent, callback } = setup;
  const type = ownerType(scene, setup);
  if (type === '' || isWorkSwept(agents, setup) || isFlushed(agents, setup) || (agent === 'URB' && agents.sweeping.has('URBs')))
    return undefined;
  const free = freeOf(scene, setup, type);
  if (
    isStopped(scene, type, setup, free?.function) ||
    aliased(tree, field) ||
    isHeld(scene, type, key) ||
    freesOwn(scene, type, callback)
  )
    return undefined;
  const started = agents.started.get(key)![0]!;
  const armed = {
    start: tree.starts[setup.node]!,
    end: tree.ends[setup.node]!,
    message: `${setup.name}() sets up ${field}${callback === '' ? '' : ` to run ${callback}()`}; ${started.name}() starts it`,
  };
  const runs = callback === '' ? `the ${agent}` : `${callback}()`;
  const halfway = agents.notWaiting.find(
    (stop) =>
      stop.key === key &&
      // Whoever looks at the answer knows whether it has run.
      tree.kinds[tree.parents[stop.node]!] === (CKind.expression_statement as number) &&
      !isSwept(agents, key) &&
      (scene.closure().has(stop.function) ||
        ENDS.test(stop.function) ||
        (TEARS_DOWN.test(stop.function) && free !== undefined)) &&
      sameType(scene, type, stop),
  );
  if (
    halfway &&
    (free !== undefined || owners.managed(type) !== undefined || (ENDS.test(halfway.function) && owners.declares(type)))
  )
    return {
      node: halfway.node,
      function: halfway.function,
      related: [
        armed,
        ...(free ? [{ start: tree.starts[free.node]!, end: tree.ends[free.node]!, message: 'it is freed here' }] : []),
      ],
      message: `${halfway.name}() does not wait for ${runs} to end, and ${free ? `struct ${type} is freed` : `what it works on goes`} after it`,
    };
  if (
    free &&
    !owners.declares(type) &&
    (!isWhole(scene, setup, free.function) || agents.notWaiting.some((stop) => stop.key === key))
  )
    return undefined;
  if (
    agents.notWaiting.some((stop) => stop.key === key && (TEARS_DOWN.test(stop.function) || scene.closure().has(stop.function)))
  )
    return undefined;
  if (!free) return agent === 'URB' ? leftInFlight(scene, type, armed, field, runs) : undefined;
  return {
    node: free.node,
    function: free.function,
    related: [armed],
    message: `${free.what} is freed, and nothing in this file waits for its ${agent} ${field}: ${runs} may run afterwards`,
  };
}

/** A URB that nothing in the file kills, though what it completes into goes with the device: managed memory. */
function leftInFlight(
  { model, tree, owners, removes, agents }: Scene,
  type: string,
  armed: { start: number; end: number; message: string },
  field: string,
  runs: string,
): Report | undefined {
  const where = model.functions.find(({ name }) => removes.includes(name));
  if (!where || !owners.declares(type) || owners.managed(type) !== 'managed' || agents.sweeping.size > 0) return undefined;
  return {
    node: tree.nodeAt(where.nameStart),
    function: where.name,
    related: [armed],
    message: `${where.name}() does not kill the URB ${field}: ${runs} may run after the managed data is freed`,
  };
}

/**
 * The end of a structure that other files know is told whole in the function that frees it: no caller in this file, and nothing of the
 * driver's own that it asks elsewhere, has a say.
 */
function isWhole(scene: Scene, setup: AgentCall, freeing: string): boolean {
  const { tree, model, owners, mentions, agents } = scene;
  const definition = definitionOf(scene, freeing);
  // What URBs anchors have, the text does not say.
  if (!definition || (setup.agent === 'URB' && agents.sweeping.size > 0)) return false;
  const isOnTheWay = scene.closure().has(freeing);
  if (!isOnTheWay && !isUncalled(scene, definition)) return false;
  const way = isOnTheWay ? scene.closure() : mentions.closure([freeing]);
  // It may wait in a way of its own.
  if (bodies(tree, model, way).some((text) => /\bwait_(?:event|for_completion)\w*\s*\(/.test(text))) return false;
  return !mayBeStoppedElsewhere(tree, model, owners, setup, way);
}

/** A function for other files, which this one does not speak of, or one that is kept as what ends a device. */
function isUncalled({ tree: { text } }: Scene, { name, start, nameStart }: FunctionDefinition): boolean {
  if (new RegExp(`->(?:disconnect|remove|detach|cleanup)\\s*=\\s*${name}\\s*;`).test(text)) return true;
  return !/\bstatic\b/.test(text.slice(start, nameStart)) && text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length === 1;
}

const definitionOf = ({ model }: Scene, name: string) => model.functions.find((one) => one.name === name);

function textOf(scene: Scene, name: string): string {
  const definition = definitionOf(scene, name);
  return definition ? scene.tree.text.slice(definition.start, definition.end) : '';
}

export function ownerType(scene: Scene, call: AgentCall): string {
  const definition = definitionOf(scene, call.function);
  return definition && call.owner !== '' ? scene.owners.typeOf(definition, call.owner) : '';
}

/** A call may be about the same agent: its owner is of the type, or of one that is not known. */
export function sameType(scene: Scene, type: string, call: AgentCall): boolean {
  const other = ownerType(scene, call);
  return other === '' || other === type;
}

/** Something waits for the agent: more than the function that sets it up, where that fails. */
const isStopped = (scene: Scene, type: string, { key, function: setUp }: AgentCall, freeing = ''): boolean =>
  scene.agents.waiting.some(
    (stop) =>
      stop.key === key &&
      (stop.function !== setUp || !SETS_UP.test(setUp)) &&
      sameType(scene, type, stop) &&
      (stop.function === freeing || !scene.ways.isAside(stop.function)),
  );

/** The address of the agent is kept in a variable or handed to a macro of the file: it may be stopped by that name. */
export const aliased = (tree: SyntaxTree, field: string): boolean =>
  new RegExp(`[=:]\\s*&[\\w.>\\-\\[\\]]*(?:->|\\.)${field}\\s*[;,]|return\\s+&[\\w.>-]*${field}\\b`).test(tree.text);

/** Whoever starts it takes a reference for it. */
export function isHeld(scene: Scene, type: string, key: string): boolean {
  const callbacks = scene.agents.setups.filter((setup) => setup.key === key).map((setup) => textOf(scene, setup.callback));
  return (scene.agents.started.get(key) ?? []).some((start) => {
    const definition = definitionOf(scene, start.function);
    if (!definition) return false;
    const text = scene.tree.text.slice(definition.start, definition.end);
    // `acme_get_view(v); schedule_work(…)`, and the work ends with `acme_put_view(v)`.
    for (const [, get, put] of text.matchAll(/\b(\w+_)get(_\w+)\s*\(/g))
      if (callbacks.some((callback) => new RegExp(`\\b${get!}put${put!}\\s*\\(`).test(callback))) return true;
    return [...text.matchAll(HOLDS)].some(([, name]) => scene.owners.typeOf(definition, name!) === type);
  });
}

/** The callback itself lets go of what it is part of. */
function freesOwn(scene: Scene, type: string, callback: string): boolean {
  const definition = definitionOf(scene, callback);
  if (!definition) return true;
  const text = scene.tree.text.slice(definition.start, definition.end);
  if ([...text.matchAll(LETS_GO)].some(([, name]) => scene.owners.typeOf(definition, name!) === type)) return true;
  const reached = scene.mentions.closure([callback]);
  return scene.owners.frees.some((free) => free.type === type && reached.has(free.function));
}

/** The callback may free what it is part of, an object of its own and not the driver's data. What else it frees is no matter. */
export function freesItself(scene: Scene, setup: AgentCall): boolean {
  const definition = definitionOf(scene, setup.callback);
  if (!definition) return true;
  const type = ownerType(scene, setup);
  const text = scene.tree.text.slice(definition.start, definition.end);
  return [...text.matchAll(FREES)].some(([, first, second]) => {
    const name = first ?? second;
    const freed = type === '' ? '' : scene.owners.typeOf(definition, name!);
    // What the callback has made itself, of a type that is not told (`u8 *buf`), is not what it is part of.
    return freed === '' ? type === '' || !new RegExp(`[\\s*]${name!}\\s*=[^=]`).test(text) : freed === type;
  });
}

/** Freed is an entry of a list that the function itself has filled with what it has allocated: a copy of the real ones. */
function isOfOwnList(text: string, what: string): boolean {
  if (!/^\w+$/.test(what)) return false;
  const loops = text.matchAll(new RegExp(`\\blist_for_each_entry\\w*\\s*\\(\\s*${what}\\s*,[^;{]*?&(\\w+)\\s*,`, 'g'));
  const head = [...loops].at(-1)?.[1];
  const made = /\b(\w+)\s*=\s*k[mz]alloc\w*\s*\(/.exec(text)?.[1];
  if (head === undefined || made === undefined || !new RegExp(`LIST_HEAD\\s*\\(\\s*&?${head}\\s*\\)`).test(text)) return false;
  return new RegExp(`\\blist_add\\w*\\s*\\(\\s*&${made}->\\w+\\s*,\\s*&${head}\\s*\\)`).test(text);
}

/** Where a structure of the type is freed for good: not where its setting up has failed. */
function freeOf(scene: Scene, setup: AgentCall, type: string): Free | undefined {
  const sites = scene.owners.frees.filter(
    (free) =>
      free.type === type &&
      free.function !== setup.function &&
      free.function !== setup.callback &&
      !SETS_UP.test(free.function) &&
      !isOfOwnList(textOf(scene, free.function), free.what),
  );
  return sites.find((free) => scene.closure().has(free.function)) ?? sites.find((free) => TEARS_DOWN.test(free.function));
}
