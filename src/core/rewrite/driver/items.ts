import { quoted } from '../translate/body';
import { literal } from '../translate/integers';
import { assigned, layOut, oneLine } from '../rust/print';
import { add, link, type Lines } from '../rust/statements';
import type { RExpr } from '../rust/ast';
import { shortPath, type FieldInfo, type StructInfo } from '../translate/structs';
import type { Unit } from '../translate/unit';
import type { VarType } from '../translate/values';

/** The constants that the candidate uses, in the order of the C text. */
export function printConstants(lines: Lines, unit: Unit): void {
  const { program, constants } = unit;
  const place = (name: string): [number, number] => {
    const found = program.macros.get(name) ?? program.enumerators.get(name);
    return found ? [found.file, found.start] : [0, 0];
  };
  const names = [...unit.usedConstants]
    .filter((name) => constants.named(name) && (program.macros.has(name) || program.enumerators.has(name)))
    .sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
  for (const name of names) {
    const known = constants.named(name)!;
    const type = constants.typeOf(name, known);
    const macro = program.macros.get(name);
    let value = oneLine(literal(known.value))!;
    let note = '';
    if (macro) {
      const { body } = macro;
      if (body.k === 'num' && !body.text.startsWith('b')) value = body.text;
      else if (body.k === 'call' && body.callee.k === 'id' && /^BIT/.test(body.callee.name) && body.args[0]?.k === 'num')
        value = `1 << ${body.args[0].value}`;
      else if (body.k === 'num') value = `${body.text}${type === 'u8' ? '' : ` as ${type}`}`;
      else {
        const { tree } = program.files[macro.file]!;
        const text = tree.text
          .slice(macro.start, macro.end)
          .replace(/^#\s*define\s+\w+\s*/, '')
          .replace(/\\\r?\n\s*/g, ' ')
          .replace(/\s*(?:\/\*[^]*|\/\/.*)$/, '')
          .trim();
        if (text.length <= 40 && !/[^ -~]/.test(text)) note = ` // ${text}`;
      }
    }
    const file = program.files[(macro ?? program.enumerators.get(name))!.file]!;
    if (note === '' && file.isHeader) note = ` // ${file.shown}`;
    const line = lines.text.length;
    lines.text.push(`const ${unit.constantNames.of(name)}: ${type} = ${value};${note}`.trimEnd());
    const at = macro ?? program.enumerators.get(name)!;
    if (!file.isHeader) link(lines, line, { file: at.file, start: at.start, end: macro ? macro.end : at.start + name.length });
  }
  if (names.length > 0) lines.text.push('');
}

/** The constant tables that the candidate uses. */
export function printStatics(lines: Lines, unit: Unit): void {
  for (const global of unit.program.globals.values()) {
    if (!unit.usedStatics.has(global.name)) continue;
    const type = unit.varType(unit.tableType(global.name));
    const value = unit.tableValue(type, global.items === null ? global.init! : { k: 'list', items: global.items });
    if (!value) continue;
    const head = `static ${unit.constantNames.of(global.name)}: ${unit.typeText(type)} =`;
    const line = lines.text.length;
    add(lines, 0, `${assigned(head, value, 0)};`);
    link(lines, line, { file: global.file, start: global.start, end: global.end });
    lines.text.push('');
  }
}

/** The structures that the candidate uses; those that a probe makes with a constructor. */
export function printStructs(lines: Lines, unit: Unit): void {
  const names = [...unit.usedStructs].filter((name) => unit.struct(name));
  names.sort((a, b) => {
    const x = unit.struct(a)!.c;
    const y = unit.struct(b)!.c;
    return x.file - y.file || x.start - y.start;
  });
  const made = constructed(unit);
  for (const name of names) {
    const struct = unit.struct(name)!;
    printStruct(lines, unit, struct);
    if (made.has(name)) printConstructor(lines, unit, struct);
  }
}

/** Structures that a probe makes, and those inside them. */
function constructed(unit: Unit): Set<string> {
  const made = new Set<string>();
  const visit = (name: string): void => {
    if (made.has(name)) return;
    made.add(name);
    for (const { type } of unit.struct(name)?.fields ?? []) {
      let of = type;
      while (of?.k === 'array') of = of.of;
      if (of?.k === 'struct') visit(of.name);
    }
  };
  for (const name of unit.built.keys()) if (unit.usedStructs.has(name)) visit(name);
  return made;
}

function printStruct(lines: Lines, unit: Unit, struct: StructInfo): void {
  const line = lines.text.length;
  const { shown, isHeader } = unit.program.files[struct.c.file]!;
  const kernel = isHeader && !unit.program.structs.has(struct.c.name);
  const from = kernel ? `\`${shown}\`` : 'the C driver';
  lines.text.push(`/// \`struct ${struct.c.name}\` of ${from}.`);
  if (!struct.fields.some(({ type }) => /^(?:registers|device|clock)$/.test(type?.k ?? '')))
    lines.text.push('#[derive(Clone, Copy)]');
  if (lines.text.at(-1) === '#[derive(Clone, Copy)]' && struct.fields.some(({ type }) => holds(unit, type))) lines.text.pop();
  if (struct.fields.length === 0) lines.text.push(`struct ${struct.rust} {}`);
  else {
    lines.text.push(`struct ${struct.rust} {`);
    const seen = new Set<string>();
    for (const field of struct.fields) printField(lines, unit, field, seen);
    lines.text.push('}');
  }
  const file = unit.program.files[struct.c.file]!;
  if (!file.isHeader) {
    const end = file.tree.text.indexOf('\n}', struct.c.start);
    link(lines, line, { file: struct.c.file, start: struct.c.start, end: end < 0 ? struct.c.start : end + 2 });
  }
  lines.text.push('');
}

/** Whether a type holds what cannot be copied. */
function holds(unit: Unit, type: VarType | null): boolean {
  let of = type;
  while (of?.k === 'array') of = of.of;
  if (of && /^(?:registers|device|clock)$/.test(of.k)) return true;
  return of?.k === 'struct' && (unit.struct(of.name)?.fields ?? []).some((field) => holds(unit, field.type));
}

function printField(lines: Lines, unit: Unit, field: FieldInfo, seen: Set<string>): void {
  if (field.type) {
    let of: VarType = field.type;
    while (of.k === 'array') of = of.of;
    if (of.k === 'registers' || of.k === 'clock') unit.helpers.add(of.k);
    if (of.k === 'device') {
      unit.use(unit.arefPath());
      unit.use(of.kind.slice(0, of.kind.lastIndexOf('::')));
    }
    lines.text.push(`    ${field.rust}: ${unit.typeText(field.type)},`);
    return;
  }
  if (seen.has(field.text)) return;
  seen.add(field.text);
  for (const text of quoted(field.text.replace(/\/\*[^]*?\*\//g, '').trim(), 8)) {
    const bare = text.replace(/^ {4}/, '');
    if (bare.trim() !== '') lines.text.push(`    // ${seen.has('left') || bare.startsWith(' ') ? '' : 'Left in C: '}${bare}`);
  }
}

function printConstructor(lines: Lines, unit: Unit, struct: StructInfo): void {
  const kinds = unit.built.get(struct.c.name) ?? [];
  const parameters = kinds.map((kind) => {
    unit.use(kind.slice(0, kind.lastIndexOf('::')));
    return `${parameterName(kind)}: &${shortPath(kind)}`;
  });
  lines.text.push(`impl ${struct.rust} {`);
  lines.text.push('    /// What zeroed memory stands for in C.');
  // A reference cannot be NULL.
  for (const kind of kinds) lines.text.push(`    /// \`${parameterName(kind)}\` stands in for NULL where no device is set yet.`);
  lines.text.push(`    fn new(${parameters.join(', ')}) -> Self {`);
  const fields: { name: string; value: RExpr }[] = [];
  for (const field of struct.fields) if (field.type) fields.push({ name: field.rust, value: first(unit, field.type) });
  if (fields.length === 0) lines.text.push('        Self {}');
  else add(lines, 2, layOut({ k: 'struct', name: 'Self', fields }, 2, 8, 0));
  lines.text.push('    }', '}', '');
}

const parameterName = (kind: string): string => (kind === 'kernel::device::Device' ? 'dev' : 'parent');

function first(unit: Unit, type: VarType): RExpr {
  switch (type.k) {
    case 'bool':
      return { k: 'atom', text: 'false' };
    case 'registers':
      return { k: 'atom', text: 'Registers(None)' };
    case 'clock':
      return { k: 'atom', text: 'Clock(None)' };
    case 'device':
      return { k: 'method', of: { k: 'atom', text: parameterName(type.kind) }, name: 'into', args: [] };
    case 'struct':
      return { k: 'call', callee: `${unit.types.of(type.name)}::new`, args: [] };
    case 'array':
      if (type.of.k === 'int' || type.of.k === 'bool')
        return { k: 'atom', text: `[${type.of.k === 'int' ? '0' : 'false'}; ${type.text}]` };
      return { k: 'call', callee: 'core::array::from_fn', args: [{ k: 'closure', head: '|_|', body: first(unit, type.of) }] };
    default:
      return { k: 'atom', text: '0' };
  }
}
