/** Rust names for C names, unique within a name space of the candidate. */

const KEYWORDS = new Set(
  'as async await box break const continue dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return static struct trait true type unsafe use where while abstract become do final macro override priv try typeof unsized virtual yield'.split(
    ' ',
  ),
);
/** What the prelude and the candidate's own text already mean. */
const TAKEN_TYPES =
  'Result Error Option Some None Ok Err Vec Box String Pin Module ThisModule KBox VBox KVBox KVec VVec KVVec CStr Send Sync Sized Drop Fn FnMut FnOnce Copy Clone Default Iterator Device Driver Mutex Core Bound Io Delta IrqReturn Registers ARef Zeroable FromBytes AsBytes IntoBytes Init PinInit Self InPlaceInit Devres DevresIoMem DevresBar UserPtr Info File Kiocb Debug Hash Eq Ord Into From AsRef AsMut Allocator Flags InPlaceWrite Clk Clock Hertz MiscDeviceOptions MiscDeviceRegistration IoRequest InPlaceModule LocalModule C22 C45 Mmd Property FwNode Arc Devres Iterator ExclusiveIoMem MappedIo'.split(
    ' ',
  );
const TAKEN_VALUES =
  'drop main state size_of align_of size_of_val align_of_val reg pin_init init fmt module vtable export platform pci usb i2c kernel core of acpi device driver phy min max current'.split(
    ' ',
  );

/** Hands out names; what is asked for twice gets the same name, two C names never get one. */
export class Names {
  private readonly given = new Map<string, string>();
  private readonly taken: Set<string>;

  constructor(
    private readonly style: (name: string) => string,
    private readonly isTaken: (name: string) => boolean,
    taken: readonly string[],
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
    while (this.taken.has(wanted) || this.isTaken(wanted)) wanted += '_';
    this.taken.add(wanted);
    this.given.set(key, wanted);
    return wanted;
  }
}

/** Functions that a candidate may call besides the driver's own: no variable may hide them. */
export const HELPERS: ReadonlySet<string> = new Set([
  'errno',
  'fsleep',
  'i64_or_errno',
  'interface_device',
  'isize_or_errno',
  'modify_register',
  'of_node',
  'poll',
  'read_poll_timeout',
  'read_property',
  'to_result',
  'udelay',
  'value_or_errno',
]);

export const typeNames = (): Names => new Names(camel, () => false, TAKEN_TYPES);
export const functionNames = (): Names => new Names(snake, () => false, [...TAKEN_VALUES, ...HELPERS]);
/** @param isTaken whether the kernel crate's prelude has a constant of the name: an error code */
export const constantNames = (isTaken: (name: string) => boolean): Names =>
  new Names(upper, isTaken, [
    'PCI_TABLE',
    'OF_TABLE',
    'ACPI_TABLE',
    'USB_TABLE',
    'I2C_TABLE',
    'ID_TABLE',
    'AUX_TABLE',
    'GFP_KERNEL',
    'GFP_ATOMIC',
  ]);

/** Escapes what is a keyword of Rust. */
export function identifier(name: string): string {
  if (name === 'self' || name === 'super' || name === 'crate' || name === 'Self' || name === '_') return `${name}_`;
  return KEYWORDS.has(name) ? `r#${name}` : name;
}

/** A name in ASCII: the kernel takes no other identifiers. */
const ascii = (name: string): string => name.replace(/\W/gu, (unit) => `_u${unit.codePointAt(0)!.toString(16)}_`);

export function snake(name: string): string {
  const spaced = ascii(name)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_{2,}/g, '_');
  const trimmed = /^_*\d/.test(spaced) ? `n${spaced}` : spaced.replace(/^_+(?=.)/, '').replace(/(?<=.)_+$/, '');
  return identifier(/^\d|^$/.test(trimmed) ? `n_${trimmed}` : trimmed);
}

export function upper(name: string): string {
  const text = ascii(name)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/_{2,}/g, '_')
    .replace(/^_+(?=.)/, '')
    .replace(/(?<=.)_+$/, '');
  return /^\d|^$/.test(text) ? `N_${text}` : text;
}

export function camel(name: string): string {
  const text = ascii(name)
    .split(/_+/)
    .filter((word) => word !== '')
    .map((word) => word[0]!.toUpperCase() + (/[a-z]/.test(word) ? word.slice(1) : word.slice(1).toLowerCase()))
    .join('')
    // Rust has no underscore between digits only where it would join two numbers: `foo_1_2`.
    .replace(/[^A-Za-z0-9]/g, '');
  return /^\d/.test(text) || text === '' ? `N${text}` : text;
}
