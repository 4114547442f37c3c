import { flowRule } from '../flow-rule';
import type { Rule } from '../model';
import { standing } from './excused';

const followed = flowRule(
  {
    id: 'memory-leak',
    title: 'Object not given back on this way out',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-401',
    why: 'What is acquired and neither given back nor stored where others find it is lost for good.',
    falsePositives: ['A macro or a function of another file takes the object over although the text frees it elsewhere.'],
    references: [
      'Documentation/process/coding-style.rst: centralized exiting of functions',
      'https://cwe.mitre.org/data/definitions/401.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'Owned values are dropped on every way out of their scope, early returns with ? among them.',
      items: ['kernel::alloc::KBox', 'kernel::alloc::KVec', 'kernel::sync::aref::ARef', 'kernel::types::ScopeGuard'],
    },
  },
  {
    leak: ({ name, callee }) => `${name}, which ${callee}() gave, is not given back on this way out`,
    'loop-reference-leak': ({ name, callee }) => `the loop is left here with the reference that ${callee}() holds on ${name}`,
  },
);

const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => followed.run(context).flatMap((report) => standing(context, report)),
};
export default rule;
