import type { Catalogue } from '../catalogue';
import type { DeviceContext, KernelApi } from './kernel-api';
import { tableParameters } from './table-macros';

const DEVICE = 'kernel::device::Device';

/** A kernel as candidates ask for it. */
export function openKernelApi(catalogue: Catalogue): KernelApi {
  const { shapes } = catalogue;
  return {
    catalogue,
    reserved: shapes.statics,
    hasDevice: (path) => path === DEVICE || shapes.asRefOf(path).includes(DEVICE),
    tableMacro: (name) =>
      name.endsWith('_device_table') ? tableParameters(shapes.macroParameters(`kernel::${name}`)) : undefined,
    signatureOf: (path) => catalogue.item(path)?.signature ?? undefined,
    traitOf: (path) => shapes.traitOf(path),
    contextOf: (path) =>
      shapes.receiverOf(path).find((name): name is DeviceContext => name === 'Bound' || name === 'Core') ?? 'Normal',
  };
}
