import { flowRule } from '../flow-rule';
import type { Rule } from '../model';

const followed = flowRule(
  {
    id: 'switched-on-leak',
    title: 'Left switched on, on this way out',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-772',
    why: 'Other error returns of the function undo the call; this one leaves a clock, regulator, runtime PM reference or interrupt behind.',
    falsePositives: ['A callee in another file undoes it when it fails.'],
    references: [
      'Documentation/process/coding-style.rst: centralized exiting of functions',
      'https://cwe.mitre.org/data/definitions/772.html',
    ],
    rust: {
      verdict: 'with-idiom',
      mechanism: 'A guard or managed object undoes the call when it is dropped; calls of raw functions are not covered.',
      items: ['kernel::types::ScopeGuard', 'kernel::devres::Devres', 'kernel::irq::Registration'],
    },
  },
  {
    'pair-leak': ({ name, callee, detail }) =>
      `this way out leaves the ${detail}${name === '' ? '' : ` (${name})`} as ${callee}() left it; others undo it`,
  },
);

/** An image that is stored in the driver's data is let go of with that. */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => {
    const { tree, model } = context;
    return followed.run(context).filter(({ node, function: inside, message }) => {
      const image = /\bfirmware \((\w+)\)/.exec(message)?.[1];
      const definition = image === undefined ? undefined : model.functions.find(({ name }) => name === inside);
      return (
        !definition ||
        !new RegExp(`(?:->|\\.)\\w+\\s*=\\s*${image}\\s*;`).test(tree.text.slice(definition.start, tree.starts[node]))
      );
    });
  },
};
export default rule;
