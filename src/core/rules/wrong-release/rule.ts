import { flowRule } from '../flow-rule';
import type { Rule } from '../model';
import { freedAfterRegistering } from './registered';

const followed = flowRule(
  {
    id: 'wrong-release',
    title: 'Object given back by the wrong function',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-762',
    why: "Each allocator keeps its own books: freed with another one's function, memory is corrupted; managed memory is freed a second time with its device.",
    falsePositives: ['The allocator and the release are two names of the same thing in this kernel version.'],
    references: [
      'Documentation/core-api/memory-allocation.rst',
      'Documentation/driver-api/driver-model/devres.rst',
      'https://cwe.mitre.org/data/definitions/762.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'The allocator is part of the type of a box or vector, which frees itself with it.',
      items: ['kernel::alloc::KBox', 'kernel::alloc::KVec', 'kernel::devres::Devres'],
    },
  },
  {
    'wrong-release': ({ name, callee, related, detail }) =>
      detail === 'devm'
        ? `${callee}() frees ${name}, which is managed: it is freed again with its device`
        : `${callee}() does not give back what ${name} was allocated as (${detail})${related.length > 0 ? '' : ' here'}`,
  },
);

/** What one family gave and another takes; and devices freed by hand after their registration failed. */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => [...followed.run(context), ...freedAfterRegistering(context)],
};
export default rule;
