// Seeded random edits of C, for fuzzing incremental parsing. Used by scripts/census.mjs and test/unit/grammar.

/** A small seeded generator: `next(n)` is in 0 … n - 1. */
export function seeded(seed) {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Texts that change what the grammar looks ahead for: directives, macros, annotations, braces. */
const INSERTED = [
  ' x = 1;',
  '\nint added;',
  '\n\tfor_each_thing(a, b)\n\t\tg();',
  '\n#ifdef CONFIG_A\n',
  '\n#else\n',
  '\n#endif\n',
  '\n#if 0\n',
  '/*',
  '*/',
  '//',
  '{',
  '}',
  '(',
  ')',
  ';',
  ',',
  '"',
  '#',
  '\\\n',
  '__init ',
  'ACME(x)\n',
  ' static DEFINE_MUTEX(m);',
  'a',
  '_',
  ' ',
  '\n',
  '\t',
  '->',
  '*',
  '= {',
  'é',
];

/** Removed where they are found. */
const REMOVED = ['#endif', '#else', '#if', ';', '(', ')', '{', '}', '*/', ',', '\n', '"', '__init', 'static '];

/** The next edit of `text`: `{ start, oldEnd, inserted }`, offsets in UTF-16 units. */
export function randomEdit(text, next) {
  const at = next(text.length + 1);
  switch (next(4)) {
    case 0: // insert anywhere
      return { start: at, oldEnd: at, inserted: INSERTED[next(INSERTED.length)] };
    case 1: {
      // remove a certain text
      const removed = REMOVED[next(REMOVED.length)];
      const found = text.indexOf(removed, at);
      if (found >= 0) return { start: found, oldEnd: found + removed.length, inserted: '' };
      return { start: at, oldEnd: at, inserted: 'b' };
    }
    case 2: {
      // replace some characters
      const oldEnd = Math.min(text.length, at + 1 + next(30));
      return { start: at, oldEnd, inserted: INSERTED[next(INSERTED.length)] };
    }
    default: {
      // move a line
      const start = text.lastIndexOf('\n', at) + 1;
      const end = text.indexOf('\n', at);
      const oldEnd = end < 0 ? text.length : end + 1;
      return { start, oldEnd, inserted: next(2) ? text.slice(start, oldEnd).repeat(2) : '' };
    }
  }
}

/** Row and column of `offset`, as tree-sitter wants them. */
export function pointAt(text, offset) {
  let row = 0;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    row++;
    lineStart = i + 1;
  }
  return { row, column: offset - lineStart };
}

/** The text after `edit`, and the edit in tree-sitter's terms. */
export function applyEdit(text, { start, oldEnd, inserted }) {
  const changed = text.slice(0, start) + inserted + text.slice(oldEnd);
  const newEnd = start + inserted.length;
  return {
    text: changed,
    edit: {
      startIndex: start,
      oldEndIndex: oldEnd,
      newEndIndex: newEnd,
      startPosition: pointAt(text, start),
      oldEndPosition: pointAt(text, oldEnd),
      newEndPosition: pointAt(changed, newEnd),
    },
  };
}
