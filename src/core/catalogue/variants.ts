import type { LinkRow } from './data';

/** The plain name of a managed one: `dma_alloc_coherent` for `dmam_alloc_coherent`, `pci_iomap` for `pcim_iomap`. */
export function plainOf(name: string): string {
  const rest = name.slice(name.indexOf('_') + 1);
  return name.startsWith('pcim_') ? `pci_${rest}` : name.startsWith('dmam_') ? `dma_${rest}` : rest;
}

/** Names of which only a variant is linked for sure, with that variant; the first of a name's variants counts. */
export function variantsOf(links: ReadonlyMap<string, LinkRow[]>): Map<string, string> {
  const variants = new Map<string, string>();
  const made = VARIANTS.map(() => new Map<string, string>());
  for (const [name, rows] of links) {
    if ((rows[0]?.[2] ?? 0) < VARIANT) continue;
    VARIANTS.forEach((shape, index) => {
      const plain = shape.exec(name)?.[1];
      if (plain !== undefined && !links.has(plain)) made[index]!.set(plain, name);
    });
  }
  for (const one of made) for (const [plain, name] of one) if (!variants.has(plain)) variants.set(plain, name);
  return variants;
}

/** How variants are named, by what comes first if there are several. */
const VARIANTS = [/^__([^_].*)$/, /^_([^_].*)$/, /^([^_].*)_locked$/, /^([^_].*)_unlocked$/, /^([^_].*)_indexed$/];

/** Words of a C name that change what it promises. */
export const CHANGING_WORDS = new Set(
  'timeout bh irq irqsave irqrestore nested killable once ratelimited nowait sync async many trylock try interruptible locked unlocked atomic safe rcu relaxed'.split(
    ' ',
  ),
);

/** How sure it must be what Rust does with a variant of a name. */
const VARIANT = 52;
