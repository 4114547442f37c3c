/** What a `macro_rules!` is given, as its first rule says. */
export interface MacroFact {
  /** The parameters of the first rule, at the commas: `$table_name:ident`, `[ $($entries:tt)* ]`. */
  takes: string[];
  /** Where the first rule takes anything and hands it on: the macro that gets it, and how many arguments go before. */
  hands: { macro: string; own: number } | null;
  /** Names of statics that it defines where it is used, whatever it is given. */
  statics: string[];
}

/** Reads the text of a macro's rules: what stands between its outer braces. */
export function macroFact(text: string): MacroFact {
  const body = text.replace(/\/\/[^\n]*/g, '');
  const takes = enclosed(body, body.indexOf('('));
  const any = /^\s*\$\(\$\w+\s*:\s*tt\)\*\s*$/.test(takes);
  const handed = any ? /\$crate::(\w+)!\s*\(([^]*)\$\(\$\w+\)\*/.exec(body) : null;
  return {
    takes: commas(takes).map((one) => one.replace(/\s+/g, ' ').trim()),
    hands: handed && { macro: handed[1]!, own: commas(handed[2]!).filter((part) => part.trim() !== '').length },
    statics: [...body.matchAll(/\$crate::module_device_table!\(\s*"\w+",\s*([a-z]\w*)\s*,/g)].map((match) => match[1]!),
  };
}

/** The text inside the bracket at `open`. */
function enclosed(text: string, open: number): string {
  let depth = 0;
  for (let i = Math.max(open, 0); i < text.length; i++) {
    if (/[([{]/.test(text[i]!)) depth++;
    else if (/[)\]}]/.test(text[i]!) && --depth === 0) return text.slice(open + 1, i);
  }
  return '';
}

/** The parts between commas that are in no brackets. */
function commas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (/[([{]/.test(text[i]!)) depth++;
    else if (/[)\]}]/.test(text[i]!)) depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  const last = text.slice(start);
  return last.trim() === '' ? parts : [...parts, last];
}
