import { CKind, Field, type SyntaxTree } from '../syntax';
import { Known, Op, STEP, type FlowCall } from './ir';
import { ArraySizes, isBuffer, shortText } from './array-sizes';
import { SlotKind } from './paths';
import type { Run } from './run';
import { Fact } from './state';

const describe = (name: string, size: string): string =>
  size === '?' ? name : size.startsWith('sizeof(') ? name.replace(/^&/, '') : `${name}, an array of ${size}`;

/** Another function has been told the number, or what it is made of: it may have made room for it, or refused it. */
const isPassedOn = ({ f, tree }: Run, slot: number, copy: FlowCall, { node, words }: Source): boolean =>
  f.calls.some(
    (call) =>
      call !== copy &&
      call.node !== node &&
      !call.cleanup &&
      (call.slots.includes(slot) ||
        call.nodes.some((argument) => words.some((word) => new RegExp(`(?:->|\\.)${word}$`).test(tree.textOf(argument))))),
  );

/** A caller in the file hands the function at most what there is: `read_events(buf, min(n, count))`. */
function isHandedLess({ f, file, tree }: Run): boolean {
  file.looksAround();
  return new RegExp(`\\b${f.name}\\s*\\([^;{}]*\\b(?:min|min_t|umin|clamp|clamp_t)\\s*\\(`).test(tree.text);
}

/** Stands in `aux` for a number that is a parameter of a function which user space calls. */
export const FROM_PARAMETER = 1 << 20;

/** Fields of structures that frameworks hand to a callback: structure, field, who says the number. */
const NAMED: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^snd_ctl_elem_value$/, /->value\./, 'user space sets the control to it'],
  [/^(?:of_phandle_args|fwnode_reference_args)$/, /->args\[/, 'the device tree says it'],
  [
    /^v4l2_(?:subdev_mbus_code_enum|subdev_frame_size_enum|subdev_frame_interval_enum|fmtdesc|input|output|frmsizeenum|frmivalenum|audio|audioout|tuner|modulator|enum_dv_timings|standard)$/,
    /->index$/,
    'user space asks for it',
  ],
];

/** Where a number comes from. */
interface Source {
  node: number;
  message: string;
  /** Words that name it in the text: what compares any of them with something bounds it. */
  words: string[];
}

/** Where numbers from outside are used as a length or an index. */
export class Bounds {
  readonly #said = new Set<string>();
  readonly #sizes: ArraySizes;

  constructor(private readonly tree: SyntaxTree) {
    this.#sizes = new ArraySizes(tree);
  }

  /** Whether the call gives a number that can be out of range: a byte is in range of what has 256 elements. */
  isSource(call: FlowCall): boolean {
    return !/_u8$|byte/.test(call.name) || call.name.startsWith('i2c_');
  }

  /** The length of a copy into memory of a fixed size comes from outside. */
  copy(run: Run, call: FlowCall): void {
    const { argument, destination } = call.api!.length!;
    const length = call.slots[argument];
    const target = call.slots[destination];
    if (length === undefined || target === undefined || length < (Known.count as number)) return;
    const source = this.sourceOf(run, length);
    if (!source) return;
    run.file.looksAround(); // comparisons anywhere in the file count
    const size = this.#sizes.of(run, target);
    if (
      size === '' ||
      (size === '?' && (!this.isAsked(run, length) || this.isOwn(run, target) || isPassedOn(run, length, call, source))) ||
      this.isBounded(run, source, length)
    )
      return;
    const name = run.nameOf(length) || shortText(this.tree, call.nodes[argument]!);
    if (this.isNew(run, run.nameOf(target)))
      run.say('outside-length', call.nodes[argument] ?? call.node, name, call.name, [source], describe(run.nameOf(target), size));
  }

  /** The index of an array comes from outside. */
  index(run: Run, base: number, index: number, node: number, isAccess: boolean): void {
    const source = this.sourceOf(run, index);
    if (!source) return;
    run.file.looksAround(); // comparisons anywhere in the file count
    const size = this.#sizes.of(run, base);
    if (
      size === '' ||
      (size === '?' &&
        (!this.isAsked(run, index) ||
          !isAccess ||
          run.nameOf(index) === '' ||
          this.isCounter(run, index) ||
          this.isOwn(run, base)))
    )
      return;
    if (/^(?:256|0x100|U8_MAX \+ 1|BIT\(8\))$/.test(size) || this.isBounded(run, source, index)) return;
    const name = run.nameOf(index) || shortText(this.tree, this.tree.childByField(node, Field.index));
    if (this.isNew(run, run.nameOf(base))) run.say('outside-index', node, name, '', [source], describe(run.nameOf(base), size));
  }

  /** A call has brought the number from outside by itself: what a conversion is handed may be the kernel's own. */
  private isAsked({ machine, f }: Run, slot: number): boolean {
    const value = machine.value(slot);
    return (machine.fact(value) & Fact.outside) !== 0 && f.calls[machine.aux(value)]?.api?.outside === 'argument';
  }

  /** One report for each thing that is indexed or filled in a function. */
  private isNew({ f }: Run, target: string): boolean {
    const key = `${f.name}:${target}`;
    if (this.#said.has(key)) return false;
    this.#said.add(key);
    return true;
  }

  /** A variable that the function counts up. */
  private isCounter({ f }: Run, slot: number): boolean {
    for (let at = 0; at < f.code.length; at += STEP)
      if (f.code[at] === (Op.bounded as number) && f.code[at + 1] === slot) return true;
    return false;
  }

  /** Part of what was received itself, of a local structure, or of a buffer that the function has made for it. */
  private isOwn(run: Run, slot: number): boolean {
    const { slots } = run.f;
    if (/(?:->|\.)(?:data|args|buf|payload)$/.test(run.nameOf(slot))) return true;
    const root = slots.root(slot);
    return slots.kinds[root] === (SlotKind.local as number) && slots.names[slot]!.startsWith('.') && slots.bases[slot] === root;
  }

  /** Where the number in a slot comes from, if that is outside and nothing on the path has compared it. */
  private sourceOf(run: Run, slot: number): Source | undefined {
    const { machine, f } = run;
    const value = machine.value(slot);
    const fact = machine.fact(value);
    if (fact & Fact.checked) return undefined;
    if (fact & Fact.outside) {
      const aux = machine.aux(value);
      if (aux === FROM_PARAMETER) {
        if (isHandedLess(run)) return undefined;
        const name = run.nameOf(slot);
        return { node: f.slots.nodes[value]!, message: 'user space says how many', words: [name] };
      }
      const call = f.calls[aux];
      if (!call) return undefined;
      const kept = this.holders(run, aux);
      const from = call.api?.outside === 'argument';
      const words = from
        ? []
        : call.nodes.flatMap(
            (node) =>
              this.tree
                .textOf(node)
                .match(/[A-Za-z_]\w*/g)
                ?.slice(-1) ?? [],
          );
      return {
        node: call.node,
        message: `${call.name}() ${from ? 'brings it from outside' : 'reads it here'}`,
        words: [...words, ...kept],
      };
    }
    return this.namedByOthers(run, value) ?? this.fieldFromOutside(run, value);
  }

  /** A field that a framework fills with what user space or the device tree has said: `item->index`. */
  private namedByOthers(run: Run, value: number): Source | undefined {
    const { slots } = run.f;
    if (slots.kinds[value] !== (SlotKind.field as number)) return undefined;
    const root = slots.root(value);
    if (slots.kinds[root] !== (SlotKind.parameter as number)) return undefined;
    const text = run.nameOf(value);
    if (!/->(?:args\[\d\]|index|value\.(?:enumerated\.item|integer\.value)\[\w+\])$/.test(text)) return undefined;
    const type = new RegExp(`struct\\s+(\\w+)\\s*\\*\\s*${slots.names[root]!}\\b`).exec(
      this.tree.text.slice(this.tree.starts[run.f.node], this.tree.starts[run.f.body]),
    )?.[1];
    const known = NAMED.find(([of, field]) => of.test(type ?? '') && field.test(text));
    if (!known) return undefined;
    const word = /(\w+)(?:\[\w+\])?$/.exec(text)![1]!;
    return { node: slots.nodes[value]!, message: known[2], words: [word] };
  }

  /** Names of the variables that hold what a call has brought. */
  private holders({ machine, f }: Run, aux: number): string[] {
    const names: string[] = [];
    for (let slot = Known.count as number; slot < machine.n; slot++) {
      const value = machine.value(slot);
      if (f.slots.kinds[slot] === (SlotKind.local as number) && machine.aux(value) === aux && machine.fact(value) & Fact.outside)
        names.push(f.slots.names[slot]!);
    }
    return names;
  }

  /** A field of what was received: `hdr->len` where hdr is `skb->data`, or the data of an URB. */
  private fieldFromOutside(run: Run, value: number): Source | undefined {
    const { machine, f } = run;
    if (/tx|xmit|send|frame_to|build|prep|enqueue|output/.test(f.name)) return undefined;
    const { slots } = f;
    if (slots.kinds[value] !== (SlotKind.field as number) || !/^(?:->|\.|\[)/.test(slots.names[value]!)) return undefined;
    let base = slots.bases[value]!;
    while (slots.kinds[base] === (SlotKind.field as number) && /^[.[]/.test(slots.names[base]!) && !isBuffer(run, base))
      base = slots.bases[base]!;
    const held = machine.value(base);
    const buffer = isBuffer(run, base) ? base : isBuffer(run, held) ? held : -1;
    if (buffer < 0) return undefined;
    const word = /(\w+)\]?$/.exec(slots.names[value]!)?.[1] ?? '';
    const text = run.nameOf(buffer);
    return {
      node: slots.nodes[value]!,
      message: `${run.nameOf(value)} is part of ${text}, which was received`,
      words: /^\d+$/.test(word) ? [] : [word],
    };
  }

  private isCopy(calls: readonly FlowCall[], node: number): boolean {
    return calls.some((call) => call.node === node && (call.api?.length ?? call.api?.outside) !== undefined);
  }

  /** Whether some comparison of the function, or a call that checks, names what the number was read from or what it is kept in. */
  private isBounded(run: Run, source: Source, slot: number): boolean {
    const { f } = run;
    const words = new Set(source.words);
    const name = /\w+(?=\]?$)/.exec(run.nameOf(slot))?.[0];
    if (name && !/^\d+$/.test(name)) words.add(name);
    const element = /\[\d+\]$/.test(run.nameOf(slot)) ? run.nameOf(slot) : '';
    if (words.size === 0 && element === '') return true;
    // The file writes the field itself: nothing from outside.
    if (source.words.some((word) => new RegExp(`(?:->|\\.)${word}\\s*[-+|]?=[^=]`).test(this.tree.text))) return true;
    // Another function of the file reads the attribute, too: it may be the one that checks it.
    const call = this.tree.textOf(source.node).replace(/\s+/g, ' ');
    if (call.startsWith('nla_get') && this.tree.text.split(/\w+$/.exec(call.replace(/\W+$/, ''))![0]).length > 2) return true;
    const mentions = new RegExp(
      [
        ...(words.size > 0 ? [`\\b(?:${[...words].join('|')})\\b`] : []),
        ...(element === '' ? [] : [element.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]),
      ].join('|'),
    );
    for (const block of f.blocks) {
      if (block.isLoop || block.node < 0) continue;
      const kind = this.tree.kinds[block.node] as CKind;
      if (kind === CKind.switch_statement) {
        if (mentions.test(this.tree.textOf(this.tree.childByField(block.node, Field.condition)))) return true;
        continue;
      }
      const text = this.tree.textOf(block.node);
      if (
        kind === CKind.binary_expression
          ? /[<>]|[=!]=/.test(text) && !/^[^<>=!]*(?:[=!]=|[<>]=?)\s*(?:0|NULL)\)?$/.test(text) && mentions.test(text)
          : kind === CKind.call_expression && !this.isCopy(f.calls, block.node) && mentions.test(text)
      )
        return true;
    }
    for (const call of f.calls)
      if (
        /valid|check|verify|sanit|clamp|min|bound|range|allowed|supported|may_pull|linearize/.test(call.name) &&
        call.nodes.some((node) => mentions.test(this.tree.textOf(node)))
      )
        return true;
    return false;
  }
}
