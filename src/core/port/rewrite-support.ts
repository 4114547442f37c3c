import type { Catalogue } from '../catalogue';

/**
 * Whether `r4l rewrite` can give a candidate for a driver that registers by `structs`: this kernel has a trait for one of them, and drivers of
 * that trait are registered on their own. `supported`, or the reason why not.
 */
export function rewriteSupport(structs: readonly string[], catalogue: Catalogue): string {
  if (structs.length === 0) return 'it registers with no bus';
  for (const struct of structs) {
    const trait = ['probe', 'soft_reset']
      .flatMap((field) => catalogue.lookup(`${struct}.${field}`, 'field').rust)
      .find(({ relation, kind }) => relation === 'implements' && kind === 'method');
    if (!trait) continue;
    const module = trait.path.split('::').slice(0, -2);
    const macros = [`module_${module.at(-1)}_driver`, `module_${module.at(-1)}_device_driver`];
    if (catalogue.hasItem(`${module.join('::')}::Adapter`) || macros.some((name) => catalogue.hasItem(`kernel::${name}`)))
      return 'supported';
  }
  return `Linux ${catalogue.kernel.version} has no Rust trait for ${structs.join(', ')}`;
}
