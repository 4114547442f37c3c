import type { Language } from 'web-tree-sitter';
import { CKind, Field, RustKind } from './kinds';

/** Which grammar a text is parsed with. */
export type GrammarName = 'c' | 'rust';

/** A loaded grammar and how its node types and fields map to our numbers. */
export interface Grammar {
  name: GrammarName;
  language: Language;
  /** Our kind of each node type id of the grammar (index 65535: ERROR). */
  kindOf: Uint8Array;
  /** Our `Field` of each field id of the grammar. */
  fieldOf: Uint8Array;
}

const ERROR_SYMBOL = 65535;

/**
 * Maps the node types and fields of `language` to the lists in kinds.ts.
 * @throws Error if the grammar has a named node type or a field that the lists lack, or the lists one that the grammar lacks
 */
export function describeGrammar(name: GrammarName, language: Language): Grammar {
  const kinds: Record<string, unknown> = name === 'c' ? CKind : RustKind;
  const kindOf = new Uint8Array(ERROR_SYMBOL + 1).fill(CKind.token);
  kindOf[ERROR_SYMBOL] = CKind.ERROR;
  const unknown: string[] = [];
  const seen = new Set<string>(['ERROR', 'token']);
  for (let id = 0; id < language.nodeTypeCount; id++) {
    const type = language.types[id];
    if (type === undefined || !language.nodeTypeIsNamed(id) || !language.nodeTypeIsVisible(id)) continue;
    const kind = kinds[type];
    if (typeof kind === 'number') {
      kindOf[id] = kind;
      seen.add(type);
    } else unknown.push(type);
  }
  const fieldOf = new Uint8Array(language.fields.length);
  language.fields.forEach((field, id) => {
    if (!field) return;
    const known = (Field as unknown as Record<string, unknown>)[field];
    if (typeof known === 'number') fieldOf[id] = known;
    else unknown.push(field);
  });
  const absent = Object.keys(kinds).filter((key) => !/^\d/.test(key) && !seen.has(key));
  if (unknown.length > 0 || absent.length > 0)
    throw new Error(
      `grammar ${name} does not fit src/core/syntax/kinds.ts: not listed: ${unknown.join(' ')}; not in the grammar: ${absent.join(' ')}`,
    );
  return { name, language, kindOf, fieldOf };
}
