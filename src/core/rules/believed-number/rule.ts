import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import type { Report, Rule, RuleContext } from '../model';
import { assignment, plain, pointsInto, readAs, receivedIn, type Received } from './received';
import { isBounded } from './bounded';
import { followed, typeOf } from './followed';

/** Copies whose source is read for as long as an argument says: source | length. Source: include/linux/string.h, skbuff.h. */
const COPIES = new Map<string, readonly [number, number]>([
  ['memcpy', [1, 2]],
  ['memmove', [1, 2]],
  ['kmemdup', [0, 1]],
  ['kmemdup_nul', [0, 1]],
  ['skb_put_data', [1, 2]],
  ['memcpy_toio', [1, 2]],
  ['crc32_le', [1, 2]],
  ['copy_to_user', [1, 2]],
  ['print_hex_dump_bytes', [2, 3]],
]);

/** What a function without any of these does with a number is not looked at: a copy, an index, an offset. */
const USES = new RegExp(
  `\\b(?:${[...COPIES.keys()].join('|')}|skb_put|skb_set_tail_pointer|skb_pull)\\s*\\(|[\\w)\\]]\\[\\s*[A-Za-z_(]|=[^;=]*\\+`,
);

/** Files that have anything that was received, and those that are handed it, or told a number, in other ways. */
const RECEIVED = /->(?:data|transfer_buffer|b_data|payload)\b|[lb]e(?:16|32|64)_to_cpu|get_unaligned_|nto[hs][sl]?\(/;
const HANDED =
  /_(?:msg|message|cmd|evt|event|ind|rsp|resp|reply|hdr|header|pkt|packet|report|pdu|frame)\s*\*|_find_ie|recv|_read_u32|kstrto|of_alias_get_id|i2c_msg|i2c_smbus_data|phandle_args|snd_ctl_elem_value|copy_from_user|RING_COPY|regmap_\w*read|len\w*\s*[,)]|(?:void|u8|char)\s*\*\s*\w*(?:data|buf|msg|pkt|frame|payload|ptr)\w*\s*[,)]/;

const rule: Rule = {
  metadata: {
    id: 'believed-number',
    title: 'Number in a received message is believed',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-125',
    why: 'Whoever sent the message wrote the number, too; nothing compares it with what has arrived, or with the room there is.',
    falsePositives: [
      'A caller in another file has checked the message as a whole.',
      'An array that a header declares has an element for each number that can be there.',
    ],
    references: ['https://docs.kernel.org/process/deprecated.html', 'https://cwe.mitre.org/data/definitions/125.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'A slice carries its length: reading behind it, or indexing behind an array, stops.',
      items: ['kernel::transmute::FromBytes', 'kernel::alloc::KVec'],
    },
  },
  run: ({ tree, model }: RuleContext): Report[] => {
    const said = new Set<string>();
    const isPlain = RECEIVED.test(tree.text);
    if (!isPlain && !HANDED.test(tree.text)) return [];
    return model.functions.flatMap((definition) =>
      tree.hasError(definition.node) || !isLookedAt(tree.text.slice(definition.start, definition.end))
        ? []
        : [...(isPlain ? judge(tree, model, definition, said) : []), ...followed(tree, model, definition, said)],
    );
  },
};
export default rule;

/** What the machine's own firmware says of it, and what remoteproc's core has checked: rproc_elf_sanity_check(). */
const TRUSTED = /\bstruct\s+(?:acpi|elf\d+)_|ATOM_|\bElf\d+_|elf_hdr/;

const isLookedAt = (text: string): boolean => USES.test(text) && !TRUSTED.test(text);

/** A number that was read out of a message. */
interface Read {
  /** Node of the reading. */
  node: number;
  text: string;
  /** Names that a comparison would speak of. */
  words: string[];
  /** Name of the field, '' if it was read by its place, and the variable that it is reached by. */
  field: string;
  base: string;
  isWide: boolean;
}

/** @param said what was reported of the file: siblings that believe the same field are one report */
function* judge(tree: SyntaxTree, model: DriverModel, definition: FunctionDefinition, said: Set<string>): Generator<Report> {
  const received = receivedIn(tree, model, definition);
  if (!received) return;
  const { body, name } = definition;
  const numbers = numbersIn(tree, body, received);
  for (let node = body; node < tree.nexts[body]!; node++) {
    const kind = tree.kinds[node] as CKind;
    const use =
      kind === CKind.call_expression
        ? copyOf(tree, node, received)
        : kind === CKind.subscript_expression
          ? indexOf(tree, node, received)
          : kind === CKind.for_statement || kind === CKind.while_statement
            ? roundsOf(tree, node, received)
            : kind === CKind.init_declarator || kind === CKind.assignment_expression
              ? placeOf(tree, node, body, received)
              : undefined;
    if (!use) continue;
    const text = plain(tree.textOf(use.number)).replace(/^\((.*)\)$/, '$1');
    const direct = readAs(tree, use.number, received);
    const read: Read | undefined =
      numbers.get(text) ?? (direct && { node: use.number, words: direct.field ? [`>${direct.field}`] : [], ...direct });
    if (!read || read.words.length === 0 || read.node > use.number || said.has(read.field || `${name} ${read.text}`)) continue;
    // An adapter may be trusted with the tags and the tables that it was given.
    if (use.isOwn && received.laidOut.has(received.pointers.get(read.base) ?? read.base) && !isOutside(tree.text)) continue;
    // A byte counts no more than a block of a disk has bytes.
    if (use.isOwn && !read.isWide && (received.pointers.get(read.base) ?? read.base).endsWith('->b_data')) continue;
    if (use.isIndex && !read.isWide) continue; // a byte may be in range of what has 256 elements
    if (isBounded(tree, model, definition, read.words, read.field, typeOf(tree, definition, read.base), use.number)) continue;
    said.add(read.field || `${name} ${read.text}`);
    yield {
      node: use.number,
      function: name,
      message: use.message(tree.textOf(use.number).replace(/\s+/g, ' ')),
      related:
        read.node === use.number
          ? []
          : [{ start: tree.starts[read.node]!, end: tree.ends[read.node]!, message: `${read.text} was received` }],
    };
  }
}

/** What is plugged in, or was written elsewhere: a USB device, a file system. */
const isOutside = (text: string): boolean => /\bstruct\s+(?:usb_driver|usb_interface|urb|buffer_head|super_block)\b/.test(text);

interface Use {
  number: number;
  isIndex?: boolean;
  /** It counts or names elements, other than to copy or to follow what is anywhere. */
  isOwn?: boolean;
  message: (name: string) => string;
}

/** `memcpy(to, hdr->data, length)`. */
function copyOf(tree: SyntaxTree, node: number, received: Received): Use | undefined {
  const callee = calleeOf(tree, node);
  const known = COPIES.get(callee);
  if (!known) return undefined;
  const args = argumentsOf(tree, node);
  const source = args[known[0]];
  const number = args[known[1]];
  if (source === undefined || number === undefined) return undefined;
  const from = tree.textOf(source).replace(/\s+/g, ' ');
  if (pointsInto(plain(from), received) === undefined) return undefined;
  return {
    number,
    message: (name) =>
      `${callee}() reads ${name} bytes at ${from}, and nothing compares that number, which was received, with what has arrived`,
  };
}

/** `priv->port[hdr->port]`. */
function indexOf(tree: SyntaxTree, node: number, received: Received): Use | undefined {
  const array = tree.childByField(node, Field.argument);
  const number = tree.childByField(node, Field.index);
  if (array === NONE || number === NONE) return undefined;
  const text = tree.textOf(array).replace(/\s+/g, ' ');
  if (pointsInto(plain(text), received) !== undefined) return undefined;
  return {
    number,
    isIndex: true,
    isOwn: true,
    message: (name) => `${name}, which was received, indexes ${text}, and nothing compares it with the number of elements`,
  };
}

/** `for (i = 0; i < hdr->count; i++)` over elements. */
function roundsOf(tree: SyntaxTree, node: number, received: Received): Use | undefined {
  let condition = tree.childByField(node, Field.condition);
  if (condition !== NONE && tree.kinds[condition] === (CKind.parenthesized_expression as number))
    condition = tree.children(condition, true)[0] ?? NONE;
  if (condition === NONE || tree.kinds[condition] !== (CKind.binary_expression as number)) return undefined;
  const operator = tree.textOf(tree.childByField(condition, Field.operator));
  if (operator !== '<' && operator !== '<=') return undefined;
  const counter = tree.textOf(tree.childByField(condition, Field.left));
  const number = tree.childByField(condition, Field.right);
  const body = tree.childByField(node, Field.body);
  if (!/^\w+$/.test(counter) || body === NONE || number === NONE) return undefined;
  for (let at = body; at < tree.nexts[body]!; at++) {
    if (
      tree.kinds[at] !== (CKind.subscript_expression as number) ||
      !new RegExp(`\\b${counter}\\b`).test(tree.textOf(tree.childByField(at, Field.index)))
    )
      continue;
    const array = tree.textOf(tree.childByField(at, Field.argument)).replace(/\s+/g, ' ');
    if (!isPart(plain(array), received)) continue;
    return {
      number,
      isOwn: true,
      message: (name) =>
        `${array}[] is gone through up to ${name}, and nothing compares that number, which was received, with how much has arrived`,
    };
  }
  return undefined;
}

/** Whether an expression is an array in what was received: `evt->status`, `data`. */
const isPart = (array: string, { roots, pointers }: Received): boolean =>
  [...roots, ...pointers.keys()].some(
    (name) => array === name || (array.startsWith(name) && /^(?:->|\.)\w+$/.test(array.slice(name.length))),
  );

/** `hdr = data + offset`, and hdr is followed later. */
function placeOf(tree: SyntaxTree, node: number, body: number, received: Received): Use | undefined {
  const [left, right] = assignment(tree, node);
  if (left === NONE || right === NONE) return undefined;
  const name = tree.textOf(left).replace(/[\s*]|__\w+/g, '');
  if (!/^\w+$/.test(name) || pointsInto(plain(tree.textOf(right)), received) === undefined) return undefined;
  let at = right;
  while (tree.kinds[at] === (CKind.cast_expression as number) || tree.kinds[at] === (CKind.parenthesized_expression as number))
    at =
      tree.kinds[at] === (CKind.cast_expression as number)
        ? tree.childByField(at, Field.value)
        : (tree.children(at, true)[0] ?? NONE);
  if (at === NONE || tree.kinds[at] !== (CKind.binary_expression as number)) return undefined;
  const number = tree.childByField(at, Field.right);
  if (number === NONE || tree.textOf(tree.childByField(at, Field.operator)) !== '+') return undefined;
  if (!new RegExp(`\\b${name}\\s*(?:->|\\[)|\\*\\s*${name}\\b`).test(tree.text.slice(tree.ends[node], tree.ends[body])))
    return undefined;
  return {
    number,
    message: (offset) =>
      `${name} is set ${offset} bytes further and followed, and nothing compares that number, which was received, with how much has arrived`,
  };
}

/** Variables that hold a number of the message, and nothing else. */
function numbersIn(tree: SyntaxTree, body: number, received: Received): Map<string, Read> {
  const numbers = new Map<string, Read>();
  const spoiled = new Set<string>();
  for (let node = body; node < tree.nexts[body]!; node++) {
    const kind = tree.kinds[node] as CKind;
    const [left, right] = assignment(tree, node);
    if (left === NONE || right === NONE) {
      if (kind === CKind.assignment_expression) spoiled.add(tree.textOf(tree.childByField(node, Field.left)));
      continue;
    }
    const name = tree.textOf(left).trim();
    const read = /^\w+$/.test(name) ? readAs(tree, right, received) : undefined;
    if (!read) {
      if (!/^(?:0|NULL)$/.test(tree.textOf(right))) spoiled.add(name);
    } else if (numbers.has(name)) spoiled.add(name);
    else numbers.set(name, { node: right, words: read.field ? [name, `>${read.field}`] : [name], ...read });
  }
  for (const name of spoiled) numbers.delete(name);
  return numbers;
}
