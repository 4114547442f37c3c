import type { CExpr, CStatement, CVariable } from '../c/ast';
import { atom, call, method, type RExpr, type RStatement } from '../rust/ast';
import type { Body } from './body';
import { assignments } from './locals';
import { errorCode } from './returns';

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
