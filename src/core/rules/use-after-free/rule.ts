import { flowRule } from '../flow-rule';
import type { Rule } from '../model';
import { perFile } from '../per-file';
import { usesOfFreedParts } from './parts';

const followed = flowRule(
  {
    id: 'use-after-free',
    title: 'Memory used after it was freed',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-416',
    why: "The object may have been handed out again: what is read is somebody else's data, what is written destroys it.",
    falsePositives: ['The function that frees only drops a reference, and another one is known to be held.'],
    references: ['Documentation/dev-tools/kasan.rst', 'https://cwe.mitre.org/data/definitions/416.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Freeing moves the box away; a later use does not compile.',
      items: ['kernel::alloc::KBox', 'kernel::alloc::KVec', 'kernel::sync::aref::ARef'],
    },
  },
  {
    'use-after-free': ({ name, callee, detail }) =>
      detail === ''
        ? `${name} is used after ${callee}() has freed it`
        : `${name} is passed to ${detail}() after ${callee}() has freed it`,
    'cursor-after-loop': ({ name, callee }) =>
      `${name} points to no entry if ${callee}() came to the end of the list, and is followed here`,
    'loop-cursor-freed': ({ name, callee, detail }) =>
      `${detail}() follows ${name} to the next entry after ${callee}() has freed it`,
  },
);

const ofFreedParts = perFile(usesOfFreedParts);

/** What is freed by itself, and what is freed as a part of something else. */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => [...followed.run(context), ...ofFreedParts(context)],
};
export default rule;
