import { stringOf } from '../c/program';
import type { EntryShape } from '../translate/analysis';
import { camel } from '../translate/names';
import type { Unit } from '../translate/unit';
import { idData, idTable, type IdTable } from './ids';
import type { Implementation } from './impl';
import { fieldOf, nestedField, variableOf, type DriverTable } from './tables';

/** Tables of callbacks that belong to the same trait as a driver's own one, as parts of it: those of `serdev_device_ops`. */
export function merged(tables: readonly DriverTable[]): DriverTable[] {
  const isDriver = ({ struct }: DriverTable): boolean => struct.endsWith('_driver');
  return tables.flatMap((table) => {
    const sisters = tables.filter(({ trait }) => trait.path === table.trait.path);
    if (!sisters.some(isDriver)) return [table];
    if (!isDriver(table)) return [];
    const parts = sisters.filter((other) => !isDriver(other));
    if (sisters.length - parts.length !== 1) return [table];
    return [{ ...table, callbacks: [table, ...parts].flatMap(({ callbacks }) => callbacks) }];
  });
}

/** The devices that the methods of these traits are handed, by path. */
export function busKinds(tables: readonly DriverTable[]): string[] {
  const kinds = tables.flatMap(({ trait }) =>
    trait.members.flatMap(({ signature }) =>
      [...signature.matchAll(/&(?:'\w+ )?(?:mut )?(kernel(?:::\w+)+)</g)].map((match) => match[1]!),
    ),
  );
  return [...new Set(kinds)];
}

/** How each callback is entered. */
export function entryShapes(unit: Unit, tables: readonly DriverTable[]): Map<string, EntryShape> {
  const shapes = new Map<string, EntryShape>();
  for (const table of tables)
    for (const { method, function: name } of table.callbacks) {
      const { trait } = table;
      const returns = method.signature.slice(method.signature.lastIndexOf('->'));
      const builds = returns.includes('PinInit') && trait.members.some(({ name: other }) => other === 'IdInfo');
      const data = method.signature.includes('Self::Data');
      const matched = builds ? idData(unit, idTables(unit, table, '')).struct : null;
      shapes.set(name, { builds, data, result: /\bResult\b|PinInit/.test(returns), matched });
    }
  return shapes;
}

/** The id tables of a driver that its trait takes. */
function idTables(unit: Unit, table: DriverTable, suffix: string): IdTable[] {
  const ids: IdTable[] = [];
  for (const variable of [
    variableOf(fieldOf(table.items, 'id_table')),
    variableOf(nestedField(table.items, 'driver', 'of_match_table')),
    variableOf(nestedField(table.items, 'driver', 'acpi_match_table')),
    variableOf(nestedField(table.items, 'drv', 'of_match_table')),
  ]) {
    const ids_ = variable === null ? undefined : idTable(unit, variable, suffix);
    if (ids_ && !ids.some(({ name }) => name === ids_.name)) ids.push(ids_);
  }
  const required = table.trait.members.find(
    ({ kind, signature, hasDefault }) => kind === 'constant' && !hasDefault && signature.includes('IdTable<'),
  );
  if (required && !ids.some(({ module }) => required.signature.includes(module))) {
    const module = table.trait.path.split('::').slice(0, -1).join('::');
    const bus = module.split('::').at(-1)!;
    ids.push({ name: `ID_TABLE${suffix}`, macro: `${bus}_device_table`, module, entries: [] });
  }
  return ids.filter(({ macro, module }) =>
    table.trait.members.some(
      ({ signature, name }) =>
        signature.includes('IdTable<') &&
        (signature.includes(module) || name.toLowerCase() === macro.replace('_device_table', '_id_table')),
    ),
  );
}

/** What implements the trait of a table, once its functions are translated. */
export function implementation(unit: Unit, table: DriverTable, suffix: string): Implementation {
  const ids = idTables(unit, table, suffix);
  const probe = table.callbacks.find(({ method }) => method.signature.includes('PinInit'));
  const returns = probe && unit.functions.get(probe.function)?.returns;
  const name = stringOf(unit.program, table.items.find(({ field }) => field === 'name')?.value);
  const wanted =
    table.trait.path.endsWith('phy::Driver') && name !== null
      ? `Phy${camel(name.replace(/\W+/g, '_'))}`
      : camel(table.variable.replace(/\[(\d+)\]/, '_$1'));
  return {
    table,
    type: unit.types.give(`table ${table.variable}`, /^[A-Z]/.test(wanted) ? wanted : `Driver${wanted}`),
    state: returns?.k === 'builds' ? returns.name : null,
    ids,
    data: idData(unit, ids),
  };
}
