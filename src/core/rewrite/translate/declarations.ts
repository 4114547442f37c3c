import { expressionKey, type CExpr, type CStatement, type CVariable } from '../c/ast';
import { atom, call, method, type RExpr, type RStatement } from '../rust/ast';
import type { Body } from './body';
import { leadsToData, PARENT } from './analysis';
import { address } from './calls';
import { deviceOf } from './devices';
import { clockGetter, getClock } from './clocks';
import { mapCall, mapRegisters } from './effects';
import { assignments, eachPart, namesIn, statementMentions } from './locals';
import { isNode } from './properties';
import { directResult, errorCode, irqReturn } from './returns';
import { counted, errorVariable } from './statements';
import { leave, Untranslatable, type Local, type VarType } from './values';

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
  if (!done) placeholder(b, local, out);
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

/**
 * Lets `name` stand for what a pointer to it names anyway, for the rest of the block, if that stays the same.
 * @returns whether it does
 */
export function alias(b: Body, name: string, type: CVariable['type'], init: CExpr): boolean {
  if (assignments(b.rest, name) > 0) return false;
  const e = stripped(init);
  if (!nameable(b, e)) return false;
  for (const used of namesIn(e)) if (used === name || assignments(b.rest, used) > 0) return false;
  const wanted = b.unit.varType(type, true);
  const node = type.k === 'ptr' && type.to.k === 'struct' && type.to.name === 'device_node';
  const fits = node
    ? isNode(b, e)
    : ((): boolean => {
        try {
          return b.quiet(() => {
            switch (wanted.k) {
              case 'device':
                deviceOf(b, e, wanted.kind, 0);
                return true;
              case 'clock':
                return (e.k === 'un' ? b.place(e.of) : b.place(e)).type.k === 'clock';
              case 'registers':
                address(b, e);
                return true;
              case 'ref': {
                const place = e.k === 'un' ? b.place(e.of) : b.place(e);
                return (place.type.k === 'ref' || place.type.k === 'struct') && place.type.name === wanted.name;
              }
              case 'slice': {
                const place = b.place(e);
                return (
                  (place.type.k === 'array' || place.type.k === 'slice') &&
                  place.type.of.k === 'int' &&
                  wanted.of.k === 'int' &&
                  place.type.of.of === wanted.of.of
                );
              }
              default:
                return false;
            }
          });
        } catch (error) {
          if (error instanceof Untranslatable) return false;
          throw error;
        }
      })();
  if (!fits) return false;
  const local = b.declare({ name, type, init: null, isStatic: false }, wanted);
  local.alias = e;
  local.declared = true;
  return true;
}

function stripped(e: CExpr): CExpr {
  return e.k === 'cast' && e.type.k === 'ptr' ? stripped(e.of) : e;
}

/** Whether an expression only names a place: no calls, no assignments. */
function nameable(b: Body, e: CExpr): boolean {
  const others: CExpr[] = [];
  eachPart(e, (part) => {
    if (part.k === 'assign' || part.k === 'step' || part.k === 'bad' || part.k === 'cond') others.push(part);
    const parent = part.k === 'call' && part.callee.k === 'id' && part.callee.name === PARENT;
    if (part.k === 'call' && !parent && !b.expand(part)) others.push(part);
  });
  return others.length === 0 && e.k !== 'num';
}

const isClock = (e: CExpr): boolean => e.k === 'call' && e.callee.k === 'id' && clockGetter(e.callee.name);

const isMapping = (e: CExpr): boolean => e.k === 'call' && e.callee.k === 'id' && mapCall(e.callee.name);

function declareMapping(b: Body, variable: CVariable, statement: CStatement, init: CExpr, out: RStatement[]): boolean {
  if (!checked(b.rest[0], variable.name) || b.info.returns.k === 'unit') return false;
  const local = b.declare(variable, { k: 'registers' });
  const done = b.attempt(statement, out, () => {
    const value = mapRegisters(b, init);
    b.later(() => {
      local.declared = true;
      b.lets.push({ local, statement: text });
    });
    const text: RStatement & { k: 'let' } = { k: 'let', name: '', mut: false, type: null, init: value };
    b.push(out, text, statement);
    counted(b);
  });
  if (!done) local.unknown = true;
  else b.mapped.add(variable.name);
  return true;
}

/** Whether `statement` returns the error that a pointer carries. */
function checked(statement: CStatement | undefined, name: string): boolean {
  if (statement?.k !== 'if' || statement.no) return false;
  const { test } = statement;
  const text = expressionKey(test);
  return (
    test.k === 'call' &&
    test.callee.k === 'id' &&
    test.callee.name === 'IS_ERR' &&
    text.includes(`"${name}"`) &&
    returnsError(statement.yes)
  );
}

function returnsError(statement: CStatement): boolean {
  const only = statement.k === 'block' ? (statement.body.length === 1 ? statement.body[0] : undefined) : statement;
  if (only?.k !== 'return' || only.e?.k !== 'call' || only.e.callee.k !== 'id') return false;
  if (only.e.callee.name === 'PTR_ERR') return true;
  return only.e.callee.name === 'dev_err_probe';
}

/**
 * `ret = foo(); if (ret) return ret;` as `foo()?`, and a mapping of registers with its check.
 * @returns how many statements that took; 0 if it is no such pair
 */
export function propagate(b: Body, list: readonly CStatement[], i: number, out: RStatement[]): number {
  const statement = list[i]!;
  const next = list[i + 1];
  b.rest = list.slice(i + 1);
  if (statement.k === 'if' && i > 0) {
    const name = checkedName(statement);
    if (name !== null && b.mapped.has(name) && returnsError(statement.yes) && !statement.no) {
      b.mapped.delete(name);
      b.counts.translated += unprinted(b, statement, out) ? 1 : 2;
      return 1;
    }
  }
  const { returns } = b.info;
  if (returns.k !== 'result' && returns.k !== 'result-value' && returns.k !== 'builds') return 0;
  if (
    statement.k === 'expr' &&
    statement.e.k === 'assign' &&
    statement.e.op === '=' &&
    (isMapping(statement.e.r) || isClock(statement.e.r))
  ) {
    const { l, r } = statement.e;
    const name = l.k === 'id' ? l.name : l.k === 'field' ? l.name : '';
    if (!checked(next, name)) return 0;
    if (l.k === 'id') {
      const local = b.local(l.name);
      if (isClock(r)) return 0;
      if (!local?.unknown || assignments(b.rest, l.name) > 0) return 0;
      return declareMapping(b, { name: l.name, type: local.ctype, init: r, isStatic: false }, statement, r, out) ? 1 : 0;
    }
    const done = b.attempt(statement, out, () => {
      const target = b.place(l);
      if (target.type.k !== (isClock(r) ? 'clock' : 'registers')) return leave('it has no Rust type');
      const value = isClock(r) ? getClock(b, r) : mapRegisters(b, r);
      b.change(target);
      b.push(out, { k: 'assign', op: '=', l: target.e, r: value }, statement);
      counted(b);
    });
    if (done) b.mapped.add(name);
    return 1;
  }
  return question(b, statement, next, list.slice(i + 2), out);
}

/** Says that the message of a check is not printed, if it has one: `?` gives the error alone. */
function unprinted(b: Body, statement: CStatement & { k: 'if' }, out: RStatement[]): boolean {
  const only = statement.yes.k === 'block' ? statement.yes.body[0] : statement.yes;
  if (only?.k !== 'return' || only.e?.k !== 'call' || only.e.callee.k !== 'id' || only.e.callee.name !== 'dev_err_probe')
    return false;
  const message = only.e.args[2];
  const text = message?.k === 'str' && /^[ -~\n]*$/.test(message.text) ? message.text.replace(/\\n$/, '') : 'its message';
  out.push({ k: 'comment', lines: [`Left in C: on an error it prints "${text.trim()}".`], source: b.source(only) });
  return true;
}

function checkedName(statement: CStatement & { k: 'if' }): string | null {
  const { test } = statement;
  if (test.k !== 'call' || test.callee.k !== 'id' || test.callee.name !== 'IS_ERR') return null;
  const [arg] = test.args;
  return arg?.k === 'id' || arg?.k === 'field' ? arg.name : null;
}

function question(
  b: Body,
  statement: CStatement,
  next: CStatement | undefined,
  after: readonly CStatement[],
  out: RStatement[],
): number {
  let name: string;
  let value: CExpr;
  if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.op === '=' && statement.e.l.k === 'id') {
    name = statement.e.l.name;
    value = statement.e.r;
  } else return 0;
  if (next?.k !== 'if' || next.no || errorVariable(next.test) !== name || !returnsVariable(next.yes, name)) return 0;
  const local = b.local(name);
  if (local?.type.k !== 'int' || local.alias) return 0;
  const quiet = ((): ReturnType<typeof directResult> => {
    try {
      return b.quiet(() => directResult(b, value));
    } catch (error) {
      if (error instanceof Untranslatable) return undefined;
      throw error;
    }
  })();
  if (!quiet) return 0;
  const negative = next.test.k === 'bin' && next.test.op === '<';
  if (quiet.k === 'result-value' && (!negative || quiet.narrow)) return 0;
  const { of } = local.type;
  b.attempt({ ...statement, end: next.end }, out, () => {
    const direct = directResult(b, value)!;
    const tried: RExpr = { k: 'try', of: direct.e };
    if (direct.k === 'result-value' && of === 'i32') {
      if (!b.letFirst(local, tried, statement, out)) {
        b.later(() => {
          local.writes++;
          if (!local.declared) local.hoisted = true;
        });
        b.push(out, { k: 'assign', op: '=', l: b.name(local), r: tried }, statement);
      }
    } else {
      b.push(out, { k: 'expr', e: tried }, { start: statement.start, end: next.end });
      if (readBefore(after, name) || b.enclosing.length > 0 || b.depth() > 2) {
        b.later(() => {
          local.writes++;
          if (!local.declared) local.hoisted = true;
        });
        out.push({ k: 'assign', op: '=', l: b.name(local), r: atom('0') });
      }
    }
    counted(b, 3);
  });
  return 2;
}

function returnsVariable(statement: CStatement, name: string): boolean {
  const only = statement.k === 'block' ? (statement.body.length === 1 ? statement.body[0] : undefined) : statement;
  return only?.k === 'return' && only.e?.k === 'id' && only.e.name === name;
}

/** Whether `name` may be read in `after` before it is assigned. */
function readBefore(after: readonly CStatement[], name: string): boolean {
  for (const statement of after) {
    if (!statementMentions(statement, name)) continue;
    const assigned =
      statement.k === 'expr' &&
      statement.e.k === 'assign' &&
      statement.e.op === '=' &&
      statement.e.l.k === 'id' &&
      statement.e.l.name === name;
    return !(assigned && !namesIn((statement.e as CExpr & { k: 'assign' }).r).has(name));
  }
  return false;
}

/** How probe makes the private structure: `priv = devm_kzalloc(dev, sizeof(*priv), GFP_KERNEL)` with the check after it. */
export function tryAllocation(b: Body, list: readonly CStatement[], i: number, out: RStatement[]): number {
  const statement = list[i]!;
  const { returns } = b.info;
  if (returns.k !== 'builds' && returns.k !== 'result' && returns.k !== 'result-value') return 0;
  let name: string | null = null;
  let value: CExpr | null = null;
  if (statement.k === 'expr' && statement.e.k === 'assign' && statement.e.op === '=' && statement.e.l.k === 'id') {
    name = statement.e.l.name;
    value = statement.e.r;
  } else if (statement.k === 'decl' && statement.variables.length === 1) {
    name = statement.variables[0]!.name;
    value = statement.variables[0]!.init;
  }
  if (name === null || !value) return 0;
  const own = returns.k === 'builds' && !b.made ? returns.name : null;
  const struct = own !== null && allocates(b, name, value, own) !== null ? own : pointed(b, statement, name);
  if (struct === null || !b.unit.built.has(struct)) return 0;
  const how = allocates(b, name, value, struct);
  if (how === null || b.depth() > 2 || (struct !== own && (how === 'part' || assignments(list.slice(i + 1), name) > 0))) return 0;
  if (struct !== own && !(list[i + 1]?.k === 'if')) return 0;
  const variable: CVariable = {
    name,
    type: { k: 'ptr', to: { k: 'struct', name: struct }, readonly: false, iomem: false },
    init: null,
    isStatic: false,
  };
  const devices = constructorArguments(b, struct);
  if (!devices) return 0;
  const local = b.declare(variable, { k: 'ref', name: struct });
  local.owned = true;
  local.declared = true;
  b.unit.useStruct(struct);
  if (struct === own) b.made = local;
  const fresh = call(`${b.unit.types.of(struct)}::new`, ...devices);
  const init: RExpr = { k: 'try', of: call('KBox::new', fresh, atom('GFP_KERNEL')) };
  const text: RStatement & { k: 'let' } = { k: 'let', name: '', mut: false, type: null, init };
  b.lets.push({ local, statement: text });
  if (how === 'part')
    out.push({
      k: 'comment',
      lines: [
        `C: ${b.text(statement).replace(/\s+/g, ' ')}`,
        'The private structure is made here, since what C keeps it in has no abstraction.',
      ],
    });
  b.push(out, text, statement);
  const check = list[i + 1];
  const together =
    check?.k === 'if' &&
    !check.no &&
    check.test.k === 'un' &&
    check.test.op === '!' &&
    check.test.of.k === 'id' &&
    check.test.of.name === name &&
    fails(b, check.yes);
  if (how === 'whole') b.counts.translated += together ? 3 : 1;
  return together ? 2 : 1;
}

/** The structure of the driver that the variable `name`, of which nothing is known yet, points to; null if it is none. */
function pointed(b: Body, statement: CStatement, name: string): string | null {
  const variable = statement.k === 'decl' ? statement.variables[0] : undefined;
  const local = variable ? undefined : b.local(name);
  if (local && (!local.unknown || local.isParameter)) return null;
  const type = variable?.type ?? local?.ctype;
  const known = type && b.unit.varType(type);
  return known?.k === 'ref' && b.unit.program.structs.has(known.name) ? known.name : null;
}

/** Whether a statement only gives ENOMEM back, which a failed allocation does in Rust, too. */
function fails(b: Body, statement: CStatement): boolean {
  const only = statement.k === 'block' ? (statement.body.length === 1 ? statement.body[0] : undefined) : statement;
  return only?.k === 'return' && only.e !== null && b.quiet(() => errorCode(b, only.e!)) === 'ENOMEM';
}

function constructorArguments(b: Body, name: string): RExpr[] | undefined {
  const kinds = b.unit.built.get(name) ?? [];
  const devices = b.info.parameters.filter(({ local }) => local.type.k === 'device');
  const args: RExpr[] = [];
  for (const kind of kinds) {
    const own = devices.find(({ local }) => local.type.k === 'device' && local.type.kind === kind);
    const bus = own ?? (kind === 'kernel::device::Device' ? devices[0] : undefined);
    if (!bus) return undefined;
    bus.local.reads++;
    args.push(own ? b.name(bus.local) : method(b.name(bus.local), 'as_ref'));
  }
  return args;
}

/** Whether `value` allocates the structure: alone, or as a part of what the kernel allocates. */
export function allocates(b: { unit: Body['unit'] }, name: string, value: CExpr, struct: string): 'whole' | 'part' | null {
  if (value.k !== 'call' || value.callee.k !== 'id') return null;
  const callee = value.callee.name;
  if (b.unit.functions.has(callee)) return null;
  if (/^(?:devm_|pcim_)?k[zmv]*(?:alloc|calloc)(?:_node|_obj)?$|^kv?zalloc$/.test(callee)) {
    const sized = value.args.some(
      (arg) =>
        (arg.k === 'sizeof' &&
          ((arg.of?.k === 'un' && arg.of.op === '*' && arg.of.of.k === 'id' && arg.of.of.name === name) ||
            (arg.type?.k === 'struct' && arg.type.name === struct))) ||
        (/_obj$/.test(callee) && arg.k === 'un' && arg.op === '*' && arg.of.k === 'id' && arg.of.name === name),
    );
    return sized ? 'whole' : null;
  }
  return /_priv$/.test(callee) ? 'part' : null;
}
