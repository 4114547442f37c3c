// Derives from a kernel tree which members structures have that drivers hand to user space or put into messages.
//   node scripts/derive-layouts.mjs TREE
// Writes src/core/rules/partly-set-structure/layouts.derived.json: structure → its members in order, as one text. `/` parts members of a
// union, `_` stands for bytes that belong to no member on a 64-bit machine, `!` after a name says that it is an array. Only structures of headers that a function of the
// tree has as a variable and hands out by its address; those with #if inside, other than for the order of bits, are left out.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreFindings } from './lib/core-findings.mjs';
import { root } from './lib/root.mjs';

const [tree] = process.argv.slice(2);
if (!tree) {
  console.error('node scripts/derive-layouts.mjs TREE');
  process.exit(2);
}
const { syntax, CKind, Field } = await coreFindings();
const HANDS_OUT =
  /\b(?:copy_to_user|nla_put|nla_put_64bit|nla_append|put_cmsg|ib_copy_to_udata|ib_respond_udata|skb_put_data|copy_to_sockptr|copy_to_iter|memcpy_to_msg)\s*\(/;
const filesOf = (folders, ending) =>
  folders.flatMap((folder) =>
    readdirSync(join(tree, folder), { recursive: true })
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => join(tree, folder, file)),
  );

/** Names of structures that a file which hands something out has as a variable whose address it hands out. */
const wanted = new Set();
for (const path of filesOf(['drivers', 'net', 'sound', 'fs', 'block', 'kernel'], '.c')) {
  const text = readFileSync(path, 'utf8');
  if (!HANDS_OUT.test(text)) continue;
  const variables = new Set(
    [...text.matchAll(new RegExp(`${HANDS_OUT.source}[^;]*?&(\\w+)\\b(?!\\s*[.>[-])`, 'g'))].map(([, name]) => name),
  );
  for (const [, type, names] of text.matchAll(/^\s+struct\s+(\w+)\s+([\w\s,]+)(?:=\s*\{|;)/gm))
    if (names.split(',').some((name) => variables.has(name.trim()))) wanted.add(type);
}

const SIZES = new Map(
  Object.entries({
    char: 1,
    'unsigned char': 1,
    'signed char': 1,
    bool: 1,
    _Bool: 1,
    short: 2,
    'unsigned short': 2,
    'short int': 2,
    'unsigned short int': 2,
    int: 4,
    unsigned: 4,
    'unsigned int': 4,
    long: 8,
    'unsigned long': 8,
    'long int': 8,
    'unsigned long int': 8,
    'long long': 8,
    'unsigned long long': 8,
    size_t: 8,
    ssize_t: 8,
    loff_t: 8,
    __kernel_size_t: 8,
    __kernel_ulong_t: 8,
    __kernel_long_t: 8,
    __kernel_sa_family_t: 2,
    sa_family_t: 2,
    dma_addr_t: 8,
    pid_t: 4,
    uid_t: 4,
    gid_t: 4,
    __kernel_pid_t: 4,
    __kernel_uid32_t: 4,
    canid_t: 4,
    xfrm_address_t: 16,
    gfp_t: 4,
  }),
);
for (const bits of [8, 16, 32, 64])
  for (const name of [
    `u${bits}`,
    `s${bits}`,
    `__u${bits}`,
    `__s${bits}`,
    `__le${bits}`,
    `__be${bits}`,
    `uint${bits}_t`,
    `int${bits}_t`,
    `u_int${bits}_t`,
    `__sum${bits}`,
  ])
    SIZES.set(name, bits / 8);
SIZES.set('__aligned_u64', 8).set('__aligned_s64', 8).set('__aligned_be64', 8).set('aligned_u64', 8).set('aligned_s64', 8);

const constants = new Map();
const texts = new Map();
/** Macros that stand for members: `tc_gen`. */
const memberMacros = new Map();
for (const path of filesOf(['include'], '.h')) {
  const text = readFileSync(path, 'utf8');
  for (const [, name, value] of text.matchAll(/^#\s*define\s+(\w+)\s+\(?(0x[\da-f]+|\d+)\)?\s*(?:\/\*.*)?$/gim))
    constants.set(name, Number(value));
  for (const [, name, value] of text.matchAll(/^#\s*define\s+(\w+)[ \t]+\\\n((?:[^\n]*\\\n)*[^\n]*)$/gm))
    if (/^(?:\s*(?:__)?[usi]\w+\s+\w+\s*;?)+$/.test(value.replace(/\\\n/g, ' ')))
      memberMacros.set(name, value.replace(/\\\n/g, ' ').trim().replace(/;?$/, ''));
  for (const [, name] of text.matchAll(/^struct\s+(\w+)\s*\{/gm)) if (!texts.has(name)) texts.set(name, text);
}

const layouts = new Map();
/** Members of a structure that a header declares, with size and alignment if those are known. */
function layoutOf(name) {
  if (layouts.has(name)) return layouts.get(name);
  layouts.set(name, undefined);
  const text = texts.get(name);
  const at = text === undefined ? -1 : text.search(new RegExp(`^struct\\s+${name}\\s*\\{`, 'm'));
  if (at < 0) return undefined;
  const close = text.indexOf('\n}', at);
  const parsed = syntax.parse(
    'c',
    text
      .slice(at, text.indexOf(';', close) + 1)
      .replace(/^(\s+)(\w+);/gm, (whole, space, name) => (memberMacros.has(name) ? `${space}${memberMacros.get(name)};` : whole)),
  );
  let list = -1;
  for (let node = 0; node < parsed.kinds.length && list < 0; node++)
    if (parsed.kinds[node] === CKind.field_declaration_list) list = node;
  if (list < 0 || parsed.errorCount() > 0) return undefined;
  const layout = membersOf(parsed, list);
  const tail = parsed.text.slice(parsed.ends[list]);
  if (layout && /packed/.test(tail)) layout.isPacked = true;
  if (layout) placeHoles(layout);
  // `#define sin_zero __pad`
  for (const member of layout?.members ?? [])
    for (const [, alias] of text.matchAll(
      new RegExp(`^#\\s*define\\s+(\\w+)\\s+${member.name.replaceAll('/', '|')}\\s*(?:/\\*.*)?$`, 'gm'),
    ))
      member.name += `/${alias}`;
  layouts.set(name, layout);
  return layout;
}

function membersOf(parsed, list) {
  const members = [];
  for (const field of parsed.children(list, true)) {
    const kind = parsed.kinds[field];
    if (kind === CKind.comment) continue;
    if (kind !== CKind.field_declaration) return undefined;
    const type = parsed.childByField(field, Field.type);
    const typeText = parsed.textOf(type).replace(/\s+/g, ' ');
    const body = type === -1 ? -1 : parsed.childOfKind(type, CKind.field_declaration_list);
    const declarators = [...parsed.children(field)].filter((one) => parsed.fields[one] === Field.declarator);
    const inner = body === -1 ? undefined : membersOf(parsed, body);
    if (body !== -1 && !inner) return undefined;
    const isUnion = typeText.startsWith('union');
    if (inner) placeHoles(inner);
    if (declarators.length === 0) {
      if (!inner) return undefined;
      if (isUnion)
        members.push({
          name: inner.members.map((one) => one.name).join('/'),
          size: inner.members.every((one) => one.size !== undefined)
            ? Math.max(...inner.members.map((one) => one.size))
            : undefined,
          align: Math.max(...inner.members.map((one) => one.align ?? 8)),
          isArray: false,
        });
      else members.push(...inner.members);
      continue;
    }
    for (const declarator of declarators) {
      const text = parsed.textOf(declarator);
      const name = /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(text.replace(/\)\s*\(.*$/s, ''))?.[1];
      if (name === undefined) return undefined;
      if (/\[\s*0?\s*\]/.test(text)) continue; // what comes after the structure
      let size = /^\s*\(?\*|\(\s*\*/.test(text) ? 8 : sizeOf(typeText, inner, isUnion);
      let align = /^\s*\(?\*|\(\s*\*/.test(text) ? 8 : alignOf(typeText, inner);
      for (const [, count] of text.matchAll(/\[([^\]]*)\]/g)) {
        const number = /^\d+$/.test(count.trim()) ? Number(count) : constants.get(count.trim());
        size = size === undefined || number === undefined ? undefined : size * number;
      }
      const rest = parsed.text.slice(parsed.ends[declarator], parsed.ends[field]);
      if (/:\s*\d/.test(rest) || [...parsed.children(field)].some((one) => parsed.kinds[one] === CKind.bitfield_clause))
        size = undefined;
      if (/aligned/.test(rest)) align = undefined;
      members.push({ name, size, align, isArray: /\[/.test(text) });
    }
  }
  return { members };
}

function sizeOf(type, inner, isUnion) {
  if (inner) {
    const sizes = inner.members.map(({ size }) => size);
    if (sizes.some((size) => size === undefined)) return undefined;
    return isUnion ? Math.max(...sizes) : inner.size;
  }
  if (/^enum\b/.test(type)) return 4;
  const of = /^struct (\w+)/.exec(type)?.[1];
  if (of) return layoutOf(of)?.size;
  return SIZES.get(type);
}

function alignOf(type, inner) {
  if (inner) return Math.max(1, ...inner.members.map(({ align }) => align ?? 1));
  const of = /^struct (\w+)/.exec(type)?.[1];
  if (of) return layoutOf(of)?.align;
  if (type === 'xfrm_address_t') return 4;
  return /^enum\b/.test(type) ? 4 : SIZES.get(type);
}

/** Finds the bytes that belong to no member, and the size. */
function placeHoles(layout) {
  const { members, isPacked } = layout;
  if (members.some(({ size, align }) => size === undefined || align === undefined)) return;
  let at = 0;
  for (const member of members) {
    const next = isPacked ? at : Math.ceil(at / member.align) * member.align;
    member.hole = next > at;
    at = next + member.size;
  }
  layout.align = isPacked ? 1 : Math.max(1, ...members.map(({ align }) => align));
  layout.size = Math.ceil(at / layout.align) * layout.align;
  layout.tail = layout.size > at;
}

const derived = {};
for (const name of [...wanted].sort()) {
  const layout = layoutOf(name);
  if (!layout || layout.members.length < 2) continue;
  derived[name] = [
    ...layout.members.flatMap(({ name: member, hole, isArray }) => [...(hole ? ['_'] : []), member + (isArray ? '!' : '')]),
    ...(layout.tail ? ['_'] : []),
  ].join(' ');
}
writeFileSync(join(root, 'src/core/rules/partly-set-structure/layouts.derived.json'), `${JSON.stringify(derived, null, 2)}\n`);
console.log(`${Object.keys(derived).length} structures of ${wanted.size}`);
