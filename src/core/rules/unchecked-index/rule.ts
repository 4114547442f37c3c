import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'unchecked-index',
    title: 'Index from outside',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    supersedes: ['believed-number'],
    cwe: 'CWE-129',
    why: 'The number comes from the device, the wire, firmware or user space; nothing in the function compares it with the number of elements.',
    falsePositives: ['A caller, or whoever filled the message, has checked the number.'],
    references: ['https://docs.kernel.org/process/deprecated.html', 'https://cwe.mitre.org/data/definitions/129.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Indexing a slice checks the bounds; get() returns an Option.',
      items: ['kernel::alloc::KVec', 'kernel::num::Bounded'],
    },
  },
  {
    'outside-index': ({ name, detail, related }) =>
      `${name} indexes ${detail}, and is compared with nothing since it came from outside${related.length > 0 ? '' : ' here'}`,
  },
);
