import { ownKeys } from '../../own-keys';
import type { KernelApi, TraitFacts } from '../kernel-api';
import { isClass } from './classes';
import { DRM, isDrm } from './drm';

/** Why a driver gets no candidate for a trait that takes the place of C callbacks, by the trait's path. */
const WITHOUT: Readonly<Record<string, string>> = ownKeys({
  'kernel::drm::file::DriverFile': 'it is a part of kernel::drm::Driver: give the file with the struct drm_driver, too',
  'kernel::drm::gem::DriverObject': 'it is a part of kernel::drm::Driver: give the file with the struct drm_driver, too',
  'kernel::drm::gpuvm::DriverGpuVm': 'its steps take the address space and the mappings that only the driver itself can name',
  'kernel::debugfs::BinaryReader': 'files of debugfs are made of the data that they show, not of callbacks',
  'kernel::debugfs::BinaryWriter': 'files of debugfs are made of the data that they show, not of callbacks',
  'kernel::irq::Handler': 'a handler is given when the interrupt is requested; it is a part of a driver, no driver',
  'kernel::irq::ThreadedHandler': 'a handler is given when the interrupt is requested; it is a part of a driver, no driver',
  'kernel::time::hrtimer::HrTimerCallback': 'a timer is a field of the structure that it is about, no driver',
  'kernel::workqueue::WorkItem': 'work is a field of the structure that it is about, no driver',
  'kernel::module_param::ModuleParam': 'parameters stand in module!, whose types implement it',
  'kernel::opp::ConfigOps': 'C hands these callbacks over at run time, in struct dev_pm_opp_config',
});

const CONFIGFS = 'groups are made by a subsystem with a constant name, which these files do not have';

/** What a trait means for candidates in this kernel: they implement it, or the reason why they do not; undefined if it is not known. */
export function roleOf(api: KernelApi, trait: TraitFacts): { candidate: boolean; reason: string } | undefined {
  const reason = WITHOUT[trait.path];
  if (reason !== undefined) return { candidate: (PARTS[trait.path] ?? []).some((path) => api.traitOf(path)), reason };
  if (trait.path.startsWith('kernel::configfs::'))
    return { candidate: api.catalogue.hasItem('kernel::configfs_attrs'), reason: CONFIGFS };
  const module = trait.path.split('::').slice(0, -1).join('::');
  const registers = [`${module}::Adapter`, `kernel::module_${module.split('::').at(-1)!}_driver`];
  if (registers.some((path) => api.catalogue.hasItem(path)) || isDrm(trait) || isClass(trait))
    return { candidate: true, reason: '' };
  return undefined;
}

/** Traits that are implemented with another one. */
const PARTS: Readonly<Record<string, readonly string[]>> = ownKeys({
  'kernel::drm::file::DriverFile': [DRM],
  'kernel::drm::gem::DriverObject': [DRM],
});

/** Why there is no candidate for a trait by itself; null if nothing is known to say. */
export const reasonAgainst = (path: string): string | null =>
  WITHOUT[path] ?? (path.startsWith('kernel::configfs::') ? CONFIGFS : null);
