/** The places where a pattern's alternatives start, those inside groups left out. */
function alternatives(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === '|' && depth === 0) {
      parts.push(source.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, source.slice(start)];
}

/**
 * Whether any of the patterns matches a name. Most names match none, and it is asked for each: patterns whose alternatives are all
 * anchored are one, which is tried at the start only.
 */
export function anyOf(patterns: readonly RegExp[]): (name: string) => boolean {
  const anchored = (pattern: RegExp): boolean => alternatives(pattern.source).every((part) => part.startsWith('^'));
  const one = (some: readonly RegExp[], flags: string): RegExp =>
    new RegExp(some.map(({ source }) => source).join('|') || '(?!)', flags);
  const atStart = one(patterns.filter(anchored), 'y');
  const anywhere = one(
    patterns.filter((pattern) => !anchored(pattern)),
    '',
  );
  return (name) => {
    atStart.lastIndex = 0;
    return atStart.test(name) || anywhere.test(name);
  };
}
