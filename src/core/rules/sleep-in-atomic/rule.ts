import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'sleep-in-atomic',
    title: 'Sleeping call where nothing may sleep',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-667',
    why: 'Under a spinlock, with interrupts off, in a handler or a timer, a call that may sleep can hang the processor.',
    falsePositives: ['The call does not sleep with these arguments.'],
    references: [
      'Documentation/locking/locktypes.rst',
      'scripts/coccinelle/locks/call_kern.cocci',
      'https://cwe.mitre.org/data/definitions/667.html',
    ],
    rust: {
      verdict: 'not-prevented',
      mechanism: 'The compiler does not know the context; the klint tool checks it outside of the language.',
      items: ['kernel::sync::SpinLock'],
    },
  },
  {
    'sleep-in-atomic': ({ name, callee, related, detail }) =>
      related.length === 0
        ? `${callee}() may sleep, and must not here: ${detail}`
        : `${callee}() may sleep${detail === callee ? '' : ` (in ${detail}())`} while ${name === '' ? 'sleeping is forbidden' : `${name} is held`}`,
  },
);
