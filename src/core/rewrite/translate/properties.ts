import type { CExpr, Scalar } from '../c/ast';
import { stringOf } from '../c/program';
import { atom, call, method, type RExpr } from '../rust/ast';
import { deviceOf } from './devices';
import type { Expressions } from './expressions';
import type { WrappedCall } from './kernel-calls';
import { leave, Untranslatable, type Local } from './values';

const DEVICE = 'kernel::device::Device';
const NODE = 'kernel::device::property::FwNode';

interface Node {
  e: RExpr;
  root: Local | null;
}

/** device_property_read_u32(), of_property_present() and the like on a device's own node; undefined if it is none of them. */
export function propertyCall(t: Expressions, name: string, args: readonly CExpr[]): WrappedCall | undefined {
  const match = /^(device|of|fwnode)_property_(?:(present|read_bool)|read_([us](?:8|16|32|64)))$/.exec(name);
  if (!match) return undefined;
  const [, from, test, number] = match;
  const { catalogue } = t.unit.api;
  const wanted = test === undefined ? 'property_read' : `property_${test}`;
  if (!catalogue.hasItem(`${DEVICE}::fwnode`) || !catalogue.hasItem(`${NODE}::${wanted}`)) return undefined;
  const [on, property, out] = args;
  if (!on || !property || args.length !== (test === undefined ? 3 : 2)) return leave('it has an unusual number of arguments');
  const node = from === 'device' ? ofDevice(t, on) : nodeOf(t, on);
  const text = stringOf(t.unit.program, property);
  if (text === null || !/^[ !#-[\]-~]+$/.test(text)) return leave('the name of the property is not known here', name);
  if (test !== undefined) {
    const read = method(atom('node'), wanted, atom(`c"${text}"`));
    return { e: method(node.e, 'is_some_and', { k: 'closure', head: '|node|', body: read }), returns: { k: 'bool' } };
  }
  if (out?.k !== 'un' || out.op !== '&') return leave('its value has no Rust type', name);
  const place = t.place(out.of);
  const of = number!.replace('s', 'i') as Scalar;
  if (place.type.k !== 'int' || place.type.of !== of) return leave('its value is of another type', name);
  if (place.root?.owned === true && place.root === node.root) return leave('its device and its value are of one structure', name);
  t.change(place);
  t.later(() => t.unit.helpers.add('read_property'));
  const target: RExpr = { k: 'un', op: '&mut ', of: place.e };
  return { e: call('read_property', node.e, atom(`c"${text}"`), target), returns: { k: 'result' } };
}

/** The node of a device, if it has one. */
function ofDevice(t: Expressions, e: CExpr): Node {
  const { argument, root } = deviceOf(t, e, DEVICE, 0);
  return { e: method(argument.k === 'un' ? argument.of : argument, 'fwnode'), root };
}

/** What `dev->of_node` and the like name. */
function nodeOf(t: Expressions, e: CExpr): Node {
  if (e.k === 'id') {
    const local = t.local(e.name);
    if (local?.alias) {
      const { alias } = local;
      return t.deeper(() => nodeOf(t, alias));
    }
  }
  if (e.k === 'call' && e.callee.k === 'id' && e.args.length === 1) {
    if (e.callee.name === 'dev_fwnode') return ofDevice(t, e.args[0]!);
    if (e.callee.name === 'dev_of_node') return ofTree(t, e.args[0]!);
  }
  if (e.k === 'field' && e.name === 'of_node') return ofTree(t, e.arrow ? e.of : { k: 'un', op: '&', of: e.of });
  return leave('it is no node that Rust has at hand');
}

/** A device's node, if it is one of a device tree: C asks no other. */
function ofTree(t: Expressions, e: CExpr): Node {
  const { argument, root } = deviceOf(t, e, DEVICE, 0);
  if (!t.unit.api.catalogue.hasItem(`${NODE}::is_of_node`)) return leave('this kernel does not tell nodes apart');
  t.later(() => t.unit.helpers.add('of_node'));
  return { e: call('of_node', argument), root };
}

/** Whether `e` names the node of a device that Rust has at hand. */
export function isNode(t: Expressions, e: CExpr): boolean {
  try {
    t.quiet(() => nodeOf(t, e));
    return true;
  } catch (error) {
    if (error instanceof Untranslatable) return false;
    throw error;
  }
}
