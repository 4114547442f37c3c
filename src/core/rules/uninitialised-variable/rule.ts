import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'uninitialised-variable',
    title: 'Variable used before it is set',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-457',
    why: 'On this path nothing has been stored in the variable: it holds what the stack held.',
    falsePositives: ['The path cannot be taken for a reason that the function does not show.'],
    references: ['Documentation/process/deprecated.rst', 'https://cwe.mitre.org/data/definitions/457.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Using a variable that is not initialised on every path does not compile.',
      items: ['kernel::error::Result'],
    },
  },
  {
    uninitialised: ({ name, detail }) => `${name} is ${detail} here, and nothing has set it on this path`,
  },
);
