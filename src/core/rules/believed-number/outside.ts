import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { RECEIVES, SENDS, assignment, plain } from './received';

/** What a number or a buffer is of: who has written it. */
export type Sender = 'message' | 'element' | 'firmware' | 'request';

/** Memory that another side has filled, as a function knows it: names and paths of pointers into it, by who has filled it. */
export type Outside = Map<string, Sender>;

/** Functions that find an element of a frame: it is all there, but as long as its sender likes. Source: include/net/cfg80211.h. */
const FINDS = /^(?:cfg80211_find_(?:vendor_)?(?:ie|elem)|ieee80211_bss_get_(?:ie|elem)|rtw_get_ie|r8712_get_ie)$/;
/** Functions that give a pointer into the packet that they are handed. Source: include/linux/skbuff.h. */
const PULLS = /^(?:skb_pull_data|skb_header_pointer|skb_pull|skb_tail_pointer|msg_data)$/;
/** Functions that read a block of a disk. Source: block/partitions/check.h. */
const READS_BLOCK = 'read_part_sector';
/** What fills a buffer: name | position of the buffer. Sources: include/linux/usb.h, i2c.h, regmap.h, spi/spi.h. */
const FILLS = new Map<string, number>([
  ['usb_control_msg', 6],
  ['usb_control_msg_recv', 6],
  ['usb_bulk_msg', 2],
  ['usb_interrupt_msg', 2],
  ['i2c_master_recv', 1],
  ['i2c_smbus_read_block_data', 2],
  ['i2c_smbus_read_i2c_block_data', 3],
  ['hid_hw_raw_request', 2],
  ['spi_read', 1],
  ['copy_from_user', 0],
  ['RING_COPY_RESPONSE', 2],
  ['RING_COPY_REQUEST', 2],
  ['regmap_bulk_read', 2],
  ['regmap_raw_read', 2],
]);
/** Structures that say by their names that they are laid out as they come. */
const NAMED =
  '(?:(?:struct|union)\\s+|\\b(?=\\w+_t(?:ype)?\\s*\\*))(?!(?:hw_)?perf_event|hid_report|v4l2_|drm_pending|snd_|input_|msi_|mhi_|tun_|iio_|acpi_|trace_|xhci_|host_if_|cfg80211_|\\w*params_)\\w*(?:_msg|_message|_cmd|_evt|_event|_ind|_rsp|_resp|_reply|_ntf|_notif\\w*|_hdr|_header|_pkt|_packet|_report|_notification|_pdu|_frame)(?:_(?:le|hw|v\\d|t|type|rx))?\\s*\\*\\s*(?:const\\s+)?(\\w+)\\s*';
const MESSAGE = new RegExp(`\\b${NAMED}[,)]`, 'g');
const LOCAL_MESSAGE = new RegExp(
  `\\b${NAMED}=\\s*(?:&[\\w>.-]*(?:pdu|msg|rsp|evt|rx)\\b|\\([^()]*\\*\\s*\\)\\w+->(?:data|payload)\\b)`,
  'g',
);
/** Pointers to what is laid out as it comes: a structure whose fields are converted. */
const CONVERTED = /\b(?:__)?(?:[lb]e(?:16|32|64)_to_cpu|nto[hs][sl]?)\s*\(\s*(\w+)->\w+\s*\)/g;
/** Files that read what is plugged in, what was sent, or what was written elsewhere; others read what their own adapter has laid out. */
const FOREIGN = /\bstruct\s+(?:usb_driver|usb_interface|urb|buffer_head|super_block|sk_buff)\b|tplg/;
/** Buffers of a driver that by their names hold what has come. */
const RECEIVED_FIELD = /\b\w+->(?:\w+_)?(?:rx|recv|in)_?(?:buf|buffer|data|msg)\b/g;
const BYTES =
  /\b(?:void|u8|__u8|uint8_t|char)\s*\*\s*(?:const\s+)?(\w*(?:evt|event|data|buf|msg|ptr|payload|rsp|resp|pkt|ind|report|packet|frame|mssg)\w*)\s*[,)]/g;
const PARSES = /(?:^|_)(?:parse|extract|decode|unpack|rx|read|inf|confirm|cfm|scanresults?|response)(?:_|\d|$)/;
/** What handles what the adapter's own microcontroller says, whose word drivers take. */
const OF_ADAPTER = /(?:^|_)(?:mcu|c2h|cmsg)(?:_|$)/;
/** A buffer and how long it is. */
const PAIR = /\b(?:void|u8|__u8|uint8_t|char)\s*\*\s*\w+\s*,\s*(?:unsigned\s+)?(?:int|size_t|u16|u32|uint\w*)\s+\w*len\w*\s*[,)]/;

/** Names of what a function is handed by its callers that another side has filled. */
function handedIn(tree: SyntaxTree, model: DriverModel, definition: FunctionDefinition, head: string, text: string): Outside {
  const { name } = definition;
  const outside: Outside = new Map();
  const isConst = /\bconst\s+struct\s+\w*_(?:msg|message|evt|event|rsp)\s*\*/.test(head);
  const sends = (SENDS.test(name) && !isConst) || OF_ADAPTER.test(name);
  const isPair = PAIR.test(head) && !/write|set_|crypt|hash|copy/.test(name);
  const receives =
    !sends &&
    (isConst || isPair || RECEIVES.test(name) || PARSES.test(name) || model.entryPoints.some((one) => one.function === name));
  if (receives) {
    for (const [, skb] of head.matchAll(/struct\s+sk_buff\s*\*\s*(\w+)\s*[,)]/g))
      if (!/xmit/.test(name)) outside.set(`${skb!}->data`, 'message');
    for (const [, urb] of head.matchAll(/struct\s+urb\s*\*\s*(\w+)\s*[,)]/g)) outside.set(`${urb!}->transfer_buffer`, 'message');
    if (
      !/work_struct|timer_list|\birq\b/.test(head) &&
      !/irq|isr|interrupt|int_handler|thread/.test(name) &&
      (isConst || isPair || RECEIVES.test(name) || PARSES.test(name))
    ) {
      for (const [, buffer] of head.matchAll(BYTES)) outside.set(buffer!, 'message');
      for (const [, message] of head.matchAll(MESSAGE)) if (!/info$/.test(message!)) outside.set(message!, 'message');
    }
  }
  if (receives) {
    for (const [, message] of text.matchAll(LOCAL_MESSAGE)) outside.set(message!, 'message');
    if (/struct\s+urb\s*\*/.test(head)) for (const [field] of text.matchAll(RECEIVED_FIELD)) outside.set(field, 'message');
  }
  if (text.includes('_to_cpu(') && !OF_ADAPTER.test(name) && FOREIGN.test(tree.text))
    for (const [, pointer] of text.matchAll(CONVERTED))
      if (
        !/dev|desc|tx|priv|urb/.test(pointer!) &&
        new RegExp(`\\b${pointer!}\\s*=\\s*\\((?:const\\s+)?(?:struct\\s+\\w+|void)\\s*\\*`).test(text)
      )
        outside.set(pointer!, 'message');
  for (const [, args] of head.matchAll(/\bstruct\s+(?:of_phandle_args|fwnode_reference_args)\s*\*\s*(\w+)\s*[,)]/g))
    outside.set(`${args!}->args`, 'request');
  for (const [, value] of head.matchAll(/\bstruct\s+snd_ctl_elem_value\s*\*\s*(\w+)\s*[,)]/g))
    if (/put/.test(name)) outside.set(`${value!}->value`, 'request');
  // An image that another function of the file has loaded, that one may have looked at.
  for (const [, firmware] of text.matchAll(/\bconst\s+struct\s+firmware\s*\*\s*(\w+)/g))
    if (text.includes(`&${firmware!}`) || new RegExp(`\\b${firmware!}\\b`).test(head))
      outside.set(`${firmware!}->data`, 'firmware');
  for (const [, data] of head.matchAll(/\bunion\s+i2c_smbus_data\s*\*\s*(\w+)\s*[,)]/g))
    outside.set(`${data!}->block`, 'message');
  if (/xfer|transfer/.test(name) && !tree.text.includes('i2c_adapter_quirks'))
    for (const [, messages] of head.matchAll(/\bstruct\s+i2c_msg\s*\**\s*(\w+)(?:\[\w*\])?\s*[,)]/g))
      outside.set(messages!, 'request');
  for (const [, control] of head.matchAll(/\bstruct\s+usb_ctrlrequest\s*\*\s*(\w+)\s*[,)]/g)) outside.set(control!, 'request');
  return outside;
}

/** What a function knows of memory that another side has filled; undefined if there is none. */
export function outsideIn(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  more: readonly string[] = [],
): Outside | undefined {
  const { body, start, end } = definition;
  const text = tree.text.slice(start, end);
  const outside = handedIn(tree, model, definition, tree.text.slice(start, tree.starts[body]), text);
  for (const name of more) outside.set(name, 'message');
  if (
    outside.size === 0 &&
    !/_property_read_u|kstrto|of_alias_get|_find_|_get_ie|recv|_msg\(|_block_data|copy_from_user|RING_COPY|regmap_|spi_read|_part_sector|_raw_request/.test(
      text,
    )
  )
    return undefined;
  const stop = tree.nexts[body]!;
  for (let node = body; node < stop; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.call_expression) {
      const callee = calleeOf(tree, node);
      const position = FILLS.get(callee) ?? (callee.includes('recv') ? -2 : undefined);
      if (position === undefined) continue;
      const args = argumentsOf(tree, node);
      // A buffer and its size: `acme_recv(dev, page, buf, SIZE)`.
      const buffer = args[position === -2 ? args.length - 2 : position];
      const name = buffer === undefined ? '' : plain(tree.textOf(buffer)).replace(/^\(*&?|\)+$/g, '');
      if (position === -2 && !/buf|data/.test(name)) continue;
      if (/^[A-Za-z_][\w.>-]*$/.test(name) && name !== 'NULL') outside.set(name, 'message');
      continue;
    }
    const [left, right] = assignment(tree, node);
    if (left === NONE || right === NONE) continue;
    const name = tree.textOf(left).replace(/[\s*]|__\w+/g, '');
    if (!/^\w+$/.test(name)) continue;
    const from = pointsInto(tree, right, outside);
    if (from !== undefined && isPointer(tree, definition, left, name)) outside.set(name, from);
  }
  // What the function writes by itself is its own.
  for (const name of outside.keys()) if (!/->/.test(name) && isWritten(text, name)) outside.delete(name);
  return outside;
}

/** `p->field = value`: the structure is being made. */
const isWritten = (text: string, name: string): boolean =>
  text.includes(`${name}->`) && new RegExp(`\\b${name}->\\w[\\w.]*(?:\\[\\w+\\])?\\s*=[^=]`).test(text);

function isPointer(tree: SyntaxTree, { start, end }: FunctionDefinition, left: number, name: string): boolean {
  if (tree.kinds[left] === (CKind.pointer_declarator as number)) return true;
  return new RegExp(`\\*\\s*(?:const\\s+|__\\w+\\s+)?${name}\\b\\s*(?:[,;=)]|__)`).test(tree.text.slice(start, end));
}

/** Of what an expression is a pointer into: `buf`, `skb->data + 4`, `&buf[2]`, `hdr->payload`, `(struct x *)p`. */
export function pointsInto(tree: SyntaxTree, node: number, outside: Outside): Sender | undefined {
  const { kinds } = tree;
  switch (kinds[node] as CKind) {
    case CKind.identifier:
      return outside.get(tree.textOf(node));
    case CKind.parenthesized_expression: {
      const inner = tree.children(node, true)[0];
      return inner === undefined ? undefined : pointsInto(tree, inner, outside);
    }
    case CKind.cast_expression:
      return pointsInto(tree, tree.childByField(node, Field.value), outside);
    case CKind.binary_expression:
      return /^[-+]$/.test(tree.textOf(tree.childByField(node, Field.operator)))
        ? pointsInto(tree, tree.childByField(node, Field.left), outside)
        : undefined;
    case CKind.pointer_expression:
      return tree.text.startsWith('&', tree.starts[node])
        ? placedIn(tree, tree.childByField(node, Field.argument), outside)
        : undefined;
    case CKind.field_expression:
      return outside.get(plain(tree.textOf(node))) ?? placedIn(tree, node, outside);
    case CKind.call_expression: {
      const callee = calleeOf(tree, node);
      if (FINDS.test(callee)) return 'element';
      if (callee === READS_BLOCK) return 'message';
      const first = argumentsOf(tree, node)[0];
      if (first === undefined || !PULLS.test(callee)) return undefined;
      return outside.get(`${plain(tree.textOf(first))}->data`) ?? pointsInto(tree, first, outside);
    }
    default:
      return undefined;
  }
}

/** Of what an element or a field is part: `hdr->u.a.b`, `buf[2]`. */
export function placedIn(tree: SyntaxTree, node: number, outside: Outside): Sender | undefined {
  for (let at = node; at !== NONE;) {
    switch (tree.kinds[at] as CKind) {
      case CKind.field_expression: {
        const whole = at === node ? undefined : outside.get(plain(tree.textOf(at)));
        if (whole !== undefined) return whole;
        const base = tree.childByField(at, Field.argument);
        if (tree.hasText(tree.childByField(at, Field.operator), '->')) {
          // A pointer: what it points to is outside if the pointer is into what is outside.
          return pointsInto(tree, base, outside);
        }
        at = base;
        break;
      }
      case CKind.subscript_expression: {
        const base = tree.childByField(at, Field.argument);
        const whole = outside.get(plain(tree.textOf(base)));
        if (whole !== undefined) return whole;
        at = base;
        break;
      }
      case CKind.parenthesized_expression:
        at = tree.children(at, true)[0] ?? NONE;
        break;
      case CKind.identifier:
        return outside.get(tree.textOf(at));
      default:
        return undefined;
    }
  }
  return undefined;
}
