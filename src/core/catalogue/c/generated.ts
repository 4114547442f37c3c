import type { RawKind } from '../raw-names';
import { ownKeys } from '../../own-keys';

/** Where a build leaves what bindgen made; the helpers are in a file of their own. */
export const GENERATED = ['rust/bindings/bindings_generated.rs', 'rust/bindings/bindings_helpers_generated.rs'] as const;

const KINDS: Record<string, RawKind> = ownKeys({
  fn: 'f',
  static: 'v',
  struct: 't',
  union: 't',
  enum: 't',
  type: 't',
  const: 'c',
});

/**
 * The names that bindgen bound in a tree that was built, by its output: known, not guessed from headers. An enumerator is also
 * under its C name (`PHY_DOWN` for `phy_state_PHY_DOWN`).
 * @param helpers whether the text is of the helpers' file
 */
export function generatedNames(text: string, helpers: boolean): [string, RawKind][] {
  const names: [string, RawKind][] = [];
  for (const match of text.matchAll(
    /\bpub (?:unsafe )?(fn|static|struct|union|enum|type|const) (?:mut )?(?:r#)?(\w+)(?:\s*:\s*(\w+)\s*=)?(?!\w)(?!(?:<[^>]*>)?\(\s*(?:&|this\b))/g,
  )) {
    const [, keyword, name, type] = match as unknown as [string, string, string, string | undefined];
    if (name.startsWith('_bindgen') || name.startsWith('__bindgen') || name.startsWith('__Bindgen')) continue;
    const kind = helpers && keyword === 'fn' ? 'h' : KINDS[keyword]!;
    names.push([name.replace(/^(?:RUST_CONST_HELPER_|rust_helper_)/, ''), kind]);
    if (keyword === 'const' && type !== undefined && name.startsWith(`${type}_`)) names.push([name.slice(type.length + 1), 'c']);
  }
  return names;
}
