import type { Unit } from '../translate/unit';

/** A method's parameters as `name: type`, and what it returns. */
export interface MethodShape {
  head: string;
  parameters: { name: string; type: string }[];
  returns: string;
}

/** Takes a method's signature apart. */
export function shapeOf(signature: string): MethodShape | undefined {
  const open = parametersAt(signature);
  if (open < 0) return undefined;
  let depth = 0;
  let start = open + 1;
  const parts: string[] = [];
  let i = open + 1;
  for (; i < signature.length; i++) {
    const unit = signature[i]!;
    if (unit === '<' || unit === '(' || unit === '[') depth++;
    else if ((unit === '>' && signature[i - 1] !== '-') || unit === ']') depth--;
    else if (unit === ')') {
      if (depth === 0) break;
      depth--;
    } else if (unit === ',' && depth === 0) {
      parts.push(signature.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(signature.slice(start, i));
  const parameters = parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      if (part.includes('self') && !/^\w+: /.test(part)) return { name: 'self', type: part };
      return { name: part.slice(0, colon).trim(), type: part.slice(colon + 1).trim() };
    });
  const returns = /^\s*->\s*(.*)$/.exec(signature.slice(i + 1))?.[1] ?? '';
  return { head: signature.slice(0, open), parameters, returns: returns.trim() };
}

/** Where the parameter list starts, after the generics. */
function parametersAt(signature: string): number {
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    if (signature[i] === '<') depth++;
    else if (signature[i] === '>') depth--;
    else if (signature[i] === '(' && depth === 0) return i;
  }
  return -1;
}

/** A path in a signature as the candidate writes it, with the import that this takes: `kernel::device::Core` → `Core`. */
export function localPaths(unit: Unit, text: string): string {
  return text.replace(/\bkernel((?:::\w+)+)/g, (_, rest: string) => {
    const parts = rest.split('::').slice(1);
    const name = parts.at(-1)!;
    const module = parts.slice(0, -1);
    if (/^(?:Core|Bound|ForeignOwnable)$/.test(name)) {
      unit.use(`kernel::${parts.join('::')}`);
      return name;
    }
    if (module.length === 0) return name;
    if (module.at(-1) === 'prelude' || (module[0] === 'error' && /^(?:Result|Error)$/.test(name))) return name;
    if (module.at(-1) === 'str' && name === 'CStr') return name;
    // `drm::device` is not to be taken for `device`.
    const from =
      module.length > 1 && unit.api.catalogue.hasItem(`kernel::${module.at(-1)!}`) ? module.length - 2 : module.length - 1;
    unit.use(`kernel::${module.slice(0, from + 1).join('::')}`);
    return [...module.slice(from), name].join('::');
  });
}
