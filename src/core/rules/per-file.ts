import type { DriverModel } from '../driver';
import type { RuleContext } from './model';

/**
 * Reads something from a file once, and keeps it as long as the file's model: an editor asks first for the findings that
 * need no flow, and then for all. For what depends on tree and model alone.
 */
export function perFile<T>(read: (context: RuleContext) => T): (context: RuleContext) => T {
  const known = new WeakMap<DriverModel, { value: T }>();
  return (context) => {
    let kept = known.get(context.model);
    if (!kept) known.set(context.model, (kept = { value: read(context) }));
    return kept.value;
  };
}
