import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf, isSpokenOf } from '../guards';
import type { Report } from '../model';

const SOCKOPT = /\bsockptr_t\s+(\w+)\s*,\s*(?:unsigned\s+)?int\s+(\w+)\s*[,)]/;
const MESSAGE = /\bstruct\s+msghdr\s*\*\s*(\w+)\s*[,)]/;
/** What a table of another file enters. */
const TRANSFERS = /i2c_(?:xfer|transfer)$|master_xfer$/;
const I2C_MESSAGES = /\bstruct\s+i2c_msg\s*(?:\*\s*(\w+)|(\w+)\s*\[\s*\])\s*[,)]/;

/** What user space hands over with a length of its own choice, read without asking for that length: options and addresses of sockets, I2C messages. */
export function* requestsUnread(tree: SyntaxTree, model: DriverModel): Generator<Report> {
  if (!/\bsockptr_t\b|\bstruct\s+msghdr\b|\bi2c_(?:algorithm|msg)\b/.test(tree.text)) return;
  for (const definition of model.functions) {
    const head = tree.text.slice(definition.start, tree.starts[definition.body]);
    const option = SOCKOPT.exec(head);
    if (option) yield* optionOf(tree, model, definition, option[1]!, option[2]!);
    const entered = model.entryPoints.filter(({ function: name, kind }) => name === definition.name && kind === 'ops');
    const message = MESSAGE.exec(head);
    if (message && entered.some(({ field }) => field === 'sendmsg')) yield* addressOf(tree, definition, message[1]!);
    const transfer = I2C_MESSAGES.exec(head);
    if (transfer && (entered.some(({ container }) => container === 'i2c_algorithm') || TRANSFERS.test(definition.name)))
      yield* messageOf(tree, definition, (transfer[1] ?? transfer[2])!);
  }
}

/** `copy_from_sockptr(&value, optval, sizeof(value))` where optlen bytes are there. */
function* optionOf(
  tree: SyntaxTree,
  model: DriverModel,
  definition: FunctionDefinition,
  value: string,
  length: string,
): Generator<Report> {
  const words = new RegExp(`\\b${length}\\b`);
  const isEntered = model.entryPoints.some(({ function: name }) => name === definition.name);
  const callers = model.functions.filter(
    ({ name, start, end }) =>
      name !== definition.name && new RegExp(`\\b${definition.name}\\s*\\(`).test(tree.text.slice(start, end)),
  );
  if (
    !isEntered &&
    (callers.length === 0 || callers.some(({ start, end }) => /len\w*\s*[<>!=]=?/.test(tree.text.slice(start, end))))
  )
    return;
  for (let node = definition.body; node < tree.nexts[definition.body]!; node++) {
    if (tree.kinds[node] !== (CKind.call_expression as number) || calleeOf(tree, node) !== 'copy_from_sockptr') continue;
    const args = argumentsOf(tree, node).map((argument) => tree.textOf(argument));
    if (args[1] !== value || words.test(args[2] ?? '') || isSpokenOf(tree, node, definition.body, words)) continue;
    yield {
      node,
      function: definition.name,
      message: `${args[2] ?? ''} bytes are copied from ${value}, and ${length} is not looked at before: user space says how many are there`,
    };
    return;
  }
}

/** The address of a message, of which msg_namelen bytes are there. */
function* addressOf(tree: SyntaxTree, definition: FunctionDefinition, message: string): Generator<Report> {
  const text = tree.text.slice(definition.start, definition.end);
  const name =
    new RegExp(`\\bDECLARE_SOCKADDR\\s*\\([^,]*,\\s*(\\w+)\\s*,\\s*${message}->msg_name\\s*\\)`).exec(text)?.[1] ??
    new RegExp(`\\b(\\w+)\\s*=\\s*(?:\\([^()]*\\)\\s*)?${message}->msg_name\\b`).exec(text)?.[1];
  if (name === undefined) return;
  for (let node = definition.body; node < tree.nexts[definition.body]!; node++) {
    if (tree.kinds[node] !== (CKind.field_expression as number) || tree.textOf(tree.childByField(node, Field.argument)) !== name)
      continue;
    if (/family$/.test(tree.textOf(node)) || isSpokenOf(tree, node, definition.body, /namelen/)) continue;
    yield {
      node,
      function: definition.name,
      message: `${tree.textOf(node)} is read, and ${message}->msg_namelen is not looked at before: user space says how long the address is`,
    };
    return;
  }
}

/** A byte of an I2C message, of which len are there. */
function* messageOf(tree: SyntaxTree, definition: FunctionDefinition, messages: string): Generator<Report> {
  for (let node = definition.body; node < tree.nexts[definition.body]!; node++) {
    if (tree.kinds[node] !== (CKind.subscript_expression as number)) continue;
    const buffer = tree.textOf(tree.childByField(node, Field.argument)).replace(/\s+/g, '');
    const index = tree.textOf(tree.childByField(node, Field.index));
    if (
      !/^\d+$/.test(index) ||
      !(buffer === `${messages}->buf` || (buffer.startsWith(`${messages}[`) && buffer.endsWith('].buf')))
    )
      continue;
    if (isSpokenOf(tree, node, definition.body, /(?:\.|->)len\b|RECV_LEN/)) continue;
    yield {
      node,
      function: definition.name,
      message: `${tree.textOf(node)} is used, and the message's length is not looked at before: user space says how long it is`,
    };
    return;
  }
}
