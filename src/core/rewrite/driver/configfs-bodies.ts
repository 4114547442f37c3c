import type { CExpr, CFunction, CStatement, Scalar } from '../c/ast';
import { ownKeys } from '../../own-keys';
import { translateFormat } from '../translate/format';
import { snake } from '../translate/names';
import type { FieldInfo } from '../translate/structs';
import type { Unit } from '../translate/unit';
import { Untranslatable, type VarType } from '../translate/values';
import { containerGiven } from './configfs';

const PRINTS: Record<string, number> = ownKeys({ sprintf: 1, sysfs_emit: 1, snprintf: 2, scnprintf: 2 });
const LOCKS = /^(?:mutex|spin)_(?:lock|unlock)$/;
const PARSES: Record<string, Scalar | 'bool'> = ownKeys({
  kstrtoint: 'i32',
  kstrtouint: 'u32',
  kstrtol: 'isize',
  kstrtoul: 'usize',
  kstrtoll: 'i64',
  kstrtoull: 'u64',
  kstrtos8: 'i8',
  kstrtou8: 'u8',
  kstrtos16: 'i16',
  kstrtou16: 'u16',
  kstrtos32: 'i32',
  kstrtou32: 'u32',
  kstrtobool: 'bool',
});

/** A body in Rust, and whether it changes the state that the lock holds. */
export interface AttributeBody {
  lines: string[];
  /** Whether it touches the state, and whether it changes it. */
  state: boolean;
  changes: boolean;
}

/** What the attribute's functions are written with. */
interface Scope {
  unit: Unit;
  /** The structure behind the item. */
  container: string | null;
  parameters: string[];
  /** Variables that are the container, and those that hold a number, with its type. */
  bound: Set<string>;
  numbers: Map<string, Scalar | 'bool'>;
  lines: string[];
  state: boolean;
  changes: boolean;
}

/** `show` or `store` of an attribute in Rust; null if it does what is not understood here. */
export function attributeBody(unit: Unit, c: CFunction, container: string | null, show: boolean): AttributeBody | null {
  const s: Scope = {
    unit,
    container,
    parameters: c.parameters.map(({ name }) => name),
    bound: new Set(),
    numbers: new Map(),
    lines: [],
    state: false,
    changes: false,
  };
  const done = show ? showBody(s, c.body) : storeBody(s, c.body);
  return done ? { lines: s.lines, state: s.state, changes: s.changes } : null;
}

/** Declarations: the container is bound, other variables have a place but no value. */
function declares(s: Scope, statement: CStatement & { k: 'decl' }): boolean {
  return statement.variables.every(({ name, init, type, isStatic }) => {
    if (isStatic) return false;
    if (init === null) {
      if (type.k === 'int') s.numbers.set(name, type.of);
      if (type.k === 'bool') s.numbers.set(name, 'bool');
      return type.k === 'int' || type.k === 'bool' || type.k === 'other';
    }
    if (!isContainer(s, init)) return false;
    s.bound.add(name);
    return true;
  });
}

const isContainer = (s: Scope, e: CExpr): boolean =>
  (e.k === 'id' && s.bound.has(e.name)) ||
  (e.k === 'call' &&
    e.callee.k === 'id' &&
    e.args[0]?.k === 'id' &&
    e.args[0].name === s.parameters[0] &&
    s.container !== null &&
    containerGiven(s.unit.program, e.callee.name) === s.container);

/** A number of the container: `foo->field`, `to_foo(item)->part.field`. */
function field(s: Scope, e: CExpr): { text: string; type: Scalar | 'bool' } | null {
  const names: string[] = [];
  let of = e;
  for (; of.k === 'field'; of = of.of) names.unshift(of.name);
  if (names.length === 0 || s.container === null || !isContainer(s, of)) return null;
  let type: VarType = { k: 'struct', name: s.container };
  const path: string[] = [];
  for (const name of names) {
    const one: FieldInfo | undefined = type.k === 'struct' ? s.unit.struct(type.name)?.byName.get(name) : undefined;
    if (!one?.type) return null;
    path.push(one.rust);
    ({ type } = one);
  }
  if (type.k !== 'int' && type.k !== 'bool') return null;
  s.state = true;
  return { text: `state.${path.join('.')}`, type: type.k === 'bool' ? 'bool' : type.of };
}

function isLock(s: Scope, e: CExpr): boolean {
  if (e.k !== 'call' || e.callee.k !== 'id' || !LOCKS.test(e.callee.name) || e.args.length !== 1) return false;
  const [lock] = e.args;
  return lock?.k === 'un' && lock.op === '&' && lock.of.k === 'field' && isContainer(s, lock.of.of);
}

function showBody(s: Scope, body: readonly CStatement[]): boolean {
  let written: string | null = null;
  for (const statement of body) {
    if (statement.k === 'decl') {
      const [only] = statement.variables;
      if (statement.variables.length === 1 && only?.init && printed(s, only.init)) written = only.name;
      else if (!declares(s, statement)) return false;
    } else if (statement.k === 'expr') {
      const { e } = statement;
      if (isLock(s, e)) continue;
      if (e.k === 'assign' && e.op === '=' && e.l.k === 'id' && written === null && printed(s, e.r)) written = e.l.name;
      else if (!changed(s, e)) return false;
    } else if (statement.k === 'return') {
      const { e } = statement;
      if (written === null ? !e || !printed(s, e) : e?.k !== 'id' || e.name !== written) return false;
      s.lines.push('Ok(out.bytes_written())');
      return true;
    } else return false;
  }
  return false;
}

/** `sprintf(page, "…", …)` */
function printed(s: Scope, e: CExpr): boolean {
  const at = e.k === 'call' && e.callee.k === 'id' ? PRINTS[e.callee.name] : undefined;
  if (e.k !== 'call' || at === undefined || e.args[0]?.k !== 'id' || e.args[0].name !== s.parameters[1]) return false;
  const [format, ...values] = e.args.slice(at);
  if (format?.k !== 'str') return false;
  let made: ReturnType<typeof translateFormat>;
  try {
    made = translateFormat(format.text);
  } catch (error) {
    if (error instanceof Untranslatable) return false;
    throw error;
  }
  if (made.conversions.length !== values.length || made.conversions.some(({ kind }) => kind !== 'integer')) return false;
  s.lines.push('let mut out = Formatter::new(page);');
  if (values.length === 0) {
    const plain = made.text.replace(/\{\{/g, '{').replace(/\}\}/g, '}');
    const parts = plain.split(/(?<=\\n)/);
    s.lines.push(
      plain.length <= 60 ? `out.write_str("${plain}")?;` : `out.write_str(\n"${parts.map(continued).join('\n')}",\n)?;`,
    );
    return true;
  }
  const args = values.map((value) => {
    const known = field(s, value);
    return known && (known.type === 'bool' ? `u8::from(${known.text})` : known.text);
  });
  if (args.includes(null)) return false;
  s.lines.push(`out.write_fmt(fmt!("${made.text}", ${args.join(', ')}))?;`);
  return true;
}

/** A part of a long string; what follows it starts on the next line, its blanks escaped. */
const continued = (part: string, i: number, all: readonly string[]): string =>
  `${part.replace(/^ /, i === 0 ? ' ' : '\\x20')}${i < all.length - 1 ? '\\' : ''}`;

/** `foo->count++`, `foo->value = 3` */
function changed(s: Scope, e: CExpr): boolean {
  if (e.k === 'step') {
    const target = field(s, e.of);
    if (!target || target.type === 'bool') return false;
    s.changes = true;
    s.lines.push(`${target.text} = ${target.text}.wrapping_${e.op === '++' ? 'add' : 'sub'}(1);`);
    return true;
  }
  if (e.k !== 'assign' || e.op !== '=') return false;
  const target = field(s, e.l);
  if (!target) return false;
  const value = e.r.k === 'id' ? s.numbers.get(e.r.name) : undefined;
  if (value === undefined || e.r.k !== 'id') return false;
  if ((target.type === 'bool') !== (value === 'bool')) return false;
  s.changes = true;
  s.lines.push(`${target.text} = ${snake(e.r.name)}${value === target.type ? '' : ` as ${target.type}`};`);
  return true;
}

function storeBody(s: Scope, body: readonly CStatement[]): boolean {
  for (let i = 0; i < body.length; i++) {
    const statement = body[i]!;
    if (statement.k === 'decl') {
      if (!declares(s, statement)) return false;
    } else if (statement.k === 'expr') {
      if (isLock(s, statement.e)) continue;
      const { e } = statement;
      if (e.k === 'assign' && e.op === '=' && e.l.k === 'id' && e.r.k === 'call') {
        if (!handsOn(body[i + 1], e.l.name) || !parsed(s, e.r, null)) return false;
        i++;
      } else if (!changed(s, e)) return false;
    } else if (statement.k === 'if') {
      const error = errorOf(statement.yes);
      if (statement.no || error === null || !parsed(s, statement.test, error)) return false;
    } else if (statement.k === 'return') {
      if (statement.e?.k !== 'id' || statement.e.name !== s.parameters[2]) return false;
      s.lines.push('Ok(())');
      return true;
    } else return false;
  }
  return false;
}

/** `if (ret) return ret;` or `if (ret < 0) return ret;` */
function handsOn(next: CStatement | undefined, name: string): boolean {
  if (next?.k !== 'if' || next.no) return false;
  const { test } = next;
  const asks =
    (test.k === 'id' && test.name === name) ||
    (test.k === 'bin' &&
      (test.op === '<' || test.op === '!=') &&
      test.l.k === 'id' &&
      test.l.name === name &&
      test.r.k === 'num' &&
      test.r.value === 0n);
  const only = next.yes.k === 'block' ? next.yes.body : [next.yes];
  const [back] = only;
  return asks && only.length === 1 && back?.k === 'return' && back.e?.k === 'id' && back.e.name === name;
}

/** The error that a statement returns, and nothing else. */
function errorOf(statement: CStatement): string | null {
  const only = statement.k === 'block' ? statement.body : [statement];
  const [one] = only;
  if (only.length !== 1 || one?.k !== 'return' || one.e?.k !== 'un' || one.e.op !== '-' || one.e.of.k !== 'id') return null;
  return /^E(?:INVAL|BUSY|PERM|ACCES|RANGE|NODEV|NOMEM|IO)$/.test(one.e.of.name) ? one.e.of.name : null;
}

/** `kstrtoint(page, 10, &target)`; any error of it becomes `error` where that is given. */
function parsed(s: Scope, e: CExpr, error: string | null): boolean {
  const type = e.k === 'call' && e.callee.k === 'id' ? PARSES[e.callee.name] : undefined;
  if (e.k !== 'call' || type === undefined || e.args[0]?.k !== 'id' || e.args[0].name !== s.parameters[1]) return false;
  const [, base] = e.args;
  const target = e.args.at(-1)!;
  if (target.k !== 'un' || target.op !== '&') return false;
  let parse: string;
  if (type === 'bool') parse = 'kstrtobool_bytes(page)';
  else {
    // With base 0 the prefix says it; other bases than ten have no parser.
    if (base?.k !== 'num' || (base.value !== 10n && base.value !== 0n)) return false;
    const name = base.value === 10n ? 'parse_decimal' : 'parse_prefixed';
    s.unit.helpers.add(name);
    parse = `${s.unit.values.give(`helper ${name}`, name)}(page)`;
  }
  const value = `${parse}${error === null ? '' : `.map_err(|_| ${error})`}?`;
  const to = field(s, target.of);
  if (to) {
    if (to.type !== type) return false;
    s.changes = true;
    s.lines.push(`${to.text} = ${value};`);
    return true;
  }
  if (target.of.k !== 'id' || s.numbers.get(target.of.name) !== type) return false;
  s.lines.push(`let ${snake(target.of.name)}: ${type} = ${value};`);
  return true;
}
