import { flowRule } from '../flow-rule';
import { NONE } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';
import { callAt } from '../guards';
import { perFile } from '../per-file';
import { isKnownThere } from './known-there';
import { isAtBoot, isNamedOtherwise, untestedAllocations } from './untested';

const followed = flowRule(
  {
    id: 'unchecked-allocation',
    title: 'Result used without a check for NULL',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-476',
    why: 'The function returns NULL when it fails; on this path nothing asks before the pointer is followed.',
    falsePositives: ['The call cannot fail for reasons outside of the function.'],
    references: ['Documentation/core-api/memory-allocation.rst', 'https://cwe.mitre.org/data/definitions/476.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Allocation returns a Result: the value cannot be reached without handling the error.',
      items: ['kernel::alloc::KBox', 'kernel::alloc::KVec', 'kernel::error::Result'],
    },
  },
  {
    'unchecked-allocation': ({ name, callee, detail }) =>
      `${name} may be NULL here: ${callee}() can fail, and ${detail === '' ? 'nothing has checked it' : `${detail}() follows it unchecked`}`,
  },
);

const untested = perFile(untestedAllocations);

/** Known to be there, known by another name that may be tested, or asked for while the kernel boots. */
function isExcused(context: RuleContext, { function: inside, message, node, related }: Report): boolean {
  const { tree, model } = context;
  const [, name, callee] = /^(.+?) may be NULL here: (\w+)\(\)/.exec(message) ?? [];
  const definition = model.functions.find((one) => one.name === inside);
  if (name === undefined || callee === undefined || !definition) return false;
  const made = callAt(tree, related?.[0]?.start ?? -1, definition);
  if (made !== NONE && isKnownThere(context, made, node, name)) return true;
  return isAtBoot(tree, definition, callee) || isNamedOtherwise(tree.text.slice(definition.start, definition.end), name);
}

/** Results that are followed untested on some path, and those that nothing tests at all. */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => {
    const all = followed.run(context);
    const reports = all.filter((report) => !isExcused(context, report));
    const lines = new Set(all.flatMap(({ related = [] }) => related.map(({ start }) => start)));
    return [...reports, ...untested(context).filter(({ node }) => !lines.has(context.tree.starts[node]!))];
  },
};
export default rule;
