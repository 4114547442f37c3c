import type { TraitFacts, TraitMember } from '../kernel-api';
import { atom, call, type RExpr } from '../rust/ast';
import { layOut } from '../rust/print';
import { link, type Lines } from '../rust/statements';
import { camel, snake } from '../translate/names';
import type { Unit } from '../translate/unit';
import type { Registration } from './classes';
import { containerHelpers, namedOutside, type Configfs, type ConfigfsType } from './configfs';
import { attributeBody, type AttributeBody } from './configfs-bodies';
import { localPaths, shapeOf } from './shape';

const ATTRIBUTES = 'kernel::configfs::AttributeOperations';
const GROUPS = 'kernel::configfs::GroupOperations';

/** What of a driver's configfs is Rust: types with their traits, fields of the module, functions whose work is done there. */
export interface ConfigfsParts {
  /** Public paths of the traits. */
  traits: string[];
  fields: Registration[];
  /** C functions whose text is that of a method, so that they need none of their own. */
  done: Set<string>;
  print: (lines: Lines) => void;
}

/** A kind of directory with what is printed of it. */
interface Directory {
  type: ConfigfsType;
  rust: string;
  child: Directory | null;
  /** First value of the structure behind the lock; null if no attribute needs it. */
  state: { struct: string; value: RExpr } | null;
}

/** Makes configfs subsystems of what `readConfigfs` found; null if this kernel has no such abstraction or there is none to make. */
export function configfsParts(unit: Unit, found: Configfs): ConfigfsParts | null {
  const attributes = unit.api.traitOf(ATTRIBUTES);
  const groups = unit.api.traitOf(GROUPS);
  if (found.subsystems.length === 0 || !attributes || !groups || !unit.api.catalogue.hasItem('kernel::configfs_attrs'))
    return null;
  unit.use('kernel::configfs');
  unit.use('kernel::configfs_attrs');
  const bodies = new Map<string, AttributeBody>();
  for (const { attributes: all, container } of found.types.values())
    for (const { show, store } of all)
      for (const name of [show, store]) {
        const c = name === null ? undefined : unit.program.functions.get(name);
        const body = c && attributeBody(unit, c, container, name === show);
        if (body) bodies.set(c.name, body);
      }
  const directories = new Map<string, Directory>();
  for (const type of found.types.values())
    directories.set(type.variable, {
      type,
      rust: unit.types.give(`configfs ${type.variable}`, typeName(type)),
      child: null,
      state: stateOf(unit, found, type, bodies),
    });
  for (const one of directories.values()) if (one.type.makes) one.child = directories.get(one.type.makes.child) ?? null;
  // What reads or writes state that has no first value cannot be a method.
  for (const { type, state } of directories.values())
    for (const { show, store } of type.attributes)
      for (const name of [show, store]) if (name !== null && bodies.get(name)?.state && !state) bodies.delete(name);
  const all = [...directories.values()];
  for (const { state } of all)
    if (state) {
      unit.use('kernel::new_mutex');
      unit.use('kernel::sync::Mutex');
      unit.useStruct(state.struct);
    }
  if (all.some(({ type }) => type.attributes.length > 0)) unit.use('kernel::page::PAGE_SIZE');
  for (const { lines } of bodies.values()) {
    const text = lines.join('\n');
    if (text.includes('Formatter::new')) unit.use('kernel::str::Formatter');
    if (text.includes('out.write_')) unit.use('kernel::fmt::Write');
    if (text.includes('kstrtobool_bytes')) unit.use('kernel::str::kstrtobool_bytes');
  }
  const done = new Set(bodies.keys());
  for (const { type, child } of all) {
    for (const name of type.frees) done.add(name);
    if (child && type.makes?.more === false) done.add(type.makes.function);
  }
  for (const name of containerHelpers(unit.program)) if (!namedOutside(unit.program, name, done)) done.add(name);
  return {
    traits: [
      ...(all.some(({ type }) => type.attributes.length > 0) ? [ATTRIBUTES] : []),
      ...(all.some(({ child }) => child) ? [GROUPS] : []),
    ],
    fields: found.subsystems.map(({ variable, name, type }) => field(variable, name, directories.get(type)!)),
    done,
    print: (lines) => {
      for (const one of all) {
        printData(lines, unit, one);
        if (one.child) printGroup(lines, unit, one, one.child, groups);
        for (const id of one.type.attributes.keys()) printAttribute(lines, unit, one, id, attributes, bodies);
      }
    },
  };
}

/** `childless_type` → `ChildlessConfig` */
const typeName = ({ variable }: ConfigfsType): string =>
  `${camel(variable.replace(/_?(?:config_)?(?:item_|group_)?type$/, '') || 'root')}Config`;

function stateOf(
  unit: Unit,
  { subsystems }: Configfs,
  { variable, container, attributes }: ConfigfsType,
  bodies: ReadonlyMap<string, AttributeBody>,
): Directory['state'] {
  if (container === null || !attributes.some(({ show, store }) => [show, store].some((name) => bodies.get(name ?? '')?.state)))
    return null;
  const type = { k: 'struct', name: container } as const;
  const users = subsystems.filter((one) => one.type === variable && one.struct === container);
  const given = users.length === 1 ? unit.tableValue(type, { k: 'list', items: [...users[0]!.init] }) : unit.zero(type);
  return given ? { struct: container, value: given } : null;
}

/** The field of the module that keeps a subsystem registered. */
function field(variable: string, name: string, directory: Directory): Registration {
  const local = snake(variable).replace(/^r#/, '');
  const subsystem = call('configfs::Subsystem::new', atom(`c"${name}"`), atom(`${local}_type`), call(`${directory.rust}::new`));
  return {
    name: local,
    type: `configfs::Subsystem<${directory.rust}>`,
    before: itemType(directory, 'Subsystem', `${local}_type`),
    init: ` <- ${layOut(subsystem, 3, 12 + local.length + 4, 1)}`,
    pinned: true,
  };
}

/** `let item_type = configfs_attrs! { … };` */
function itemType({ type, rust, child }: Directory, container: string, name: string): string[] {
  return [
    `let ${name} = configfs_attrs! {`,
    `    container: configfs::${container}<${rust}>,`,
    `    data: ${rust},`,
    ...(child ? [`    child: ${child.rust},`] : []),
    '    attributes: [',
    ...type.attributes.map((one, id) => `        ${one.name}: ${id},`),
    '    ],',
    '};',
  ];
}

function printData(lines: Lines, unit: Unit, { type, rust, state }: Directory): void {
  const start = lines.text.length;
  lines.text.push(`/// What a directory of \`${type.variable}\` holds.`, '#[pin_data]');
  if (state)
    lines.text.push(
      `struct ${rust} {`,
      '    #[pin]',
      `    state: Mutex<${unit.types.of(state.struct)}>,`,
      '}',
      '',
      `impl ${rust} {`,
      '    fn new() -> impl PinInit<Self, Error> {',
      '        try_pin_init!(Self {',
      ...`            state <- new_mutex!(${layOut(state.value, 3, 32, 2)}),`.split('\n'),
      '        })',
    );
  else
    lines.text.push(
      `struct ${rust} {}`,
      '',
      `impl ${rust} {`,
      '    fn new() -> impl PinInit<Self, Error> {',
      '        try_pin_init!(Self {})',
    );
  lines.text.push('    }', '}');
  for (const name of type.others) lines.text.push(`// Left in C: the attribute ${name}.`);
  for (const { field: callback, function: filled } of type.uncovered) lines.text.push(`// Left in C: ${callback} (${filled}).`);
  link(lines, start, { file: type.file, start: type.start, end: type.end });
  lines.text.push('');
}

/** The head of a method as the trait has it, its unused parameters marked. */
function head(unit: Unit, member: TraitMember, used: ReadonlySet<string>): string[] {
  const shape = shapeOf(member.signature)!;
  const parameters = shape.parameters.map(({ name, type }) => {
    if (name === 'self') return type;
    const bare = name.replace(/^_/, '');
    return `${used.has(bare) ? bare : `_${bare}`}: ${localPaths(unit, type.replace('kernel::page::PAGE_SIZE', 'PAGE_SIZE'))}`;
  });
  const returns = localPaths(unit, shape.returns);
  const flat = `    ${shape.head}(${parameters.join(', ')}) -> ${returns} {`;
  if (flat.length <= 100) return [flat];
  return [`    ${shape.head}(`, ...parameters.map((one) => `        ${one},`), `    ) -> ${returns} {`];
}

function printGroup(lines: Lines, unit: Unit, { type, rust }: Directory, child: Directory, groups: TraitFacts): void {
  const start = lines.text.length;
  const member = groups.members.find(({ name }) => name === 'make_group')!;
  const c = unit.program.functions.get(type.makes!.function)!;
  const group = call('configfs::Group::new', atom('name.try_into()?'), atom('item_type'), call(`${child.rust}::new`));
  lines.text.push(
    '#[vtable]',
    `impl configfs::GroupOperations for ${rust} {`,
    `    type Child = ${child.rust};`,
    '',
    ...head(unit, member, new Set(['name'])),
    ...(type.makes!.more ? [`        // What ${c.name}() does beside making a directory is left in C.`] : []),
    ...itemType(child, 'Group', 'item_type').map((line) => `        ${line}`),
    ...`        ${layOut(call('Ok', group), 2, 8, 0)}`.split('\n'),
    '    }',
    '}',
  );
  link(lines, start, { file: c.file, start: c.start, end: c.bodyStart });
  lines.text.push('');
}

function printAttribute(
  lines: Lines,
  unit: Unit,
  { type, rust }: Directory,
  id: number,
  trait: TraitFacts,
  bodies: ReadonlyMap<string, AttributeBody>,
): void {
  const attribute = type.attributes[id]!;
  lines.text.push(`/// The attribute \`${attribute.name}\`.`);
  if (trait.vtable) lines.text.push('#[vtable]');
  lines.text.push(`impl configfs::AttributeOperations<${id}> for ${rust} {`, '    type Data = Self;');
  for (const what of ['show', 'store'] as const) {
    const member = trait.members.find(({ name }) => name === what);
    const wanted = what === 'show' ? attribute.readable : attribute.writable;
    if (!member || (!wanted && member.hasDefault)) continue;
    const name = attribute[what];
    const body = name === null ? undefined : bodies.get(name);
    const start = lines.text.length + 1;
    lines.text.push('', ...head(unit, member, body ? new Set(['page', ...(body.state ? ['data'] : [])]) : new Set()));
    if (body) {
      const [only, ...rest] = body.lines;
      const at = body.state && rest.length === 1 && /^state\.[\w.]+ = (?!.*\bstate\.)/.test(only!);
      if (at) body.lines[0] = only!.replace('state.', 'data.state.lock().');
      else if (body.state) lines.text.push(`        let ${body.changes ? 'mut ' : ''}state = data.state.lock();`);
      lines.text.push(...body.lines.flatMap((line) => line.split('\n').map((part, i) => indented(part, i))), '    }');
    } else {
      if (!wanted) lines.text.push('        // C has no way to read it.');
      else if (name === null && attribute.madeBy !== null)
        lines.text.push(`        // Left in C: the macro ${attribute.madeBy}() makes what this is to do.`);
      else if (name !== null) lines.text.push(`        // Left in C: what ${name}() does.`);
      lines.text.push(wanted ? '        Err(ENOTSUPP)' : '        Err(EACCES)', '    }');
    }
    const c = name === null ? undefined : unit.program.functions.get(name);
    if (c) link(lines, start, { file: c.file, start: c.start, end: body ? c.end : c.bodyStart });
  }
  lines.text.push('}', '');
}

/** A line of a method; what follows the first line of a long string is deeper, but for what closes it. */
const indented = (part: string, i: number): string => `${' '.repeat(i === 0 || part.startsWith(')') ? 8 : 12)}${part}`;
