// Derives from a kernel tree how functions of the kernel say that they failed: by what those who call them ask.
//   node scripts/derive-failures.mjs TREE [--counts FILE]
// Writes src/core/rules/api/failures.derived.json: names whose result nearly all callers of other files test for an error pointer
// (`error`) or for NULL (`null`) in the statement after the call; and names that do not come back (`noreturn`), by what headers and
// objtool declare. What is written by hand in src/core/rules/api comes first.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/root.mjs';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { counts: { type: 'string' } } });
const [tree] = positionals;
if (!tree) {
  console.error('node scripts/derive-failures.mjs TREE [--counts FILE]');
  process.exit(2);
}
const FOLDERS = ['drivers', 'sound', 'net', 'fs', 'block', 'crypto', 'kernel', 'mm', 'lib', 'security'];
/** A function is known for its failures if this many places in this many files call it, and this share of them asks. */
const PLACES = 6;
const FILES = 3;
const SHARE = 0.97;
/** Fewer places do if the only definition of the name says so itself, and all of them ask. */
const PLACES_DEFINED = 3;
const FILES_DEFINED = 2;
const MANY_DEFINED = 12;
const MANY_FILES_DEFINED = 6;
/** At most one in so many asks later, or not at all. */
const SELDOM = 6;
/** What makes something fails for want of memory, whoever calls. What looks something up may be known to find it: all ask, and many. */
const MAKES = /alloc|new|create|dup|prep_|build|remap/;
const MANY = 30;
const MANY_FILES = 15;
/** They give back what they are handed, or do not fail for those who ask them not to. */
const SAME = /^alloc_inode_sb$|deref|^try_|_ref$|grab|^get_\w+$|^\w*_get$/;
const CALL =
  /(?<![\w>.])((?:\w+(?:->|\.))*\w+)\s*=\s*(?:\([\w\s]+\*+\)\s*)?([a-z_]\w*)\s*\(([^;{}]*)\)\s*;\s*(?:\/\*(?:[^*]|\*(?!\/))*\*\/\s*)?([^;{}]{0,160})/g;

/** name → { error, null, none, files } */
const counts = new Map();
const statics = new Map();
/** name → what its definitions return: { error, null, count } */
const defined = new Map();
for (const folder of FOLDERS)
  for (const file of readdirSync(join(tree, folder), { recursive: true })) {
    if (!file.endsWith('.c') || /selftest|kunit|[_-]test\.c$/.test(file)) continue;
    const text = readFileSync(join(tree, folder, file), 'utf8');
    const own = new Set(
      [...text.matchAll(/^(?:[a-z_][\w\s*]*?[\s*])?(\w+)\s*\([^;{}]*\)\s*(?:__\w+\s*)*\n?\{/gm)].map(([, name]) => name),
    );
    for (const [, name, body] of text.matchAll(
      /^[a-z_][\w\s*]*?\*\s*(\w+)\s*\([^;{}]*\)\s*(?:__\w+\s*)*\n\{\n((?:[^}\n].*\n|\n)*)\}/gm,
    )) {
      const known = defined.get(name) ?? { error: false, null: false, count: 0 };
      known.error ||= /\breturn\s+(?:ERR_PTR\s*\(\s*-|ERR_CAST\s*\()/.test(body);
      known.null ||= /\breturn\s+NULL\s*;/.test(body);
      known.count++;
      defined.set(name, known);
    }
    for (const name of own)
      if (new RegExp(`\\bstatic\\b[^;{}()]*\\b${name}\\s*\\(`).test(text)) statics.set(name, (statics.get(name) ?? 0) + 1);
    for (const [, place, name, , next] of text.matchAll(CALL)) {
      if (own.has(name) || /^(?:if|for|while|switch|return|sizeof|container_of|min|max|likely|unlikely)$/.test(name)) continue;
      const count = counts.get(name) ?? { error: 0, null: 0, none: 0, later: 0, pointer: 0, files: new Set() };
      const quoted = place.replace(/[.]/g, '\\.');
      if (
        new RegExp(`^if\\s*\\(.*\\bIS_ERR\\s*\\(\\s*${quoted}\\s*\\)`, 's').test(next) ||
        new RegExp(`PTR_ERR_OR_ZERO\\(\\s*${quoted}\\)`).test(next)
      )
        count.error++;
      else if (
        new RegExp(
          `^if\\s*\\((?:unlikely\\s*\\()?\\s*(?:!\\s*${quoted}\\b(?!->|\\.|\\[)|${quoted}\\s*==\\s*NULL)|^if\\s*\\(WARN_ON(?:_ONCE)?\\(!${quoted}\\)`,
        ).test(next)
      )
        count.null++;
      else if (/^return\b/.test(next) || !new RegExp(`(?<![\\w>.])${quoted}(?:->|\\[)|\\*\\s*${quoted}\\b`).test(next)) {
        // not used by the next statement
        count.later++;
        counts.set(name, count);
        continue;
      } else if (new RegExp(`^if\\s*\\(\\s*${quoted}\\b(?!->)`).test(next)) continue;
      else count.none++;
      if (new RegExp(`(?<![\\w>.])${quoted}->`).test(text)) count.pointer++;
      count.files.add(join(folder, file));
      counts.set(name, count);
    }
  }

const derived = { error: [], null: [] };
for (const [name, { error, null: zero, none, later, pointer, files }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const all = error + zero + none;
  if (pointer * 3 < all || (statics.get(name) ?? 0) > 0) continue;
  const said = defined.get(name);
  if (said?.count === 1 && none === 0 && later * SELDOM <= error + zero) {
    if (said.error && !said.null && zero === 0 && error >= PLACES_DEFINED && files.size >= FILES_DEFINED) {
      derived.error.push(name);
      continue;
    }
    const isMaker = MAKES.test(name);
    if (
      said.null &&
      !said.error &&
      error === 0 &&
      !SAME.test(name) &&
      zero >= (isMaker ? PLACES_DEFINED : MANY_DEFINED) &&
      files.size >= (isMaker ? FILES_DEFINED : MANY_FILES_DEFINED)
    ) {
      derived.null.push(name);
      continue;
    }
  }
  if (all < PLACES || files.size < FILES) continue;
  if (error >= SHARE * all) derived.error.push(name);
  else if (!SAME.test(name) && (MAKES.test(name) ? zero >= SHARE * all : none === 0 && zero >= MANY && files.size >= MANY_FILES))
    derived.null.push(name);
}
/** What is declared `__noreturn`, what objtool knows of, and macros of headers whose last statement calls one of these. */
function noreturns() {
  const objtool = readFileSync(join(tree, 'tools/objtool/noreturns.h'), 'utf8');
  const names = new Set([...objtool.matchAll(/^NORETURN\((\w+)\)/gm)].map(([, name]) => name));
  const headers = readdirSync(join(tree, 'include'), { recursive: true })
    .filter((file) => file.endsWith('.h'))
    .map((file) => readFileSync(join(tree, 'include', file), 'utf8'));
  const plain = (text) => text.replace(/^[ \t]*#(?:[^\n\\]|\\\n|\\)*/gm, '');
  for (const text of headers)
    for (const [, before, after] of plain(text).matchAll(
      /^[^\n#*]*\b__noreturn\b[^;{}()]*?\b(\w+)\s*\([^;{}]*\)[^;{}]*[;{]|^\w[\w \t*]*?\b(\w+)\s*\([^;{}()]*\)\s*__noreturn\b/gm,
    ))
      names.add(before ?? after);
  for (const text of headers)
    for (const [, name, body] of text.matchAll(/^#define[ \t]+(\w+)\([^)]*\)[ \t]*((?:[^\n\\]|\\\n)*)/gm)) {
      const statements = body
        .replace(/\\\n/g, ' ')
        .replace(/\}\s*while\s*\(\s*0\s*\)\s*$/, '')
        .split(/[;{}]/)
        .filter((part) => part.trim() !== '');
      const last = /^\s*(\w+)\s*\(/.exec(statements.at(-1) ?? '');
      // The branch of an if, or a value that is asked for, may be passed by.
      if (last && names.has(last[1]) && !/\b(?:if|for|while)\s*\((?!\s*0\s*\))|[?=]|&&|\|\|/.test(body)) names.add(name);
    }
  return [...names].sort();
}

derived.noreturn = noreturns();
if (options.counts)
  writeFileSync(
    options.counts,
    JSON.stringify(
      Object.fromEntries(
        [...counts].map(([name, { error, null: zero, none, files }]) => [name, [error, zero, none, files.size]]),
      ),
      null,
      0,
    ),
  );
writeFileSync(
  join(root, 'src/core/rules/api/failures.derived.json'),
  `${JSON.stringify({ error: derived.error.join(' '), null: derived.null.join(' '), noreturn: derived.noreturn.join(' ') }, null, 2)}\n`,
);
console.log(
  `${derived.error.length} return error pointers, ${derived.null.length} return NULL, ${derived.noreturn.length} do not return`,
);
