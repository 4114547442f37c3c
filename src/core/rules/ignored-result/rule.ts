import { CKind, Field, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import type { Call, Report, Rule, RuleContext } from '../model';
import { storingFunctions } from './wrappers';
import { ownKeys } from '../../own-keys';

/** Functions that store a number where an argument points to, unless they fail: name | argument. Sources: include/linux/regmap.h, of.h, property.h, kstrtox.h, iio/consumer.h, usb.h, usb/usbnet.h, i2c.h, spi/spi.h, power_supply.h, thermal.h, acpi/acpi_bus.h, nvmem-consumer.h. */
const STORES: Readonly<Record<string, number>> = ownKeys({
  regmap_read: 2,
  regmap_field_read: 1,
  regmap_fields_read: 2,
  of_property_read_u8: 2,
  of_property_read_u16: 2,
  of_property_read_u32: 2,
  of_property_read_u64: 2,
  of_property_read_string: 2,
  device_property_read_u8: 2,
  device_property_read_u16: 2,
  device_property_read_u32: 2,
  fwnode_property_read_u32: 2,
  device_property_read_string: 2,
  kstrtoint: 2,
  kstrtouint: 2,
  kstrtoul: 2,
  kstrtol: 2,
  kstrtou8: 2,
  kstrtou16: 2,
  kstrtobool: 1,
  iio_read_channel_raw: 1,
  iio_read_channel_processed: 1,
  i2c_read_id: 1,
  usbnet_read_cmd: 5,
  usbnet_read_cmd_nopm: 5,
  usb_control_msg: 6,
  usb_control_msg_recv: 6,
  dvb_usb_generic_rw: 3,
  i2c_smbus_read_i2c_block_data: 3,
  i2c_smbus_read_block_data: 2,
  i2c_master_recv: 1,
  spi_read: 1,
  spi_write_then_read: 3,
  regmap_bulk_read: 2,
  regmap_raw_read: 2,
  regmap_noinc_read: 2,
  power_supply_get_property: 2,
  thermal_zone_get_temp: 1,
  acpi_evaluate_integer: 3,
  nvmem_cell_read_u32: 2,
  of_property_read_u32_index: 3,
  of_property_read_u32_array: 2,
  of_property_read_u8_array: 2,
  device_property_read_u32_array: 2,
  device_property_read_u8_array: 2,
});
const OFF_BUS: Readonly<Record<string, number>> = ownKeys(
  Object.fromEntries(Object.entries(STORES).filter(([name]) => !name.startsWith('regmap'))),
);
const KEEPS_STATUS = /^&?\w*(?:ret|rc|err|error|status)$/;
const NAMES: ReadonlySet<string> = new Set(Object.keys(STORES));

const rule: Rule = {
  metadata: {
    id: 'ignored-result',
    title: 'Number used though reading it may have failed',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-252',
    why: 'When the read fails nothing is stored: the variable holds what was on the stack before, and the function goes on with that.',
    falsePositives: ['The read cannot fail on this hardware.'],
    references: [
      'include/linux/regmap.h',
      'https://cwe.mitre.org/data/definitions/252.html',
      'https://cwe.mitre.org/data/definitions/457.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'The value is inside the Result: it cannot be had without looking at the error.',
      items: ['kernel::error::Result'],
    },
  },
  run: ({ tree, calls, model, usesAny }: RuleContext): Report[] => {
    if (!usesAny(NAMES)) return [];
    const isSlow = readsOverABus(tree.text);
    const own = storingFunctions(tree, model, isSlow ? STORES : OFF_BUS);
    const reports: Report[] = [];
    const said = new Set<string>();
    for (const { name, node, arguments: args } of [...calls(NAMES), ...callsOfOwn(tree, own)]) {
      if (tree.kinds[tree.parents[node]!] !== (CKind.expression_statement as number)) continue;
      const [, address, variable] = /^(&?)(\w+)$/.exec(tree.textOf(args[STORES[name] ?? own[name]!] ?? node)) ?? [];
      const definition = tree.ancestorOfKind(node, CKind.function_definition);
      if (variable === undefined || definition < 0) continue;
      const inside = model.functions.find((one) => one.node === definition)?.name ?? '';
      if (said.has(inside) || !isUnset(tree, definition, variable, node, address === '')) continue;
      if (name.startsWith('regmap') && !isSlow) continue;
      // The status is kept in a variable that is handed on: `acme_read(a, REG, &value, &ret)`.
      if (args.some((argument) => KEEPS_STATUS.test(tree.textOf(argument)))) continue;
      if (name === 'regmap_read' && isCached(tree.text, tree.textOf(args[1] ?? node)) && !isBypassed(tree, definition)) continue;
      const use = useAfter(tree, definition, variable, node, address === '');
      if (use < 0) continue;
      said.add(inside);
      reports.push({
        node: use,
        function: inside,
        message: `${variable} is used, though ${name}() may have failed and stored nothing: its result is ignored, and ${variable} has no other value`,
        related: [{ start: tree.starts[node]!, end: tree.ends[node]!, message: `${name}() may fail here` }],
      });
    }
    return reports;
  },
};
export default rule;

/** Registers that are mapped can always be read; those behind a bus may not answer. A file that implements a bus is none of its devices. */
const readsOverABus = (text: string): boolean =>
  !/\bi2c_(?:algorithm|slave_event)\b|\bspi_controller\b/.test(text) &&
  /\b(?:i2c_client|spi_device|sdw_slave|slim_device|usb_device|i2c_driver|spi_driver)\b/.test(text);

/**
 * A register that the table of defaults gives a value for, and that is not volatile, is read from the cache, which has it from the
 * beginning. Source: drivers/base/regmap/regcache.c, regcache_init() and regcache_read().
 * @param register name that it is read by
 */
function isCached(text: string, register: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(register) || !/\.cache_type\s*=\s*REGCACHE_(?!NONE)/.test(text)) return false;
  const tables = [...text.matchAll(/\bstruct\s+reg_default\s+\w+\s*\[[^\]]*\]\s*=\s*\{([^;]*)\};/g)];
  if (!tables.some(([, table]) => new RegExp(`\\{\\s*(?:\\.reg\\s*=\\s*)?${register}\\s*,`).test(table!))) return false;
  const volatile = /^\w[\w \t*]*volatile\w*\s*\([^;{]*\{[^]*?^\}/m.exec(text)?.[0];
  if (volatile === undefined) return !/\.volatile_(?:reg|table)\s*=/.test(text);
  return !new RegExp(`\\b${register}\\b`).test(volatile) && !isInRange(text, volatile, register);
}

/** The function turns the cache off to ask the device. */
const isBypassed = (tree: SyntaxTree, definition: number): boolean =>
  /\bregcache_cache_bypass\s*\([^;]*\btrue\b/.test(tree.textOf(definition));

/** Whether a register lies in one of the ranges `case A ... B:` of a function, by the numbers that the file gives their names. */
function isInRange(text: string, body: string, register: string): boolean {
  const numberOf = (name: string) => Number(new RegExp(`^#define\\s+${name}\\s+\\(?(\\w+)`, 'm').exec(text)?.[1] ?? NaN);
  const number = numberOf(register);
  return [...body.matchAll(/case\s+(\w+)\s*\.\.\.\s*(\w+)\s*:/g)].some(
    ([, first, last]) => number >= numberOf(first!) && number <= numberOf(last!),
  );
}

/** Whether a variable, or an array, is declared in the function without a value and gets none before `node`. */
function isUnset(tree: SyntaxTree, definition: number, name: string, node: number, isArray: boolean): boolean {
  let declared = false;
  for (let at = definition; at < node; at++) {
    if (tree.kinds[at] !== (CKind.identifier as number) || !tree.hasText(at, name)) continue;
    const parent = tree.parents[at]!;
    const kind = tree.kinds[parent] as CKind;
    if (
      !isArray &&
      (kind === CKind.declaration ||
        (kind === CKind.pointer_declarator && tree.kinds[tree.parents[parent]!] === (CKind.declaration as number)))
    ) {
      const whole = kind === CKind.declaration ? parent : tree.parents[parent]!;
      if (/^\s*static\b/.test(tree.textOf(whole))) return false;
      declared = true;
    } else if (
      isArray &&
      kind === CKind.array_declarator &&
      tree.fields[at] === (Field.declarator as number) &&
      tree.kinds[tree.parents[parent]!] === (CKind.declaration as number)
    ) {
      if (/^\s*static\b/.test(tree.textOf(tree.parents[parent]!))) return false;
      declared = true;
    } else return false;
  }
  return declared && tree.ancestorOfKind(node, CKind.for_statement) < 0 && tree.ancestorOfKind(node, CKind.while_statement) < 0;
}

/** The calls of functions of the file. */
function callsOfOwn(tree: SyntaxTree, own: Readonly<Record<string, number>>): Call[] {
  for (const _ in own)
    return tree.nodesOfKind(CKind.call_expression, 0, tree.size).flatMap((node) => {
      const name = calleeOf(tree, node);
      return name in own && !tree.hasError(node) ? { name, node, arguments: argumentsOf(tree, node) } : [];
    });
  return [];
}

/** The first place after `call` that uses the value; -1 if it is stored anew before, or never used. */
function useAfter(tree: SyntaxTree, definition: number, name: string, call: number, isArray: boolean): number {
  for (let at = tree.nexts[call]!; at < tree.nexts[definition]!; at++) {
    if (tree.kinds[at] !== (CKind.identifier as number) || !tree.hasText(at, name)) continue;
    const parent = tree.parents[at]!;
    const kind = tree.kinds[parent] as CKind;
    if (tree.ancestorOfKind(at, CKind.sizeof_expression) > definition) continue;
    // An array that is handed on may be filled there.
    if (isArray && kind === CKind.argument_list) return -1;
    if (
      kind === CKind.assignment_expression &&
      tree.childByField(parent, Field.left) === at &&
      /^\s*=/.test(tree.text.slice(tree.ends[at], tree.ends[at]! + 8))
    )
      return -1; // `|=` keeps what was there
    if (kind === CKind.pointer_expression) {
      const list = tree.parents[parent]!;
      const other = list < 0 ? -1 : tree.parents[list]!;
      if (other >= 0 && tree.kinds[other] === (CKind.call_expression as number) && argumentsOf(tree, other).includes(parent))
        return -1;
    }
    return at;
  }
  return -1;
}
