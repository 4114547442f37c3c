/** Escapes text so that Markdown shows it as it is. Sources are untrusted: names and notes go through here or into code spans. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>~|$&#]/g, (character) =>
    character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
  );
}

/** `text` as a code span, whatever backquotes it holds. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** `text` as a fenced code block of `language`. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link; `uri` is encoded so that it can neither end early nor hold Markdown. */
export function link(label: string, uri: string): string {
  return `[${label}](${uri.replace(/[()<>\s\\]/g, (character) => encodeURIComponent(character).replace(/\(/g, '%28').replace(/\)/g, '%29'))})`;
}
