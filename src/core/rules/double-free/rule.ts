import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'double-free',
    title: 'Object given back twice',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-415',
    why: 'The second call frees what may belong to somebody else by now, or drops a reference that was never taken.',
    falsePositives: ['The pointer is set again by a callee or a macro that the file does not show.'],
    references: ['Documentation/core-api/memory-allocation.rst', 'https://cwe.mitre.org/data/definitions/415.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'A value is dropped once: giving it back moves it away.',
      items: ['kernel::alloc::KBox', 'kernel::sync::aref::ARef'],
    },
  },
  {
    'double-free': ({ name, callee }) => `${callee}() gives back ${name}, which has been given back already`,
    'loop-cursor-put': ({ name, callee, detail }) => `${callee}() gives back ${name}, which ${detail}() gives back itself`,
  },
);
