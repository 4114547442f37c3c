import { flowRule } from '../flow-rule';
import { callAt } from '../guards';
import { isKnownThere, isOwnMemory } from '../unchecked-allocation/known-there';
import { untestedErrors } from './untested';
import { NONE } from '../../syntax';
import type { Rule } from '../model';

const followed = flowRule(
  {
    id: 'error-pointer-mix-up',
    title: 'Error pointer and NULL mixed up',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-253',
    why: 'A function says failure by NULL or by an error pointer; the test for the other one never sees it, and the failure goes on as a valid pointer.',
    falsePositives: ['The function returns another kind of failure in this kernel version or configuration.'],
    references: ['include/linux/err.h', 'scripts/coccinelle/null/eno.cocci', 'https://cwe.mitre.org/data/definitions/253.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'There is one kind of failure, Result; error pointers are converted where C is called.',
      items: ['kernel::error::Result', 'kernel::error::from_err_ptr'],
    },
  },
  {
    'error-pointer-tested-as-null': ({ name, callee }) =>
      `${callee}() returns an error pointer if it fails, never NULL: ${name === '' ? 'this test' : `this test of ${name}`} does not see it`,
    'null-tested-as-error-pointer': ({ name, callee }) =>
      `${callee}() returns NULL if it fails, no error pointer: ${name === '' ? 'this test' : `this test of ${name}`} does not see it`,
    'unchecked-error-pointer': ({ name, callee }) =>
      `${name} may be an error pointer here: ${callee}() can fail, and nothing has checked it`,
    'error-pointer-dereference': ({ name }) => `${name} is followed although it is an error pointer on this path`,
    'error-pointer-freed': ({ name, callee }) => `${callee}() is given ${name}, which is an error pointer on this path`,
    'ptr-err-of-null': ({ name }) => `PTR_ERR() of ${name}, which is NULL on this path, is 0: success`,
  },
);

/** What is looked up is what somebody has stored: that may be an error pointer. Sources: include/linux/idr.h, xarray.h, radix-tree.h. */
const LOOKS_UP = /^(?:idr_find|xa_load|radix_tree_lookup)\(\)/;

/** Nor is a path taken on which the error was made a status that is asked for before: `status = f(PTR_ERR(p)); if (status) goto out;` */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => {
    const { tree, model } = context;
    const reports = followed.run(context).filter(({ node, function: inside, message, related }) => {
      if (LOOKS_UP.test(message)) return false;
      const unchecked = /^(.+?) may be an error pointer here/.exec(message)?.[1];
      const around = unchecked === undefined ? undefined : model.functions.find((one) => one.name === inside);
      const made = around ? callAt(tree, related?.[0]?.start ?? -1, around) : NONE;
      if (around && made !== NONE) return !isOwnMemory(tree, around, made) && !isKnownThere(context, made, node, unchecked!);
      const name = /^(\w+) is followed although/.exec(message)?.[1];
      const definition = name === undefined ? undefined : model.functions.find((one) => one.name === inside);
      if (!definition) return true;
      const before = tree.text.slice(definition.start, tree.starts[node]);
      const stored = new RegExp(`\\b(\\w+)\\s*=\\s*[\\w(]*PTR_ERR\\(${name!}\\)`).exec(before);
      if (!stored) return true;
      const asked = before.slice(stored.index);
      // What stands after an else of the test is not reached with an error.
      return !(
        new RegExp(`\\bif\\s*\\(${stored[1]!}\\)[^}]*?\\b(?:goto|return)\\b`).test(asked) ||
        new RegExp(`\\bif\\s*\\(${stored[1]!}\\)\\s*\\{[^{}]*\\}\\s*else\\b`).test(asked)
      );
    });
    const lines = new Set(reports.flatMap(({ related = [] }) => related.map(({ start }) => start)));
    return [...reports, ...untestedErrors(context).filter(({ node }) => !lines.has(tree.starts[node]!))];
  },
};
export default rule;
