import type { DriverModel, FunctionDefinition } from '../../driver';
import type { SyntaxTree } from '../../syntax';
import { mentions } from '../guards';

/** Names of functions that are given what arrived, not what is to be sent. */
const RECEIVES = /(?:^|_)(?:rx|recv|receive|rcv|rsp|ntf|evt|event|ind|indication|indicate|process_rx|input|report)(?:_|\d|$)/;
const SENDS = /(?:^|_)(?:tx|xmit|send|snd|output|build|create|alloc|put|fill|push|encap|prep|prepare)(?:_|\d|$)/;

/** A firmware image that the function loads or is handed: `fw->data` is as long as the file in user space is. */
export function firmwareOf(tree: SyntaxTree, { start, end }: FunctionDefinition): Packet | undefined {
  const text = tree.text.slice(start, end);
  const name = /\bconst\s+struct\s+firmware\s*\*\s*(\w+)\s*[;,=)]/.exec(text)?.[1];
  if (name === undefined || !text.includes(`${name}->data`)) return undefined;
  // An image that somebody else has loaded, somebody else may have looked at.
  if (!new RegExp(`request\\w*\\s*\\(\\s*&${name}\\b`).test(text)) return undefined;
  return { data: `${name}->data`, from: 'file', words: /->size\b|size|len|valid|check|verify|parse/ };
}

/** A packet that a function is handed: the expression of its data, and what speaks of its length. */
export interface Packet {
  data: string;
  words: RegExp;
  /** Who decides the length: a file in user space, or who sent the packet. */
  from: 'file' | 'sender';
}

/** The packet that a function receives: of a callback, or of a function of which no caller in the file speaks of the length. */
export function packetOf(tree: SyntaxTree, model: DriverModel, definition: FunctionDefinition): Packet | undefined {
  const { name, start, body } = definition;
  const head = tree.text.slice(start, tree.starts[body]);
  const skb = /struct\s+sk_buff\s*\*\s*(\w+)\s*[,)]/.exec(head)?.[1];
  if (
    skb === undefined ||
    !RECEIVES.test(name) ||
    SENDS.test(name) ||
    !tree.text.slice(start, definition.end).includes(`${skb}->data`)
  )
    return undefined;
  const isCallback = model.entryPoints.some(({ function: entered }) => entered === name);
  const callers = model.functions.filter(
    (other) => other !== definition && new RegExp(`\\b${name}\\b`).test(tree.text.slice(other.start, other.end)),
  );
  if (!isCallback && callers.length === 0) return undefined;
  const lengths =
    /->len\b|->data_len\b|may_pull|skb_pull_data|skb_header_pointer|skb_headlen|skb_tail|linear|skb_copy_bits|skb_trim|eth_type_trans|_len\b|size|length|csum|_hdr\(/;
  if (!isCallback && callers.some((other) => mentions(tree, other.body, lengths))) return undefined;
  return { data: `${skb}->data`, from: 'sender', words: lengths };
}
