import { stringOf, type CGlobal } from '../c/program';
import type { TraitFacts } from '../kernel-api';
import { add, type Lines } from '../rust/statements';
import type { Unit } from '../translate/unit';
import type { Implementation } from './impl';
import { printMetadata, type Metadata } from './metadata';
import { callsOf, fitsCpufreq } from './registration';
import { fieldOf, variableOf, type DriverTable } from './tables';

/** What an associated type may be bound to and still be left to nothing at all: `()` is each of these. */
const EMPTY_BOUND = /^(?:[\w:]*::)?(?:ForeignOwnable|Send|Sync|Copy|Default|Sized)$|^'\w+$/;

/**
 * Whether a trait can be implemented without knowing more of the driver than its callbacks: each associated type may be `()`, or
 * has its value here, and each constant one from C.
 */
export function isClass(trait: TraitFacts): boolean {
  if (!trait.vtable && !trait.members.some(({ kind }) => kind === 'type')) return false;
  return trait.members.every(({ kind, signature, hasDefault }) => {
    if (hasDefault || kind === 'method') return true;
    if (kind === 'constant') return /: (?:&'static CStr|bool|[iu]\d+|kernel::[\w:]+)$/.test(signature);
    const bounds = /^type \w+(?:<[^>]*>)?: (.*?)(?: where .*)?$/.exec(signature)?.[1];
    return bounds?.split(' + ').every((bound) => EMPTY_BOUND.test(bound.trim())) === true && !/^'static$/.test(bounds.trim());
  });
}

/** The trait of misc devices: `struct file_operations` stands for it only where such a device has it. */
export const MISC = 'kernel::miscdevice::MiscDevice';
const CPUFREQ = 'kernel::cpufreq::Driver';

/** Whether the file operations in `table` are those of a misc device of these files. */
export function isMisc(unit: Unit, table: DriverTable): boolean {
  if (miscDevices(unit, table).length > 0) return true;
  const filled = new RegExp(`\\bfops\\s*=\\s*&?${table.variable}\\b`);
  return unit.program.files.some(
    ({ tree, isHeader }) => !isHeader && /\bmisc_register\b/.test(tree.text) && filled.test(tree.text),
  );
}

function miscDevices(unit: Unit, table: DriverTable): CGlobal[] {
  return [...unit.program.globals.values()].filter(
    ({ type, items }) =>
      type.k === 'struct' && type.name === 'miscdevice' && items && variableOf(fieldOf(items, 'fops')) === table.variable,
  );
}

/** A field of the module's structure, which keeps something registered as long as the module is loaded. */
export interface Registration {
  name: string;
  type: string;
  /** How it is made inside `try_pin_init!`: `<- init` or `: value`. */
  init: string;
  pinned: boolean;
  /** Statements before the structure is made. */
  before?: readonly string[];
}

/** What the module registers itself: misc devices and cpufreq drivers of file scope, faux devices with a constant name. */
function registrations(unit: Unit, classes: readonly Implementation[]): Registration[] {
  const found: Registration[] = [];
  for (const one of classes) {
    const { table, type } = one;
    if (table.trait.path === MISC)
      for (const device of miscDevices(unit, table)) {
        const name = stringOf(unit.program, fieldOf(device.items!, 'name'));
        unit.use('kernel::miscdevice');
        unit.use('kernel::miscdevice::MiscDeviceOptions');
        unit.use('kernel::miscdevice::MiscDeviceRegistration');
        const text = name !== null && /^[ !#-[\]-~]+$/.test(name) ? `c"${name}"` : 'MODULE_NAME';
        found.push({
          name: `_misc${found.length}`,
          type: `MiscDeviceRegistration<${type}>`,
          init: ` <- MiscDeviceRegistration::register(MiscDeviceOptions { name: ${text} })`,
          pinned: true,
        });
      }
    if (table.trait.path === CPUFREQ && callsOf(unit, 'cpufreq_register_driver').length > 0 && fitsCpufreq(unit, one)) {
      unit.use('kernel::cpufreq');
      found.push({
        name: `_cpufreq${found.length}`,
        type: `cpufreq::Registration<${type}>`,
        init: ': cpufreq::Registration::new()?',
        pinned: false,
      });
    }
  }
  for (const name of fauxNames(unit)) {
    unit.use('kernel::faux');
    found.push({
      name: `_faux${found.length}`,
      type: 'faux::Registration',
      init: `: faux::Registration::new(c"${name}", None)?`,
      pinned: false,
    });
  }
  return found;
}

/** Names of the faux devices that the driver makes, where they are constant. */
export function fauxNames(unit: Unit): string[] {
  if (!unit.api.signatureOf('kernel::faux::Registration::new')?.includes('Option<&')) return [];
  const names = callsOf(unit, 'faux_device_create').flatMap((args) => stringOf(unit.program, args[0]) ?? []);
  return [...new Set(names)].filter((name) => /^[ !#-[\]-~]+$/.test(name));
}

/** The module of a driver that registers with no bus: it calls what C calls at load, and keeps what it registers. */
export function printClassModule(
  lines: Lines,
  unit: Unit,
  classes: readonly Implementation[],
  more: readonly Registration[],
  metadata: Metadata,
): void {
  printInPlaceModule(lines, unit, [...registrations(unit, classes), ...more], initialiser(unit), metadata);
}

/** A module that keeps `fields`, after what `setUp` calls. */
export function printInPlaceModule(
  lines: Lines,
  unit: Unit,
  fields: readonly Registration[],
  setUp: string | null,
  metadata: Metadata,
): void {
  const type = unit.types.give('the module', 'DriverModule');
  unit.use('kernel::InPlaceModule');
  if (fields.some(({ init }) => init.includes('MODULE_NAME')))
    lines.text.push('const MODULE_NAME: &CStr = <LocalModule as kernel::ModuleMetadata>::NAME;', '');
  lines.text.push('#[pin_data]');
  if (fields.length === 0) lines.text.push(`struct ${type} {}`);
  else {
    lines.text.push(`struct ${type} {`);
    for (const { name, type: of, pinned } of fields) {
      if (pinned) lines.text.push('    #[pin]');
      lines.text.push(`    ${name}: ${of},`);
    }
    lines.text.push('}');
  }
  lines.text.push('', `impl InPlaceModule for ${type} {`);
  const module = fields.some(({ init }) => /\bmodule\b/.test(init)) ? 'module' : '_module';
  lines.text.push(`    fn init(${module}: &'static kernel::ThisModule) -> impl PinInit<Self, Error> {`);
  const level = setUp === null ? 2 : 3;
  const before = fields.flatMap((one) => one.before ?? []).map((line) => `${'    '.repeat(level)}${line}`);
  if (setUp !== null) {
    lines.text.push('        pin_init::pin_init_scope(move || {', `            ${setUp};`, ...before);
    printFields(lines, fields, 3, 'Ok(', ')');
    lines.text.push('        })');
  } else {
    lines.text.push(...before);
    printFields(lines, fields, 2, '', '');
  }
  lines.text.push('    }', '}', '', 'module! {', `    type: ${type},`);
  printMetadata(lines, metadata);
  lines.text.push('}');
}

function printFields(lines: Lines, fields: readonly Registration[], level: number, before: string, after: string): void {
  if (fields.length === 0) add(lines, level, `${before}try_pin_init!(Self {})${after}`);
  else {
    add(lines, level, `${before}try_pin_init!(Self {`);
    for (const { name, init } of fields) add(lines, level + 1, `${name}${init},`);
    add(lines, level, `})${after}`);
  }
}

/** The call of what `module_init` names, if it takes nothing in Rust, too. */
function initialiser(unit: Unit): string | null {
  const named = unit.program.calls.find(({ name }) => /^(?:module|subsys|late|device|fs|core|arch)_init(?:call)?$/.test(name));
  const [arg] = named?.args ?? [];
  const info = arg?.k === 'id' ? unit.functions.get(arg.name) : undefined;
  if (!info || info.parameters.length > 0) return null;
  switch (info.returns.k) {
    case 'result':
    case 'result-value':
      return `${info.rust}()?`;
    case 'unit':
    case 'none':
      return `${info.rust}()`;
    default:
      return null;
  }
}
