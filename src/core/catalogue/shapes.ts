import { KINDS, type Shapes } from './data';
import type { KernelShapes, TraitShape } from './model';
import { ownKeys } from '../own-keys';

/** A kernel of whose items no shapes are known. */
export const NO_SHAPES: KernelShapes = openShapes({ traits: {}, receivers: {}, macros: {}, asRef: {}, statics: [] });

/** The shapes of a kernel's items as the rest of the product asks for them. */
export function openShapes(data: Shapes): KernelShapes {
  const traits = ownKeys(data.traits);
  const receivers = ownKeys(data.receivers);
  const macros = ownKeys(data.macros);
  const asRef = ownKeys(data.asRef);
  const opened = new Map<string, TraitShape>();
  return {
    statics: data.statics,
    receiverOf: (path) => receivers[path] ?? [],
    macroParameters: (path) => macros[path],
    asRefOf: (path) => asRef[path] ?? [],
    traitOf: (path) => {
      const row = traits[path];
      if (!row) return undefined;
      let trait = opened.get(path);
      if (!trait) {
        const members = row[1].map(([kind, name, signature, hasDefault, config]) => ({
          kind: KINDS[kind] as TraitShape['members'][number]['kind'],
          name,
          signature,
          hasDefault: hasDefault === 1,
          config,
        }));
        opened.set(path, (trait = { path, vtable: row[0] === 1, members }));
      }
      return trait;
    },
  };
}
