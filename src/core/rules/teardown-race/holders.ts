import type { DriverModel } from '../../driver';
import type { AgentCall, Agents } from './armed';
import type { Owners } from './owners';

/**
 * Tells agents apart that are fields of the same name in several structures of the file (`dev->work`, `dev->ir.work`): their calls get keys of
 * their own. A call whose structure is not known may be about any of them.
 */
export function tellApart(agents: Agents, model: DriverModel, owners: Owners): Agents {
  const ambiguous = namesakes(agents.setups).filter(
    (field) => new Set(agents.setups.filter((setup) => setup.field === field).map((setup) => setup.owner)).size > 1,
  );
  for (const field of ambiguous) {
    const holder = (call: AgentCall) => holderOf(call, model, owners);
    const setups = agents.setups.filter((setup) => setup.field === field);
    const holders = new Set(setups.map(holder));
    if (holders.size < 2 || holders.has('')) continue;
    const keyed = (call: AgentCall): AgentCall[] => {
      if (call.field !== field) return [call];
      const own = holder(call);
      return (own === '' ? [...holders] : [own]).map((of) => ({ ...call, key: `${of}.${field}` }));
    };
    agents.setups = agents.setups.flatMap(keyed);
    agents.waiting = agents.waiting.flatMap(keyed);
    agents.notWaiting = agents.notWaiting.flatMap(keyed);
    const starts = (agents.started.get(field) ?? []).flatMap(keyed);
    agents.started.delete(field);
    for (const start of starts) agents.started.set(start.key, [...(agents.started.get(start.key) ?? []), start]);
  }
  return agents;
}

/** Names of fields that several setups have. */
const namesakes = (setups: readonly AgentCall[]): string[] => {
  const counts = new Map<string, number>();
  for (const { field } of setups) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].flatMap(([field, count]) => (count > 1 ? [field] : []));
};

/** The structure, declared in the file, that an agent is a field of; '' if that is not known. */
function holderOf(call: AgentCall, model: DriverModel, owners: Owners): string {
  const path = call.path.split(/->|\./);
  const definition = model.functions.find(({ name }) => name === call.function);
  const [first, ...fields] = path;
  if (!definition || first === undefined || fields.length === 0) return '';
  let type = owners.typeOf(definition, first);
  for (const field of fields.slice(0, -1)) type = type === '' ? '' : owners.fieldType(type, field);
  return owners.declares(type) ? type : '';
}
