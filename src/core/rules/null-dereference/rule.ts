import { functionAt, type FunctionDefinition } from '../../driver';
import { NONE } from '../../syntax';
import { flowRule } from '../flow-rule';
import { argumentsOf, callAt, parameterNames } from '../guards';
import type { Report, Rule, RuleContext } from '../model';

const followed = flowRule(
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

/** A parameter of a static function that none of its callers, all of which are calls in the file, can hand in as NULL. */
function isNeverHandedIn(context: RuleContext, { function: inside, message }: Report): boolean {
  const { tree, model } = context;
  const name = /^(\w+) is followed/.exec(message)?.[1];
  const definition = model.functions.find((one) => one.name === inside);
  if (name === undefined || !definition?.isStatic) return false;
  const argument = parameterNames(tree, definition.node).indexOf(name);
  if (argument < 0) return false;
  // It may be called through a table, too.
  const named = [...tree.text.matchAll(new RegExp(`\\b${definition.name}\\b`, 'g'))]
    .map(({ index }) => index)
    .filter((index) => index !== definition.nameStart && !isInComment(tree.text, index));
  return (
    named.length > 0 &&
    named.every((index) => {
      const caller = functionAt(model, index);
      const call = caller ? callAt(tree, index, caller) : NONE;
      const handed = call === NONE ? undefined : argumentsOf(tree, call)[argument];
      return handed !== undefined && isSureBefore(context, caller!, tree.textOf(handed), index);
    })
  );
}

const isInComment = (text: string, at: number): boolean => text.lastIndexOf('/*', at) > text.lastIndexOf('*/', at);

/** A variable is a driver's private part, which its owner always has, or has been refused if it is NULL, or is the address of something. */
function isSureBefore({ tree }: RuleContext, caller: FunctionDefinition, handed: string, before: number): boolean {
  if (/^&/.test(handed)) return true;
  if (!/^\w+$/.test(handed)) return false;
  const text = tree.text.slice(tree.starts[caller.body], before);
  const set = [...text.matchAll(new RegExp(`(?<![\\w>.])${handed}\\s*=(?!=)\\s*(\\w*)`, 'g'))];
  if (set.length > 0 && set.every(([, giver]) => /_priv$/.test(giver!))) return true;
  return new RegExp(`\\bif\\s*\\(\\s*!${handed}\\s*\\)\\s*\\{?[^{}]*?\\b(?:return|goto)\\b`).test(text);
}

const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => followed.run(context).filter((report) => !isNeverHandedIn(context, report)),
};
export default rule;
