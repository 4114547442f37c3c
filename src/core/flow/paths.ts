import { remembered } from '../remembered';

/** The name of a field slot that is reached by a pointer, and of one that is reached in its structure: each one string for all its uses. */
export const arrowed = remembered((name) => `->${name}`);
export const dotted = remembered((name) => `.${name}`);

/** What a slot stands for. */
export const enum SlotKind {
  constant,
  local,
  parameter,
  /** A variable of file scope. */
  global,
  /** A field or element of its base: `->f`, `.f`, `[i]`, `*`. */
  field,
  /** The address of its base. */
  address,
  /** An intermediate result. */
  temporary,
  /** A condition, known by its text: it has the same outcome as long as its variables are not written. */
  condition,
}

/** How many slots a function may have; what is beyond is not followed. */
export const MAX_SLOTS = 1200;

/** The access paths of a function, interned: the same path is the same number. */
export class SlotTable {
  readonly kinds: number[] = [];
  /** The slot that a field or address belongs to, or -1. */
  readonly bases: number[] = [];
  /** Name of a variable; of a field with how it is reached: `->len`, `[2]`. */
  readonly names: string[] = [];
  /** Node that declares a variable, or that first named the path. */
  readonly nodes: number[] = [];
  /** Number of the last block that uses the slot; loops carry it to their end. */
  readonly lastUses: number[] = [];
  /** Slots that depend on a slot's content: fields, and conditions that mention it. */
  readonly dependants: (number[] | undefined)[] = [];
  readonly #byName: (Map<string, number> | undefined)[] = [];
  readonly #conditions = new Map<string, number>();
  readonly #byField = new Map<string, number[]>();

  get size(): number {
    return this.kinds.length;
  }

  add(kind: SlotKind, name: string, base: number, node: number): number {
    const slot = this.kinds.length;
    if (slot >= MAX_SLOTS) return 0;
    this.kinds.push(kind);
    this.bases.push(base);
    this.names.push(name);
    this.nodes.push(node);
    this.lastUses.push(-1);
    this.dependants.push(undefined);
    this.#byName.push(undefined);
    return slot;
  }

  /** The slot of `name` (`->len`) on `base`. */
  field(base: number, name: string, node: number, kind = SlotKind.field): number {
    if (base < 4) return 0;
    const names = (this.#byName[base] ??= new Map<string, number>());
    const known = names.get(name);
    if (known !== undefined) return known;
    const slot = this.add(kind, name, base, node);
    if (slot === 0) return 0;
    names.set(name, slot);
    if (kind === SlotKind.field) {
      this.depend(base, slot);
      const same = this.#byField.get(name);
      if (same) same.push(slot);
      else this.#byField.set(name, [slot]);
    }
    return slot;
  }

  /** The slot of the condition with this text. */
  condition(text: string, node: number): number {
    const known = this.#conditions.get(text);
    if (known !== undefined) return known;
    const slot = this.add(SlotKind.condition, text, -1, node);
    this.#conditions.set(text, slot);
    return slot;
  }

  /** Variables that a condition or test slot speaks of: of a condition what it mentions, of a path the path. */
  readonly operands = new Map<number, number[]>();

  /** The slot of a named constant or a number. */
  constant(text: string, node: number): number {
    const key = `=${text}`;
    const known = this.#conditions.get(key);
    if (known !== undefined) return known;
    const slot = this.add(SlotKind.constant, text, -1, node);
    this.#conditions.set(key, slot);
    return slot;
  }

  /** Says that `slot` loses its meaning when `base` is written. */
  depend(base: number, slot: number): void {
    const list = (this.dependants[base] ??= []);
    if (!list.includes(slot)) list.push(slot);
  }

  /** All field slots of this name (`->len`), whatever their bases. */
  namesakes(slot: number): readonly number[] {
    return this.#byField.get(this.names[slot]!) ?? [];
  }

  /** The variable that a path starts at. */
  root(slot: number): number {
    while (this.bases[slot]! >= 0) slot = this.bases[slot]!;
    return slot;
  }

  /** The path in the user's own names; empty for an intermediate result. */
  textOf(slot: number): string {
    switch (this.kinds[slot] as SlotKind) {
      case SlotKind.field: {
        const base = this.textOf(this.bases[slot]!);
        if (base === '') return '';
        return this.names[slot] === '*' ? `*${base}` : base + this.names[slot]!;
      }
      case SlotKind.address: {
        const base = this.textOf(this.bases[slot]!);
        return base === '' ? '' : `&${base}`;
      }
      case SlotKind.local:
      case SlotKind.parameter:
      case SlotKind.global:
        return this.names[slot]!;
      default:
        return '';
    }
  }
}
