import { flowRule } from '../flow-rule';
import type { Rule } from '../model';
import { neverGivenBack } from './never';

const followed = flowRule(
  {
    id: 'lock-not-released',
    title: 'Lock still held on this way out',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-667',
    why: 'Other ways out of the function release the lock; this one leaves it to whoever comes next to wait for ever.',
    falsePositives: ['The function is meant to return with the lock held in just this case.'],
    references: [
      'Documentation/locking/locktypes.rst',
      'scripts/coccinelle/locks/mini_lock.cocci',
      'https://cwe.mitre.org/data/definitions/667.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'A guard releases the lock on every way out of its scope.',
      items: ['kernel::sync::Mutex', 'kernel::sync::SpinLock', 'kernel::sync::lock::Guard'],
    },
  },
  {
    'lock-held-at-return': ({ name, callee }) =>
      `this way out leaves ${name === '' ? `what ${callee}() took` : name} locked; others release it`,
  },
);

/** What is left on some way out, and what is given back on none. */
const rule: Rule = { metadata: followed.metadata, run: (context) => [...followed.run(context), ...neverGivenBack(context)] };
export default rule;
