/** How many names are remembered, twice; a whole tree has more, one file has not. */
const KEPT = 20_000;

/**
 * A function of a name, with its answers remembered: names come again and again. When there are too many, those are dropped that have not come
 * since it was so the last time: in a whole tree most names stand in one file, and the others in most.
 */
export function remembered<T>(answer: (name: string) => T): (name: string) => T {
  let known = new Map<string, T>();
  let before = new Map<string, T>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) {
      const own = withoutText(name);
      value = before.get(name) ?? answer(own);
      if (known.size >= KEPT) {
        before = known;
        known = new Map<string, T>();
      }
      known.set(own, value);
    }
    return value;
  };
}

/** The same name as a string of its own: what was cut out of a text keeps the whole text in memory. */
const withoutText = (name: string): string => JSON.parse(JSON.stringify(name)) as string;
