import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { calleeOf } from '../guards';
import { copiedOut } from './copied';
import { pushed } from './pushed';
import type { Report, Rule, RuleContext } from '../model';

/** Structures of which the kernel reads every field, so that whoever fills one has to clear it first: structure | header | fields that are read whatever the others say; '' for all. */
const STRUCTURES: readonly (readonly [string, string, string])[] = [
  ['clk_init_data', 'include/linux/clk-provider.h', 'ops flags num_parents parent_names'],
  ['dma_slave_config', 'include/linux/dmaengine.h', ''],
  ['regulator_config', 'include/linux/regulator/driver.h', ''],
  ['power_supply_config', 'include/linux/power_supply.h', ''],
  ['i2c_board_info', 'include/linux/i2c.h', ''],
  ['spi_board_info', 'include/linux/spi/spi.h', ''],
  ['platform_device_info', 'include/linux/platform_device.h', ''],
  ['nvmem_config', 'include/linux/nvmem-provider.h', ''],
  ['v4l2_subdev_format', 'include/uapi/linux/v4l2-subdev.h', ''],
  ['v4l2_subdev_mbus_code_enum', 'include/uapi/linux/v4l2-subdev.h', ''],
  ['v4l2_subdev_frame_size_enum', 'include/uapi/linux/v4l2-subdev.h', ''],
  ['led_init_data', 'include/linux/leds.h', 'fwnode default_label devicename devname_mandatory'],
  ['serio_device_id', 'include/linux/mod_devicetable.h', ''],
  ['phylink_config', 'include/linux/phylink.h', ''],
  ['usb_role_switch_desc', 'include/linux/usb/role.h', ''],
  ['typec_mux_desc', 'include/linux/usb/typec_mux.h', ''],
  ['typec_switch_desc', 'include/linux/usb/typec_mux.h', ''],
];
const NAMES: ReadonlySet<string> = new Set(STRUCTURES.map(([name]) => name));
const PATTERN = new RegExp(`\\bstruct\\s+(?:${STRUCTURES.map(([name]) => name).join('|')})\\s+\\w`);

const rule: Rule = {
  metadata: {
    id: 'partly-set-structure',
    title: 'Structure handed over with fields that nobody has set',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-908',
    why: 'A structure on the stack begins with what was there before. Who gets it reads all of its fields, also those that are added later.',
    falsePositives: ['The fields that are not set are not read for the ones that are.'],
    references: ['include/linux/clk-provider.h: struct clk_init_data', 'https://cwe.mitre.org/data/definitions/908.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'A structure cannot be made without all of its fields; memory that is not initialised has a type of its own.',
      items: ['kernel::init::Zeroable', 'core::mem::MaybeUninit', 'pin_init::Zeroable'],
    },
  },
  run: (context: RuleContext): Report[] => {
    const { tree, model, usesAny } = context;
    const reports = [...copiedOut(context), ...pushed(context)];
    if (!usesAny(NAMES)) return reports;
    const own = new Set(model.functions.map(({ name }) => name));
    for (const { name: inside, body, start, end } of model.functions) {
      if (!PATTERN.test(tree.text.slice(start, end))) continue;
      for (let node = body; node < tree.nexts[body]!; node++) {
        if (tree.kinds[node] !== (CKind.declaration as number) || tree.hasError(node)) continue;
        const type = /^struct\s+(\w+)\s+\w/.exec(tree.textOf(node))?.[1];
        const known = STRUCTURES.find(([name]) => name === type);
        if (!known) continue;
        for (const declarator of tree.children(node, true)) {
          if (tree.fields[declarator] !== (Field.declarator as number) || tree.kinds[declarator] !== (CKind.identifier as number))
            continue;
          const report = judge(tree, body, declarator, known);
          // What a function of the file reads of it, the file knows.
          if (report && own.has(calleeOf(tree, tree.parents[tree.parents[report.node]!]!))) continue;
          if (report) reports.push({ ...report, function: inside });
        }
      }
    }
    return reports;
  },
};
export default rule;

/**
 * A whole direction of a DMA channel is set: the drivers of controllers read of it what their hardware has, and of the other direction, of windows
 * and of peripherals nothing, unless their own clients set it. Source: drivers/dma.
 */
const isOneDirection = (set: ReadonlySet<string>): boolean =>
  ['src', 'dst'].some((side) => set.has(`${side}_addr`) && set.has(`${side}_addr_width`));

function judge(
  tree: SyntaxTree,
  body: number,
  declarator: number,
  [type, , fields]: readonly [string, string, string],
): Report | undefined {
  const name = tree.textOf(declarator);
  const set = new Set<string>();
  let kept = NONE;
  for (let node = tree.nexts[declarator]!; node < tree.nexts[body]!; node++) {
    if (tree.kinds[node] !== (CKind.identifier as number) || !tree.hasText(node, name)) continue;
    const parent = tree.parents[node]!;
    const kind = tree.kinds[parent] as CKind;
    if (kind === CKind.field_expression) {
      let outer = parent;
      while (tree.kinds[tree.parents[outer]!] === (CKind.field_expression as number)) outer = tree.parents[outer]!;
      const assignment = tree.parents[outer]!;
      if (
        tree.kinds[assignment] === (CKind.assignment_expression as number) &&
        tree.childByField(assignment, Field.left) === outer
      )
        set.add(tree.textOf(tree.childByField(parent, Field.field)));
      else if (set.size === 0) return undefined;
      else if (kept !== NONE) break;
      continue;
    }
    if (kind !== CKind.pointer_expression || set.size === 0) return undefined;
    if (kept !== NONE) break;
    if (tree.ancestorOfKind(node, CKind.sizeof_expression) !== NONE) return undefined;
    // The first time that its address goes somewhere: where it is only kept, what is set until the end counts.
    kept = parent;
    if (tree.kinds[tree.parents[parent]!] !== (CKind.assignment_expression as number)) break;
  }
  if (kept === NONE || (type === 'dma_slave_config' && isOneDirection(set))) return undefined;
  const missing = fields
    .split(' ')
    // Without parents, or with their names, nothing else of them is read.
    .filter((field) => !set.has(field) && (field !== 'parent_names' || set.has('parent_data') || set.has('parent_hws')));
  if (fields !== '' && missing.length === 0) return undefined;
  return {
    node: kept,
    message: `${name} goes out with ${[...set].slice(0, 3).join(', ')} set${fields === '' ? ` and the rest of struct ${type} as it was on the stack` : `, and ${missing.join(', ')} as they were on the stack`}`,
    related: [{ start: tree.starts[declarator]!, end: tree.ends[declarator]!, message: `${name} is declared without a value` }],
  };
}
