import type { CFunction, CType } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { eachStatement, type EntryShape } from './analysis';
import { assignments, eachExpression, eachPart, namesOf, newLocal } from './locals';
import { snake } from './names';
import { matchData } from './match-data';
import { receiversOf } from './private-data';
import type { FunctionInfo, Origin, Unit } from './unit';
import type { Local, VarType } from './values';

const DEVICE = 'kernel::device::Device';

/** What gives the device that a PWM chip belongs to: Rust's callbacks are handed it. */
export const PARENT = 'pwmchip_parent';

const isDevice = (type: VarType): boolean => type.k === 'device' && type.kind === DEVICE;

/**
 * The parameters that a function has in Rust: those with a type there, and typed private data in place of `void *`.
 * @param matched the structure that the id table's entries refer to, of a probe
 */
export function parameters(unit: Unit, info: FunctionInfo, matched: string | null): void {
  const taken = new Set<string>(unit.api.reserved);
  const add = (at: number, local: Local, of?: Origin): void => {
    local.isParameter = true;
    local.declared = true;
    taken.add(local.rust);
    info.parameters.push({ at, local, ...(of && { of }) });
  };
  const { c } = info;
  c.parameters.forEach((parameter, at) => {
    if (parameter.name === '') return;
    const type = parameterType(unit, c, parameter.name, unit.varType(parameter.type, true));
    if (!type) return;
    add(at, newLocal(unit, parameter.name, type, parameter.type, taken));
  });
  if (info.returns.k === 'builds') {
    const data = matched === null || !unit.struct(matched) ? undefined : matchData(c, matched);
    if (!data || matched === null) return;
    const local = newLocal(unit, data.name, { k: 'ref', name: matched }, data.type, taken);
    add(-1, local);
    info.matched = { local, error: data.error };
    return;
  }
  if (namesOf(c.body).has(PARENT) && !info.parameters.some(({ local }) => isDevice(local.type)))
    add(-1, newLocal(unit, 'parent_dev', { k: 'device', kind: DEVICE }, { k: 'other', name: 'device' }, taken));
  for (const { name, type, of } of receiversOf(unit, info)) {
    const ctype: CType = {
      k: 'ptr',
      to: { k: 'struct', name: type.k === 'ref' ? type.name : 'device' },
      readonly: false,
      iomem: false,
    };
    add(-1, newLocal(unit, name, type, ctype, taken), of);
  }
}

/**
 * Lets a function that calls one which works on typed private data, and has none itself, be handed them, too; but for the callbacks
 * of a trait that has no private data.
 */
export function handOn(
  unit: Unit,
  callers: ReadonlyMap<string, readonly CFunction[]>,
  entries: ReadonlyMap<string, EntryShape>,
): void {
  const queue = [...unit.functions.values()].filter(({ parameters: own }) => own.some(({ at }) => at === -1));
  for (let info = queue.pop(); info; info = queue.pop()) {
    const handed = info.parameters.filter(({ at, local }) => at === -1 && (local.type.k === 'ref' || isDevice(local.type)));
    for (const { local, of } of handed)
      for (const c of callers.get(info.c.name) ?? []) {
        const caller = unit.functions.get(c.name);
        if (!caller || caller.returns.k === 'builds' || entries.get(c.name)?.data === false) continue;
        if (hasOwn(unit, caller, local.type)) continue;
        const from = of && handedFrom(c, info.c.name, of.at);
        if (of?.many === true && from === undefined) continue;
        const taken = new Set([...unit.api.reserved, ...caller.parameters.map((one) => one.local.rust), ...localNames(c)]);
        const own = newLocal(unit, local.name, local.type, local.ctype, taken);
        own.isParameter = true;
        own.declared = true;
        caller.parameters.push({ at: -1, local: own, ...(of && from !== undefined && { of: { at: from, many: of.many } }) });
        queue.push(caller);
      }
  }
}

/** The parameter of `c` that it hands to `callee` as argument `at`, if it is one. */
function handedFrom(c: CFunction, callee: string, at: number): number | undefined {
  let found: number | undefined;
  for (const statement of c.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k !== 'call' || e.callee.k !== 'id' || e.callee.name !== callee) return;
        const arg = e.args[at];
        const from = arg?.k === 'id' ? c.parameters.findIndex(({ name }) => name === arg.name) : -1;
        if (from >= 0) found ??= from;
      });
    });
  return found;
}

/** Whether a function has data of this type at hand already, or makes them. */
function hasOwn(unit: Unit, { c, parameters: own }: FunctionInfo, type: VarType): boolean {
  if (isDevice(type)) return own.some(({ local }) => isDevice(local.type));
  const name = type.k === 'ref' ? type.name : '';
  if (own.some(({ local }) => local.type.k === 'ref' && local.type.name === name)) return true;
  if (c.parameters.some(({ type: other }) => other.k === 'ptr' && other.to.k === 'struct' && other.to.name === name)) return true;
  let found = false;
  eachStatement(c.body, (statement) => {
    if (statement.k === 'decl')
      for (const variable of statement.variables) {
        const other = unit.varType(variable.type);
        if ((other.k === 'ref' || other.k === 'struct') && other.name === name) found = true;
      }
  });
  return found;
}

/** Rust names that the variables of a function could get. */
function localNames(c: CFunction): string[] {
  const names: string[] = [];
  eachStatement(c.body, (statement) => {
    if (statement.k === 'decl') names.push(...statement.variables.map(({ name }) => snake(name)));
  });
  return names;
}

function parameterType(unit: Unit, c: CFunction, name: string, type: VarType): VarType | undefined {
  switch (type.k) {
    case 'int':
    case 'bool':
      return type;
    case 'ref':
      return unit.struct(type.name) && assignments(c.body, name) === 0 ? type : undefined;
    case 'device':
      return assignments(c.body, name) === 0 ? type : undefined;
    case 'registers':
    case 'clock':
      return assignments(c.body, name) === 0 ? type : undefined;
    case 'slice': {
      if (assignments(c.body, name) > 0) return undefined;
      const use = pointerUse(unit, c, name);
      if (use === 'out') return { k: 'out', of: type.of };
      return use === 'slice' && type.of.k === 'int' && bitsOf(type.of.of) > 0 ? type : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a pointer parameter gives one value back, is an array, or is something else. */
function pointerUse(unit: Unit, c: CFunction, name: string): 'out' | 'slice' | 'other' {
  let deref = 0;
  let index = 0;
  let all = 0;
  let handed = 0;
  for (const statement of c.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'un' && e.op === '*' && e.of.k === 'id' && e.of.name === name) deref++;
        if (e.k === 'index' && e.of.k === 'id' && e.of.name === name) index++;
        if (e.k === 'id' && e.name === name) all++;
        if (e.k === 'call' && e.callee.k === 'id' && unit.program.functions.has(e.callee.name))
          handed += e.args.filter((arg) => arg.k === 'id' && arg.name === name).length;
      });
    });
  if (deref > 0 && deref + handed === all) return 'out';
  return index > 0 && index + deref === all ? 'slice' : 'other';
}
