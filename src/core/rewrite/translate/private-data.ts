import type { CExpr, CFunction } from '../c/ast';
import { eachStatement } from './analysis';
import { assignments, eachExpression, eachPart, mentions, namesIn } from './locals';
import type { FunctionInfo, Origin, Unit } from './unit';
import type { VarType } from './values';

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

interface Receiver {
  name: string;
  type: VarType & { k: 'ref' | 'device' };
  of?: Origin;
}

/**
 * Local pointers to a structure of the driver, or to a device, that are got out of something untyped: driver data, container_of(),
 * `void *`. In Rust they are parameters.
 */
export function receiversOf(unit: Unit, info: FunctionInfo): Receiver[] {
  const { c } = info;
  const key = (type: VarType): string => (type.k === 'ref' ? type.name : type.k === 'device' ? type.kind : '');
  const taken = new Set(info.parameters.map(({ local }) => key(local.type)));
  const found: Receiver[] = [];
  const pointers = new Map<string, VarType & { k: 'ref' | 'device' }>();
  const consider = (name: string, value: CExpr): void => {
    const type = pointers.get(name);
    if (!type || taken.has(key(type)) || found.some((one) => one.type.k === type.k)) return;
    if (
      type.k === 'ref' ? !unit.program.structs.has(type.name) || !unit.struct(type.name) : type.kind === 'kernel::device::Device'
    )
      return;
    if (!isUntyped(unit, c, value, 0)) return;
    const of = originOf(c, value);
    found.push({ name, type, ...(of && { of }) });
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

/** The parameter that `value`, private data, is got out of. A device has one of them. */
function originOf(c: CFunction, value: CExpr): Origin | undefined {
  let many = true;
  const from = (e: CExpr, depth: number): number => {
    const names = [...namesIn(e)];
    if (names.some((name) => /_(?:drvdata|clientdata|intfdata|platdata)$/.test(name))) many = false;
    for (const name of names) {
      const at = c.parameters.findIndex((one) => one.name === name);
      if (at >= 0) return at;
      const [inner, ...others] = valuesOf(c, name);
      const further = inner && others.length === 0 && depth < 3 ? from(inner, depth + 1) : -1;
      if (further >= 0) return further;
    }
    return -1;
  };
  const at = from(value, 0);
  return at < 0 ? undefined : { at, many };
}

/**
 * Whether `arg`, which a callee gets its private data out of, leads to the caller's own: it is a part of them, or what the caller
 * has got them out of itself.
 */
export function leadsTo(info: FunctionInfo, own: string, arg: CExpr, depth = 0): boolean {
  const { c, parameters } = info;
  if (depth > 6) return false;
  switch (arg.k) {
    case 'cast':
      return leadsTo(info, own, arg.of, depth + 1);
    case 'field':
      // What a pointer in them leads to further, the next of a list, may belong to others.
      return arg.of.k === 'id' && leadsTo(info, own, arg.of, depth + 1);
    case 'un': {
      let { of } = arg;
      while (of.k === 'field' && !of.arrow && of.of.k !== 'id') of = of.of;
      return arg.op === '&' && leadsTo(info, own, of, depth + 1);
    }
    case 'call':
      return (
        arg.callee.k === 'id' &&
        /data$|_priv$|container_of$/.test(arg.callee.name) &&
        arg.args.some((one) => leadsTo(info, own, one, depth + 1))
      );
    case 'id': {
      if (arg.name === own) return true;
      const values = valuesOf(c, arg.name);
      const at = c.parameters.findIndex(({ name }) => name === arg.name);
      if (values.length > (at < 0 ? 1 : 0)) return false;
      const [got, ...others] = valuesOf(c, own);
      if (got && others.length === 0 && mentions(got, arg.name)) return true;
      if (at >= 0) return parameters.some(({ local, of }) => local.name === own && of?.at === at);
      return values[0] !== undefined && leadsTo(info, own, values[0], depth + 1);
    }
    default:
      return false;
  }
}

/** What a local variable is set to. */
function valuesOf(c: CFunction, name: string): CExpr[] {
  const values: CExpr[] = [];
  eachStatement(c.body, (one) => {
    if (one.k === 'decl')
      for (const variable of one.variables) if (variable.name === name && variable.init) values.push(variable.init);
    if (one.k === 'expr' && one.e.k === 'assign' && one.e.l.k === 'id' && one.e.l.name === name) values.push(one.e.r);
  });
  return values;
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
