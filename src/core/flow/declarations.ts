import { CKind, Field, NONE } from '../syntax';
import type { Builder } from './builder';
import { lowerExpression, lowerValue } from './expressions';
import { Known, Op } from './ir';
import { SlotKind } from './paths';
import { ownKeys } from '../own-keys';

/** What `__free(name)` calls. Sources: DEFINE_FREE in include/linux/slab.h, of.h, property.h, device.h, file.h, bitmap.h. */
const FREES: Readonly<Record<string, string>> = ownKeys({
  kfree: 'kfree',
  kfree_sensitive: 'kfree_sensitive',
  kvfree: 'kvfree',
  vfree: 'vfree',
  device_node: 'of_node_put',
  fwnode_handle: 'fwnode_handle_put',
  put_device: 'put_device',
  fput: 'fput',
  bitmap: 'bitmap_free',
  pci_dev_put: 'pci_dev_put',
});

/** Lowers a declaration in a block: each variable in turn. */
export function lowerDeclaration(b: Builder, node: number): void {
  const { tree } = b;
  let isStatic = false;
  for (const child of tree.children(node)) {
    if (
      tree.kinds[child] === (CKind.storage_class_specifier as number) &&
      (tree.hasText(child, 'static') || tree.hasText(child, 'extern'))
    )
      isStatic = true;
    if (tree.kinds[child] === (CKind.call_expression as number)) lowerExpression(b, child);
    if (tree.fields[child] !== (Field.declarator as number)) continue;
    const hasValue = tree.kinds[child] === (CKind.init_declarator as number);
    const declarator = hasValue ? tree.childByField(child, Field.declarator) : child;
    const name = declaredName(b, declarator);
    if (name === NONE) continue;
    const free = freeOf(b, child) || freeBefore(b, node);
    const value = hasValue ? lowerInitializer(b, tree.childByField(child, Field.value)) : undefined;
    const slot = b.declare(tree.nameOf(name), isStatic ? SlotKind.global : SlotKind.local, name);
    if (isStatic) {
      if (shapeOf(b, declarator, node) === Shape.array) b.emit(Op.unset, slot, Shape.array, 0, name);
      continue;
    }
    if (value === undefined) b.emit(Op.unset, slot, shapeOf(b, declarator, node), 0, name);
    else {
      b.emit(Op.assign, slot, value, 1, child);
      if (shapeOf(b, declarator, node) === Shape.array) b.emit(Op.unset, slot, Shape.array, 0, name);
    }
    if (free !== '') b.scopes.at(-1)!.cleanups.push({ function: free, slot, argument: name, node: name });
  }
}

function lowerInitializer(b: Builder, node: number): number {
  return lowerValue(b, node);
}

/** What kind of variable: scalar or pointer, structure, array. */
export const enum Shape {
  scalar = 0,
  structure = 1,
  array = 2,
}

function shapeOf(b: Builder, declarator: number, declaration: number): Shape {
  const { tree } = b;
  // The declarator next to the name says what the variable is: of `char *names[3]`, an array.
  let innermost = CKind.ERROR;
  for (let node = declarator; node !== NONE;) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.identifier) break;
    if (kind === CKind.array_declarator || kind === CKind.pointer_declarator || kind === CKind.function_declarator)
      innermost = kind;
    let inner = tree.childByField(node, Field.declarator);
    if (inner === NONE) inner = tree.firstChild(node);
    node = inner;
  }
  if (innermost === CKind.array_declarator) return Shape.array;
  if (innermost !== CKind.ERROR) return Shape.scalar;
  const type = tree.childByField(declaration, Field.type);
  const kind = type === NONE ? CKind.ERROR : (tree.kinds[type] as CKind);
  if (kind === CKind.primitive_type || kind === CKind.sized_type_specifier || kind === CKind.enum_specifier) return Shape.scalar;
  if (
    kind === CKind.type_identifier &&
    /^(?:__)?(?:[usbl]e?(?:8|16|32|64)|gfp_t|dma_addr_t|irqreturn_t|loff_t|off_t|phys_addr_t|netdev_tx_t|acpi_status|ulong|uint|pm_message_t)$/.test(
      tree.textOf(type),
    )
  )
    return Shape.scalar;
  return Shape.structure;
}

/** The identifier that a declarator declares. */
export function declaredName(b: Builder, declarator: number): number {
  const { tree } = b;
  for (let node = declarator; node !== NONE;) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.identifier) return node;
    let inner = tree.childByField(node, Field.declarator);
    if (inner === NONE && (kind === CKind.attributed_declarator || kind === CKind.parenthesized_declarator)) {
      for (const child of tree.children(node, true))
        if (tree.kinds[child] !== (CKind.annotation as number)) {
          inner = child;
          break;
        }
    }
    node = inner;
  }
  return NONE;
}

/** The clean-up function that `__free(…)` names in a declarator; '' if there is none. */
function freeOf(b: Builder, declarator: number): string {
  const { tree } = b;
  if (!b.hasFree) return '';
  const end = tree.nexts[declarator]!;
  for (let node = declarator; node < end; node++) {
    if (tree.kinds[node] !== (CKind.annotation as number)) continue;
    const text = /^__free\s*\(\s*(\w+)\s*\)/.exec(tree.textOf(node));
    if (text) return FREES[text[1]!] ?? `__free_${text[1]!}`;
  }
  return '';
}

/** `struct foo __free(kfree) *p`: the clean-up stands before the declarator. */
function freeBefore(b: Builder, declaration: number): string {
  if (!b.hasFree) return '';
  for (const child of b.tree.children(declaration, true)) {
    if (b.tree.fields[child] === (Field.declarator as number)) break;
    const found = b.tree.kinds[child] === (CKind.init_declarator as number) ? '' : freeOf(b, child);
    if (found !== '') return found;
  }
  return '';
}

/** Declares the parameters of a function; returns their slots in order. */
export function lowerParameters(b: Builder, definition: number): number[] {
  const { tree } = b;
  const parameters: number[] = [];
  let declarator = tree.childByField(definition, Field.declarator);
  while (declarator !== NONE && tree.kinds[declarator] !== (CKind.function_declarator as number)) {
    let inner = tree.childByField(declarator, Field.declarator);
    if (inner === NONE && tree.kinds[declarator] === (CKind.attributed_declarator as number)) inner = tree.firstChild(declarator);
    declarator = inner;
  }
  const list = declarator === NONE ? NONE : tree.childByField(declarator, Field.parameters);
  if (list === NONE) return parameters;
  for (const child of tree.children(list, true)) {
    const name = declaredName(b, tree.childByField(child, Field.declarator));
    parameters.push(name === NONE ? Known.unknown : b.declare(tree.nameOf(name), SlotKind.parameter, name));
  }
  return parameters;
}
