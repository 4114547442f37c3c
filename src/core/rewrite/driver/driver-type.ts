import type { Lines } from '../rust/statements';
import type { Unit } from '../translate/unit';
import type { IdTable } from './ids';
import type { Implementation } from './impl';

/** The type that a driver is, with its private structure behind a lock, and its id tables. */
export function printDriverType(lines: Lines, unit: Unit, one: Implementation): void {
  if (one.state === null) lines.text.push(`struct ${one.type};`, '');
  else {
    unit.use('kernel::sync::Mutex');
    unit.useStruct(one.state);
    lines.text.push(
      '#[pin_data]',
      `struct ${one.type} {`,
      '    #[pin]',
      `    state: Mutex<KBox<${unit.types.of(one.state)}>>,`,
      '}',
      '',
    );
  }
  for (const table of one.ids) {
    unit.use(table.module);
    const trait = one.table.trait.path.split('::').slice(-2).join('::');
    unit.use(one.table.trait.path.split('::').slice(0, -1).join('::'));
    lines.text.push(`kernel::${table.macro}! {`);
    for (const parameter of unit.api.tableMacro(table.macro) ?? []) {
      if (parameter === 'name') lines.text.push(`    ${table.name},`);
      else if (parameter === 'module-name') lines.text.push(`    MODULE_${table.name},`);
      else if (parameter === 'type') lines.text.push(`    <${one.type} as ${trait}>::IdInfo,`);
      else printEntries(lines, one, table, parameter === 'array' ? `${table.module.split('::').at(-1)!}::DeviceId` : null);
    }
    lines.text.push('}', '');
  }
}

/** @param type of an entry's first part, if the macro takes an array, whose type an empty one must name; else null */
function printEntries(lines: Lines, one: Implementation, table: IdTable, type: string | null): void {
  lines.text.push('    [');
  const given = table.entries.filter(({ id }) => id !== null);
  const [first] = given;
  // Where every entry is None, not every kernel's macro tells of what.
  const untyped = /^Option<.*>$/.test(one.data.type) && given.every(({ data }) => one.data.value(data) === 'None');
  const none = `None::<${one.data.type.slice('Option<'.length, -1)}>`;
  for (const { id, data, text } of table.entries) {
    if (id === null) lines.text.push(`        // Left in C (no constructor for it): ${text}`);
    else lines.text.push(`        (${id}, ${untyped && text === first?.text ? none : one.data.value(data)}),`);
  }
  const empty = type !== null && table.entries.every(({ id }) => id === null);
  lines.text.push(empty ? `    ] as [(${type}, ${one.data.type}); 0]` : '    ]');
}
