import type { CExpr, Scalar } from '../c/ast';
import { atom, method, type RExpr } from '../rust/ast';
import { deviceOf } from './devices';
import type { Expressions } from './expressions';
import type { Place } from './scope';
import { leadsTo } from './private-data';
import { signatureKey, type FunctionInfo } from './unit';
import { leave, Untranslatable, type Local } from './values';

interface Argument {
  e: RExpr;
  /** Variables that it reads or borrows. */
  roots: Set<Local>;
  /** The variable that the callee changes through it. */
  changes: Local | null;
  /** For plain values: their type, so that they can be read before the call. */
  value: Scalar | 'bool' | 'device' | null;
}

/** The arguments of a call of a driver's own function, in the order of its Rust parameters. */
export function arguments_(t: Expressions, info: FunctionInfo, args: readonly CExpr[]): RExpr[] {
  if (!t.unit.consulted.has(info)) t.unit.consulted.set(info, signatureKey(info));
  if (args.length !== info.c.parameters.length) leave('it has an unusual number of arguments');
  const taken = new Set(info.parameters.map(({ at }) => at));
  args.forEach((arg, i) => {
    if (taken.has(i)) return;
    if (hasEffect(arg)) leave('an argument that Rust leaves out does something');
    if (info === t.info) leave('it calls itself with an argument that Rust leaves out');
    if (givesBack(t, arg)) leave('it gives something back through a pointer that Rust leaves out');
  });
  for (const { at, local, of } of info.parameters)
    if (at === -1 && of?.many === true && local.type.k === 'ref') sameData(t, local, args[of.at]!);
  const all = info.parameters.map(({ at, local }) => {
    const { touched } = t;
    t.touched = new Set();
    const one = argument(t, local, at === -1 ? null : args[at]!);
    const roots = t.touched;
    t.touched = new Set([...touched, ...roots]);
    return { ...one, roots };
  });
  return settle(t, all);
}

/** Gives up where a callee would get other private data out of `arg` than the caller has: another request, another channel. */
function sameData(t: Expressions, parameter: Local, arg: CExpr): void {
  const own = ownState(t, parameter).root;
  if (!own || !leadsTo(t.info, own.name, arg)) leave('it works on data that Rust does not find there');
}

/** Whether a callee may write numbers of the caller's through an argument: the address of some, an array, a pointer to some. */
function givesBack(t: Expressions, arg: CExpr): boolean {
  if (arg.k === 'cast') return givesBack(t, arg.of);
  if (arg.k === 'id') {
    const own = t.info.c.parameters.find(({ name }) => name === arg.name);
    if (own && !t.local(arg.name)) return own.type.k === 'ptr' && !own.type.readonly && own.type.to.k === 'int';
  }
  const address = arg.k === 'un' && arg.op === '&';
  if (!address && arg.k !== 'id' && arg.k !== 'field') return false;
  try {
    const { k } = t.quiet(() => t.place(address ? arg.of : arg)).type;
    return k === 'array' || (address ? k === 'int' || k === 'bool' : k === 'out' || k === 'slice');
  } catch (error) {
    if (error instanceof Untranslatable) return false;
    throw error;
  }
}

/** Moves values out of the way of what the callee changes, since Rust does not let both be borrowed at the same time. */
function settle(t: Expressions, all: Argument[]): RExpr[] {
  all.forEach((argument, i) => {
    all.forEach((other, j) => {
      if (i === j || other.changes === null || !argument.roots.has(other.changes)) return;
      if (argument.value === null) leave('two of its arguments refer to the same data');
      if (argument.value === 'device') argument.e = { k: 'un', op: '&', of: hoistDevice(t, argument.e) };
      else argument.e = t.hoist(argument.e, argument.value);
      argument.roots = new Set();
    });
  });
  return all.map(({ e }) => e);
}

function hoistDevice(t: Expressions, e: RExpr): RExpr {
  if (!t.before || e.k !== 'un') return leave('two of its arguments refer to the same data');
  const name = t.fresh('dev_');
  t.before.push({ k: 'let', name, mut: false, type: null, init: method(e.of, 'clone') });
  return atom(name);
}

function argument(t: Expressions, parameter: Local, arg: CExpr | null): Omit<Argument, 'roots'> {
  const { type } = parameter;
  if (arg === null && type.k === 'device') {
    const fitting = [...t.visible()].filter(
      (local) => local.type.k === 'device' && local.type.kind === type.kind && !local.unknown && !local.alias,
    );
    if (fitting.length !== 1) return leave('its device is not at hand');
    return argument(t, parameter, { k: 'id', name: fitting[0]!.name });
  }
  if (arg === null) return reference(t, parameter, ownState(t, parameter));
  switch (type.k) {
    case 'int':
      return { e: t.int(arg, type.of), changes: null, value: type.of };
    case 'bool':
      return { e: t.truth(arg), changes: null, value: 'bool' };
    case 'ref':
      return reference(t, parameter, pointed(t, arg));
    case 'device': {
      const device = deviceOf(t, arg, type.kind, parameter.context);
      if (type.kind.endsWith('phy::Device')) return { e: device.argument, changes: device.root, value: null };
      return { e: device.argument, changes: null, value: 'device' };
    }
    case 'registers':
    case 'clock': {
      const place = pointed(t, arg);
      if (place.type.k !== type.k) leave('it is not the start of mapped registers');
      return {
        e: place.root?.type.k === type.k && place.root.isParameter ? place.e : { k: 'un', op: '&', of: place.e },
        changes: null,
        value: null,
      };
    }
    case 'out':
    case 'slice':
      return buffer(t, parameter, arg);
    default:
      return leave('its argument has no Rust type');
  }
}

/** The structure of the caller that a callee works on although C hands it over as something else. */
function ownState(t: Expressions, parameter: Local): Place {
  const { type } = parameter;
  const fitting = [...t.visible()].filter(
    (local) => local.type.k === 'ref' && type.k === 'ref' && local.type.name === type.name && !local.unknown && !local.alias,
  );
  if (fitting.length !== 1) return leave('its private data is not at hand');
  return t.place({ k: 'id', name: fitting[0]!.name });
}

function pointed(t: Expressions, arg: CExpr): Place {
  return arg.k === 'un' && arg.op === '&' ? t.place(arg.of) : t.place(arg);
}

function reference(t: Expressions, parameter: Local, place: Place): Omit<Argument, 'roots'> {
  const wanted = parameter.type.k === 'ref' ? parameter.type.name : '';
  if (place.type.k !== 'ref' && place.type.k !== 'struct') return leave('it is no reference');
  if (place.type.name !== wanted) return leave('it is of another type');
  const changed = parameter.mutates > 0;
  if (changed) t.change(place);
  else if (place.constant && place.type.k === 'struct')
    return { e: { k: 'un', op: '&', of: place.e }, changes: null, value: null };
  const isVariable = place.type.k === 'ref' && place.root !== null && !place.root.owned;
  const e: RExpr = isVariable ? place.e : { k: 'un', op: changed ? '&mut ' : '&', of: place.e };
  return { e, changes: changed ? place.root : null, value: null };
}

function buffer(t: Expressions, parameter: Local, arg: CExpr): Omit<Argument, 'roots'> {
  const place = pointed(t, arg);
  const changed = parameter.type.k === 'out' || parameter.mutates > 0;
  const wanted = parameter.type.k === 'out' || parameter.type.k === 'slice' ? parameter.type.of : null;
  const borrow = changed ? '&mut ' : '&';
  if (changed) t.change(place);
  const same = (type: Place['type']): boolean =>
    type.k === wanted?.k && (type.k !== 'int' || (wanted.k === 'int' && type.of === wanted.of));
  const pass = (e: RExpr): Omit<Argument, 'roots'> => ({ e, changes: changed ? place.root : null, value: null });
  if (parameter.type.k === 'out') {
    if (arg.k === 'un' && same(place.type)) return pass({ k: 'un', op: borrow, of: place.e });
    if (place.type.k === 'out' && same(place.type.of)) return pass(place.e);
    return leave('it is of another type');
  }
  if (arg.k !== 'un' && place.type.k === 'array' && same(place.type.of)) return pass({ k: 'un', op: borrow, of: place.e });
  if (arg.k !== 'un' && place.type.k === 'slice' && same(place.type.of)) return pass(place.e);
  return leave('it is of another type');
}

/** Whether evaluating an expression does something. */
export function hasEffect(e: CExpr): boolean {
  switch (e.k) {
    case 'call':
    case 'assign':
    case 'step':
      return true;
    case 'field':
    case 'un':
    case 'cast':
      return hasEffect(e.of);
    case 'index':
      return hasEffect(e.of) || hasEffect(e.at);
    case 'bin':
    case 'comma':
      return hasEffect(e.l) || hasEffect(e.r);
    case 'cond':
      return hasEffect(e.test) || hasEffect(e.yes) || hasEffect(e.no);
    default:
      return false;
  }
}
