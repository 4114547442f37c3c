import type { TraitMember } from '../kernel-api';
import type { CExpr } from '../c/ast';
import { stringOf } from '../c/program';
import { link, type Lines } from '../rust/statements';
import { atom, call, method, type RExpr } from '../rust/ast';
import { layOut } from '../rust/print';
import type { FunctionInfo, Unit } from '../translate/unit';
import { snake } from '../translate/names';
import { MISC } from './classes';
import type { IdData, IdTable } from './ids';
import type { DriverTable } from './tables';
import { ownKeys } from '../../own-keys';

/** One implementation of a trait. */
export interface Implementation {
  table: DriverTable;
  /** Name of the type that implements it. */
  type: string;
  /** The private structure that its probe makes. */
  state: string | null;
  ids: IdTable[];
  data: IdData;
}

/** A method's parameters as `name: type`, and what it returns. */
export interface MethodShape {
  head: string;
  parameters: { name: string; type: string }[];
  returns: string;
}

/** Takes a method's signature apart. */
export function shapeOf(signature: string): MethodShape | undefined {
  const open = parametersAt(signature);
  if (open < 0) return undefined;
  let depth = 0;
  let start = open + 1;
  const parts: string[] = [];
  let i = open + 1;
  for (; i < signature.length; i++) {
    const unit = signature[i]!;
    if (unit === '<' || unit === '(' || unit === '[') depth++;
    else if ((unit === '>' && signature[i - 1] !== '-') || unit === ']') depth--;
    else if (unit === ')') {
      if (depth === 0) break;
      depth--;
    } else if (unit === ',' && depth === 0) {
      parts.push(signature.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(signature.slice(start, i));
  const parameters = parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      if (part.includes('self') && !/^\w+: /.test(part)) return { name: 'self', type: part };
      return { name: part.slice(0, colon).trim(), type: part.slice(colon + 1).trim() };
    });
  const returns = /^\s*->\s*(.*)$/.exec(signature.slice(i + 1))?.[1] ?? '';
  return { head: signature.slice(0, open), parameters, returns: returns.trim() };
}

/** Where the parameter list starts, after the generics. */
function parametersAt(signature: string): number {
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    if (signature[i] === '<') depth++;
    else if (signature[i] === '>') depth--;
    else if (signature[i] === '(' && depth === 0) return i;
  }
  return -1;
}

/** A path in a signature as the candidate writes it, with the import that this takes: `kernel::device::Core` → `Core`. */
export function localPaths(unit: Unit, text: string): string {
  return text.replace(/\bkernel((?:::\w+)+)/g, (_, rest: string) => {
    const parts = rest.split('::').slice(1);
    const name = parts.at(-1)!;
    const module = parts.slice(0, -1);
    if (/^(?:Core|Bound|ForeignOwnable)$/.test(name)) {
      unit.use(`kernel::${parts.join('::')}`);
      return name;
    }
    const path = `kernel::${module.join('::')}`;
    if (module.length === 0) return name;
    if (module.at(-1) === 'prelude' || (module[0] === 'error' && /^(?:Result|Error)$/.test(name))) return name;
    if (module.at(-1) === 'str' && name === 'CStr') return name;
    unit.use(path);
    return `${module.at(-1)!}::${name}`;
  });
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
  if (trait.vtable) lines.text.push('#[vtable]');
  const line = lines.text.length;
  lines.text.push(`impl ${name} for ${type} {`);
  const types = trait.members.filter(({ kind }) => kind === 'type');
  for (const member of types) lines.text.push(...`    ${associatedType(one, member)}`.split('\n'));
  let constants = 0;
  for (const member of trait.members) {
    if (member.kind !== 'constant') continue;
    const value = constantValue(unit, one, member);
    if (value === null) continue;
    if (constants++ === 0 && types.length > 0) lines.text.push('');
    const head = `${localPaths(unit, member.signature)} =`;
    const flat = `    ${head} ${value};`;
    lines.text.push(...(flat.length <= 100 ? [flat] : [`    ${head}`, `        ${value};`]));
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

function associatedType(one: Implementation, member: TraitMember): string {
  const head = /^type \w+(?:<[^>]*>)?/.exec(member.signature)![0];
  const clause = / where .*$/.exec(member.signature)?.[0];
  if (clause !== undefined) return `${head}\n        = ()\n    where\n        ${clause.replace(' where ', '')};`;
  return `${head} = ${typeValue(one, member)};`;
}

/** What an associated type is: the driver's own data for the private data of a bus, nothing for what only C's callbacks would use. */
function typeValue(one: Implementation, member: TraitMember): string {
  if (member.name === 'IdInfo') return one.data.type;
  if (/^type \w+<'\w+>/.test(member.signature) && one.table.trait.members.some(({ name }) => name === 'IdInfo')) return 'Self';
  return member.name === 'Ptr' ? 'KBox<Self>' : '()';
}

/** A method's signature with what the implementation chose for `Self::…` where that is nothing. */
function chosen(one: Implementation, signature: string): string {
  return signature.replace(/\bResult<Self::(\w+)>$/, (whole, name: string) => {
    const member = one.table.trait.members.find((other) => other.kind === 'type' && other.name === name);
    return member && typeValue(one, member) === '()' ? 'Result' : whole;
  });
}

function constantValue(unit: Unit, one: Implementation, member: TraitMember): string | null {
  const { signature, name } = member;
  if (/\bIdTable</.test(signature)) {
    const bus = /^(\w+)_ID_TABLE$/.exec(name)?.[1]?.toLowerCase();
    const table = one.ids.find(({ macro, module }) =>
      bus === undefined ? signature.includes(module) : macro === `${bus}_device_table`,
    );
    if (!table) return null;
    return signature.includes('Option<') ? `Some(&${table.name})` : `&${table.name}`;
  }
  if (member.hasDefault) return phyConstant(unit, one, member);
  if (/CStr\b/.test(signature)) return cstr(unit, one) ?? `c"${snake(one.type).replace(/^r#/, '')}"`;
  if (/: bool\b/.test(signature)) return 'false';
  if (/: [ui]\d+\b/.test(signature)) return flags(unit, one, name) ?? '0';
  return variant(unit, one, member);
}

/** What C's structure says for a constant: its name, its flags. */
function cstr(unit: Unit, one: Implementation): string | null {
  const text = stringOf(unit.program, one.table.items.find(({ field }) => field === 'name')?.value);
  return text !== null && /^[ !#-[\]-~]*$/.test(text) ? `c"${text}"` : null;
}

/** `flags` of C as the constants that the trait's module has for them: `CPUFREQ_CONST_LOOPS` → `cpufreq::flags::CONST_LOOPS`. */
function flags(unit: Unit, one: Implementation, name: string): string | null {
  const e = one.table.items.find(({ field }) => field === name.toLowerCase())?.value;
  const module = one.table.trait.path.split('::').slice(0, -1).join('::');
  const visit = (part: CExpr): string[] | null => {
    if (part.k === 'bin' && part.op === '|') {
      const l = visit(part.l);
      const r = visit(part.r);
      return l && r && [...l, ...r];
    }
    if (part.k !== 'id') return null;
    const path = `${module}::flags::${part.name.replace(/^[A-Z]+_/, '')}`;
    return unit.api.catalogue.hasItem(path) ? [path.split('::').slice(-3).join('::')] : null;
  };
  const all = e ? visit(e) : null;
  if (!all) return null;
  unit.use(module);
  return all.join(' | ');
}

/** A constant that is one of an enumeration: the variant whose name ends what C says, else the first one. */
function variant(unit: Unit, one: Implementation, member: TraitMember): string | null {
  const type = /: (kernel::[\w:]+)$/.exec(member.signature)?.[1];
  if (type === undefined) return null;
  const variants = unit.api.catalogue.items().filter(({ kind, path }) => kind === 'variant' && path.startsWith(`${type}::`));
  const said = one.table.items.find(({ field }) => field === member.name.toLowerCase())?.value;
  const name = said?.k === 'id' ? said.name.toLowerCase().replace(/_/g, '') : '';
  const found = variants.find(({ path }) => name.endsWith(path.slice(type.length + 2).toLowerCase())) ?? variants[0];
  return found ? `${localPaths(unit, type)}::${found.path.slice(type.length + 2)}` : null;
}

function phyConstant(unit: Unit, one: Implementation, member: TraitMember): string | null {
  const field = (name: string) => one.table.items.find((item) => item.field === name)?.value;
  if (member.name === 'PHY_DEVICE_ID') {
    const hex = (value: bigint): string => `0x${value.toString(16).padStart(8, '0')}`;
    const id = field('phy_id');
    const matched = id ? null : matchedId(unit, one);
    const known = id ? unit.constants.evaluate(id) : matched;
    if (!known) return null;
    const mask = field('phy_id_mask');
    const bits = mask ? unit.constants.evaluate(mask) : matched && { value: matched.mask };
    if (!bits) return null;
    const shape: Record<string, string> = ownKeys({
      '4294967295': 'new_with_exact_mask',
      '4294967280': 'new_with_model_mask',
      '4294966272': 'new_with_vendor_mask',
    });
    const constructor = shape[bits.value.toString()];
    if (constructor !== undefined) return `phy::DeviceId::${constructor}(${hex(known.value)})`;
    return `phy::DeviceId::new_with_custom_mask(${hex(known.value)}, ${hex(bits.value)})`;
  }
  if (member.name === 'FLAGS') {
    const flags = field('flags');
    const known = flags && unit.constants.evaluate(flags);
    if (flags?.k === 'id' && flags.name === 'PHY_IS_INTERNAL') return 'phy::flags::IS_INTERNAL';
    return known && known.value > 0n ? known.value.toString() : null;
  }
  return null;
}

/** PHY_ID_MATCH_EXACT(id) and its sisters among the elements. */
function matchedId(unit: Unit, one: Implementation): { value: bigint; mask: bigint } | null {
  for (const { field, value } of one.table.items) {
    if (field !== null || value.k !== 'call' || value.callee.k !== 'id') continue;
    const mask = { PHY_ID_MATCH_EXACT: 0xffffffffn, PHY_ID_MATCH_MODEL: 0xfffffff0n, PHY_ID_MATCH_VENDOR: 0xfffffc00n }[
      value.callee.name
    ];
    const known = mask === undefined ? null : unit.constants.evaluate(value.args[0]!);
    if (known && mask !== undefined) return { value: known.value, mask };
  }
  return null;
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
  const text = forward === undefined ? (body ?? [{ line: fallback(shape) }]) : [{ line: `        ${forward}` }];
  const parameters = shape.parameters.map(({ name: parameter, type }) => {
    const bare = parameter.replace(/^_/, '');
    return `${used.has(parameter) ? bare : `_${bare}`}: ${localPaths(unit, type)}`;
  });
  const head = localPaths(unit, shape.head);
  const returns = shape.returns === '' ? '' : ` -> ${localPaths(unit, shape.returns)}`;
  const start = lines.text.length;
  const empty = text.length === 1 && text[0]!.line === '';
  const flat = `    ${head}(${parameters.join(', ')})${returns} {`;
  if (flat.length + (empty ? 1 : 0) <= 100) lines.text.push(flat);
  else {
    lines.text.push(`    ${head}(`, ...parameters.map((parameter) => `        ${parameter},`), `    )${returns} {`);
  }
  if (name !== null && !body) lines.text.push(`        // Not called: the parameters of ${name}() have no counterpart here.`);
  if (empty && lines.text.at(-1)!.endsWith('{') && flat.length < 100)
    lines.text[lines.text.length - 1] = `${lines.text.at(-1)!}}`;
  else {
    for (const { line } of text) if (line !== '') lines.text.push(...line.split('\n'));
    lines.text.push('    }');
  }
  if (info) link(lines, start, { file: info.c.file, start: info.c.start, end: info.c.bodyStart });
}

/** What a method does for which C has nothing, or nothing that can be called. */
function fallback(shape: MethodShape): string {
  if (shape.returns === '') return '';
  if (shape.returns.includes('PinInit')) return '        Ok(Self)';
  if (shape.returns === 'Result<Self::Ptr>') return '        Ok(KBox::new(Self, GFP_KERNEL)?)';
  if (shape.returns === 'bool') return '        false';
  if (/^[ui](?:\d+|size)$/.test(shape.returns)) return '        0';
  return '        Err(ENOTSUPP)';
}

const SCALAR = /^[ui](?:8|16|32|64|size)$/;

/** The call of the C function's counterpart, and what is made of its result; null if the parameters do not fit. */
function glue(
  unit: Unit,
  one: Implementation,
  shape: MethodShape,
  info: FunctionInfo,
  used: Set<string>,
): { line: string }[] | null {
  const lines: string[] = [];
  const args: RExpr[] = [];
  const use = (name: string): RExpr => {
    used.add(name);
    return atom(name.replace(/^_/, ''));
  };
  let guard = false;
  for (const { at, local } of info.parameters) {
    const { type } = local;
    if (type.k === 'device') {
      const parameter = shape.parameters.find(
        (other) => other.type.includes(`${type.kind}<`) || other.type.endsWith(type.kind) || other.type.includes(`${type.kind}>`),
      );
      if (!parameter) return null;
      if (type.kind.endsWith('phy::Device') && !parameter.type.startsWith('&mut')) return null;
      if (
        local.context > (parameter.type.includes('Core') ? 2 : parameter.type.includes('Bound') ? 1 : 0) &&
        !type.kind.endsWith('phy::Device')
      )
        return null;
      args.push(use(parameter.name));
    } else if (type.k === 'ref') {
      const data = shape.parameters.find((other) => /^Pin<&Self::Data/.test(other.type));
      if (!data || one.state !== type.name || guard) return null;
      guard = true;
      const changes = local.mutates > 0;
      lines.push(`let ${changes ? 'mut ' : ''}state = ${data.name.replace(/^_/, '')}.state.lock();`);
      used.add(data.name);
      args.push(atom(changes ? '&mut state' : '&state'));
    } else if (type.k === 'int') {
      const named = shape.parameters.find((other) => other.name.replace(/^_/, '') === local.name && SCALAR.test(other.type));
      const parameter = named ?? (one.table.trait.path === MISC ? undefined : shape.parameters[at]);
      if (!parameter || !SCALAR.test(parameter.type)) return null;
      const e = use(parameter.name);
      const widening = parameter.type === 'u8' && /^[ui](?:16|32|64)$/.test(type.of);
      const wider = (parameter.type === 'u16' && /^[ui](?:32|64)$/.test(type.of)) || widening;
      args.push(parameter.type === type.of ? e : wider ? call(`${type.of}::from`, e) : { k: 'cast', of: e, type: type.of });
    } else return null;
  }
  const called = call(info.rust, ...args);
  const result = resultLines(unit, one, shape, info, called);
  return result && [...lines.map((line) => ({ line: `        ${line}` })), ...result.map((line) => ({ line }))];
}

/** The result of the C function's counterpart as the trait wants it. */
function resultLines(unit: Unit, one: Implementation, shape: MethodShape, info: FunctionInfo, called: RExpr): string[] | null {
  const value = (e: RExpr): string[] => [`        ${layOut(e, 2, 8, 0)}`];
  const statement = (e: RExpr): string[] => [`        ${layOut(e, 2, 8, 1)};`];
  const { returns } = info;
  if (shape.returns.includes('PinInit')) {
    if (returns.k === 'builds') {
      unit.use('kernel::new_mutex');
      return [
        '        pin_init::pin_init_scope(move || {',
        `            let state = ${layOut(called, 3, 24, 2)}?;`,
        '            Ok(try_pin_init!(Self {',
        '                state <- new_mutex!(state),',
        '            }))',
        '        })',
      ];
    }
    if (one.state !== null) return null;
    if (returns.k === 'result') return [...statement({ k: 'try', of: called }), '        Ok(Self)'];
    if (returns.k === 'unit' || returns.k === 'none') return [...statement(called), '        Ok(Self)'];
    return null;
  }
  switch (shape.returns) {
    case '':
      if (returns.k === 'unit' || returns.k === 'none') return statement(called);
      return [`        let _ = ${layOut(called, 2, 16, 1)};`];
    case 'Result<Self::Ptr>': {
      const made = '        Ok(KBox::new(Self, GFP_KERNEL)?)';
      if (returns.k === 'result' || returns.k === 'result-value') return [...statement({ k: 'try', of: called }), made];
      return returns.k === 'unit' || returns.k === 'none' ? [...statement(called), made] : null;
    }
    case 'Result':
      if (returns.k === 'result') return value(called);
      if (returns.k === 'result-value') return value(method(called, 'map', atom('|_| ()')));
      if (returns.k === 'unit' || returns.k === 'none') return [...statement(called), '        Ok(())'];
      return null;
    case 'bool':
      if (returns.k === 'bool') return value(called);
      return returns.k === 'value' ? value({ k: 'bin', op: '!=', l: called, r: atom('0') }) : null;
    default:
  }
  const inner = /^Result<(.*)>$/.exec(shape.returns)?.[1];
  if (inner !== undefined && SCALAR.test(inner)) {
    if (returns.k === 'result') return value(method(called, 'map', atom('|()| 0')));
    if (returns.k === 'result-value')
      return value(
        returns.of === inner
          ? called
          : method(called, 'map', { k: 'closure', head: '|value|', body: { k: 'cast', of: atom('value'), type: inner } }),
      );
    if (returns.k === 'value') return value(call('Ok', returns.of === inner ? called : { k: 'cast', of: called, type: inner }));
  }
  if (SCALAR.test(shape.returns) && returns.k === 'value')
    return value(returns.of === shape.returns ? called : { k: 'cast', of: called, type: shape.returns });
  return null;
}
