// Where C code of a kernel tree has a Rust twin: which of the kernel items that the twin names are among those that the
// C file's names lead to. Prints the recall and what is missed.
//   node scripts/twin-recall.mjs [TREE] [--all]     --all: also items that do no job of C (see NOT_A_JOB)
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadCore, loadSyntax, treeReader } from './lib/catalogue.mjs';
import { KNOWN_TWINS, twinsByName } from './lib/twins.mjs';

const tree = process.argv.slice(2).find((arg) => !arg.startsWith('--')) ?? join(homedir(), 'lab/linux-source-7.3');
const all = process.argv.includes('--all');
if (!existsSync(join(tree, 'rust/kernel/lib.rs'))) {
  console.error(`no kernel tree with rust/kernel: ${tree}`);
  process.exit(2);
}

/**
 * What any Rust code needs and no C code asks for: the machinery of the language side (errors by value, in-place initialisation,
 * conversion of raw pointers, formatting), type states, and parts of a type that stands for a C structure as a whole.
 */
const NOT_A_JOB =
  /::(?:Result|Error|AllocError|BadFdError|c_str|fmt|vtable|try_pin_init|pin_init|concat_idents|Opaque|CStrExt|Core|Bound|Relaxed|Acquire|Release|Full|Display|Writer)$|::(?:from_raw|into_raw|from_raw_file|from_raw_parts|assume_no_fdget_pos|DATA_OFFSET|ptr_eq|uninit|from_errno)$|^kernel::(?:types::Opaque|list::ListArc::|list::AtomicTracker|list::TryNewListArc)/;

/** C files and the headers beside them that they include: a driver's structures are there. */
function withHeaders(cFiles) {
  const headers = cFiles.flatMap((path) =>
    [...readFileSync(join(tree, path), 'utf8').matchAll(/^#include "([\w.-]+\.h)"/gm)].map(([, name]) =>
      path.replace(/[^/]+$/, name),
    ),
  );
  return [...cFiles, ...new Set(headers.filter((path) => existsSync(join(tree, path))))];
}

/** A constant, variant or printing macro does a job of the C file only if C names it there too. */
function isJobOf(path, text) {
  const name = path.slice(path.lastIndexOf('::') + 2);
  const cNames = namesOf.get(path) ?? (/^[A-Z][A-Z0-9_]+$/.test(name) || /^(?:pr|dev)_\w+$/.test(name) ? [name] : []);
  const onlyNamed = /^(?:constant|variant)$/.test(kindOf.get(path)) || /^kernel::(?:pr|dev)_\w+$/.test(path);
  return !onlyNamed || cNames.length === 0 || cNames.some((cName) => new RegExp(`\\b${cName}\\b`).test(text));
}

const core = await loadCore();
const syntax = await loadSyntax(core);
const facts = await core.readTree(treeReader(tree), syntax);
const data = core.linkTree(facts);
const catalogue = core.openCatalogue(data, 'tree');
const rustFiles = facts.drivers.map((file) => file.path);
const namesOf = new Map();
for (const [name, links] of Object.entries(data.names))
  for (const [item] of links.slice(0, 2)) namesOf.set(data.items[item][0], [...(namesOf.get(data.items[item][0]) ?? []), name]);
const kindOf = new Map(catalogue.items().map((item) => [item.path, item.kind]));
const place = new Map(data.items.map((row) => [row[0], `${data.files[row[2]]}:${row[3]}`]));
let hits = 0;
let wanted = 0;
for (const [cFiles, side] of [...twinsByName(tree, rustFiles), ...KNOWN_TWINS]) {
  const files = rustFiles.filter((path) => (side.endsWith('/') ? path.startsWith(side) : path === side));
  const present = withHeaders(cFiles.filter((path) => existsSync(join(tree, path))));
  if (files.length === 0 || present.length === 0) continue;
  const offered = new Set();
  const text = present.map((path) => readFileSync(join(tree, path), 'utf8')).join('\n');
  for (const path of present) {
    const text = readFileSync(join(tree, path), 'utf8');
    const analysis = core.analyse(syntax.parse('c', text), catalogue);
    // Every name has a hover, also a constant or a type.
    const words = new Set(text.replace(/\/\*[\s\S]*?\*\//g, '').match(/[A-Za-z_]\w+/g));
    const entries = [...analysis.apis, ...analysis.entryPoints, ...[...words].map((word) => catalogue.lookup(word))];
    for (const entry of entries)
      for (const item of entry.rust) if (item.relation !== 'nearest') offered.add(`${item.file}:${item.line}`);
  }
  const named = core.pathsNamedBy(facts, files).filter((path) => all || (!NOT_A_JOB.test(path) && isJobOf(path, text)));
  const missed = named.filter((path) => !offered.has(place.get(path)));
  hits += named.length - missed.length;
  wanted += named.length;
  console.log(
    `${present.join(' ')} <-> ${side}: ${named.length - missed.length} of ${named.length}${missed.length > 0 ? `\n  missed: ${missed.join(' ')}` : ''}`,
  );
}
console.log(`recall ${hits} of ${wanted} (${((100 * hits) / Math.max(1, wanted)).toFixed(1)} %), kernel ${facts.version}`);
