import { CKind, NONE, type SyntaxTree } from '../../syntax';
import type { Report, RuleContext } from '../model';

/** They hand the whole of a buffer to whoever reads the device. Source: include/linux/iio/buffer.h. */
const PUSHES = new Set(['iio_push_to_buffers', 'iio_push_to_buffers_with_timestamp', 'iio_push_to_buffers_with_ts']);
/** A loop over the channels that are switched on. Sources: include/linux/iio/iio.h, include/linux/find.h. */
const ACTIVE = /^(?:iio_for_each_active_channel|for_each_set_bit)\s*\([^;{]*?(?:active_scan_mask|indio_dev)/;

/** Samples of a sensor that go to user space with what the stack held in the channels that are off, or before the time stamp. */
export function pushed({ tree, calls, model }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { name, node, arguments: args } of calls(PUSHES)) {
    const definition = tree.ancestorOfKind(node, CKind.function_definition);
    const variable = /^&?(\w+)$/.exec(tree.textOf(args[1] ?? node))?.[1];
    if (definition === NONE || variable === undefined) continue;
    const before = tree.text.slice(tree.starts[definition], tree.starts[node]);
    const declared = new RegExp(
      `\\n\\s+(?!static\\b)(?:struct\\s*\\{([^}]*)\\}\\s*${variable}|\\w+\\s+${variable}\\[[^\\]]*\\])[^;=]*;`,
    ).exec(before);
    if (!declared) continue;
    const text = before.slice(declared.index + declared[0].length);
    // Cleared, copied into or filled as a whole.
    if (new RegExp(`memset\\s*\\(\\s*&?${variable}\\b|[(,]\\s*&?${variable}\\s*[,)]|(?<![\\w>.])${variable}\\s*=`).test(text))
      continue;
    const gap = declared[1] === undefined ? '' : gapIn(declared[1]);
    if (gap === '' && !isFilledByLoop(tree, definition, node, variable)) continue;
    reports.push({
      node,
      function: model.functions.find((one) => one.node === definition)?.name ?? '',
      message: `${name}() hands out ${variable}, of which ${gap === '' ? 'only the channels that are on are set, and the rest is' : `the bytes before ${gap}, which are no member's, are`} as the stack was`,
    });
  }
  return reports;
}

/** Whether a loop over the channels that are on sets its elements, and nothing else sets them. */
function isFilledByLoop(tree: SyntaxTree, definition: number, call: number, variable: string): boolean {
  const element = new RegExp(`(?<![\\w>.])${variable}\\s*(?:\\.\\s*\\w+\\s*)?\\[\\s*(?!\\d)`, 'g');
  for (let node = definition; node < call; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind !== CKind.macro_loop_statement && kind !== CKind.for_statement) continue;
    const text = tree.textOf(node);
    if (ACTIVE.test(text) && element.test(text)) return true;
  }
  return false;
}

/** The member of 8 bytes that has a gap before it, if the sizes of all members before are plain; '' for none. */
function gapIn(members: string): string {
  let at = 0;
  for (const member of members.split(';')) {
    const plain = member.replace(/\/\*[^]*?\*\//g, '').trim();
    if (plain === '') continue;
    const [, type, bits, name, count] =
      /^((?:__)?(?:aligned_)?[usbl]e?(8|16|32|64))\s+(\w+)(?:\[(\w+)\])?(?:\s+__aligned\(\d+\))?$/.exec(plain) ?? [];
    if (type === undefined || (count !== undefined && !/^\d+$/.test(count))) return '';
    const size = Number(bits) / 8;
    if (size === 8 && at % 8 !== 0) return name!;
    at = Math.ceil(at / size) * size + size * Number(count ?? 1);
  }
  return '';
}
