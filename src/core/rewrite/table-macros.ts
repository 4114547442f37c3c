import type { TableParameter } from './kernel-api';
import { ownKeys } from '../own-keys';

/**
 * What the macros for id tables take, by name, read from the first rule of each.
 * @param bodies of the `macro_rules!` by name; one that hands all it gets on to another takes what that one takes after its own
 */
export function tableMacros(bodies: ReadonlyMap<string, string>): Record<string, TableParameter[]> {
  const table: Record<string, TableParameter[]> = ownKeys({});
  for (const name of bodies.keys()) {
    const parameters = parametersOf(name, bodies, 0);
    if (parameters) table[name] = parameters;
  }
  return table;
}

function parametersOf(name: string, bodies: ReadonlyMap<string, string>, depth: number): TableParameter[] | undefined {
  const body = bodies.get(name);
  if (body === undefined || depth > 2) return undefined;
  const matcher = enclosed(body, body.indexOf('('));
  if (!/^\s*\$\(\$(\w+)\s*:\s*tt\)\*\s*$/.test(matcher)) {
    const roles = commas(matcher).map(roleOf);
    return roles.includes(undefined) ? undefined : (roles as TableParameter[]);
  }
  const handed = /\$crate::(\w+)!\s*\(([^]*)\$\(\$\w+\)\*/.exec(body);
  const inner = handed && bodies.get(handed[1]!);
  if (!inner) return undefined;
  const own = commas(handed[2]!).filter((part) => part.trim() !== '').length;
  const roles = commas(enclosed(inner, inner.indexOf('(')))
    .slice(own)
    .map(roleOf);
  return roles.includes(undefined) ? undefined : (roles as TableParameter[]);
}

function roleOf(parameter: string): TableParameter | undefined {
  if (/^\s*\$\w*module\w*\s*:\s*ident/.test(parameter)) return 'module-name';
  if (/^\s*\$\w+\s*:\s*ident/.test(parameter)) return 'name';
  if (/^\s*\$\w+\s*:\s*ty/.test(parameter)) return 'type';
  if (/^\s*\$\w+\s*:\s*expr/.test(parameter)) return 'array';
  if (/^\s*\[/.test(parameter)) return 'entries';
  return undefined;
}

/** The text inside the bracket at `open`. */
function enclosed(text: string, open: number): string {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
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
