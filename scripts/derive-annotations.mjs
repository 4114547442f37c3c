// Derives the annotation and declaring macros from a kernel tree's own headers, for grammars/kernel-c:
//   node scripts/derive-annotations.mjs TREE…        (several trees: the union; the newest first)
// Writes grammars/kernel-c/annotations.derived.json: each word with the header that defines it. What the definitions don't show is in
// annotations.curated.json, by hand and with reasons.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const trees = process.argv.slice(2);
if (trees.length === 0) {
  console.error('usage: node scripts/derive-annotations.mjs TREE…');
  process.exit(2);
}

/** Directories whose headers are included by kernel code at large; a driver's own macros stay with the scanner's guesses. */
const HEADERS = [/^include\//, /^arch\/[^/]+\/include\/asm\//];
/** Code that isn't the kernel's: it defines the same words for another purpose. */
const NOT_KERNEL = /^(tools|scripts|samples|Documentation)\//;

function* headersOf(tree, directory = tree) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_KERNEL.test(`${relative(tree, path)}/`)) yield* headersOf(tree, path);
    } else if (entry.isFile() && entry.name.endsWith('.h') && HEADERS.some((pattern) => pattern.test(relative(tree, path)))) {
      yield path;
    }
  }
}

/** Every `#define`: its name, whether it has parameters, its body without comments and continuations. */
function* definesOf(text) {
  const code = text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*/g, '');
  for (const [, name, parameters, body] of code.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?[ \t]*(.*)$/gm)) {
    yield {
      name,
      parameters: parameters
        ?.slice(1, -1)
        .split(',')
        .map((word) => word.trim()),
      body: body.trim(),
    };
  }
}

/** name → its definitions, of all trees */
const definitions = new Map();
for (const tree of trees) {
  for (const path of headersOf(tree)) {
    for (const define of definesOf(readFileSync(path, 'utf8'))) {
      if (!definitions.has(define.name)) definitions.set(define.name, []);
      definitions.get(define.name).push({ ...define, path: relative(tree, path) });
    }
  }
}

// ---- annotations: all that a definition says is attributes, other annotations and qualifiers
const QUALIFIERS = new Set('inline __inline __inline__ volatile const extern static register'.split(' '));

/** The text without balanced `word(…)` of the given words; undefined if parentheses don't match. */
function withoutCalls(text, isCall) {
  let rest = '';
  for (let at = 0; at < text.length;) {
    const word = /^\w+/.exec(text.slice(at))?.[0];
    if (!word) {
      rest += text[at++];
      continue;
    }
    at += word.length;
    const open = /^\s*\(/.exec(text.slice(at));
    if (!open || !isCall(word)) {
      rest += `${word} `;
      continue;
    }
    at += open[0].length;
    for (let depth = 1; depth > 0; at++) {
      if (at >= text.length) return undefined;
      if (text[at] === '(') depth++;
      else if (text[at] === ')') depth--;
    }
    rest += ' @ ';
  }
  return rest;
}

const known = new Map(); // word → 'plain' | 'withArguments'
/** Words whose use is an attribute, whatever stands in the parentheses. */
const ATTRIBUTE = new Set(['__attribute__', '__attribute', 'BTF_TYPE_TAG']);

/** 'empty', 'qualifiers', 'annotation' or 'other' */
function bodyIs(body) {
  if (body === '') return 'empty';
  const rest = withoutCalls(body, (word) => ATTRIBUTE.has(word) || known.get(word) === 'withArguments');
  if (rest === undefined) return 'other';
  const words = rest.split(/\s+/).filter(Boolean);
  if (!words.every((word) => word === '@' || QUALIFIERS.has(word) || known.get(word) === 'plain')) return 'other';
  return words.some((word) => word === '@' || known.has(word)) ? 'annotation' : 'qualifiers';
}

/** Words that are annotations by their form: `__name`, or one that the kernel also uses in lower case. */
const mayBeAnnotation = (name) => /^__/.test(name) || /^(no|as|fast|at_|visible_|deprecated|[a-z]+inline)/.test(name);

for (let before = -1; before !== known.size;) {
  before = known.size;
  for (const [name, all] of definitions) {
    if (known.has(name) || !mayBeAnnotation(name)) continue;
    const kinds = all.map(({ body }) => bodyIs(body));
    if (!kinds.includes('annotation') || kinds.includes('other')) continue;
    const withArguments = all.filter(({ parameters }) => parameters).length;
    if (withArguments !== 0 && withArguments !== all.length) continue;
    known.set(name, withArguments ? 'withArguments' : 'plain');
  }
}

// ---- a word that code also uses as a variable or a field can't be a keyword
const identifiers = new Set();
function* sourcesOf(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_KERNEL.test(`${relative(trees[0], path)}/`)) yield* sourcesOf(path);
    } else if (entry.isFile() && /\.[ch]$/.test(entry.name)) {
      yield path;
    }
  }
}
for (const path of sourcesOf(trees[0])) {
  const text = readFileSync(path, 'utf8');
  for (const [, word] of text.matchAll(/(?:->|\.|&)(__\w+)\b/g)) identifiers.add(word);
  for (const [, word] of text.matchAll(/\b(__\w+)(?:->|\.\w)/g)) identifiers.add(word);
}
for (const word of known.keys()) if (identifiers.has(word)) known.delete(word);

// ---- declaring macros: the body begins as the declaration of something named after a parameter
function declares({ parameters, body }) {
  if (!parameters) return false;
  const names = parameters.map((parameter) => parameter.replace(/\.\.\.$/, '')).filter(Boolean);
  const type = String.raw`(?:(?:static|extern|const|volatile|unsigned|__maybe_unused|struct|union|enum)\s+)+(?:\w+\s+)*[\s*]*|\w+_t\s+`;
  return names.some((name) => new RegExp(String.raw`^(?:${type})(?:\w+##)?${name}(?:##\w+)*\s*(?:=|\[|;|,|$)`).test(body));
}

const declaring = new Map();
for (const [name, all] of definitions) {
  if (!/^[A-Z]/.test(name)) continue;
  const real = all.filter(({ body }) => body !== '');
  if (real.length > 0 && real.every((define) => define.path.startsWith('include/') && declares(define)))
    declaring.set(name, all[0].path);
}

const list = (kind) =>
  Object.fromEntries(
    [...known]
      .filter(([, is]) => is === kind)
      .map(([name]) => [name, definitions.get(name)[0].path])
      .sort(byName),
  );
function byName([a], [b]) {
  return a < b ? -1 : 1;
}

const output = {
  trees: trees.map((tree) =>
    /^VERSION = (\d+)\nPATCHLEVEL = (\d+)/m
      .exec(readFileSync(join(tree, 'Makefile'), 'utf8'))
      ?.slice(1)
      .join('.'),
  ),
  plain: list('plain'),
  withArguments: list('withArguments'),
  declaring: Object.fromEntries([...declaring].sort(byName)),
};
writeFileSync(new URL('../grammars/kernel-c/annotations.derived.json', import.meta.url), `${JSON.stringify(output, null, 2)}\n`);
console.log(
  Object.entries(output)
    .map(([key, value]) => `${key}: ${Object.keys(value).length}`)
    .join(', '),
);
