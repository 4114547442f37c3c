import type { CExpr } from '../c/ast';
import { ownKeys } from '../../own-keys';
import { stringOf } from '../c/program';
import type { TraitMember } from '../kernel-api';
import { snake } from '../translate/names';
import type { Unit } from '../translate/unit';
import type { Implementation } from './impl';
import { localPaths } from './shape';

/** An associated type of an implementation as Rust. */
export function associatedType(unit: Unit, one: Implementation, member: TraitMember): string {
  const head = localPaths(unit, /^type \w+(?:<[^>]*>)?/.exec(member.signature)![0]);
  const clause = / where .*$/.exec(member.signature)?.[0];
  if (clause !== undefined) return `${head}\n        = ()\n    where\n        ${clause.replace(' where ', '')};`;
  return `${head} = ${typeValue(one, member)};`;
}

/** What an associated type is: the driver's own data for the private data of a bus, nothing for what only C's callbacks would use. */
function typeValue(one: Implementation, member: TraitMember): string {
  const given = one.given?.get(member.name);
  if (given !== undefined) return given;
  if (member.name === 'IdInfo') return one.data.type;
  if (member.name === 'Data' && one.registers?.holds) return one.registers.holds.type;
  if (/^type \w+<'\w+>/.test(member.signature) && one.table.trait.members.some(({ name }) => name === 'IdInfo')) return 'Self';
  return member.name === 'Ptr' ? 'KBox<Self>' : '()';
}

/** A method's signature with what the implementation chose for `Self::…` where that is nothing. */
export function chosen(one: Implementation, signature: string): string {
  return signature.replace(/\bResult<Self::(\w+)>$/, (whole, name: string) => {
    const member = one.table.trait.members.find((other) => other.kind === 'type' && other.name === name);
    return member && typeValue(one, member) === '()' ? 'Result' : whole;
  });
}

/** The value of a constant of an implementation, out of C's structure; null where it keeps its default. */
export function constantValue(unit: Unit, one: Implementation, member: TraitMember): string | null {
  const { signature, name } = member;
  const given = one.given?.get(name);
  if (given !== undefined) return given;
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
