/** Macro calls at file scope that register something with the kernel: module_init(), EXPORT_SYMBOL(), module_param(), DEVICE_ATTR_RW() … */
import { CKind, Field, NONE } from '../syntax';
import type { Draft } from './draft';
import { kindOfMade, madeBy } from './expansions';
import { NameFlag } from './names';
import { kindOfCallee } from './shapes';
import type { EntryPoint } from './model';

type Point = Omit<EntryPoint, 'definition'>;

/** Reads the macro call `call` at file scope, whose callee is the identifier `callee`. */
export function readRegistration(draft: Draft, callee: number, call: number): void {
  const { survey } = draft;
  const { tree, nameOf } = survey;
  const name = nameOf[callee]!;
  const shape = draft.shapeOf(name);
  const container = tree.textOf(callee);
  const base: Point = {
    kind: kindOfCallee(shape),
    name: container,
    function: null,
    container,
    table: null,
    field: null,
    start: tree.starts[callee]!,
    end: tree.ends[callee]!,
  };
  const list = tree.childByField(call, Field.arguments);
  if (list === NONE) return;
  switch (shape) {
    case 'module':
    case 'initcall':
      readModule(draft, base, list);
      break;
    case 'export':
      readExport(draft, base, list);
      break;
    case 'param':
    case 'setup':
      readParameter(draft, base, list);
      break;
    case 'device-table': {
      const table = argumentAt(draft, list, 1);
      if (table !== NONE) draft.enter({ ...base, kind: 'device-table', name: tree.textOf(table) });
      break;
    }
    default:
      for (const made of madeBy(draft, call, name)) {
        const kind = kindOfMade(made);
        const shown = (kind === 'sysfs' || made.function === null ? made.name : null) ?? made.function ?? container;
        draft.enter({ ...base, kind, name: shown, function: made.function, field: made.field });
      }
  }
}

/** module_init(fn), module_pci_driver(driver), module_platform_driver_probe(driver, probe), late_initcall(fn). */
function readModule(draft: Draft, base: Point, list: number): void {
  const { tree } = draft.survey;
  const first = argumentAt(draft, list, 0);
  if (first === NONE) return;
  const name = tree.textOf(first);
  const isInit = base.kind === 'initcall' || base.container === 'module_init' || base.container === 'module_exit';
  if (isInit || functionOf(draft, first)) draft.enter({ ...base, name, function: name });
  else draft.enter({ ...base, name });
  for (const argument of identifiersIn(draft, list))
    if (argument !== first && functionOf(draft, argument))
      draft.enter({ ...base, name: tree.textOf(argument), function: tree.textOf(argument) });
}

function readExport(draft: Draft, base: Point, list: number): void {
  const first = argumentAt(draft, list, 0);
  if (first === NONE) return;
  const name = draft.survey.tree.textOf(first);
  draft.enter({ ...base, name, function: functionOf(draft, first) ? name : null });
}

/** module_param(name, type, mode), module_param_call(name, set, get, arg, mode), early_param("name", fn). */
function readParameter(draft: Draft, base: Point, list: number): void {
  const { tree } = draft.survey;
  const literal = tree.childOfKind(list, CKind.string_literal);
  const first = argumentAt(draft, list, 0);
  const name = first !== NONE ? tree.textOf(first) : literal !== NONE ? tree.textOf(literal).slice(1, -1) : '';
  let entered = false;
  for (const argument of identifiersIn(draft, list)) {
    if (argument === first || !functionOf(draft, argument)) continue;
    draft.enter({ ...base, name, function: tree.textOf(argument) });
    entered = true;
  }
  if (!entered && name !== '' && base.container !== 'early_param' && base.container !== '__setup') draft.enter({ ...base, name });
}

/** The identifier that is the argument at `index`, through `&`, casts and the like; `NONE` if there is none. */
function argumentAt({ survey: { tree } }: Draft, list: number, index: number): number {
  const { kinds, nexts } = tree;
  let position = 0;
  for (let child = list + 1; child < nexts[list]!; child = nexts[child]!) {
    if (tree.hasText(child, ',')) position++;
    else if (position === index && kinds[child] !== (CKind.token as number)) {
      for (let node = child; node < nexts[child]!; node++) if (kinds[node] === (CKind.identifier as number)) return node;
      return NONE;
    }
  }
  return NONE;
}

function identifiersIn({ survey: { tree } }: Draft, list: number): number[] {
  const found: number[] = [];
  for (let node = list + 1; node < tree.nexts[list]!; node++)
    if (tree.kinds[node] === (CKind.identifier as number)) found.push(node);
  return found;
}

function functionOf({ survey: { names, nameOf } }: Draft, node: number): boolean {
  return (names.flags[nameOf[node]!]! & NameFlag.function) !== 0;
}
