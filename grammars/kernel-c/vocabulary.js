// The words that the grammar and the scanner know: derived from the kernel's headers (scripts/derive-annotations.mjs) and curated by hand.
// Change a word in annotations.curated.json and run `npm run build:grammar`.
const derived = require('./annotations.derived.json');
const curated = require('./annotations.curated.json');

const excluded = new Set(curated.flatMap((group) => group.exclude ?? []));
const words = (kind) =>
  [...new Set([...Object.keys(derived[kind]), ...curated.flatMap((group) => group[kind] ?? [])])]
    .filter((word) => !excluded.has(word))
    .sort();

exports.plain = words('plain');
exports.withArguments = words('withArguments');
exports.declaring = words('declaring');

/** src/annotations.h: the same lists for the scanner, sorted by byte value. */
exports.header = () => {
  const list = (name, all) => `static const char *const ${name}[] = {\n${all.map((word) => `  "${word}",\n`).join('')}};\n`;
  return [
    "// Generated from vocabulary.js by scripts/build-grammar.mjs; don't edit.\n#pragma once\n",
    list('PLAIN_ANNOTATIONS', exports.plain),
    list('ANNOTATIONS_WITH_ARGUMENTS', exports.withArguments),
    list('DECLARING_MACROS', exports.declaring),
  ].join('\n');
};
