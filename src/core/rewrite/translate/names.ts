/** Rust names for C names, unique within a name space of the candidate. */

const KEYWORDS = new Set(
  'as async await box break const continue dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return static struct trait true type unsafe use where while abstract become do final macro override priv try typeof unsized virtual yield'.split(
    ' ',
  ),
);
/** What the prelude and the candidate's own text already mean. */
const TAKEN_TYPES =
  'Result Error Option Some None Ok Err Vec Box String Pin Module ThisModule KBox VBox KVBox KVec VVec KVVec CStr Send Sync Sized Drop Fn FnMut FnOnce Copy Clone Default Iterator Device Driver Mutex Core Bound Io Delta IrqReturn Registers ARef Zeroable FromBytes AsBytes IntoBytes Init PinInit Self InPlaceInit Devres DevresIoMem DevresBar UserPtr Info File Kiocb Debug Hash Eq Ord Into From AsRef AsMut Allocator Flags InPlaceWrite Clk Clock Hertz MiscDeviceOptions MiscDeviceRegistration IoRequest InPlaceModule LocalModule Module C22 C45 Mmd'.split(
    ' ',
  );
const TAKEN_VALUES = [
  'drop',
  'main',
  'state',
  'size_of',
  'align_of',
  'size_of_val',
  'align_of_val',
  'to_result',
  'modify_register',
  'interface_device',
  'isize_or_errno',
  'i64_or_errno',
  'reg',
  'errno',
  'value_or_errno',
  'pin_init',
  'init',
  'fmt',
  'module',
  'vtable',
  'export',
  'platform',
  'pci',
  'usb',
  'i2c',
  'kernel',
  'core',
  'of',
  'acpi',
  'device',
  'driver',
  'phy',
  'fsleep',
  'udelay',
  'min',
  'max',
  'current',
];

/** Hands out names; what is asked for twice gets the same name, two C names never get one. */
export class Names {
  private readonly given = new Map<string, string>();
  private readonly taken: Set<string>;

  constructor(
    private readonly style: (name: string) => string,
    taken: readonly string[] = [],
  ) {
    this.taken = new Set(taken);
  }

  of(name: string): string {
    return this.give(name, this.style(name));
  }

  /** The name for `key`, which is `wanted` if that is still free. */
  give(key: string, wanted: string): string {
    const known = this.given.get(key);
    if (known !== undefined) return known;
    while (this.taken.has(wanted)) wanted += '_';
    this.taken.add(wanted);
    this.given.set(key, wanted);
    return wanted;
  }
}

export const typeNames = (): Names => new Names(camel, TAKEN_TYPES);
export const functionNames = (): Names => new Names(snake, TAKEN_VALUES);
export const constantNames = (): Names =>
  new Names(upper, [
    'PCI_TABLE',
    'OF_TABLE',
    'ACPI_TABLE',
    'USB_TABLE',
    'I2C_TABLE',
    'ID_TABLE',
    'AUX_TABLE',
    'GFP_KERNEL',
    'GFP_ATOMIC',
    ...ERRNO_TAKEN(),
  ]);

function ERRNO_TAKEN(): string[] {
  return ['EPERM', 'ENOENT', 'EIO', 'ENXIO', 'ENOMEM', 'EBUSY', 'ENODEV', 'EINVAL'];
}

/** Escapes what is a keyword of Rust. */
export function identifier(name: string): string {
  if (name === 'self' || name === 'super' || name === 'crate' || name === 'Self' || name === '_') return `${name}_`;
  return KEYWORDS.has(name) ? `r#${name}` : name;
}

export function snake(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_{2,}/g, '_');
  const trimmed = /^_*\d/.test(spaced) ? `n${spaced}` : spaced.replace(/^_+(?=.)/, '').replace(/(?<=.)_+$/, '');
  return identifier(/^\d|^$/.test(trimmed) ? `n_${trimmed}` : trimmed);
}

export function upper(name: string): string {
  const text = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/_{2,}/g, '_')
    .replace(/^_+(?=.)/, '')
    .replace(/(?<=.)_+$/, '');
  return /^\d/.test(text) ? `N_${text}` : text;
}

export function camel(name: string): string {
  const text = name
    .split(/_+/)
    .filter((word) => word !== '')
    .map((word) => word[0]!.toUpperCase() + (/[a-z]/.test(word) ? word.slice(1) : word.slice(1).toLowerCase()))
    .join('')
    // Rust has no underscore between digits only where it would join two numbers: `foo_1_2`.
    .replace(/[^A-Za-z0-9]/g, '');
  return /^\d/.test(text) || text === '' ? `N${text}` : text;
}
