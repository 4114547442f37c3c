/**
 * How the kernel gets into a driver. The names follow the command line's contract; new kinds may be added.
 * - `module-macro`: module_init, module_exit, module_platform_driver …; `initcall`: subsys_initcall …; `syscall`: SYSCALL_DEFINE
 * - `driver`: a bus driver structure itself; `probe`, `remove`: its callbacks of these duties; `pm`: suspend, resume and the like, in any table
 * - `ops`: any other callback of a table, or the table itself (`function` is null then)
 * - `irq`, `work`, `timer`, `thread`, `callback`: functions handed to a kernel function (`callback` where none of the others fits)
 * - `sysfs`: attributes of sysfs, debugfs, configfs, proc by their macros; `param`: module parameters; `export`: exported symbols
 * - `id-table`, `device-table`: match tables and their MODULE_DEVICE_TABLE
 */
export type EntryPointKind =
  | 'module-macro'
  | 'initcall'
  | 'syscall'
  | 'driver'
  | 'probe'
  | 'remove'
  | 'pm'
  | 'ops'
  | 'irq'
  | 'work'
  | 'timer'
  | 'thread'
  | 'callback'
  | 'sysfs'
  | 'param'
  | 'export'
  | 'id-table'
  | 'device-table';

/** One way in which the kernel enters the driver. Offsets are UTF-16 units into the file's text. */
export interface EntryPoint {
  kind: EntryPointKind;
  /** What a user would call it: the variable, attribute, parameter or function. */
  name: string;
  /** The driver's function that is entered; null for tables and the like. */
  function: string | null;
  /** Structure type or macro or kernel function it hangs on: `platform_driver`, `module_init`, `devm_request_irq`. */
  container: string;
  /** The table variable that `field` belongs to, where it has a name. */
  table: string | null;
  /** Field of `container` that names the function; null where it is no field. */
  field: string | null;
  /** Where it is hung up: start and end of the field's designator, of the macro's or function's name, of the table's name. */
  start: number;
  end: number;
  /** Start of the function's name in its definition in this file; null if it is not defined here. */
  definition: number | null;
}

/** A function defined in the file. Offsets are UTF-16 units, `node` is the definition's node number. */
export interface FunctionDefinition {
  name: string;
  /** Offset of the name. */
  nameStart: number;
  /** The whole definition, from its first specifier to the closing brace. */
  start: number;
  end: number;
  node: number;
  /** Node number of the body. */
  body: number;
  isStatic: boolean;
}

/** What a C name is, as the command line's contract names it. */
export type CNameKind = 'function' | 'macro' | 'struct' | 'field' | 'header';

/** A place where the file uses a name of the kernel (one that the file does not define itself). */
export interface ApiUse {
  /** `mutex_lock`; of a field `platform_driver.probe`; of a header `linux/mutex.h`; of a macro with a telling argument `MODULE_DEVICE_TABLE(of)`. */
  name: string;
  /** What the text alone says: a call is a `function`, even if the kernel defines it as a macro. */
  kind: CNameKind;
  start: number;
  end: number;
}

/** The model of one C file. */
export interface DriverModel {
  functions: FunctionDefinition[];
  entryPoints: EntryPoint[];
  apis: ApiUse[];
}
