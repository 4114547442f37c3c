import type { SyntaxTree } from '../syntax';
import { Draft } from './draft';
import { readEvents } from './events';
import type { DriverModel } from './model';
import { surveyOf } from './survey';

export type { ApiUse, CNameKind, DriverModel, EntryPoint, EntryPointKind, FunctionDefinition } from './model';
export { apiRange, apisIn, entryPointsOf, functionAt, namesUsedIn } from './queries';

/**
 * The model of a C file: its functions, every way in which the kernel enters it, and every use of a kernel name. Total: whatever the
 * text, it gives a model of what can be recognised.
 */
export function describeDriver(tree: SyntaxTree): DriverModel {
  const draft = new Draft(surveyOf(tree));
  readEvents(draft);
  return draft.finish();
}
