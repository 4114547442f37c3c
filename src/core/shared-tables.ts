import type { Catalogue, CatalogueEntry, RustItem } from './catalogue/model';
import type { DriverModel } from './driver';
import { ownKeys } from './own-keys';
import { CKind, Field, NONE, type SyntaxTree } from './syntax';

/**
 * Structures of callbacks that several kinds of devices and files share, with the kernel structure or functions by which the table gets
 * to the one that Rust has a trait for. `struct file_operations` is that of misc and other character devices, of debugfs, procfs, DRM and
 * file systems; `kernel::miscdevice::MiscDevice` fills it for misc devices alone (rust/kernel/miscdevice.rs).
 */
const SHARED: Readonly<Record<string, { by: string; what: string }>> = ownKeys({
  file_operations: {
    by: 'miscdevice',
    what: 'misc devices',
  },
});

/** Fields that one structure of the kernel alone has: `x->i_fop = &table` says of what `x` is. */
const FIELDS: Readonly<Record<string, string>> = ownKeys({ i_fop: 'inode', f_op: 'file' });

/** A table of a shared structure, and what the file gives it to. */
interface Table {
  container: string;
  /** The variable's declaration, as offsets. */
  start: number;
  end: number;
  /** What it is given to, each a name of the kernel: a structure whose field it is, or a function. Empty if the file does not say. */
  receivers: Receiver[];
}

interface Receiver {
  name: string;
  kind: 'struct' | 'function';
  /** How a user would say it: `cdev_init()`, `usb_class_driver.fops`. */
  shown: string;
}

/**
 * What the entries of a file's kernel names become once one sees where its tables go: the Rust side of a structure that several kinds of
 * devices share holds only for the kind that Rust has a trait for.
 * @returns a function from the entry of a name, and the offset where it stands, to the entry that is true there
 */
export function inContext(
  tree: SyntaxTree,
  model: DriverModel,
  catalogue: Catalogue,
): (entry: CatalogueEntry, offset: number) => CatalogueEntry {
  const tables = foreignTables(tree, model);
  if (tables.length === 0) return (entry) => entry;
  return (entry, offset) => {
    const table = tables.find(({ start, end }) => start <= offset && offset < end);
    const isOfTable = table && (entry.name === table.container || entry.name.startsWith(`${table.container}.`));
    return isOfTable && entry.rust.length > 0 ? entryFor(entry, table, catalogue) : entry;
  };
}

function entryFor(entry: CatalogueEntry, { container, receivers }: Table, catalogue: Catalogue): CatalogueEntry {
  const { what } = SHARED[container]!;
  if (receivers.length === 0)
    return entry.note === '' && entry.status !== 'none' ? { ...entry, note: `Only for ${what} so far.` } : entry;
  const given = receivers.map(({ shown }) => shown).join(', ');
  const sides = receivers.map(({ name, kind }) => catalogue.lookup(name, kind));
  const instead = sides.flatMap(({ rust }) => rust.filter(({ relation }) => relation !== 'nearest'));
  const as = (relation: RustItem['relation']) => (item: RustItem) => ({ ...item, relation });
  if (instead.length > 0)
    return {
      ...entry,
      status: 'partial',
      rust: instead.map(as('replaces')),
      note: `The table goes to ${given}: what does the job there.`,
    };
  const nearest = entry.rust.map(as('nearest'));
  return { ...entry, status: 'none', rust: nearest, note: `Only for ${what} so far; this table goes to ${given}.` };
}

/** The tables of shared structures but those that are given to what Rust has the trait for. */
function foreignTables(tree: SyntaxTree, model: DriverModel): Table[] {
  const tables: Table[] = [];
  for (const { container, field, name, start } of model.entryPoints) {
    const shared = field === null ? SHARED[container] : undefined;
    if (!shared) continue;
    const declaration = tree.ancestorOfKind(tree.nodeAt(start), CKind.declaration);
    if (declaration === NONE) continue;
    const range = { container, start: tree.starts[declaration]!, end: tree.ends[declaration]! };
    const receivers = receiversOf(tree, model, name, start);
    if (receivers.some((receiver) => receiver?.name === shared.by)) continue;
    const understood = receivers.filter((receiver) => receiver !== undefined);
    // Where one is not understood, the table may well go to what Rust has the trait for.
    const isKnown = understood.length === receivers.length;
    const distinct = new Map(understood.map((receiver) => [receiver.shown, receiver]));
    tables.push({ ...range, receivers: isKnown ? [...distinct.values()] : [] });
  }
  return tables;
}

/** What a variable is given to in the file, other than at its declarations; undefined where that is not understood. */
function receiversOf(tree: SyntaxTree, model: DriverModel, variable: string, declared: number): (Receiver | undefined)[] {
  const receivers: (Receiver | undefined)[] = [];
  for (const { index } of tree.text.matchAll(new RegExp(`\\b${variable}\\b`, 'g'))) {
    const node = tree.nodeAt(index);
    if (index === declared || (tree.kinds[node] as CKind) !== CKind.identifier || tree.starts[node] !== index) continue;
    let user = tree.parents[node]!;
    if (user !== NONE && (tree.kinds[user] as CKind) === CKind.pointer_expression) user = tree.parents[user]!;
    switch (user === NONE ? undefined : (tree.kinds[user] as CKind)) {
      case CKind.argument_list:
        receivers.push(callee(tree, model, user));
        break;
      case CKind.initializer_pair:
        receivers.push(member(tree, user));
        break;
      case CKind.assignment_expression:
        receivers.push(assigned(tree, user));
        break;
      case CKind.declaration:
      case CKind.init_declarator:
        break; // declared before it is defined
      default:
        receivers.push(undefined);
    }
  }
  return receivers;
}

/** `cdev_init(&cdev, &table)`; what a function of the file does with it is not followed. */
function callee(tree: SyntaxTree, model: DriverModel, list: number): Receiver | undefined {
  const call = tree.parents[list]!;
  const called = call === NONE ? NONE : tree.childByField(call, Field.function);
  if (called === NONE || (tree.kinds[called] as CKind) !== CKind.identifier) return undefined;
  const name = tree.textOf(called);
  if (model.functions.some((definition) => definition.name === name)) return undefined;
  return { name, kind: 'function', shown: `${name}()` };
}

/** `.fops = &table` in the initializer of a structure of the kernel. */
function member(tree: SyntaxTree, pair: number): Receiver | undefined {
  const list = tree.parents[pair]!;
  const holder = list === NONE ? NONE : tree.parents[list]!;
  if (holder === NONE) return undefined;
  const isLiteral = (tree.kinds[holder] as CKind) === CKind.compound_literal_expression;
  if (!isLiteral && (tree.kinds[holder] as CKind) !== CKind.init_declarator) return undefined; // a structure within another
  const whole = isLiteral ? holder : tree.ancestorOfKind(holder, CKind.declaration);
  if (whole === NONE) return undefined;
  const type = /\bstruct\s+(\w+)/.exec(tree.text.slice(tree.starts[whole], tree.starts[list]))?.[1];
  const field = /^\.(\w+)/.exec(tree.textOf(pair))?.[1];
  if (!type || !field || new RegExp(`\\bstruct\\s+${type}\\s*\\{`).test(tree.text)) return undefined;
  return { name: type, kind: 'struct', shown: `${type}.${field}` };
}

/** `inode->i_fop = &table` */
function assigned(tree: SyntaxTree, assignment: number): Receiver | undefined {
  const left = tree.childByField(assignment, Field.left);
  const field = left === NONE ? undefined : /(?:->|\.)\s*(\w+)$/.exec(tree.textOf(left))?.[1];
  const type = field && FIELDS[field];
  return type ? { name: type, kind: 'struct', shown: `${type}.${field}` } : undefined;
}
