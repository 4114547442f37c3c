/** An entry of MAINTAINERS. */
export interface MaintainersEntry {
  title: string;
  /** The text after `S:`: `Maintained`, `Orphan`. */
  status: string;
  lists: string[];
}

/** What MAINTAINERS says of a file. */
export interface MaintainersMatch {
  /** The entry whose pattern is the most precise. */
  title: string;
  status: string;
  lists: string[];
  /** Titles of entries for the Rust side of it: `… [RUST]` of an entry that covers the file, or one that lists files in rust/ itself. */
  rust: string[];
}

interface Entry extends MaintainersEntry {
  files: string[];
  excluded: RegExp[];
  names: RegExp[];
}

/** MAINTAINERS, ready to be asked. */
export interface Maintainers {
  /** The entry of a path from the root of the tree; undefined if none but the catch-all covers it. */
  find(path: string): MaintainersMatch | undefined;
}

/** Reads MAINTAINERS; a text of another form gives no entries. */
export function parseMaintainers(text: string): Maintainers {
  const entries = entriesOf(text);
  /** Patterns by the folder up to their first wildcard, so that a path asks those of its own folders alone. */
  const byFolder = new Map<string, { entry: Entry; pattern: string; regex: RegExp }[]>();
  const named: Entry[] = [];
  for (const entry of entries) {
    for (const pattern of entry.files) {
      const literal = /^[^*?[]*/.exec(pattern)![0];
      const folder = literal.slice(0, literal.lastIndexOf('/') + 1);
      const list = byFolder.get(folder) ?? [];
      list.push({ entry, pattern, regex: globOf(pattern) });
      byFolder.set(folder, list);
    }
    if (entry.names.length > 0) named.push(entry);
  }
  const rustOf = new Map<string, string[]>();
  for (const { title, files } of entries) {
    const base = /^(.*?)(?: BINDINGS| DRIVERS?)? \[RUST\]$/.exec(title)?.[1];
    if (base !== undefined) rustOf.set(base, [...(rustOf.get(base) ?? []), title]);
    else if (files.some((file) => file.startsWith('rust/'))) rustOf.set(title, [...(rustOf.get(title) ?? []), title]);
  }
  const find = (path: string): MaintainersMatch | undefined => {
    const matches = new Map<Entry, number>();
    for (let end = path.lastIndexOf('/') + 1; ; end = path.lastIndexOf('/', end - 2) + 1) {
      for (const { entry, pattern, regex } of byFolder.get(path.slice(0, end)) ?? []) {
        if (!regex.test(path) || entry.excluded.some((one) => one.test(path))) continue;
        matches.set(entry, Math.max(matches.get(entry) ?? 0, precision(pattern)));
      }
      if (end === 0) break;
    }
    for (const entry of named)
      if (!matches.has(entry) && entry.names.some((regex) => regex.test(path))) matches.set(entry, NAMED);
    const ordered = [...matches].sort(([a, p], [b, q]) => q - p || (a.title < b.title ? -1 : 1)).map(([entry]) => entry);
    const [best] = ordered;
    if (!best) return undefined;
    const rust = ordered.flatMap((entry) => rustOf.get(entry.title) ?? (/\[RUST\]$/.test(entry.title) ? [entry.title] : []));
    return { title: best.title, status: best.status, lists: best.lists, rust: [...new Set(rust)] };
  };
  const known = new Map<string, MaintainersMatch | undefined>();
  return {
    find: (path) => {
      if (!known.has(path)) known.set(path, find(path));
      return known.get(path);
    },
  };
}

/** A match by name alone is less precise than any by path. */
const NAMED = 0.5;

/** Steps of the path that a pattern spells out; a whole file name counts more than a part of one. */
const precision = (pattern: string): number =>
  pattern.split('/').filter((step) => step !== '').length + (/[*?[]/.test(pattern) ? 0 : pattern.endsWith('/') ? 0.25 : 0.75);

/** `F:` patterns: a folder covers all below it, `*` and `?` stay within a folder. */
function globOf(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${body}${pattern.endsWith('/') ? '' : '(?:$|/)'}`);
}

function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  let title = '';
  let entry: Entry | undefined;
  for (const line of text.split(/\r?\n/)) {
    const field = /^([A-Z]):\s*(.*?)\s*$/.exec(line);
    if (!field) {
      if (line.trim() === '') entry = undefined;
      title = line.trim() === '' ? '' : line.trim();
      continue;
    }
    if (!entry) {
      if (title === '' || title === 'THE REST') continue;
      entry = { title, status: '', lists: [], files: [], excluded: [], names: [] };
      entries.push(entry);
    }
    const [, letter, value] = field as unknown as [string, string, string];
    if (letter === 'S') entry.status = value;
    else if (letter === 'L') entry.lists.push(value.split(/\s/)[0]!);
    else if (letter === 'F') entry.files.push(value);
    else if (letter === 'X') entry.excluded.push(globOf(value));
    else if (letter === 'N') {
      try {
        entry.names.push(new RegExp(value));
      } catch {
        // a Perl expression that is none of ours: the entry's paths still count
      }
    }
  }
  return entries.filter(({ files, names }) => files.length + names.length > 0);
}
