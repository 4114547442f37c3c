import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'null-dereference',
    title: 'NULL pointer followed',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-476',
    why: 'A test on this path has found the pointer to be NULL, and it is followed all the same.',
    falsePositives: ['A macro between the test and the use leaves the function.'],
    references: ['scripts/coccinelle/null/deref_null.cocci', 'https://cwe.mitre.org/data/definitions/476.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'References are never null; an Option has to be opened before its content is used.',
      items: ['kernel::error::Result'],
    },
  },
  {
    'null-dereference': ({ name }) => `${name} is followed although it is NULL on this path`,
  },
);
