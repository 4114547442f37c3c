import type { CExpr } from '../c/ast';
import { stringOf } from '../c/program';
import type { TraitFacts } from '../kernel-api';
import { camel } from '../translate/names';
import type { Unit } from '../translate/unit';
import type { Implementation } from './impl';
import { fieldOf, variableOf, type DriverTable } from './tables';

export const DRM = 'kernel::drm::Driver';
const GEM = 'kernel::drm::gem::DriverObject';
const FILE = 'kernel::drm::file::DriverFile';

/** Whether a trait's implementation takes what `drmImplementations` gives: types of its own for files and memory objects. */
export const isDrm = (trait: TraitFacts): boolean => trait.path === DRM;

/**
 * Completes the implementation of `drm::Driver`, and adds those of the types that it names.
 * @param tables all structures of callbacks of the driver; `drm_gem_object_funcs` are those of its memory objects
 */
export function drmImplementations(
  unit: Unit,
  driver: Implementation,
  all: readonly Implementation[],
  tables: readonly DriverTable[],
): Implementation[] {
  const { api } = unit;
  const file = api.traitOf(FILE);
  const object = api.traitOf(GEM);
  if (!file || !object) return [];
  const base = camel(driver.table.variable.replace(/_?(?:drm(?:_driver)?|driver)$/, '').replace(/\W+/g, '_')) || 'Drm';
  const fileType = unit.types.give(`file of ${driver.table.variable}`, `${base}File`);
  const objectType = unit.types.give(`object of ${driver.table.variable}`, `${base}Object`);
  const { members } = api.traitOf(DRM)!;
  const generic = members.some(({ signature }) => /^type Object</.test(signature));
  unit.use('kernel::drm');
  unit.use('kernel::drm::gem');
  const bus = all.find(({ table }) => table.trait.members.some(({ name }) => name === 'IdInfo'));
  driver.given = new Map([
    ['Data', '()'],
    ['RegistrationData', '()'],
    ['File', fileType],
    ['Object', `gem::Object<${objectType}${generic ? ', Ctx' : ''}>`],
    ...(members.some(({ name }) => name === 'ParentDevice') ? [['ParentDevice', parentDevice(unit, bus)] as const] : []),
    ['INFO', info(unit, driver.table)],
    ['IOCTLS', '&[]'],
    ...(hasFeature(driver.table, 'DRIVER_RENDER') ? [['FEAT_RENDER', 'true'] as const] : []),
  ]);
  driver.notes = [...features(driver.table), ...ioctls(unit, driver.table)];
  const callbacks = driver.table.parts.filter(({ trait }) => trait.path === FILE);
  const gem = tables.find(({ trait }) => trait.path === GEM);
  const part = (trait: TraitFacts, type: string, table: Partial<DriverTable>): Implementation => ({
    ...driver,
    table: { ...driver.table, callbacks: [], parts: [], forwards: [], uncovered: [], ...table, trait },
    type,
    notes: [],
    given: new Map([
      ['Driver', driver.type],
      ['Args', '()'],
    ]),
  });
  return [part(file, fileType, { callbacks }), part(object, objectType, gem ?? {})];
}

/** The device that a DRM device belongs to: that of the bus whose driver makes it. */
function parentDevice(unit: Unit, bus: Implementation | undefined): string {
  const probe = bus?.table.trait.members.find(({ name }) => name === 'probe')?.signature ?? '';
  const kind = /&'\w+ (kernel(?:::\w+)+)</.exec(probe)?.[1] ?? 'kernel::platform::Device';
  unit.use(kind.slice(0, kind.lastIndexOf('::')));
  return `${kind.split('::').slice(-2).join('::')}<Ctx>`;
}

function info(unit: Unit, { items }: DriverTable): string {
  const number = (name: string): string => {
    const e = fieldOf(items, name);
    const known = e && unit.constants.evaluate(e);
    return known && known.value >= 0n && known.value <= 0x7fffffffn ? known.value.toString() : '0';
  };
  const text = (name: string): string => {
    const known = stringOf(unit.program, fieldOf(items, name));
    return known !== null && /^[ !#-[\]-~]*$/.test(known) ? `c"${known}"` : 'c""';
  };
  return [
    'drm::DriverInfo {',
    ...['major', 'minor', 'patchlevel'].map((name) => `        ${name}: ${number(name)},`),
    `        name: ${text('name')},`,
    `        desc: ${text('desc')},`,
    '    }',
  ].join('\n');
}

const flagsOf = (e: CExpr | undefined): string[] =>
  e?.k === 'bin' && e.op === '|' ? [...flagsOf(e.l), ...flagsOf(e.r)] : e?.k === 'id' ? [e.name] : [];

const hasFeature = ({ items }: DriverTable, flag: string): boolean => flagsOf(fieldOf(items, 'driver_features')).includes(flag);

/** The features that the abstraction does not set: it is always a driver with GEM, and with render nodes if the trait says so. */
function features({ items }: DriverTable): string[] {
  const left = flagsOf(fieldOf(items, 'driver_features')).filter((name) => !/^DRIVER_(?:GEM|RENDER)$/.test(name));
  return left.length === 0 ? [] : [`Of driver_features, the trait cannot say: ${left.join(', ')}.`];
}

/** The table of ioctls: `declare_drm_ioctls!` takes their numbers and types out of `uapi`, which has those of few drivers. */
function ioctls(unit: Unit, { items }: DriverTable): string[] {
  const table = unit.program.globals.get(variableOf(fieldOf(items, 'ioctls')) ?? '');
  const entries = (table?.items ?? []).flatMap(({ value }) => {
    if (value.k !== 'call' || value.args.length !== 3) return [];
    const [number, handler, flags] = value.args;
    const handles = variableOf(handler);
    if (number?.k !== 'id' || handles === null) return [];
    const allowed = flagsOf(flags).map((name) => `ioctl::${name.replace(/^DRM_/, '')}`);
    const { full, type } = command(unit, number.name);
    return [`    (${full}, ${type}, ${allowed.join(' | ') || '0'}, ${handles}),`];
  });
  return entries.length === 0
    ? []
    : ["IOCTLS is declare_drm_ioctls! of what follows, once rust/uapi/uapi_helper.h has the driver's header:", ...entries];
}

/** An ioctl's number as the macro wants it, and the structure it takes: `DRM_IOCTL_FOO_PARAM` is `DRM_IOWR(…, struct drm_foo_param)`. */
function command(unit: Unit, name: string): { full: string; type: string } {
  const named = [...unit.program.macros.values()].filter(({ name: one }) => one === `DRM_IOCTL_${name}`);
  const [found] =
    named.length > 0
      ? named
      : [...unit.program.macros.values()].filter((one) => one.name.startsWith('DRM_IOCTL_') && one.name.endsWith(`_${name}`));
  const text = found ? unit.program.files[found.file]!.tree.text.slice(found.start, found.end) : '';
  return {
    full: found?.name.replace('DRM_IOCTL_', '') ?? name,
    type: /,\s*struct (\w+)\s*\)\s*$/.exec(text)?.[1] ?? '_',
  };
}
