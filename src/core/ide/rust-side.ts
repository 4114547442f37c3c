import type { Catalogue, RustSide } from '../catalogue/model';
import { codeSpan } from './markdown';
import { counted, itemName, LABEL, relationText } from './wording';

/** A Rust item in the text of its file, with the C names whose job it does. */
export interface RustSidePlace extends RustSide {
  /** Zero-based line of the item's name in the text. */
  line: number;
}

/** How far an item may have moved by edits since the tree was indexed, in lines. */
const MOVED = 40;
/** How many C names a lens and a hover show. */
const SHOWN_IN_LENS = 3;
const SHOWN_IN_HOVER = 12;

/**
 * Where the items that stand for C names are in a Rust file's present text. An item that has moved since the tree was indexed is found
 * by its name near its old line; one that is gone is left out.
 * @param file path in the kernel tree, `rust/kernel/sync/lock.rs`
 */
export function rustSidesOf(catalogue: Catalogue, file: string, text: string): RustSidePlace[] {
  const lines = text.split('\n');
  return catalogue.rustSidesIn(file).flatMap((side) => {
    const name = side.item.path.slice(side.item.path.lastIndexOf('::') + 2);
    const declares = new RegExp(`\\b(?:fn|struct|enum|union|trait|type|const|static|mod|macro_rules!)\\s+${name}\\b`);
    const at = (side.item.line ?? 1) - 1;
    for (let distance = 0; distance <= MOVED; distance++)
      for (const line of distance === 0 ? [at] : [at - distance, at + distance])
        if (declares.test(lines[line] ?? '')) return { ...side, line };
    return [];
  });
}

/** A lens title: `C: mutex_lock, mutex_trylock +2 · 5 uses in open C files`. */
export function rustSideTitle({ cNames }: RustSide, uses: (name: string) => number): string {
  const more = cNames.length > SHOWN_IN_LENS ? ` +${cNames.length - SHOWN_IN_LENS}` : '';
  const total = cNames.reduce((sum, name) => sum + uses(name), 0);
  const used = total > 0 ? ` · ${counted(total, 'use')} in open C files` : '';
  return `C: ${cNames.slice(0, SHOWN_IN_LENS).join(', ')}${more}${used}`;
}

/** The hover on a Rust item: its C side. */
export function rustSideMarkdown({ item, cNames }: RustSide, catalogue: Catalogue): string {
  const byRelation = new Map<string, string[]>();
  for (const name of cNames) {
    const relation = catalogue.lookup(name).rust.find(({ path }) => path === item.path)?.relation ?? 'replaces';
    const text = relationText(relation);
    byRelation.set(text, [...(byRelation.get(text) ?? []), name]);
  }
  const parts = [`$(arrow-left) **${LABEL}**: C side of ${codeSpan(itemName(item))}`];
  for (const [text, names] of byRelation) {
    const more = names.length > SHOWN_IN_HOVER ? ` and ${names.length - SHOWN_IN_HOVER} more` : '';
    parts.push(`${text} ${names.slice(0, SHOWN_IN_HOVER).map(codeSpan).join(', ')}${more}`);
  }
  return parts.join('\n\n');
}
