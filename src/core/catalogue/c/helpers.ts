import { callsIn, withoutComments } from './header';

/** `rust_helper_f` of rust/helpers: the binding it makes, and what it calls. */
export interface HelperFact {
  name: string;
  calls: string[];
}

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
    helpers.push({ name, calls: [...(direct ? [name] : []), ...callsIn(body, name)] });
  }
  return helpers;
}
