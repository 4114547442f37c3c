import { flowRule } from '../flow-rule';
import type { Rule } from '../model';

const followed = flowRule(
  {
    id: 'memory-leak',
    title: 'Object not given back on this way out',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-401',
    why: 'What is acquired and neither given back nor stored where others find it is lost for good.',
    falsePositives: ['A macro or a function of another file takes the object over although the text frees it elsewhere.'],
    references: [
      'Documentation/process/coding-style.rst: centralized exiting of functions',
      'https://cwe.mitre.org/data/definitions/401.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'Owned values are dropped on every way out of their scope, early returns with ? among them.',
      items: ['kernel::alloc::KBox', 'kernel::alloc::KVec', 'kernel::sync::aref::ARef', 'kernel::types::ScopeGuard'],
    },
  },
  {
    leak: ({ name, callee }) => `${name}, which ${callee}() gave, is not given back on this way out`,
    'loop-reference-leak': ({ name, callee }) => `the loop is left here with the reference that ${callee}() holds on ${name}`,
  },
);

/** The address that a device knows a descriptor by is stored in another one: the object hangs on that chain. */
function isChained(text: string, message: string): boolean {
  const pool = /which (dma_pool_z?alloc|dma_alloc_coherent)\(\)/.exec(message)?.[1];
  if (pool === undefined) return false;
  return [...text.matchAll(new RegExp(`\\b${pool}\\s*\\([^;]*&(\\w+)`, 'g'))].some(([, handle]) =>
    new RegExp(`(?:->|\\.)\\w*(?:next|link|chain|lli)\\w*\\s*=[^=;]*\\b${handle!}\\b`).test(text),
  );
}

/** A part of the object that is returned, or given back right before this way out, takes the whole with it: `put_device(&cdev->dev); return ret;` */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => {
    const { tree, model } = context;
    return followed.run(context).filter(({ node, function: inside, message }) => {
      const object = /^(\w+), which/.exec(message)?.[1];
      const definition = object === undefined ? undefined : model.functions.find(({ name }) => name === inside);
      if (!definition) return true;
      const before = tree.text.slice(definition.start, tree.starts[node]);
      if (isChained(tree.text.slice(definition.start, definition.end), message)) return false;
      const parts = [object!];
      // In text order, so that parts of parts are found.
      for (const [, part, whole] of before.matchAll(/\b(\w+)\s*=\s*&?(\w+)(?:->|\.)[\w.>-]+\s*;/g))
        if (parts.includes(whole!)) parts.push(part!);
      if (parts.length === 1) return true;
      const names = parts.slice(1).join('|');
      return !(
        new RegExp(`^return\\s+&?(?:${names})\\b`).test(tree.textOf(node)) ||
        new RegExp(
          `\\w*(?:put|uninit|release|unregister)\\w*\\s*\\(\\s*&?(?:${names})\\b[^;{}]*;\\s*(?:/\\*[^*]*\\*/\\s*)?$`,
        ).test(before)
      );
    });
  },
};
export default rule;
