// How local is the damage of half-typed code: of a file in which somebody is typing, how much is still read as before?
import { readFileSync } from 'node:fs';
import { walk, withTree } from './parsers.mjs';

/**
 * Half-typed states. `where` says what place they need: a statement, a block's `}` or `{`, the space before a function, an entry of an
 * initializer. `insert` becomes a line before it; `remove` is taken out of the line, where it stands last.
 */
const STATES = [
  { name: 'a call: `f(`', where: 'statement', insert: '\tacme_start(' },
  { name: 'a call with arguments: `f(a, b`', where: 'statement', insert: '\tacme_start(acme, acme->count' },
  { name: 'an assigned call: `x = f(a,`', where: 'statement', insert: '\tret = acme_start(acme,' },
  { name: 'an if: `if (a`', where: 'statement', insert: '\tif (acme' },
  { name: 'an if with a call: `if (!f(a`', where: 'statement', insert: '\tif (!acme_start(acme' },
  { name: 'a for: `for (i = 0; i <`', where: 'statement', insert: '\tfor (i = 0; i <' },
  { name: 'an unclosed brace: `if (a) {`', where: 'statement', insert: '\tif (acme) {' },
  { name: 'a loop macro: `for_each_x(a, b`', where: 'statement', insert: '\tlist_for_each_entry(acme, &list' },
  { name: 'an unclosed string', where: 'statement', insert: '\tpr_info("acme: %d' },
  { name: 'an unclosed character', where: 'statement', insert: "\tc = 'a" },
  { name: 'an unclosed subscript: `a[i`', where: 'statement', insert: '\tx = acme[i' },
  { name: 'a member: `a->`', where: 'statement', insert: '\tacme->' },
  { name: 'an assignment: `x =`', where: 'statement', insert: '\tret =' },
  { name: 'half a declaration: `struct a *`', where: 'statement', insert: '\tstruct acme *' },
  { name: 'half a declaration: `int x =`', where: 'statement', insert: '\tint x =' },
  { name: 'return without `;`', where: 'statement', insert: '\treturn' },
  { name: 'a name', where: 'statement', insert: '\tacme_sta' },
  { name: 'an unclosed comment', where: 'statement', insert: '\t/* acme' },
  { name: '#ifdef without #endif', where: 'statement', insert: '#ifdef CONFIG_ACME' },
  { name: 'a deleted `;`', where: 'statement', remove: ';' },
  { name: 'a deleted `)`', where: 'statement', remove: ')' },
  { name: 'a deleted `(`', where: 'statement', remove: '(' },
  { name: 'a deleted `}`', where: 'brace', remove: '}' },
  { name: 'a deleted `{`', where: 'opening', remove: '{' },
  { name: 'half a function: `static int`', where: 'top', insert: 'static int' },
  { name: 'half a function: `int f(struct a *b`', where: 'top', insert: 'static int acme_open(struct acme *acme' },
  { name: 'half a function: `int f(void) {`', where: 'top', insert: 'static int acme_open(void)\n{' },
  { name: 'half a struct: `struct a {`', where: 'top', insert: 'struct acme {' },
  { name: 'half a macro: `MODULE_LICENSE("GPL"`', where: 'top', insert: 'MODULE_LICENSE("GPL"' },
  { name: 'half an initializer: `= {`', where: 'top', insert: 'static const struct acme acme = {' },
  { name: 'an entry: `.`', where: 'entry', insert: '\t.' },
  { name: 'an entry: `.name =`', where: 'entry', insert: '\t.probe =' },
  { name: 'an entry: `.name = f`', where: 'entry', insert: '\t.probe = acme_probe' },
  { name: 'an entry: `{ .name = "a`', where: 'entry', insert: '\t{ .name = "acme' },
  { name: 'an entry: `{ f(a`', where: 'entry', insert: '\t{ ACME(1' },
];

/** The functions with their declarators and ranges, and the ranges of the initializers outside of functions' statements. */
function outline(tree) {
  const functions = [];
  const initializers = [];
  walk(tree, (cursor) => {
    const { nodeType, startIndex, endIndex } = cursor;
    if (nodeType === 'function_definition') {
      const node = cursor.currentNode;
      const body = node.childForFieldName('body');
      functions.push({
        start: startIndex,
        end: endIndex,
        body: body?.startIndex ?? endIndex,
        key: `${node.childForFieldName('declarator')?.text}`,
      });
      return true; // functions behind an unclosed brace are inside of it
    }
    if (nodeType === 'initializer_list') initializers.push({ start: startIndex, end: endIndex });
    return !/expression|_list$|(?<!init_)declarator$/.test(nodeType) || nodeType === 'declaration_list';
  });
  return { functions, initializers };
}

/** Characters of `start` to `end` that are in ERROR nodes. */
function damaged(tree, start, end) {
  let count = 0;
  walk(tree, (cursor) => {
    if (cursor.endIndex < start || cursor.startIndex > end) return false;
    if (cursor.nodeType !== 'ERROR') return cursor.currentNode.hasError;
    count += Math.max(0, Math.min(end, cursor.endIndex) - Math.max(start, cursor.startIndex));
    return false;
  });
  return count;
}

/** Starts of the lines of `text` between `start` and `end` for which `accepts(line)` holds. */
function linesWhere(text, start, end, accepts) {
  const found = [];
  for (let at = text.indexOf('\n', start) + 1; at > 0 && at < end; at = text.indexOf('\n', at) + 1) {
    const stop = text.indexOf('\n', at);
    if (stop < 0 || stop > end) break;
    if (accepts(text.slice(at, stop), at)) found.push(at);
  }
  return found;
}

/** Where in the file an edit of this kind can be made: the line's start, and the region that it is in. */
function placesFor(where, text, { functions, initializers }, next) {
  const within = (region, accepts) =>
    linesWhere(text, region.body ?? region.start, region.end, accepts).map((at) => ({ at, region }));
  const sound = (at) => text[at - 2] === ';' || text[at - 2] === '{' || text[at - 2] === '}';
  const any = functions[next(functions.length)];
  switch (where) {
    case 'statement':
      return within(any, (line, at) => /^\t+[a-z].*\(.*\);$/.test(line) && sound(at));
    case 'brace':
      return within(any, (line) => /^\t+\}$/.test(line));
    case 'opening':
      return within(any, (line) => /^\t+(if|for|while) .*\) \{$/.test(line));
    case 'top':
      return text.slice(any.start - 2, any.start) === '\n\n'
        ? [{ at: any.start, region: { start: any.start, end: any.start } }]
        : [];
    default: {
      const list = initializers[next(initializers.length || 1)];
      return list ? within(list, (line, at) => /^\t[.{]/.test(line) && /[,{]/.test(text[at - 2])) : [];
    }
  }
}

function edited(text, at, { insert, remove }) {
  if (insert !== undefined) return { start: at, removed: 0, inserted: `${insert}\n` };
  const end = text.indexOf('\n', at);
  const start = text.lastIndexOf(remove, end);
  return start < at ? undefined : { start, removed: remove.length, inserted: '' };
}

/**
 * Puts each state at a random place of each file that has no errors and some functions.
 * @returns {{ name: string, edits: number, kept: number, others: number, undamaged: number, characters: number }[]}
 *   of the functions that were not edited (`others`) those that are still found, with the same name and range (`kept`);
 *   of the characters of the edited function or initializer those that are in no ERROR (`undamaged`)
 */
export function damageOf(parser, files, next) {
  const results = STATES.map(({ name, where }) => ({
    name,
    where,
    edits: 0,
    kept: 0,
    others: 0,
    undamaged: 0,
    characters: 0,
    lost: [],
    slow: 0,
  }));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const before = withTree(parser, text, (tree) => (tree.rootNode.hasError ? undefined : outline(tree)));
    if (!before || before.functions.length < 3) continue;
    STATES.forEach((state, i) => {
      const places = placesFor(state.where, text, before, next);
      if (places.length === 0) return;
      const { at, region } = places[next(places.length)];
      const edit = edited(text, at, state);
      if (!edit) return;
      const grown = edit.inserted.length - edit.removed;
      const changed = text.slice(0, edit.start) + edit.inserted + text.slice(edit.start + edit.removed);
      const result = results[i];
      withTree(parser, changed, (tree) => {
        const after = new Set(outline(tree).functions.map(({ key, start, end }) => `${key} ${start} ${end}`));
        const others = before.functions.filter(({ start, end }) => end <= edit.start || start >= edit.start + edit.removed);
        const kept = others.filter(({ key, start, end }) => {
          const moved = start >= edit.start ? grown : 0;
          return after.has(`${key} ${start + moved} ${end + moved}`);
        });
        result.edits++;
        result.kept += kept.length;
        result.others += others.length;
        if (kept.length < others.length)
          result.lost.push(
            `${others.length - kept.length} of ${others.length}: ${file}:${text.slice(0, edit.start).split('\n').length}`,
          );
        const end = region.end + grown;
        result.characters += end - region.start;
        result.undamaged += end - region.start - damaged(tree, region.start, end);
      });
    });
  }
  return results;
}
