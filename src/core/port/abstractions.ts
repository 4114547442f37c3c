import type { ApiIndex } from './api-index';
import type { Level, MissingGroup } from './model';

/** Folders under include/linux/ whose headers each speak of one chip or board: a header is a group of its own there. */
const PRIVATE_FOLDERS =
  /^(?:mfd|platform_data|soc|firmware|fsl|bcm47xx|ssb|bcma|avf|mlx[45]|qed|usb\/(?:gadget|musb|chipidea))\b/;
/** Folders under include/ that stand for one subsystem each. Others (net, drm, crypto) hold many. */
const WHOLE_FOLDERS = new Set([
  'media',
  'sound',
  'scsi',
  'rdma',
  'target',
  'acpi',
  'xen',
  'pcmcia',
  'video',
  'trace',
  'kunit',
  'ufs',
]);

/**
 * The abstraction that a header's names would belong to. By rule: a folder of include/linux (`linux/iio/…`) or of a subsystem (`sound/…`) is
 * one, and so is any other header with its variants (`_types`, the user-space part, asm-generic).
 * @param header as it is included: `linux/iio/iio.h`
 */
export function groupOf(header: string): string {
  const path = header
    .replace(/^uapi\//, '')
    .replace(/^asm-generic\//, 'linux/')
    .replace(/\.h$/, '')
    .replace(/(?:_types|_defs|-defs)$/, '');
  const [top, next, ...rest] = path.split('/') as [string, string | undefined, ...string[]];
  if (next === undefined) return path;
  if (WHOLE_FOLDERS.has(top)) return top;
  if (top !== 'linux' || rest.length === 0 || PRIVATE_FOLDERS.test(path.slice('linux/'.length))) return path;
  return `linux/${next}`;
}

/** A name without a Rust side, as a driver uses it. */
export interface MissingName {
  name: string;
  uses: number;
  /** Whether it is a structure that the driver fills and registers, or a callback of one. */
  filled: boolean;
  /** Whether it is how the driver registers with a bus. */
  bus: boolean;
  /** Where it comes from, if that is no header of include/: the header beside the driver that declares it. */
  from: string | undefined;
}

/**
 * Headers of the language rather than of the kernel: plain types, printing, strings, marks for compiler and linker. Rust has its own ways for
 * what they give, so a name of theirs that the catalogue does not know stops nobody.
 */
const LANGUAGE = new Set(
  'types stddef stdarg limits const compiler init export printk dev_printk printk_ratelimit ratelimit bug build_bug kernel minmax math math64 string string_helpers sprintf kstrtox ctype bits bitops bitfield byteorder unaligned swab align array_size overflow container_of typecheck stringify errno sort bsearch random hex uuid'
    .split(' ')
    .map((name) => `linux/${name}`),
);

const LEVELS: readonly Level[] = ['bus', 'core', 'class'];

/**
 * The missing names by abstraction, in the order in which they are needed: what a driver is bound by (bus), what it asks of the kernel
 * (core services), what it is to the kernel (class); within these, a group comes after the groups whose headers its own headers include, and
 * the more used one first.
 * @param included headers that the driver includes: without an index they tell where a name comes from
 */
export function missingGroups(
  missing: readonly MissingName[],
  index: ApiIndex | undefined,
  included: readonly string[],
): MissingGroup[] {
  const groups = new Map<string, { level: Level; names: MissingName[]; headers: Set<string> }>();
  for (const one of missing) {
    const header = one.from === undefined ? headerOf(one.name, index) : undefined;
    const name = one.from ?? (header === undefined ? nearestGroup(one.name, included) : groupOf(header));
    let group = groups.get(name);
    if (!group) groups.set(name, (group = { level: 'core', names: [], headers: new Set() }));
    group.names.push(one);
    if (header !== undefined) group.headers.add(header);
    if (one.bus) group.level = 'bus';
    else if (one.filled && group.level === 'core') group.level = 'class';
  }
  const list = [...groups].map(([group, { level, names, headers }]): MissingGroup & { headers: Set<string> } => ({
    group,
    level,
    names: names.sort(byUse).map(({ name, uses }) => [name, uses]),
    uses: names.reduce((sum, { uses }) => sum + uses, 0),
    helpers:
      level === 'core' && (LANGUAGE.has(group) || (index !== undefined && names.every(({ name }) => index.isHelper(name)))),
    after: [],
    headers,
  }));
  for (const one of list)
    for (const other of list)
      if (one !== other && index && some(one.headers, (a) => some(other.headers, (b) => index.includes(a, b))))
        one.after.push(other.group);
  for (const one of list) one.after.sort();
  return ordered(list).map(({ group, level, names, uses, helpers, after }) => ({ group, level, names, uses, helpers, after }));
}

/** The header of a name; what all buses have in one place (`spi_device_id`, MODULE_DEVICE_TABLE(spi)) belongs to its bus. */
function headerOf(name: string, index: ApiIndex | undefined): string | undefined {
  const bus = /^(?:(\w+)_(?:device|system)_id|MODULE_DEVICE_TABLE\((\w+)\))$/.exec(name);
  const of = bus?.[1] ?? bus?.[2];
  const places = of === undefined ? [] : [`${of}_driver`, `${of}_device`, `${of}_device_id`];
  for (const place of [...places, name]) {
    const header = index?.headerOf(place);
    if (header !== undefined) return header;
  }
  return undefined;
}

/** By level, then what others build on first, then by use; circles are broken by use. */
function ordered<T extends MissingGroup>(groups: readonly T[]): T[] {
  const left = [...groups].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.uses - a.uses || (a.group < b.group ? -1 : 1),
  );
  const done: T[] = [];
  while (left.length > 0) {
    const level = left[0]!.level;
    const waiting = new Set(left.filter((one) => one.level === level).map(({ group }) => group));
    const free = left.findIndex((one) => one.level === level && !one.after.some((other) => waiting.has(other)));
    done.push(...left.splice(Math.max(0, free), 1));
  }
  return done;
}

export const byUse = (a: { name: string; uses: number }, b: { name: string; uses: number }): number =>
  b.uses - a.uses || (a.name < b.name ? -1 : 1);

const some = <T>(set: ReadonlySet<T>, test: (one: T) => boolean): boolean => {
  for (const one of set) if (test(one)) return true;
  return false;
};

/**
 * Without headers to look in: the included header whose folder or name the name starts with (`gpiochip_add_data`, linux/gpio/driver.h); else the
 * first word of the name, which is how the kernel marks a subsystem's functions.
 */
function nearestGroup(name: string, included: readonly string[]): string {
  const bare = name.replace(/^(?:devm_|of_|__)+/, '').toLowerCase();
  let best = '';
  let length = 2;
  for (const header of included)
    for (const word of header.replace(/\.h$/, '').toLowerCase().split(/[/_-]/))
      if (word.length > length && word !== 'linux' && bare.startsWith(word)) {
        best = groupOf(header);
        length = word.length;
      }
  return best === '' ? (/^[a-z][a-z0-9]*/.exec(bare)?.[0] ?? bare) : best;
}
