import type { TraitMember } from '../kernel-api';
import { link, type Lines } from '../rust/statements';
import type { Unit } from '../translate/unit';
import { fallback, glue } from './glue';
import type { IdData, IdTable } from './ids';
import { associatedType, chosen, constantValue } from './member-values';
import { withRegistration, type ProbeRegistration } from './registration';
import { localPaths, shapeOf } from './shape';
import type { DriverTable } from './tables';

/** One implementation of a trait. */
export interface Implementation {
  table: DriverTable;
  /** Name of the type that implements it. */
  type: string;
  /** The private structure that its probe makes. */
  state: string | null;
  ids: IdTable[];
  data: IdData;
  /** Associated types and constants that are not read off the structure's fields, by name: `Object`, `INFO`. */
  given?: ReadonlyMap<string, string>;
  /** Comments above the implementation. */
  notes?: readonly string[];
  /** What its probe registers with classes. */
  registers?: ProbeRegistration | null;
}

/** Callbacks of C that the trait has no method for, as lines of a comment. */
function wrapped(callbacks: readonly string[]): string[] {
  if (callbacks.length === 0) return [];
  const lines: string[] = [];
  let line = 'The trait has no method for';
  for (const [i, one] of callbacks.entries()) {
    const word = `${one}${i < callbacks.length - 1 ? ',' : '.'}`;
    if (line.length + word.length > 95) {
      lines.push(line);
      line = word;
    } else line += ` ${word}`;
  }
  return [...lines, line];
}

/** Prints the trait's implementation with the very signatures of this kernel. @returns false if something has no way to be filled */
export function printImplementation(lines: Lines, unit: Unit, one: Implementation): void {
  const { table, type } = one;
  const { trait } = table;
  const name = localPaths(unit, trait.path);
  for (const text of wrapped(table.uncovered.map(({ field, function: filled }) => `${field} (${filled})`)))
    lines.text.push(`// ${text}`);
  for (const text of one.notes ?? []) lines.text.push(`// ${text}`);
  if (trait.vtable) lines.text.push('#[vtable]');
  const line = lines.text.length;
  lines.text.push(`impl ${name} for ${type} {`);
  const types = trait.members.filter(({ kind }) => kind === 'type');
  for (const member of types) lines.text.push(...`    ${associatedType(unit, one, member)}`.split('\n'));
  let constants = 0;
  for (const member of trait.members) {
    if (member.kind !== 'constant') continue;
    const value = constantValue(unit, one, member);
    if (value === null) continue;
    if (constants++ === 0 && types.length > 0) lines.text.push('');
    const head = `${localPaths(unit, member.signature)} =`;
    const flat = `    ${head} ${value};`;
    if (flat.length <= 100 || value.includes('\n')) lines.text.push(...flat.split('\n'));
    else if (value.includes(' | ')) lines.text.push(...`    ${head} ${value.replace(/ \| /g, '\n        | ')};`.split('\n'));
    else lines.text.push(`    ${head}`, `        ${value};`);
  }
  for (const member of trait.members) {
    if (member.kind !== 'method') continue;
    const callback = table.callbacks.find((other) => other.method.name === member.name);
    const forward = callback ? undefined : forwarded(unit, one, member);
    if (!callback && !forward && member.hasDefault) continue;
    if (lines.text.at(-1) !== `impl ${name} for ${type} {`) lines.text.push('');
    printMethod(lines, unit, one, member, callback?.function ?? null, forward);
  }
  lines.text.push('}');
  if (lines.text.at(-2) === `impl ${name} for ${type} {`) lines.text.splice(-2, 2, `impl ${name} for ${type} {}`);
  link(lines, line, { file: 0, start: table.start, end: table.end });
  lines.text.push('');
}

/** The body of a method whose field C fills with a kernel function that a method of the device wraps. */
function forwarded(unit: Unit, one: Implementation, member: TraitMember): string | undefined {
  const forward = one.table.forwards.find(({ method: filled }) => filled.name === member.name);
  if (!forward) return undefined;
  const shape = shapeOf(member.signature);
  const [device] = shape?.parameters ?? [];
  if (!shape || shape.parameters.length !== 1 || device?.type.startsWith('&mut') !== true) return undefined;
  const kind = device.type.replace('&mut ', '');
  const item = unit.api.catalogue
    .lookup(forward.name, 'function')
    .rust.find(({ path, unsafe: isUnsafe }) => !isUnsafe && path.startsWith(`${kind}::`));
  const signature = item?.signature ?? '';
  if (!item || /-> (.*)$/.exec(signature)?.[1] !== shape.returns || !/\(&(?:mut )?self\)/.test(signature)) return undefined;
  const generic = signature.includes('<R: ');
  if (generic) unit.use('kernel::net::phy::reg::C22');
  return `${device.name.replace(/^_/, '')}.${item.path.slice(item.path.lastIndexOf('::') + 2)}${generic ? '::<C22>' : ''}()`;
}

function printMethod(
  lines: Lines,
  unit: Unit,
  one: Implementation,
  member: TraitMember,
  name: string | null,
  forward: string | undefined,
): void {
  const shape = shapeOf(chosen(one, member.signature));
  if (!shape) return;
  const info = name === null ? undefined : unit.functions.get(name);
  const used = new Set<string>();
  const body = info ? glue(unit, one, shape, info, used) : null;
  if (!body) used.clear();
  if (forward !== undefined) used.add(shape.parameters[0]!.name);
  let text = forward === undefined ? (body ?? fallback(shape, name !== null).split('\n')) : [`        ${forward}`];
  if (one.registers && shape.returns.includes('PinInit')) {
    text = withRegistration(text, one.registers);
    used.add(shape.parameters[0]!.name);
  }
  const parameters = shape.parameters.map(({ name: parameter, type }) => {
    const bare = parameter.replace(/^_/, '');
    return `${used.has(parameter) ? bare : `_${bare}`}: ${localPaths(unit, type)}`;
  });
  const head = localPaths(unit, shape.head);
  const returns = shape.returns === '' ? '' : ` -> ${localPaths(unit, shape.returns)}`;
  const start = lines.text.length;
  const empty = text.length === 1 && text[0] === '';
  const flat = `    ${head}(${parameters.join(', ')})${returns} {`;
  if (flat.length + (empty ? 1 : 0) <= 100) lines.text.push(flat);
  else {
    lines.text.push(`    ${head}(`, ...parameters.map((parameter) => `        ${parameter},`), `    )${returns} {`);
  }
  if (name !== null && !body) lines.text.push(`        // Not called: the parameters of ${name}() have no counterpart here.`);
  if (empty && lines.text.at(-1)!.endsWith('{') && flat.length < 100)
    lines.text[lines.text.length - 1] = `${lines.text.at(-1)!}}`;
  else {
    for (const line of text) if (line !== '') lines.text.push(...line.split('\n'));
    lines.text.push('    }');
  }
  if (info) link(lines, start, { file: info.c.file, start: info.c.start, end: info.c.bodyStart });
}
