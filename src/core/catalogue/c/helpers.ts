import { callsIn, withoutComments } from './header';

/** `rust_helper_f` of rust/helpers: the binding it makes, and what it calls with plain arguments. */
export interface HelperFact {
  name: string;
  calls: string[];
}

/** A call whose arguments are reached through something else: `PCI_DEVID(dev->bus->number, …)` is a step, not the helper's job. */
const INDIRECT = /\b(\w+)\s*\([^()]*->/g;

/** The helpers that a file of rust/helpers defines, macros that make helpers from pasted names left out. */
export function scanHelpers(text: string): HelperFact[] {
  const code = withoutComments(text);
  const helpers: HelperFact[] = [];
  for (const match of code.matchAll(/\brust_helper_(\w+)\s*\(/g)) {
    const open = code.indexOf('{', match.index);
    const semicolon = code.indexOf(';', match.index);
    if (open < 0 || (semicolon >= 0 && semicolon < open)) continue;
    let depth = 0;
    let end = open;
    for (; end < code.length; end++) {
      if (code[end] === '{') depth++;
      else if (code[end] === '}' && --depth === 0) break;
    }
    const name = match[1]!;
    const body = code.slice(open + 1, end);
    const direct = new RegExp(`\\b${name}\\s*\\(`).test(body);
    const indirect = new Set([...body.matchAll(INDIRECT)].map((call) => call[1]));
    helpers.push({ name, calls: [...(direct ? [name] : []), ...callsIn(body, name).filter((call) => !indirect.has(call))] });
  }
  return helpers;
}
