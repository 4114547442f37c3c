import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, RuleContext } from '../model';
import layouts from './layouts.derived.json';

/** Functions that hand bytes to user space, or put them into a message. Sources: include/linux/uaccess.h, include/net/netlink.h, include/linux/socket.h, include/rdma/ib_verbs.h, include/rdma/uverbs_ioctl.h, include/linux/sockptr.h, include/linux/skbuff.h. */
const COPIES = new Set([
  'copy_to_user',
  '__copy_to_user',
  'nla_put',
  'nla_put_64bit',
  'nla_append',
  'put_cmsg',
  'ib_copy_to_udata',
  'ib_respond_udata',
  'skb_put_data',
  'copy_to_sockptr',
  'memcpy_to_msg',
]);

/** Members of structures of the kernel's headers that are handed out; made by scripts/derive-layouts.mjs. */
const LAYOUTS: ReadonlyMap<string, string> = new Map(Object.entries(layouts));

/** A member of a structure: its name (or the names of a union's members), whether it is an array, whether unnamed bytes come before it. */
interface Member {
  names: readonly string[];
  isArray: boolean;
  hasHoleBefore: boolean;
}
interface Layout {
  members: readonly Member[];
  hasHoleAtEnd: boolean;
}

/** Functions that end a string in an array and leave the rest of it as it was. */
const WRITES_STRING = /^(?:strscpy|strcpy|strlcpy|sprintf|snprintf|scnprintf)$/;

/** Structures that go to user space with members that nobody has set, or with bytes between members that were not cleared. */
export function copiedOut(context: RuleContext): Report[] {
  const { tree, calls, model } = context;
  const reports: Report[] = [];
  for (const { name, node, arguments: args } of calls(COPIES)) {
    const definition = tree.ancestorOfKind(node, CKind.function_definition);
    if (definition === NONE) continue;
    const report = judge(tree, definition, name, node, args);
    if (!report) continue;
    reports.push({ ...report, function: model.functions.find((one) => one.node === definition)?.name ?? '' });
  }
  return reports;
}

/** What is handed out: a variable of the function, or memory that it has allocated; how a member of it is written. */
interface Given {
  variable: string;
  type: string;
  /** What stands between its name and that of a member: `\.` or `->`. */
  arrow: string;
  was: string;
  /** What the function does to it before. */
  text: string;
}

function judge(tree: SyntaxTree, definition: number, name: string, node: number, args: readonly number[]): Report | undefined {
  const before = wayTo(tree, definition, node);
  const texts = args.map((argument) => tree.textOf(argument));
  const given = onStack(before, name, texts) ?? allocated(before, texts);
  if (!given || !isWhole(texts, given, before)) return undefined;
  const layout = layoutOf(tree, given.type);
  if (!layout || isSetAsWhole(given)) return undefined;
  const set = settingsIn(given);
  const unset = layout.members.filter(({ names }) => !names.some((field) => set.has(field)));
  if (unset.length === layout.members.length) return undefined;
  const what = whatIsUnset(layout, unset, set);
  return what === undefined
    ? undefined
    : {
        node,
        message: `${name}() hands out ${given.arrow === '->' ? '*' : ''}${given.variable}, of which ${what} as the ${given.was} was`,
      };
}

/** A variable without initial value. */
function onStack(before: string, name: string, texts: readonly string[]): Given | undefined {
  // ib_respond_udata() is a macro that takes the address itself.
  const variable =
    name === 'ib_respond_udata'
      ? /^\w+$/.exec(texts[1] ?? '')?.[0]
      : texts.map((text) => /^&(\w+)$/.exec(text)?.[1]).find((found) => found !== undefined);
  if (variable === undefined) return undefined;
  const declared = new RegExp(`\\n\\s+struct\\s+(\\w+)\\s+(?:\\w+,\\s*)*${variable}\\s*[;,]`).exec(before);
  if (!declared) return undefined;
  return { variable, type: declared[1]!, arrow: '\\.', was: 'stack', text: before.slice(declared.index + declared[0].length) };
}

/** Memory of a structure's size that was allocated without being cleared. */
function allocated(before: string, texts: readonly string[]): Given | undefined {
  const variable = texts
    .map((text) => /^\w+$/.exec(text)?.[0])
    .find((text) => text !== undefined && texts.includes(`sizeof(*${text})`));
  if (variable === undefined) return undefined;
  const type = new RegExp(`\\n\\s+struct\\s+(\\w+)\\s+\\*\\s*${variable}\\b`).exec(before)?.[1];
  const made = new RegExp(`(?<![\\w>.])${variable}\\s*=\\s*k(?:v?malloc|malloc_obj)\\s*\\(([^;]*)\\);`).exec(before);
  if (type === undefined || !made || made[1]!.includes('__GFP_ZERO')) return undefined;
  const text = before
    .slice(made.index + made[0].length)
    .replace(new RegExp(`if\\s*\\((?:unlikely\\()?!${variable}\\)+|kv?free\\(${variable}\\)`, 'g'), '');
  return { variable, type, arrow: '->', was: 'memory', text };
}

/** What of a structure nobody has set; undefined if all of it is set. */
function whatIsUnset(layout: Layout, unset: readonly Member[], set: ReadonlyMap<string, boolean>): string | undefined {
  if (unset.length > 0) return `${listed(unset.map(({ names }) => names[0]!))} ${unset.length === 1 ? 'is' : 'are'}`;
  const short = layout.members.find(({ names, isArray }) => isArray && names.every((field) => set.get(field) !== false));
  if (short) return `what comes after the string in ${short.names[0]!} is`;
  const at = layout.members.findIndex(({ hasHoleBefore }) => hasHoleBefore);
  if (at > 0)
    return `the bytes between ${layout.members[at - 1]!.names[0]!} and ${layout.members[at]!.names[0]!}, which are no member's, are`;
  return layout.hasHoleAtEnd ? `the bytes after ${layout.members.at(-1)!.names[0]!}, which are no member's, are` : undefined;
}

/** Whether somebody sets all of it, or is handed its address and may. */
function isSetAsWhole({ variable, arrow, text }: Given): boolean {
  const plain = text.replace(new RegExp(`sizeof\\s*\\(\\s*\\*?\\s*${variable}\\s*\\)`, 'g'), '');
  return new RegExp(
    arrow === '->'
      ? `(?<![\\w>.])${variable}\\b(?!\\s*->)|&\\s*${variable}\\b(?!\\s*->)`
      : `&\\s*${variable}\\b(?!\\s*\\.)|(?<![\\w>.])${variable}\\s*=|[(,]\\s*${variable}\\s*[,)]`,
  ).test(plain);
}

/** Some names of members, for a message. */
const listed = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more members` : names.join(', ');

/** Whether all of it is handed out: the size that is asked for is its own, or bounded by that. */
function isWhole(texts: readonly string[], { variable, type }: Given, before: string): boolean {
  const own = `sizeof\\s*\\(\\s*(?:\\*?${variable}|struct\\s+${type})\\s*\\)`;
  return (
    texts.length === 2 ||
    texts.some(
      (text) =>
        new RegExp(`^${own}$`).test(text) ||
        (/^\w+$/.test(text) && new RegExp(`\\b${text}\\s*=\\s*(?:min|min_t|umin)\\s*\\([^;]*${own}`).test(before)),
    )
  );
}

/** The text of a function before a call; of a case of a switch that is entered from above alone, without the cases before it. */
function wayTo(tree: SyntaxTree, definition: number, call: number): string {
  const label = tree.ancestorOfKind(call, CKind.case_statement);
  const start = tree.starts[definition]!;
  if (label === NONE || label < definition) return tree.text.slice(start, tree.starts[call]);
  const block = tree.parents[label]!;
  const cases = tree.children(block, true).filter((child) => tree.kinds[child] === (CKind.case_statement as number));
  const previous = cases[cases.indexOf(label) - 1];
  if (previous !== undefined && !/\b(?:break|return\b[^;]*|goto\s+\w+|continue)\s*;\s*(?:\}\s*)*$/.test(tree.textOf(previous)))
    return tree.text.slice(start, tree.starts[call]);
  return `${tree.text.slice(start, tree.starts[block])}\n${tree.text.slice(tree.starts[label], tree.starts[call])}`;
}

/** The members that a text sets or hands on; true for one that only ever gets a string. */
function settingsIn({ text, variable, arrow }: Given): Map<string, boolean> {
  const set = new Map<string, boolean>();
  for (const { index, 1: field } of text.matchAll(new RegExp(`(?<![\\w>.])${variable}\\s*${arrow}\\s*(\\w+)`, 'g'))) {
    const call = /(\w+)\s*\(\s*$/.exec(text.slice(Math.max(0, index - 40), index))?.[1];
    const isString = call !== undefined && WRITES_STRING.test(call);
    const isSize = call === 'sizeof';
    if (isSize) continue;
    set.set(field!, isString && set.get(field!) !== false);
  }
  return set;
}

/** What a structure that the file or a header of the kernel declares has in it. */
function layoutOf(tree: SyntaxTree, type: string): Layout | undefined {
  const own = membersIn(tree, type);
  if (own) return { members: own, hasHoleAtEnd: false };
  const text = LAYOUTS.get(type);
  if (text === undefined) return undefined;
  const members: Member[] = [];
  let hasHole = false;
  for (const word of text.split(' ')) {
    if (word !== '_')
      members.push({ names: word.replace('!', '').split('/'), isArray: word.endsWith('!'), hasHoleBefore: hasHole });
    hasHole = word === '_';
  }
  return { members, hasHoleAtEnd: hasHole };
}

/** The members of a structure that the file declares; what is between them is not known. */
function membersIn(tree: SyntaxTree, type: string): Member[] | undefined {
  const at = new RegExp(`\\bstruct\\s+${type}\\s*\\{`).exec(tree.text)?.index;
  if (at === undefined) return undefined;
  const list = tree.childOfKind(
    tree.ancestorOfKind(tree.nodeAt(at + 'struct '.length), CKind.struct_specifier),
    CKind.field_declaration_list,
  );
  if (list === NONE) return undefined;
  const members: Member[] = [];
  for (const field of tree.children(list, true)) {
    if (tree.kinds[field] === (CKind.comment as number)) continue;
    if (tree.kinds[field] !== (CKind.field_declaration as number)) return undefined;
    for (const declarator of tree.children(field)) {
      if (tree.fields[declarator] !== (Field.declarator as number)) continue;
      const text = tree.textOf(declarator);
      const name = /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(text)?.[1];
      if (name !== undefined) members.push({ names: [name], isArray: text.includes('['), hasHoleBefore: false });
    }
  }
  return members.length > 0 ? members : undefined;
}
