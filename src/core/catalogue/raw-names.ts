/**
 * The names that bindgen binds, as one sorted text: a line for each, `name:k` with the kind (f function, h function by a helper,
 * t type, v variable, c constant), and in the snapshots' shared list one more digit, the versions that have it as bits.
 * A look-up is a binary search in the text: nothing is built when it is loaded.
 */
export type RawKind = 'f' | 'h' | 't' | 'v' | 'c';

/** Makes the text from names by kind; where a name is of two kinds, the later kind in the list wins. */
export function encodeRawNames(names: Iterable<readonly [string, RawKind]>): string {
  const kinds = new Map<string, RawKind>(names);
  return [...kinds.keys()]
    .sort()
    .map((name) => `${name}:${kinds.get(name)!}`)
    .join('\n');
}

/** The kind of `name`, or undefined if it is not bound. `bit` picks a version in a shared list; 0 takes any. */
export function rawKind(text: string, name: string, bit = 0): RawKind | undefined {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = text.lastIndexOf('\n', middle - 1) + 1;
    let end = text.indexOf('\n', middle);
    if (end < 0) end = text.length;
    const order = compareAt(text, start, name);
    if (order === 0) {
      const colon = start + name.length;
      if (bit !== 0 && (parseInt(text[colon + 2] ?? 'f', 16) & bit) === 0) return undefined;
      return text[colon + 1] as RawKind;
    }
    if (order < 0) low = end + 1;
    else high = start;
  }
  return undefined;
}

/** How the name that stands at `start` in the text compares with `name`, below or above zero; no string is made for it. */
function compareAt(text: string, start: number, name: string): number {
  for (let i = 0; i < name.length; i++) {
    const here = text.charCodeAt(start + i);
    const wanted = name.charCodeAt(i);
    // The colon ends the name there: it is a prefix of the other.
    if (here !== wanted) return here === COLON ? -1 : here - wanted;
  }
  return text.charCodeAt(start + name.length) === COLON ? 0 : 1;
}

const COLON = 0x3a;
