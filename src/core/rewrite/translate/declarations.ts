import type { CExpr, CStatement, CVariable } from '../c/ast';
import { atom, type RExpr, type RStatement } from '../rust/ast';
import { alias } from './aliases';
import { leadsToData } from './private-data';
import type { Body } from './body';
import { declareMapping, isMapping } from './mapping';
import { irqReturn } from './returns';
import { counted } from './statements';
import { leave, type Local, Untranslatable, type VarType } from './values';

/** `int x = …, *y;` */
export function declaration(b: Body, statement: CStatement & { k: 'decl' }, out: RStatement[]): void {
  for (const variable of statement.variables) {
    const one: CStatement = statement.variables.length === 1 ? statement : { ...statement, variables: [variable] };
    declare(b, variable, one, out);
  }
}

function declare(b: Body, variable: CVariable, statement: CStatement, out: RStatement[]): void {
  const { init } = variable;
  const receiver = b.info.parameters.find(({ at, local }) => at === -1 && local.name === variable.name);
  if (receiver) {
    if (init) b.counts.translated++;
    return;
  }
  const type = b.unit.varType(variable.type);
  if (variable.isStatic) {
    declareUnknown(b, variable, type, statement, 'it keeps its value between calls', out);
    return;
  }
  if (init && type.k === 'unknown' && variable.type.k === 'ptr' && leadsToData(b.unit, b.info, variable.name, init)) {
    b.counts.translated++;
    return;
  }
  if (init && variable.type.k === 'ptr') {
    if (alias(b, variable.name, variable.type, init)) {
      b.counts.translated++;
      return;
    }
    if (isMapping(init) && declareMapping(b, variable, statement, init, out)) return;
  }
  if (!hasFirstValue(b, type)) {
    declareUnknown(b, variable, type, statement, 'its type has no Rust counterpart', out);
    return;
  }
  const local = b.declare(variable, type);
  if (!init) {
    placeholder(b, local, out);
    return;
  }
  const done = b.attempt(statement, out, () => {
    const value = initial(b, type, init);
    const text: RStatement & { k: 'let' } = {
      k: 'let',
      name: '',
      mut: false,
      type: type.k === 'irqreturn' ? null : b.unit.typeText(type),
      init: value,
    };
    b.later(() => {
      local.declared = true;
      b.lets.push({ local, statement: text });
      if (type.k === 'struct') b.unit.useStruct(type.name);
    });
    b.push(out, text, statement);
    counted(b);
  });
  if (done) return;
  local.left = true;
  placeholder(b, local, out);
}

function initial(b: Body, type: VarType, init: CExpr): RExpr {
  switch (type.k) {
    case 'int':
      return b.int(init, type.of);
    case 'bool':
      return b.truth(init);
    case 'irqreturn':
      return irqReturn(b, init);
    default:
      return b.unit.tableValue(type, init) ?? leave('its first value is not constant');
  }
}

/** A `let` that is there only if something needs it before it is assigned. */
function placeholder(b: Body, local: Local, out: RStatement[]): void {
  const { type } = local;
  const zero = type.k === 'irqreturn' ? atom('IrqReturn::None') : b.unit.zero(type);
  if (!zero) return;
  const text: RStatement & { k: 'let' } = {
    k: 'let',
    name: '',
    mut: false,
    type: type.k === 'irqreturn' ? null : b.unit.typeText(type),
    init: zero,
  };
  b.pending.push({ local, statement: text });
  out.push(text);
}

function hasFirstValue(b: Body, type: VarType): boolean {
  if (type.k === 'irqreturn') return true;
  return (type.k === 'int' || type.k === 'bool' || type.k === 'array' || type.k === 'struct') && b.unit.zero(type) !== undefined;
}

function declareUnknown(
  b: Body,
  variable: CVariable,
  type: VarType,
  statement: CStatement,
  reason: string,
  out: RStatement[],
): void {
  const local = b.declare(
    variable,
    type.k === 'unknown' || type.k === 'ref' || type.k === 'device' || type.k === 'registers' || type.k === 'clock'
      ? type
      : { k: 'unknown', text: '' },
  );
  local.unknown = true;
  if (variable.init) b.leave(statement, missingOf(b, variable.init, reason), out);
}

/** The kernel function that a value comes from is what is missing. */
function missingOf(b: Body, init: CExpr, reason: string): Untranslatable {
  if (init.k === 'call' && init.callee.k === 'id' && !b.unit.functions.has(init.callee.name))
    return new Untranslatable('no Rust equivalent', init.callee.name);
  return new Untranslatable(reason);
}
