/** A `cfg` predicate, read as far as the kernel's build decides it. */
export interface CfgFact {
  /** False if no kernel is built so (`feature = "std"`, `test`); true if every one is; undefined if configuration or architecture decides. */
  holds: boolean | undefined;
  /** The config symbols without which it does not hold: `CONFIG_PCI`. Those under `not(…)` are none, nor are those that `any(…)` lets choose among. */
  needs: string[];
}

/** What the kernel's own crates are never built with, and what with always. */
const NEVER = new Set(['test', 'testlib', 'feature', 'doctest', 'miri']);
const ALWAYS = new Set(['kernel']);

/** Reads the text of a predicate: `all(CONFIG_PCI, not(CONFIG_UML))`. */
export function readCfg(text: string): CfgFact {
  const call = /^\s*(all|any|not)\s*\(([\s\S]*)\)\s*$/.exec(text);
  if (!call) {
    const name = /^\s*(\w+)/.exec(text)?.[1] ?? '';
    const holds = NEVER.has(name) ? false : ALWAYS.has(name) ? true : undefined;
    return { holds, needs: name.startsWith('CONFIG_') ? [name] : [] };
  }
  const parts = predicates(call[2]!).map(readCfg);
  if (call[1] === 'not') return { holds: parts[0]?.holds === undefined ? undefined : !parts[0].holds, needs: [] };
  if (call[1] === 'all') return { holds: every(parts, true), needs: parts.flatMap(({ needs }) => needs) };
  const open = parts.filter(({ holds }) => holds !== false);
  return { holds: every(parts, false), needs: open.length === 1 ? open[0]!.needs : [] };
}

/** `all` for `unit` true, `any` for false: decided by one that is the other way, or by all. */
function every(parts: readonly CfgFact[], unit: boolean): boolean | undefined {
  if (parts.some(({ holds }) => holds === !unit)) return !unit;
  return parts.every(({ holds }) => holds === unit) ? unit : undefined;
}

/** The parts between commas that are in no brackets. */
function predicates(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if ((char === ',' && depth === 0) || char === undefined) {
      if (text.slice(start, i).trim() !== '') parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return parts;
}
