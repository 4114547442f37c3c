import { flowRule } from '../flow-rule';

export default flowRule(
  {
    id: 'double-lock',
    title: 'Lock taken or released twice',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-667',
    why: 'Kernel locks do not nest: a second lock() waits for itself; a second unlock() lets others in too early.',
    falsePositives: ['The two texts name different locks at run time.'],
    references: [
      'Documentation/locking/mutex-design.rst',
      'scripts/coccinelle/locks/double_lock.cocci',
      'https://cwe.mitre.org/data/definitions/667.html',
    ],
    rust: {
      verdict: 'with-idiom',
      mechanism: 'One guard per lock is released just once; taking a second one of the same lock still waits for itself.',
      items: ['kernel::sync::Mutex', 'kernel::sync::SpinLock', 'kernel::sync::lock::Guard'],
    },
  },
  {
    'double-lock': ({ name, callee }) => `${callee}() takes ${name}, which is held already on this path`,
    'unlock-without-lock': ({ name, callee }) => `${callee}() releases ${name}, which has been released already on this path`,
  },
);
