import type { Catalogue, TraitShape } from '../catalogue';

export type { TraitMember } from '../catalogue';
export type TraitFacts = TraitShape;

/** How much a device must be known to be bound before a method may be called on it. */
export type DeviceContext = 'Normal' | 'Bound' | 'Core';

/** What candidates ask of a kernel: the catalogue, and what its shapes of items mean to them. */
export interface KernelApi {
  readonly catalogue: Catalogue;
  /** Undefined if this kernel has no such trait. */
  traitOf(path: string): TraitFacts | undefined;
  /** The context that a device's method is defined for. */
  contextOf(path: string): DeviceContext;
  /**
   * What a macro that makes an id table takes, in order, by the name of the parameter: `table_name`, `module_table_name`,
   * `id_info_type`, `table_data`. Undefined if this kernel has no such macro.
   */
  tableMacro(name: string): readonly TableParameter[] | undefined;
  /** Whether the type of this path gives its `struct device`: it has `AsRef<Device>`. */
  hasDevice(path: string): boolean;
  /** Names of statics that the kernel's module macros define where they are used; nothing else can be called so. */
  readonly reserved: readonly string[];
  /** Signature of a function or method on one line; undefined if this kernel has none of this path. */
  signatureOf(path: string): string | undefined;
}

/** A parameter of a macro for id tables: the static's name, that of its copy for modpost, the type of the data, the entries as tokens or as one array. */
export type TableParameter = 'name' | 'module-name' | 'type' | 'entries' | 'array';

/** The public path of what the kernel in use offers for a C name, `kernel::sync::Mutex`; undefined if that is nothing. */
export const rustSideOf = (name: string, catalogue: Catalogue): string | undefined => {
  const { status, rust } = catalogue.lookup(name);
  return status === 'safe' || status === 'partial' ? rust.find(({ relation }) => relation !== 'nearest')?.path : undefined;
};
