import type { CExpr, CFunction, CStatement, CType } from '../c/ast';
import { eachExpression, eachPart, mentions, namesOf, newLocal, assignments } from './locals';
import { allocates } from './declarations';
import { bitsOf } from '../c/expressions';
import { snake } from './names';
import type { FunctionInfo, Returns, Unit } from './unit';
import type { Local, VarType } from './values';

/** How a function of the driver is entered by a trait of the kernel, as far as it decides its Rust signature. */
export interface EntryShape {
  /** It makes the private data. */
  builds: boolean;
  /** The trait hands it the private data. */
  data: boolean;
  /** It gives 0 or an error, as the trait wants a `Result`. */
  result: boolean;
}

/** Decides the Rust signature of each function of the driver. */
export function analyseFunctions(unit: Unit, entries: ReadonlyMap<string, EntryShape>, reachable: ReadonlySet<string>): void {
  const { program } = unit;
  const own = [...program.functions.values()].filter(({ file }) => !program.files[file]!.isHeader);
  const errors = errorFunctions(own);
  const callers = callersOf(own);
  for (const c of own) {
    const entry = entries.get(c.name);
    const info: FunctionInfo = {
      c,
      rust: unit.values.of(c.name),
      returns: { k: 'none' },
      parameters: [],
      reachable: reachable.has(c.name),
    };
    const struct = entry?.builds === true ? builtStruct(unit, c) : null;
    for (const made of allocated(unit, c)) unit.built.set(made, []);
    info.returns = struct === null ? returnsOf(unit, c, errors, callers.get(c.name) ?? [], entry) : { k: 'builds', name: struct };
    unit.addFunction(info);
  }
  for (const info of unit.functions.values()) parameters(unit, info);
  handOn(unit, callers, entries);
  for (const name of unit.built.keys()) unit.built.set(name, devicesOf(unit, name));
}

/** Devices that a private structure refers to: what making one takes. */
function devicesOf(unit: Unit, name: string): string[] {
  const kinds = (unit.struct(name)?.fields ?? []).flatMap(({ type }) => (type?.k === 'device' ? [type.kind] : []));
  return [...new Set(kinds)];
}

/** Functions that give 0 or a negative error: those that name an error, or give back what such a function gave. */
function errorFunctions(functions: readonly CFunction[]): Set<string> {
  const errors = new Set<string>();
  const returned = functions.map((c) => ({ c, values: returnValues(c) }));
  for (let changed = true; changed;) {
    changed = false;
    for (const { c, values } of returned) {
      if (errors.has(c.name)) continue;
      const isError = values.some(
        (e) =>
          (e.k === 'un' && e.op === '-' && e.of.k === 'id' && /^E[A-Z0-9]+$/.test(e.of.name)) ||
          (e.k === 'call' &&
            e.callee.k === 'id' &&
            (/^(?:PTR_ERR|dev_err_probe|PTR_ERR_OR_ZERO)$/.test(e.callee.name) || errors.has(e.callee.name))),
      );
      if (isError) {
        errors.add(c.name);
        changed = true;
      }
    }
  }
  return errors;
}

/** The functions that name each function. */
function callersOf(functions: readonly CFunction[]): Map<string, CFunction[]> {
  const callers = new Map<string, CFunction[]>();
  for (const { name } of functions) callers.set(name, []);
  for (const c of functions) for (const name of namesOf(c.body)) callers.get(name)?.push(c);
  return callers;
}

/** What a function gives back, with the values that a returned variable is assigned. */
function returnValues(c: CFunction): CExpr[] {
  const values: CExpr[] = [];
  const collect = (e: CExpr): void => {
    if (e.k === 'cond') {
      collect(e.yes);
      collect(e.no);
    } else values.push(e);
  };
  const names = new Set<string>();
  eachStatement(c.body, (statement) => {
    if (statement.k === 'return' && statement.e) {
      collect(statement.e);
      if (statement.e.k === 'id') names.add(statement.e.name);
    }
  });
  for (const statement of c.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'assign' && e.op === '=' && e.l.k === 'id' && names.has(e.l.name)) collect(e.r);
      });
    });
  eachStatement(c.body, (statement) => {
    if (statement.k === 'decl') for (const { name, init } of statement.variables) if (init && names.has(name)) collect(init);
  });
  return values;
}

export function eachStatement(list: readonly CStatement[], visit: (statement: CStatement) => void): void {
  for (const one of list) {
    visit(one);
    switch (one.k) {
      case 'block':
        eachStatement(one.body, visit);
        break;
      case 'if':
        eachStatement(one.no ? [one.yes, one.no] : [one.yes], visit);
        break;
      case 'while':
      case 'do':
      case 'for':
        eachStatement([one.body], visit);
        break;
      case 'switch':
        for (const { body } of one.cases) eachStatement(body, visit);
        break;
      case 'label':
        if (one.body) eachStatement([one.body], visit);
        break;
      default:
    }
  }
}

function returnsOf(
  unit: Unit,
  c: CFunction,
  errors: ReadonlySet<string>,
  callers: readonly CFunction[],
  entry: EntryShape | undefined,
): Returns {
  const { returns } = c;
  if (returns.k === 'void') return { k: 'unit' };
  if (returns.k === 'bool') return { k: 'bool' };
  if (returns.k === 'other' && returns.name === 'irqreturn_t') return { k: 'irqreturn' };
  if (returns.k !== 'int') return { k: 'none' };
  const { of } = returns;
  const signed = of === 'i32' || of === 'isize' || of === 'i64';
  if (signed && (errors.has(c.name) || entry?.result === true)) {
    return givesValue(unit, c, callers) ? { k: 'result-value', of } : { k: 'result' };
  }
  return { k: 'value', of };
}

/** Whether a function that can fail gives something else than 0 when it does not, or a caller of it looks at what it gives. */
function givesValue(unit: Unit, c: CFunction, callers: readonly CFunction[]): boolean {
  const positive = returnValues(c).some((e) => {
    const known = unit.constants.evaluate(e);
    if (known) return known.value > 0n;
    return (
      e.k === 'field' ||
      e.k === 'index' ||
      e.k === 'bin' ||
      e.k === 'cast' ||
      (e.k === 'call' && e.callee.k === 'id' && /^(?:sysfs_emit|s?[cn]*printf|min|max|simple_read|readl)/.test(e.callee.name))
    );
  });
  if (positive) return true;
  return callers.some((caller) => usesValue(caller, c.name));
}

/** Whether `caller` does more with what `name` gives than test it, print it or pass it on. */
function usesValue(caller: CFunction, name: string): boolean {
  let uses = false;
  const variables = new Set<string>();
  const called = (e: CExpr | null): boolean => e?.k === 'call' && e.callee.k === 'id' && e.callee.name === name;
  for (const statement of caller.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'assign' && called(e.r)) {
          if (e.l.k === 'id') variables.add(e.l.name);
          else uses = true;
        }
        if (
          (e.k === 'bin' && !/^(?:[!=]=|<|&&|\|\|)$/.test(e.op) && (called(e.l) || called(e.r))) ||
          (e.k === 'index' && called(e.at))
        )
          uses = true;
      });
    });
  eachStatement(caller.body, (statement) => {
    if (statement.k === 'decl')
      for (const variable of statement.variables) if (called(variable.init)) variables.add(variable.name);
  });
  for (const variable of variables) uses ||= looksAt(caller.body, variable);
  return uses;
}

function looksAt(body: readonly CStatement[], name: string): boolean {
  let looks = false;
  const isIt = (e: CExpr): boolean => e.k === 'id' && e.name === name;
  for (const statement of body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'bin' && (isIt(e.l) || isIt(e.r)) && !/^(?:[!=]=|<|&&|\|\|)$/.test(e.op)) looks = true;
        if (e.k === 'assign' && ((e.op === '=' && isIt(e.r) && e.l.k !== 'id') || (e.op !== '=' && isIt(e.r)))) looks = true;
        if (e.k === 'index' && isIt(e.at)) looks = true;
      });
    });
  return looks;
}

/** The private structure that a probe allocates, if it is one of the driver's. */
function builtStruct(unit: Unit, c: CFunction): string | null {
  return allocated(unit, c)[0] ?? null;
}

/** The structures of the driver that a function allocates, in order. */
function allocated(unit: Unit, c: CFunction): string[] {
  const found: string[] = [];
  const pointers = new Map<string, string>();
  const consider = (name: string, value: CExpr | null): void => {
    const struct = pointers.get(name);
    if (
      struct !== undefined &&
      value &&
      allocates({ unit }, name, value, struct) !== null &&
      unit.program.structs.has(struct) &&
      unit.struct(struct)
    )
      found.push(struct);
  };
  for (const statement of c.body) {
    if (statement.k === 'decl')
      for (const variable of statement.variables) {
        const type = unit.varType(variable.type);
        if (type.k === 'ref') pointers.set(variable.name, type.name);
        consider(variable.name, variable.init);
      }
    else if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.l.k === 'id')
      consider(statement.e.l.name, statement.e.r);
  }
  return found;
}

const DEVICE = 'kernel::device::Device';
/** What gives the device that a PWM chip belongs to: Rust's callbacks are handed it. */
export const PARENT = 'pwmchip_parent';

const isDevice = (type: VarType): boolean => type.k === 'device' && type.kind === DEVICE;

/** The parameters that a function has in Rust: those with a type there, and typed private data in place of `void *`. */
function parameters(unit: Unit, info: FunctionInfo): void {
  const taken = new Set<string>(unit.api.reserved);
  const add = (at: number, local: Local): void => {
    local.isParameter = true;
    local.declared = true;
    taken.add(local.rust);
    info.parameters.push({ at, local });
  };
  const { c } = info;
  c.parameters.forEach((parameter, at) => {
    if (parameter.name === '') return;
    const type = parameterType(unit, c, parameter.name, unit.varType(parameter.type, true));
    if (!type) return;
    add(at, newLocal(unit, parameter.name, type, parameter.type, taken));
  });
  if (info.returns.k === 'builds') return;
  if (namesOf(c.body).has(PARENT) && !info.parameters.some(({ local }) => isDevice(local.type)))
    add(-1, newLocal(unit, 'parent_dev', { k: 'device', kind: DEVICE }, { k: 'other', name: 'device' }, taken));
  for (const { name, type } of receiversOf(unit, info)) {
    const ctype: CType = {
      k: 'ptr',
      to: { k: 'struct', name: type.k === 'ref' ? type.name : 'device' },
      readonly: false,
      iomem: false,
    };
    add(-1, newLocal(unit, name, type, ctype, taken));
  }
}

/**
 * Lets a function that calls one which works on typed private data, and has none itself, be handed them, too; but for the callbacks
 * of a trait that has no private data.
 */
function handOn(unit: Unit, callers: ReadonlyMap<string, readonly CFunction[]>, entries: ReadonlyMap<string, EntryShape>): void {
  const queue = [...unit.functions.values()].filter(({ parameters: own }) => own.some(({ at }) => at === -1));
  for (let info = queue.pop(); info; info = queue.pop()) {
    const handed = info.parameters.filter(({ at, local }) => at === -1 && (local.type.k === 'ref' || isDevice(local.type)));
    for (const { local } of handed)
      for (const c of callers.get(info.c.name) ?? []) {
        const caller = unit.functions.get(c.name);
        if (!caller || caller.returns.k === 'builds' || entries.get(c.name)?.data === false) continue;
        if (hasOwn(unit, caller, local.type)) continue;
        const taken = new Set([...unit.api.reserved, ...caller.parameters.map((one) => one.local.rust), ...localNames(c)]);
        const own = newLocal(unit, local.name, local.type, local.ctype, taken);
        own.isParameter = true;
        own.declared = true;
        caller.parameters.push({ at: -1, local: own });
        queue.push(caller);
      }
  }
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

/**
 * Whether a local pointer is there only to get at typed private data, which in Rust are a parameter: `chip` in
 * `chip = dev_get_drvdata(dev); priv = to_foo(chip);`.
 */
export function leadsToData(unit: Unit, info: FunctionInfo, name: string, init: CExpr): boolean {
  const received = new Set(info.parameters.filter(({ at }) => at === -1).map(({ local }) => local.name));
  if (received.size === 0 || !isUntyped(unit, info.c, init, 0)) return false;
  let uses = 0;
  let known = 0;
  eachStatement(info.c.body, (statement) => {
    if (statement.k !== 'decl') return;
    for (const variable of statement.variables)
      if (variable.init && received.has(variable.name) && mentions(variable.init, name)) known++;
  });
  for (const statement of info.c.body)
    eachExpression(statement, (whole) => {
      eachPart(whole, (e) => {
        if (e.k === 'id' && e.name === name) uses++;
        if (e.k === 'bad' && e.text.includes(name)) uses += 2;
      });
    });
  return known === 1 && uses === 1 && !info.c.body.some((statement) => statement.k === 'other');
}

/**
 * Local pointers to a structure of the driver, or to a device, that are got out of something untyped: driver data, container_of(),
 * `void *`. In Rust they are parameters.
 */
function receiversOf(unit: Unit, info: FunctionInfo): { name: string; type: VarType & { k: 'ref' | 'device' } }[] {
  const { c } = info;
  const key = (type: VarType): string => (type.k === 'ref' ? type.name : type.k === 'device' ? type.kind : '');
  const taken = new Set(info.parameters.map(({ local }) => key(local.type)));
  const found: { name: string; type: VarType & { k: 'ref' | 'device' } }[] = [];
  const pointers = new Map<string, VarType & { k: 'ref' | 'device' }>();
  const consider = (name: string, value: CExpr): void => {
    const type = pointers.get(name);
    if (!type || taken.has(key(type)) || found.some((one) => one.type.k === type.k)) return;
    if (
      type.k === 'ref' ? !unit.program.structs.has(type.name) || !unit.struct(type.name) : type.kind === 'kernel::device::Device'
    )
      return;
    if (!isUntyped(unit, c, value, 0)) return;
    found.push({ name, type });
    taken.add(key(type));
  };
  for (const statement of c.body) {
    if (statement.k === 'decl')
      for (const variable of statement.variables) {
        if (variable.isStatic) continue;
        const type = unit.varType(variable.type);
        if (type.k === 'ref' || type.k === 'device') pointers.set(variable.name, type);
        if (variable.init && assignments(c.body, variable.name) === 0) consider(variable.name, variable.init);
      }
    else if (
      statement.k === 'expr' &&
      statement.e.k === 'assign' &&
      statement.e.op === '=' &&
      statement.e.l.k === 'id' &&
      assignments(c.body, statement.e.l.name) === 1
    )
      consider(statement.e.l.name, statement.e.r);
  }
  return found;
}

const DATA_GETTER =
  /(?:_get_drvdata|_get_clientdata|_drvdata|_priv|_data|container_of|from_timer|from_tasklet|timer_container_of|_private|_get_platdata|drvdata)$/;

function isUntyped(unit: Unit, c: CFunction, e: CExpr, depth: number): boolean {
  if (depth > 6) return false;
  switch (e.k) {
    case 'cast':
      return isUntyped(unit, c, e.of, depth + 1);
    case 'id': {
      const parameter = c.parameters.find(({ name }) => name === e.name);
      return parameter?.type.k === 'ptr' && parameter.type.to.k === 'void';
    }
    case 'field':
      return /^(?:private|private_data|driver_data|drvdata|priv|data|i_private)$/.test(e.name) && !mentionsOwn(unit, e);
    case 'call': {
      if (e.callee.k !== 'id') return false;
      if (
        DATA_GETTER.test(e.callee.name) &&
        !unit.program.functions.has(e.callee.name) &&
        !unit.program.macros.has(e.callee.name)
      )
        return !/alloc/.test(e.callee.name);
      const macro = unit.program.macros.get(e.callee.name);
      if (macro?.parameters && macro.body.k === 'call') return isUntyped(unit, c, macro.body, depth + 1);
      const inline = unit.program.functions.get(e.callee.name);
      if (!inline && /^to_\w+$/.test(e.callee.name)) return true;
      if (!inline || inline.parameters.length !== 1) return false;
      // `static inline struct foo *to_foo(struct bar *bar) { return container_of(bar, struct foo, bar); }`
      const [only] = inline.body;
      return inline.body.length === 1 && only!.k === 'return' && only!.e !== null && isUntyped(unit, inline, only!.e, depth + 1);
    }
    default:
      return false;
  }
}

/** Whether a field expression starts from one of the driver's own structures. */
const mentionsOwn = (unit: Unit, e: CExpr): boolean => [...unit.structs.keys()].some((name) => mentions(e, name));
