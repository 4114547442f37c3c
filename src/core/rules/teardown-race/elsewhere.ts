import type { DriverModel } from '../../driver';
import type { SyntaxTree } from '../../syntax';
import type { AgentCall } from './armed';
import type { Owners } from './owners';

/**
 * The teardown speaks of the agent in a way of its own (a counter, a flag), or the driver has other files: its structure is not
 * declared here, and the teardown calls functions that are named like the driver's and defined elsewhere.
 * @param closure the functions of the teardown
 * @param isLibrary whoever uses the file may stop what it does not declare
 */
export function mayBeStoppedElsewhere(
  tree: SyntaxTree,
  model: DriverModel,
  owners: Owners,
  setup: AgentCall,
  closure: ReadonlySet<string>,
  isLibrary = false,
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
  if (isLibrary) return true;
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

/** The texts of functions. */
export const bodies = (tree: SyntaxTree, model: DriverModel, names: ReadonlySet<string>): string[] =>
  model.functions.filter(({ name }) => names.has(name)).map(({ start, end }) => tree.text.slice(start, end));
