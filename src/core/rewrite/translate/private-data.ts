import type { CExpr, CFunction } from '../c/ast';
import { eachStatement } from './analysis';
import { assignments, eachExpression, eachPart, mentions } from './locals';
import type { FunctionInfo, Unit } from './unit';
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

/**
 * Local pointers to a structure of the driver, or to a device, that are got out of something untyped: driver data, container_of(),
 * `void *`. In Rust they are parameters.
 */
export function receiversOf(unit: Unit, info: FunctionInfo): { name: string; type: VarType & { k: 'ref' | 'device' } }[] {
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
