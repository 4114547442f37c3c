import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { Known, type FlowCall } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { Fact } from './state';

/** Where numbers from outside are used as a length or an index. */
export class Bounds {
  #arrays: Map<string, string> | undefined;

  constructor(private readonly tree: SyntaxTree) {}

  /** Whether the call gives a number that can be out of range: a byte can index nothing that has 256 elements. */
  isSource(_run: Run, call: FlowCall): boolean {
    return !/_u8$|byte/.test(call.name) || call.name.startsWith('i2c_');
  }

  /** The length of a copy into memory of a fixed size comes from outside. */
  copy(run: Run, call: FlowCall, _number: number): void {
    const { argument, destination } = call.api!.length!;
    const length = call.slots[argument];
    if (length === undefined || length < (Known.count as number)) return;
    const value = run.machine.value(length);
    if (!(run.machine.fact(value) & Fact.outside)) return;
    const source = run.f.calls[run.machine.aux(value)];
    const target = call.slots[destination];
    if (!source || target === undefined) return;
    const size = this.fixedSize(run, target);
    if (size === '' || this.isBounded(run, source, length)) return;
    run.say(
      'outside-length',
      call.nodes[argument] ?? call.node,
      run.nameOf(length) || this.short(call.nodes[argument]!),
      call.name,
      this.story(source),
      `${run.nameOf(target)}, an array of ${size}`,
    );
  }

  /** The index of an array comes from outside. */
  index(run: Run, base: number, index: number, source: FlowCall, node: number): void {
    const size = this.fixedSize(run, base);
    if (size === '' || this.isBounded(run, source, index)) return;
    run.say(
      'outside-index',
      node,
      run.nameOf(index) || this.short(this.tree.childByField(node, Field.index)),
      '',
      this.story(source),
      `${run.nameOf(base)}, an array of ${size}`,
    );
  }

  private story(source: FlowCall): { node: number; message: string }[] {
    return [
      {
        node: source.node,
        message:
          source.api?.outside === 'argument' ? `${source.name}() brings it from user space` : `${source.name}() reads it here`,
      },
    ];
  }

  private short(node: number): string {
    return this.tree.textOf(node).replace(/\s+/g, ' ').slice(0, 60);
  }

  /** The declared number of elements of an array variable or field of the file; '' if it is none, or not known. */
  private fixedSize(run: Run, slot: number): string {
    const { slots } = run.f;
    if (slots.kinds[slot] === (SlotKind.address as number)) return '';
    if (slots.kinds[slot] === (SlotKind.local as number) || slots.kinds[slot] === (SlotKind.global as number)) {
      const name = slots.nodes[slot]!;
      const parent = this.tree.parents[name]!;
      if (this.tree.kinds[parent] === (CKind.array_declarator as number)) return this.sizeOf(parent);
      if (slots.kinds[slot] === (SlotKind.global as number)) return this.arrays.get(slots.names[slot]!) ?? '';
      return '';
    }
    if (slots.kinds[slot] !== (SlotKind.field as number)) return '';
    return this.arrays.get(slots.names[slot]!.replace(/^(?:->|\.)/, '')) ?? '';
  }

  private sizeOf(declarator: number): string {
    const size = this.tree.childByField(declarator, Field.size);
    return size === NONE || this.tree.hasText(size, '0') ? '' : this.short(size);
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

  /** Whether some comparison of the function, or a min(), names what the number was read from or what it is kept in. */
  private isBounded(run: Run, source: FlowCall, slot: number): boolean {
    const { f } = run;
    const words = new Set<string>();
    for (const node of source.nodes)
      for (const word of this.tree
        .textOf(node)
        .match(/[A-Za-z_]\w*/g)
        ?.slice(-1) ?? [])
        words.add(word);
    if (source.api?.outside === 'argument') words.clear();
    const name = /\w+$/.exec(run.nameOf(slot))?.[0];
    if (name) words.add(name);
    if (words.size === 0) return true;
    const mentions = new RegExp(`\\b(?:${[...words].join('|')})\\b`);
    for (const block of f.blocks) {
      if (block.isLoop || block.node < 0 || this.tree.kinds[block.node] !== (CKind.binary_expression as number)) continue;
      const text = this.tree.textOf(block.node);
      if (/[<>]|[=!]=/.test(text) && mentions.test(text)) return true;
    }
    for (const call of f.calls)
      if (
        /valid|check|verify|sanit|clamp|min|bound|range|allowed|supported/.test(call.name) &&
        call.nodes.some((node) => mentions.test(this.tree.textOf(node)))
      )
        return true;
    return false;
  }
}
