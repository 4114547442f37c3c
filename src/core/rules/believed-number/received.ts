import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';

/** Names of functions that are given what arrived, and of those that build what is to be sent. */
export const RECEIVES =
  /(?:^|_)(?:rx|recv|received?|rcv|rsp|resp|reply|ntf|evt|event|ind|indication|indicate|input|report|parse|process|handle|handler|callback|complete|irq|isr)(?:_|\d|$)/;
export const SENDS =
  /(?:^|_)(?:tx|xmit|send|output|build|encode|create|alloc|put|fill|push|encap|prep|prepare|write|submit|enqueue|setup|init)(?:_|\d|$)/;

/** What handles what the adapter's own firmware says, whose word drivers take: its microcontroller, its mailbox. */
export const OF_FIRMWARE = /(?:^|_)(?:mcu|c2h|cmsg|mbox|fw)(?:_|$)/;

/** What a function knows as received: expressions of its beginning, and variables that point into it. */
export interface Received {
  /** `skb->data`, `urb->transfer_buffer`, `fw->data`, a parameter. */
  roots: string[];
  /** Local variables that point into it, by the root that they come from. */
  pointers: Map<string, string>;
  /** Roots of which only the conversion of their fields tells: nothing says from where they come, the adapter itself perhaps. */
  laidOut: ReadonlySet<string>;
}

/** Text without spaces and casts to pointers. */
export const plain = (text: string): string =>
  text
    .replace(/\((?:const\s+)?(?:struct\s+|union\s+|unsigned\s+)?\w+(?:\s+__\w+)?\s*\*+\s*\)/g, '')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, '');

const entered = new WeakMap<DriverModel, Set<string | null>>();

/** The functions that the kernel enters. */
function enteredIn(model: DriverModel): ReadonlySet<string | null> {
  let names = entered.get(model);
  if (!names) entered.set(model, (names = new Set(model.entryPoints.map((point) => point.function))));
  return names;
}

/** The expressions by which a function's head and declarations name what was received. */
function rootsOf(
  tree: SyntaxTree,
  model: DriverModel,
  { name, start, body, end, isStatic }: FunctionDefinition,
): { roots: string[]; laidOut: Set<string> } {
  const head = tree.text.slice(start, tree.starts[body]);
  const text = tree.text.slice(start, end);
  const roots: string[] = [];
  const isEntered = enteredIn(model).has(name);
  const isReceiver = !SENDS.test(name) && !OF_FIRMWARE.test(name) && (RECEIVES.test(name) || isEntered);
  if (isReceiver) {
    for (const [, skb] of head.matchAll(/struct\s+sk_buff\s*\*\s*(\w+)\s*[,)]/g))
      if (!/xmit/.test(name)) roots.push(`${skb!}->data`);
    for (const [, urb] of head.matchAll(/struct\s+urb\s*\*\s*(\w+)\s*[,)]/g))
      if (/usb_(?:fill|complete)|urb/.test(tree.text)) roots.push(`${urb!}->transfer_buffer`);
    for (const [, operation] of head.matchAll(/struct\s+gb_operation\s*\*\s*(\w+)\s*[,)]/g))
      roots.push(`${operation!}->request->payload`);
  }
  if (isReceiver && RECEIVES.test(name) && !/->(?:private_data|data)\s*=|work_struct|timer_list/.test(head))
    for (const [, buffer] of head.matchAll(
      /\b(?:void|u8|__u8|uint8_t|char)\s*\*\s*(\w*(?:evt|event|data|buf|msg|ptr|payload|rsp|resp|pkt|ind|report|packet)\w*)\s*[,)]/g,
    ))
      roots.push(buffer!);
  // A structure whose fields are converted is laid out as it was received.
  const converted = SENDS.test(name) ? '' : text;
  const laidOut = new Set<string>();
  for (const [, pointer] of converted.matchAll(
    /\b(?:[lb]e(?:16|32|64)_to_cpu|get_unaligned(?:_[lb]e\d+)?|nto[hs][sl]?)\s*\(\s*&?(\w+)->/g,
  ))
    if (
      !roots.includes(pointer!) &&
      new RegExp(`\\bstruct\\s+(?!usb_)\\w+\\s*\\*\\s*(?:const\\s+)?${pointer!}\\s*[,;=)]`).test(text) &&
      !new RegExp(`\\b${pointer!}->[\\w.]+\\s*[-+|&]?=[^=]`).test(text)
    ) {
      roots.push(pointer!);
      laidOut.add(pointer!);
    }
  for (const [, firmware] of text.matchAll(/\bconst\s+struct\s+firmware\s*\*\s*(\w+)/g))
    if (isStatic || !new RegExp(`\\b${firmware!}\\b`).test(head)) roots.push(`${firmware!}->data`);
  for (const [, block] of text.matchAll(/\bstruct\s+buffer_head\s*\*\s*(\w+)/g)) roots.push(`${block!}->b_data`);
  // What other files hand over, they may have looked at.
  const isOpen = isStatic || isEntered;
  return {
    roots: roots.filter(
      (root) => text.includes(root) && (isOpen || !new RegExp(`\\*\\s*(?:const\\s+)?${root}\\s*[,)]`).test(head)),
    ),
    laidOut,
  };
}

/** Declarators and places beyond this many characters name no plain variable. */
const LONGEST_NAME = 48;

/** What a function has of received data; undefined if it has nothing. */
export function receivedIn(tree: SyntaxTree, model: DriverModel, definition: FunctionDefinition): Received | undefined {
  const { roots, laidOut } = rootsOf(tree, model, definition);
  if (roots.length === 0) return undefined;
  const firmware = /\bconst\s+struct\s+firmware\s*\*\s*(\w+)/.exec(tree.text.slice(definition.start, definition.end))?.[1];
  const pointers = new Map<string, string>();
  const { body } = definition;
  const end = tree.nexts[body]!;
  for (let node = body; node < end; node++) {
    const [left, right] = assignment(tree, node);
    if (left === NONE || right === NONE || tree.ends[left]! - tree.starts[left]! > LONGEST_NAME) continue;
    const name = tree.textOf(left).replace(/[\s*]|__\w+/g, '');
    if (!/^\w+$/.test(name)) continue;
    const value = plain(tree.textOf(right));
    const root = pointsInto(value, { roots, pointers });
    if (root !== undefined) pointers.set(name, root);
    // What is found in a message or in a firmware file is of it.
    if (!laidOut.has(name)) continue;
    const owner = /^[(&]*(\w+)->\w+/.exec(value)?.[1];
    const from = root ?? (owner === undefined ? undefined : (pointers.get(owner) ?? owner));
    if (
      (from !== undefined && from !== name && roots.includes(from) && !laidOut.has(from)) ||
      (owner !== undefined && roots.includes(owner) && !laidOut.has(owner)) ||
      (firmware !== undefined && new RegExp(`^\\w+\\(.*\\b${firmware}\\b`).test(value))
    )
      laidOut.delete(name);
  }
  return { roots, pointers, laidOut };
}

/** The two sides of `a = b` or of a declaration with a value; NONE for other nodes. */
export function assignment(tree: SyntaxTree, node: number): [number, number] {
  const kind = tree.kinds[node] as CKind;
  if (kind === CKind.init_declarator) return [tree.childByField(node, Field.declarator), tree.childByField(node, Field.value)];
  if (kind === CKind.assignment_expression && tree.hasText(tree.childByField(node, Field.operator), '='))
    return [tree.childByField(node, Field.left), tree.childByField(node, Field.right)];
  return [NONE, NONE];
}

/** The root that an expression is a pointer into: `buf`, `skb->data + 4`, `&buf[2]`, `hdr->payload`. */
export function pointsInto(expression: string, { roots, pointers }: Pick<Received, 'roots' | 'pointers'>): string | undefined {
  const bare = expression.replace(/^[(&]+/, '');
  const isAddress = /^\(*&/.test(expression);
  for (const [name, root] of [...roots.map((one) => [one, one] as const), ...pointers]) {
    if (!bare.startsWith(name)) continue;
    const rest = bare.slice(name.length);
    if (/^[)]*(?:$|\+(?!\+))/.test(rest)) return root;
    if (
      isAddress
        ? /^(?:\[|->\w+)/.test(rest)
        : /^->(?:data|payload|variable|info|tlv|buf|body|elements|value|u)\)*(?:$|\+)/.test(rest)
    )
      return root;
  }
  return undefined;
}

/** Conversions that give the number that stands in the message. */
export const CONVERTS =
  /^(?:(?:__)?(?:le|be)(?:16|32|64)_to_cpup?|get_unaligned(?:_(?:le|be)\d+)?|nto[hs]l?|ntoh[sl]|(?:mon_)?(?:le|be)\d+_to_cpu)$/;

/** A number of a message: the expression that reads it, the field's name ('' if it is read by its place) and the variable that the field is reached by. */
export interface Reading {
  text: string;
  field: string;
  base: string;
  /** It has more than eight bits. */
  isWide: boolean;
}

/** What of a message an expression reads as a number; undefined if it does anything else. */
export function readAs(tree: SyntaxTree, node: number, received: Received): Reading | undefined {
  const text = plain(tree.textOf(node));
  const told = tree.textOf(node).replace(/\s+/g, ' ');
  if (text.length > 90) return undefined;
  const bytes =
    /^\(*([\w.>-]+)\[\w+\]\|\(?([\w.>-]+)\[\w+\]<<8\)*(?:[-+]\w+)?$|^\(*\(?([\w.>-]+)\[\w+\]<<8\)?[|+]([\w.>-]+)\[\w+\]\)*(?:[-+]\w+)?$/.exec(
      text,
    );
  const base = bytes && (bytes[1] ?? bytes[3]);
  if (base && (received.roots.includes(base) || received.pointers.has(base)))
    return { text: told, field: '', base, isWide: true };
  if (
    /[?<>%&|^~!]|sizeof|\bmin|clamp/.test(
      text
        .replace(/->/g, '.')
        .replace(/^\(*&/, '')
        .replace(/\((?=&)&/g, '('),
    )
  )
    return undefined;
  for (const [, callee] of text.matchAll(/(\w+)\(/g)) if (!CONVERTS.test(callee!)) return undefined;
  const inner = text
    .replace(/\b\w+\((?=.)/, (call) => (CONVERTS.test(call.slice(0, -1)) ? '' : call))
    .replace(/^[&(]+/, '')
    .replace(/^\w+\(&?/, (call) => (CONVERTS.test(call.replace(/\W+$/, '')) ? '' : call));
  const isWide = inner !== text && !/u8|_8/.test(text);
  for (const name of [...received.roots, ...received.pointers.keys()]) {
    if (!inner.startsWith(name)) continue;
    const rest = inner.slice(name.length);
    const field = /^(?:\[\w+\])?(?:->|\.)([\w.]+?)\)*(?:[-+*]\w+)?$/.exec(rest)?.[1];
    if (field !== undefined && !received.roots.includes(`${name}->${field}`))
      return { text: told, field: field.replace(/^.*\./, ''), base: name, isWide };
    if (/^\[\w+\]\)*(?:[-+]\w+)?$/.test(rest)) return { text: told, field: '', base: name, isWide };
    if (CONVERTS.test(/^(\w+)\(/.exec(text)?.[1] ?? '') && /^(?:\+\w+)?\)*(?:[-+]\w+)?$/.test(rest))
      return { text: told, field: '', base: name, isWide };
  }
  return undefined;
}
