import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'dereference-before-check',
    title: 'Pointer tested for NULL after it was followed',
    kind: 'suspect',
    severity: 'information',
    confidence: 'medium',
    cwe: 'CWE-476',
    why: 'Either the pointer can be NULL, and the earlier use is a fault; or it cannot, and the test misleads.',
    falsePositives: ['The test is left over, and the pointer can never be NULL.'],
    references: ['https://lwn.net/Articles/342330/', 'https://cwe.mitre.org/data/definitions/476.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Whether a pointer may be missing is in its type: Option or reference.',
      items: ['kernel::error::Result'],
    },
  },
  {
    'dereference-before-check': ({ name }) => `${name} is tested for NULL here, but has been followed before`,
  },
);
