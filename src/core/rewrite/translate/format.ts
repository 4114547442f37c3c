import { leave } from './values';

/** One conversion of a printf format: what it prints and how Rust writes it. */
export interface Conversion {
  kind: 'integer' | 'string' | 'character' | 'error';
  rust: string;
}

const CONVERSION = /%([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?(hh|h|ll|l|z|t|j)?([diuxXocspen%])/y;

/**
 * A printf format as a Rust format string with one conversion for each argument.
 * @throws Untranslatable if it has a conversion without counterpart
 */
export function translateFormat(text: string): { text: string; conversions: Conversion[] } {
  let out = '';
  const conversions: Conversion[] = [];
  for (let i = 0; i < text.length;) {
    const unit = text[i]!;
    if (unit === '%') {
      CONVERSION.lastIndex = i;
      const match = CONVERSION.exec(text);
      if (!match) return leave('its format has a conversion that Rust has not');
      i = CONVERSION.lastIndex;
      if (match[5] === 'p') {
        if (text[i] === 'e') {
          i++;
          conversions.push({ kind: 'error', rust: '{:?}' });
          out += '{:?}';
          continue;
        }
        return leave('it prints a pointer');
      }
      out += conversion(match, conversions);
      continue;
    }
    if (unit === '\\') {
      const escape = /^\\(?:[nrt\\"]|x1[bB])/.exec(text.slice(i));
      if (!escape) return leave('its format has an escape that Rust has not');
      out += escape[0];
      i += escape[0].length;
      continue;
    }
    out += unit === '{' ? '{{' : unit === '}' ? '}}' : unit;
    i++;
  }
  return { text: out, conversions };
}

function conversion(match: RegExpExecArray, conversions: Conversion[]): string {
  const [, flags = '', width = '', precision, , letter] = match;
  if (letter === '%') return '%';
  if (width === '*' || precision !== undefined || letter === 'n' || letter === 'e')
    return leave('its format has a conversion that Rust has not');
  if (letter === 's') {
    if (flags !== '' || width !== '') return leave('it pads a string');
    conversions.push({ kind: 'string', rust: '{}' });
    return '{}';
  }
  if (letter === 'c') {
    conversions.push({ kind: 'character', rust: '{}' });
    return '{}';
  }
  const base = { x: 'x', X: 'X', o: 'o' }[letter!] ?? '';
  const left = flags.includes('-');
  const spec = [
    left && width !== '' ? '<' : '',
    flags.includes('+') && base === '' ? '+' : '',
    flags.includes('#') && base !== '' ? '#' : '',
    flags.includes('0') && !left && width !== '' ? '0' : '',
    width,
    base,
  ].join('');
  if (flags.includes('#') && letter === 'X') return leave('its format has a conversion that Rust has not');
  const rust = spec === '' ? '{}' : `{:${spec}}`;
  conversions.push({ kind: 'integer', rust });
  return rust;
}
