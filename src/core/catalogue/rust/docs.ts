/** What the documentation comments of an item say of C: header links and names. Only facts are taken, never sentences. */
export interface DocFacts {
  headers: string[];
  mentions: string[];
}

const HEADER = /(?:^|[^\w/])(?:srctree\/)?include\/([\w./-]+\.h)\b/g;
const ANGLE = /<((?:linux|drm|net|kunit|asm-generic|uapi|asm|crypto|media|sound)\/[\w./-]+\.h)>/g;
const CODE = /`(?:struct |enum |union )?([A-Za-z_]\w{2,})(?:\(\))?`/g;
const CALL = /(?<![\w:.`!])([a-z_]\w*_\w+)\(\)/g;

/** Takes the facts out of the text of doc comments (with or without their slashes). Code blocks are left out. */
export function docFacts(text: string): DocFacts {
  const prose = text.includes('```') ? text.replace(/```[\s\S]*?(?:```|$)/g, ' ') : text;
  const headers = new Set<string>();
  const mentions = new Set<string>();
  for (const match of prose.matchAll(HEADER)) headers.add(headerName(match[1]!));
  for (const match of prose.matchAll(ANGLE)) headers.add(headerName(match[1]!));
  for (const match of prose.matchAll(CODE)) if (looksLikeC(match[1]!)) mentions.add(match[1]!);
  for (const match of prose.matchAll(CALL)) mentions.add(match[1]!);
  return { headers: [...headers], mentions: [...mentions] };
}

/** `linux/mutex.h` as C includes it. */
function headerName(path: string): string {
  return path.replace(/^uapi\//, '');
}

function looksLikeC(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) || /^_*[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name);
}
