/** A short name for a text, 16 hexadecimal digits: FNV-1a in two lanes of 32 bits (isthe.com/chongo/tech/comp/fnv). No defence against forgery. */
export function textHash(text: string, start = 0, end = text.length): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x01000193) ^ (b >>> 15);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
