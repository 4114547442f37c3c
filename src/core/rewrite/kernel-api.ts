import type { Catalogue } from '../catalogue';

/** A member of a trait of the kernel crate. Signatures name everything by its public path: `kernel::platform::Device<…>`. */
export interface TraitMember {
  kind: 'method' | 'constant' | 'type';
  name: string;
  signature: string;
  hasDefault: boolean;
  config: string[];
}

export interface TraitFacts {
  /** Public path: `kernel::platform::Driver`. */
  path: string;
  /** Whether `#[vtable]` is on it, so on its implementations too. */
  vtable: boolean;
  members: TraitMember[];
}

/** How much a device must be known to be bound before a method may be called on it. */
export type DeviceContext = 'Normal' | 'Bound' | 'Core';

/** What candidates ask of a kernel: the catalogue, and the shapes of its traits. */
export interface KernelApi {
  readonly catalogue: Catalogue;
  /** Undefined if this kernel has no such trait. */
  traitOf(path: string): TraitFacts | undefined;
  /** The context that a device's method is defined for. */
  contextOf(path: string): DeviceContext;
}
