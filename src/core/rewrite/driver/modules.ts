import type { Lines } from '../rust/statements';
import type { Unit } from '../translate/unit';
import { printInPlaceModule, type Registration } from './classes';
import type { Implementation } from './impl';
import { printMetadata, type Metadata } from './metadata';

/** The macro that registers drivers of a bus alone: `module_platform_driver`, derived from the module of the trait. */
export function busMacro(unit: Unit, implementation: Implementation): string | null {
  const module = implementation.table.trait.path.split('::').at(-2)!;
  return (
    [`module_${module}_driver`, `module_${module}_device_driver`].find((name) => unit.api.catalogue.hasItem(`kernel::${name}`)) ??
    null
  );
}

/** Whether a trait's drivers are registered on their own: it has an adapter for registrations, or a macro. */
export const isBus = (unit: Unit, implementation: Implementation): boolean => {
  const module = implementation.table.trait.path.split('::').slice(0, -1).join('::');
  return unit.api.catalogue.hasItem(`${module}::Adapter`) || busMacro(unit, implementation) !== null;
};

export const isPhy = (implementation: Implementation): boolean => implementation.table.trait.path === 'kernel::net::phy::Driver';

/** How the module registers its drivers, and what else it keeps registered. */
export function printModule(
  lines: Lines,
  unit: Unit,
  buses: readonly Implementation[],
  more: readonly Registration[],
  metadata: Metadata,
): void {
  const [first] = buses;
  if (!first) return;
  if (isPhy(first)) {
    const phys = buses.filter(isPhy);
    lines.text.push('kernel::module_phy_driver! {');
    lines.text.push('    drivers: [', ...phys.map(({ type }) => `        ${type},`));
    lines.text[lines.text.length - 1] = lines.text.at(-1)!.replace(/,$/, '');
    lines.text.push(
      '    ],',
      '    device_table: [',
      ...phys.map(({ type }) => `        phy::DeviceId::new_with_driver::<${type}>(),`),
    );
    lines.text[lines.text.length - 1] = lines.text.at(-1)!.replace(/,$/, '');
    lines.text.push('    ],');
    printMetadata(lines, metadata);
    lines.text.push('}');
    return;
  }
  const macro = busMacro(unit, first);
  if (buses.length === 1 && macro !== null && more.length === 0) {
    lines.text.push(`kernel::${macro}! {`, `    type: ${first.type},`);
    printMetadata(lines, metadata);
    lines.text.push('}');
    return;
  }
  unit.use('kernel::driver');
  const fields = buses.map((bus, i): Registration => {
    const module = bus.table.trait.path.split('::').slice(0, -1);
    unit.use(module.join('::'));
    return {
      name: `_driver${i}`,
      type: `driver::Registration<${module.at(-1)!}::Adapter<${bus.type}>>`,
      init: ' <- driver::Registration::new(MODULE_NAME, module)',
      pinned: true,
    };
  });
  printInPlaceModule(lines, unit, [...fields, ...more], null, metadata);
}
