import { codeSpan, escapeMarkdown } from './markdown';

/** What an item's documentation promises, as Markdown that is safe to show. */
export interface RustDocs {
  /** The first paragraph; empty if there is none. */
  summary: string;
  /** The first paragraph of the section "Safety"; empty if there is none. */
  safety: string;
}

/**
 * The documentation of the item at a one-based line of a Rust source, read at the moment it is shown: it is never stored.
 * Undefined if there is none above it.
 */
export function docsAbove(source: string, line: number): RustDocs | undefined {
  const lines = source.split('\n');
  let at = aboveAttributes(lines, line - 2);
  const docs: string[] = [];
  for (; at >= 0; at--) {
    const text = /^\s*\/\/\/ ?(.*)$/.exec(lines[at]!)?.[1];
    if (text === undefined) break;
    docs.unshift(text);
  }
  if (docs.length === 0) return undefined;
  const safety = docs.findIndex((text) => /^#+ Safety\s*$/.test(text));
  return { summary: paragraph(docs, 0), safety: safety === -1 ? '' : paragraph(docs, safety + 1) };
}

/** The paragraph that starts at or after `from`, on one line; empty if a heading comes first. */
function paragraph(docs: readonly string[], from: number): string {
  let start = from;
  while (start < docs.length && docs[start]!.trim() === '') start++;
  let end = start;
  while (end < docs.length && docs[end]!.trim() !== '' && !/^(?:#|```)/.test(docs[end]!)) end++;
  return plain(docs.slice(start, end).join(' '));
}

/** Markdown of rustdoc without links, images and HTML: code stays code, everything else is text. */
function plain(text: string): string {
  return text
    .replace(/!?\[((?:`[^`]*`|[^\]`])*)\](?:\([^)]*\)|\[[^\]]*\])?/g, '$1')
    .split(/(`[^`]+`)/)
    .map((part, i) =>
      i % 2 === 1 ? codeSpan(part.slice(1, -1)) : escapeMarkdown(part.replace(/\*{1,2}(\S[^*]*)\*{1,2}/g, '$1')),
    )
    .join('')
    .trim();
}

/** Index of the last line before the attributes that end at line `at`; an attribute may be written over several lines. */
function aboveAttributes(lines: readonly string[], at: number): number {
  while (/\]\s*$/.test(lines[at] ?? '') && !/^\s*\/\/\//.test(lines[at]!)) {
    while (at > 0 && !/^\s*#!?\[/.test(lines[at]!)) at--;
    at--;
  }
  return at;
}
