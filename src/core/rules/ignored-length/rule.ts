import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf, isSpokenOf, parameterNames } from '../guards';
import type { Report, Rule, RuleContext } from '../model';
import { firmwareOf, packetOf } from './packets';
import { carelessOnes } from './siblings';
import { shortfalls } from './shortfall';
import { requestsUnread } from './requests';
import { aliases, readsOf } from './reads';
import { valuesUnasked } from './values';

/** Callbacks that are handed what was received: table | field | position of the data | of the length | who decides the length. */
const CALLBACKS: readonly (readonly [string, string, number, number, string])[] = [
  ['hid_driver', 'raw_event', 2, 3, 'the device says how long a report is'],
  ['hid_driver', 'report_fixup', 1, 2, 'the device says how long its description is'],
  ['proto_ops', 'bind', 1, 2, 'user space says how long the address is'],
  ['proto_ops', 'connect', 1, 2, 'user space says how long the address is'],
  ['rpmsg_driver', 'callback', 1, 2, 'the remote processor says how long a message is'],
  ['hid_sensor_hub_callbacks', 'capture_sample', 3, 2, 'the device says how long a sample is'],
  ['serdev_device_ops', 'receive_buf', 1, 2, 'any number of bytes may arrive at once'],
  ['tty_ldisc_ops', 'receive_buf', 1, 3, 'any number of bytes may arrive at once'],
];

/** A function that is handed a received buffer. */
interface Handed {
  definition: FunctionDefinition;
  data: string;
  /** Name of the length. */
  size: string;
  why: string;
  from: string;
}

const rule: Rule = {
  metadata: {
    id: 'ignored-length',
    title: 'What was received is read without asking how long it is',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-125',
    why: 'The other side decides how many bytes arrive. A shorter message makes the driver read behind its end, or what an earlier message has left there.',
    falsePositives: ['The caller hands over a buffer that is always as long as the longest message.'],
    references: [
      'Documentation/hid/hid-transport.rst',
      'include/linux/hid.h: struct hid_driver, raw_event',
      'https://cwe.mitre.org/data/definitions/125.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism:
        'A slice carries its length, and reading behind it stops; converting bytes to a structure asks for enough of them.',
      items: ['kernel::transmute::FromBytes', 'kernel::alloc::KVec'],
    },
  },
  run: ({ tree, model }: RuleContext): Report[] => {
    const open: Handed[] = [];
    for (const { container, field, function: name } of model.entryPoints) {
      const known = CALLBACKS.find(([table, callback]) => table === container && callback === field);
      const definition = known && model.functions.find((one) => one.name === name);
      if (!known || !definition) continue;
      const names = parameterNames(tree, definition.node);
      const [, callback, data, size, why] = known;
      // The kernel's copy of a socket's address is as long as the longest one: what matters is whether the length is asked for at all.
      if (known[0] === 'proto_ops' && tree.textOf(definition.body).includes(names[size] ?? ' ')) continue;
      if (names[data] && names[size]) open.push({ definition, data: names[data], size: names[size], why, from: callback });
    }
    const reports: Report[] = [];
    const seen = new Set<string>();
    for (let handed = open.pop(); handed; handed = open.pop()) {
      const key = `${handed.definition.name}:${handed.data}`;
      if (seen.has(key) || seen.size > 40) continue;
      seen.add(key);
      const report = judge(tree, model, handed, open);
      if (report) reports.push(report);
    }
    for (const { definition, data, size, sibling } of carelessOnes(tree, model)) {
      if (seen.has(`${definition.name}:${data}`)) continue;
      const found = firstRead(tree, model, definition, data, new RegExp(`(?<![\\w>.])${size}\\b`), 2);
      if (!found) continue;
      reports.push({
        node: found.node,
        function: definition.name,
        message: `${short(tree, found.node)} is read, and ${size} is not looked at before, as it is in ${sibling.name}()`,
        related: [
          { start: sibling.nameStart, end: sibling.nameStart + sibling.name.length, message: `${sibling.name}() asks for it` },
        ],
      });
    }
    reports.push(...requestsUnread(tree, model), ...shortfalls(tree, model), ...valuesUnasked(tree, model));
    // What a network device, a protocol's core or a bus of the machine hands over, it has looked at; a USB device is anybody's, and so is a tag.
    const isNet =
      tree.text.includes('sk_buff') &&
      /\bstruct\s+(?:urb|usb_interface|usb_device|usbnet|nci_dev|nfc_hci_dev|nfc_digital_dev)\b/.test(tree.text);
    if (isNet || tree.text.includes('request_firmware'))
      for (const definition of model.functions) {
        const packet = (isNet ? packetOf(tree, model, definition) : undefined) ?? firmwareOf(tree, definition);
        const found = packet && firstRead(tree, model, definition, packet.data, packet.words, 2);
        if (!found) continue;
        const what = packet.from === 'sender' ? 'the packet is: whoever sent it decides' : `${packet.data} is: the file decides`;
        reports.push({
          node: found.node,
          function: definition.name,
          message: `${short(tree, found.node)} is read, and nothing in this file has asked how long ${what}`,
          related: [
            {
              start: definition.nameStart,
              end: definition.nameStart + definition.name.length,
              message: `${definition.name}() is handed what was received`,
            },
          ],
        });
      }
    return reports;
  },
};
export default rule;

/** The first read in a function before which nothing speaks of the length; functions that are told the length go to `open`. */
function judge(tree: SyntaxTree, model: DriverModel, handed: Handed, open: Handed[]): Report | undefined {
  const { definition, data, size, why, from } = handed;
  const words = new RegExp(`(?<![\\w>.])${size}\\b`);
  const found = firstRead(tree, model, definition, data, words, 0);
  if (!found) {
    passOn(tree, model, handed, words, open);
    return undefined;
  }
  const related = [
    {
      start: definition.nameStart,
      end: definition.nameStart + definition.name.length,
      message: `${definition.name}() is handed what was received (${from})`,
    },
  ];
  if (found.inside !== undefined)
    related.push({
      start: tree.starts[found.inside]!,
      end: tree.ends[found.inside]!,
      message: `${short(tree, found.inside)} is read here`,
    });
  return {
    node: found.node,
    function: definition.name,
    message:
      found.inside === undefined
        ? `${short(tree, found.node)} is read, and ${size} is not looked at before: ${why}`
        : `${calleeOf(tree, found.node)}() reads ${short(tree, found.inside)}, and ${size} is not looked at before: ${why}`,
    related,
  };
}

const short = (tree: SyntaxTree, node: number): string => tree.textOf(node).replace(/\s+/g, ' ').slice(0, 60);

/** A read, or a call of a function that reads (`inside`). */
interface Found {
  node: number;
  inside?: number;
}

function firstRead(
  tree: SyntaxTree,
  model: DriverModel,
  { name, body }: FunctionDefinition,
  data: string,
  words: RegExp,
  depth: number,
): Found | undefined {
  for (const node of readsOf(tree, body, aliases(tree, body, data)))
    if (!tree.hasError(node) && !isSpokenOf(tree, node, body, words)) return { node };
  if (depth > 1) return undefined;
  for (const { node, called, parameter, told } of handings(tree, model, name, body, data, words)) {
    if (told !== '') continue;
    const inside = firstRead(tree, model, called, parameter, /(?!)/, depth + 1);
    if (inside) return { node, inside: inside.inside ?? inside.node };
  }
  return undefined;
}

/** Functions of the file that are told the length, too, are looked at by themselves. */
function passOn(tree: SyntaxTree, model: DriverModel, handed: Handed, words: RegExp, open: Handed[]): void {
  const { definition, data, why } = handed;
  for (const { called, parameter, told } of handings(tree, model, definition.name, definition.body, data, words))
    if (told !== '') open.push({ definition: called, data: parameter, size: told, why, from: `by ${definition.name}()` });
}

/** The calls that hand the buffer on before its length was asked for; `told`: the parameter that has the length. */
function* handings(
  tree: SyntaxTree,
  model: DriverModel,
  name: string,
  body: number,
  data: string,
  words: RegExp,
): Generator<{ node: number; called: FunctionDefinition; parameter: string; told: string }> {
  for (let node = body; node < tree.nexts[body]!; node++) {
    if (tree.kinds[node] !== (CKind.call_expression as number)) continue;
    const callee = calleeOf(tree, node);
    const called = callee === '' || callee === name ? undefined : model.functions.find((one) => one.name === callee);
    if (!called) continue;
    const texts = argumentsOf(tree, node).map((argument) => tree.textOf(argument));
    const at = texts.findIndex((text) => text.replace(/^\([^()]*\*\s*\)\s*/, '') === data);
    if (at < 0 || isSpokenOf(tree, node, body, words)) continue;
    const names = parameterNames(tree, called.node);
    if (names[at]) yield { node, called, parameter: names[at], told: names[texts.findIndex((text) => words.test(text))] ?? '' };
  }
}
