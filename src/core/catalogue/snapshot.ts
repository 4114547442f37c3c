import { nearestSnapshot } from '../kernel-version';
import { FORMAT, type CatalogueData } from './data';

/** A catalogue as bytes: JSON, gzipped. The same data gives the same bytes wherever the runtime's gzip is the same. */
export async function encodeSnapshot(data: CatalogueData): Promise<Uint8Array> {
  return through(new TextEncoder().encode(JSON.stringify(data)), new CompressionStream('gzip'));
}

/**
 * Reads what `encodeSnapshot` or `r4l index` wrote; JSON that is not gzipped is taken too.
 * @throws Error if the bytes are no catalogue, or one of another version of the extension
 */
export async function decodeSnapshot(bytes: Uint8Array): Promise<CatalogueData> {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await through(bytes, new DecompressionStream('gzip')) : bytes;
  let data: CatalogueData;
  try {
    data = JSON.parse(new TextDecoder().decode(plain)) as CatalogueData;
  } catch {
    throw new Error('not a catalogue: it is no JSON');
  }
  if ((data as { format?: unknown } | null)?.format !== FORMAT)
    throw new Error('not a catalogue of this version of the extension: make it again');
  return data;
}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const body = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** snapshots/index.json: the kernels that ship with the extension. */
export interface SnapshotIndex {
  format: typeof FORMAT;
  /** Oldest first. `bit` is the kernel's in the shared list of bound names. */
  kernels: { version: string; file: string; bit: number }[];
  /** File of the names that bindgen binds, of all kernels. */
  names: string;
}

/** Reads a file of the snapshots folder. */
export type ReadSnapshotFile = (name: string) => Promise<Uint8Array>;

/** The kernels for which a snapshot ships, oldest first. */
export async function shippedKernels(read: ReadSnapshotFile): Promise<SnapshotIndex> {
  return JSON.parse(new TextDecoder().decode(await read('index.json'))) as SnapshotIndex;
}

/**
 * The shipped facts for a kernel: of the same release, else of the nearest that is not newer.
 * @param wanted a version (`7.3.4`, `6.12`); left out, the newest
 */
export async function readSnapshot(read: ReadSnapshotFile, wanted?: string): Promise<CatalogueData> {
  const index = await shippedKernels(read);
  const version = nearestSnapshot(
    index.kernels.map((kernel) => kernel.version),
    wanted,
  );
  const kernel = index.kernels.find((one) => one.version === version)!;
  const [data, names] = await Promise.all([read(kernel.file).then(decodeSnapshot), read(index.names).then(decodeText)]);
  return { ...data, raw: names, rawBit: kernel.bit };
}

/** A kernel's facts without the names that the snapshots share, and those names of all kernels in one list. */
export function shareNames(kernels: readonly CatalogueData[]): { facts: CatalogueData[]; names: string } {
  const bits = new Map<string, { kind: string; bits: number }>();
  kernels.forEach((data, index) => {
    for (const line of data.raw.split('\n')) {
      const [name, kind] = line.split(':') as [string, string];
      const known = bits.get(name);
      bits.set(name, { kind, bits: (known?.bits ?? 0) | (1 << index) });
    }
  });
  const names = [...bits.keys()]
    .sort()
    .map((name) => `${name}:${bits.get(name)!.kind}${bits.get(name)!.bits.toString(16)}`)
    .join('\n');
  return { facts: kernels.map((data) => ({ ...data, raw: '' })), names };
}

/** Gzips a text. */
export const encodeText = (text: string): Promise<Uint8Array> =>
  through(new TextEncoder().encode(text), new CompressionStream('gzip'));

const decodeText = async (bytes: Uint8Array): Promise<string> =>
  new TextDecoder().decode(await through(bytes, new DecompressionStream('gzip')));
