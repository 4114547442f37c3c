/** What a file says of one of its names; bits. C's name spaces (tags, macros, the rest) may share a name, so several can be set. */
export const enum NameFlag {
  /** A function that is defined or declared by a prototype in the file. */
  function = 1,
  /** A function that is defined in the file. */
  defined = 2,
  /** A variable of file scope, enumerator or macro of the file. */
  declared = 4,
  /** A structure, union, enumeration with its body, or a typedef of the file. */
  type = 8,
  /** A macro that the file defines. */
  macro = 16,
  /** Only capitals, digits and underscores: what kernel code names macros and constants. */
  capitals = 32,
  /** A scalar type such as `u8`, or a keyword that the grammar gives as a type's name: no use of the kernel's. */
  scalar = 64,
  /** A function of the file that is called or whose address is taken somewhere in it. */
  used = 128,
}

const SCALAR = /^(?:(?:__)?[us](?:8|16|32|64)|u?int|u?long|ushort|uchar|u_(?:char|short|int|long)|struct|union|enum|typedef)$/;

const EMPTY = -1;

/** The distinct names of a text, each a number from 0 on: comparing names is comparing numbers, and no string is made before it is asked for. */
export class NameTable {
  /** Bits of `NameFlag` for each name. */
  readonly flags: number[] = [];
  private readonly starts: number[] = [];
  private readonly hashes: number[] = [];
  private readonly texts: string[] = [];
  private readonly lengths: number[] = [];
  private slots: Int32Array;
  private mask: number;

  constructor(
    private readonly text: string,
    expected: number,
  ) {
    let capacity = 256;
    while (capacity < expected) capacity *= 2;
    this.slots = new Int32Array(capacity).fill(EMPTY);
    this.mask = capacity - 1;
  }

  get size(): number {
    return this.starts.length;
  }

  /** The number of the name at `start` up to `end`. */
  intern(start: number, end: number): number {
    const { text, slots, mask } = this;
    let hash = 0;
    let lower = 0;
    for (let i = start; i < end; i++) {
      const unit = text.charCodeAt(i);
      hash = (Math.imul(hash, 31) + unit) | 0;
      lower |= unit >= 0x61 ? 1 : unit >= 0x41 && unit <= 0x5a ? 2 : 0;
    }
    // Multiplicative mixing: names that differ in their last letters only would fill neighbouring slots.
    const mixed = Math.imul(hash, 0x9e3779b1) >>> 7;
    const length = end - start;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const name = slots[slot]!;
      if (name === EMPTY) return this.add(slot, hash, start, length, lower);
      if (this.hashes[name] === hash && this.lengths[name] === length && this.isAt(name, start, length)) return name;
    }
  }

  /** The number of `word`, or -1 if the text has not been seen to have it. */
  find(word: string): number {
    let hash = 0;
    for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
    const mixed = Math.imul(hash, 0x9e3779b1) >>> 7;
    for (let slot = mixed & this.mask; ; slot = (slot + 1) & this.mask) {
      const name = this.slots[slot]!;
      if (name === EMPTY) return -1;
      if (this.hashes[name] === hash && this.lengths[name] === word.length && this.textOf(name) === word) return name;
    }
  }

  textOf(name: number): string {
    return (this.texts[name] ||= this.text.slice(this.starts[name], this.starts[name]! + this.lengths[name]!));
  }

  private isAt(name: number, start: number, length: number): boolean {
    const { text } = this;
    const known = this.starts[name]!;
    for (let i = 0; i < length; i++) if (text.charCodeAt(known + i) !== text.charCodeAt(start + i)) return false;
    return true;
  }

  private add(slot: number, hash: number, start: number, length: number, letters: number): number {
    const name = this.starts.length;
    this.starts.push(start);
    this.lengths.push(length);
    this.hashes.push(hash);
    this.texts.push('');
    let flags = letters === 2 && length > 1 ? NameFlag.capitals : 0;
    if (length <= 7 && SCALAR.test(this.textOf(name))) flags |= NameFlag.scalar;
    this.flags.push(flags);
    this.slots[slot] = name;
    if (name * 2 > this.mask) this.grow();
    return name;
  }

  private grow(): void {
    const capacity = this.slots.length * 2;
    this.mask = capacity - 1;
    this.slots = new Int32Array(capacity).fill(EMPTY);
    for (let name = 0; name < this.hashes.length; name++) {
      let slot = (Math.imul(this.hashes[name]!, 0x9e3779b1) >>> 7) & this.mask;
      while (this.slots[slot] !== EMPTY) slot = (slot + 1) & this.mask;
      this.slots[slot] = name;
    }
  }
}
