import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { SlotKind } from './paths';
import type { Run } from './run';
import { siteOf } from './state';

/** The text of a node in one line, for a message. */
export const shortText = (tree: SyntaxTree, node: number): string => tree.textOf(node).replace(/\s+/g, ' ').slice(0, 60);

/** `skb->data`, `urb->transfer_buffer`. */
export function isBuffer(run: Run, slot: number): boolean {
  const { slots } = run.f;
  if (slots.kinds[slot] !== (SlotKind.field as number)) return false;
  const name = slots.names[slot]!;
  if (name === '->transfer_buffer') return true;
  return name === '->data' && /skb$/.test(run.nameOf(slots.bases[slot]!));
}

/** How many elements the arrays of a file have, as far as the file says so. */
export class ArraySizes {
  #arrays: Map<string, string> | undefined;

  constructor(private readonly tree: SyntaxTree) {}

  /** The declared number of elements of an array variable or field of the file, or of an allocation; '' if it is none, or not known. */
  of(run: Run, slot: number): string {
    const { slots, calls } = run.f;
    switch (slots.kinds[slot] as SlotKind) {
      case SlotKind.global:
      case SlotKind.local: {
        const parent = this.tree.parents[slots.nodes[slot]!]!;
        if (this.tree.kinds[parent] === (CKind.array_declarator as number)) return this.sizeOf(parent);
        if (slots.kinds[slot] === (SlotKind.global as number)) return this.arrays.get(slots.names[slot]!) ?? '';
        break;
      }
      case SlotKind.field: {
        const size = this.arrays.get(slots.names[slot]!.replace(/^(?:->|\.)/, '')) ?? '';
        if (size !== '') return size;
        // Declared in a header, as far as one sees: an array, or a pointer to elements.
        if (
          !this.arrays.has(slots.names[slot]!.replace(/^(?:->|\.)/, '')) &&
          !this.declares(slots.names[slot]!) &&
          !isBuffer(run, slot)
        )
          return '?';
        break;
      }
      case SlotKind.address: {
        // &local: a structure, or a number.
        const of = slots.bases[slot]!;
        if (slots.kinds[of] !== (SlotKind.local as number)) return '';
        const parent = this.tree.parents[slots.nodes[of]!]!;
        return this.tree.kinds[parent] === (CKind.pointer_declarator as number) ? '' : `sizeof(${slots.names[of]!})`;
      }
      default:
        return '';
    }
    const call = calls[siteOf(run.machine.fact(run.machine.value(slot)))];
    const argument = call && /^k[mz]alloc$/.test(call.name) ? call.nodes[0] : undefined;
    if (argument === undefined) return '';
    const text = shortText(this.tree, argument);
    return /^(?:\d+|[A-Z][A-Z0-9_]+)$/.test(text) ? text : '';
  }

  /** Whether a structure of the file has a field of this name. */
  private declares(name: string): boolean {
    return new RegExp(`[\\s*]${name.replace(/^\W+/, '')}\\s*(?:;|,|:)`).test(this.tree.text);
  }

  private sizeOf(declarator: number): string {
    const size = this.tree.childByField(declarator, Field.size);
    return size === NONE || this.tree.hasText(size, '0') ? '' : shortText(this.tree, size);
  }

  /** Arrays among the fields and variables of the file, by name; a name that is an array here and something else there is none. */
  private get arrays(): ReadonlyMap<string, string> {
    if (this.#arrays) return this.#arrays;
    const arrays = (this.#arrays = new Map<string, string>());
    const { tree } = this;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kinds[node] !== (CKind.array_declarator as number)) continue;
      const inner = tree.childByField(node, Field.declarator);
      if (inner === NONE) continue;
      const kind = tree.kinds[inner] as CKind;
      if (kind !== CKind.field_identifier && kind !== CKind.identifier) continue;
      const name = tree.textOf(inner);
      const size = this.sizeOf(node);
      if (kind === CKind.identifier && tree.ancestorOfKind(node, CKind.function_definition) !== NONE) continue;
      const before = arrays.get(name);
      arrays.set(name, before === undefined || before === size ? size : '');
    }
    return arrays;
  }
}
