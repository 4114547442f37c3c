import { flowRule } from '../flow-rule';
import type { Report, Rule, RuleContext } from '../model';
import { isUndoneThoughFailed, undoneIn } from './counterparts';
import { isSettledByEarlierSwitch } from './switches';

/** Stands in the wording for the function that undoes it: it is found when the whole file is at hand. */
const NOBODY = '?';

const followed = flowRule(
  {
    id: 'switched-on-leak',
    title: 'Left switched on, on this way out',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-772',
    why: 'Other error returns of the function undo the call, or what undoes the function as a whole does; this one leaves a clock, regulator, runtime PM reference or interrupt behind.',
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
    'pair-never-given': ({ name, callee, detail }) =>
      `this way out leaves the ${detail} (${name}) as ${callee}() left it; ${NOBODY}`,
  },
);

/** A comment at the way out says that it is left as it is on purpose. */
const ON_PURPOSE =
  /\b(?:do not|don't|never|no need to|not necessary to)\b[^.]*\b(?:disable|free|release|put|stop|unregister|turn|power|switch)|\b(?:leave|left|keep|kept|stays?|remains?)\b|\balways return\b/i;

const saysSo = (text: string, start: number, end: number): boolean => {
  const line = text.indexOf('\n', end);
  const after = text.slice(end, line === -1 ? undefined : line);
  const before = /(?:\/\*(?:(?!\*\/)[^])*\*\/|\/\/[^\n]*)\s*$/.exec(text.slice(Math.max(0, start - 400), start))?.[0] ?? '';
  return ON_PURPOSE.test(before) || (/\/[*/]/.test(after) && ON_PURPOSE.test(after));
};

/** What only another function undoes: that one, with the place. */
function withCounterpart({ tree, model }: RuleContext, report: Report): Report | undefined {
  const [, group, text] = /^this way out leaves the (.+?) \((.*)\) as \w+\(\) left it/.exec(report.message) ?? [];
  const inside = model.functions.find(({ name }) => name === report.function);
  if (!inside || group === undefined || text === undefined) return undefined;
  const undoing = undoneIn(tree.text, model, inside, group, text);
  return (
    undoing && {
      ...report,
      message: report.message.replace(/\?$/, `${undoing.name}() undoes it, which is not called then`),
      related: [
        ...(report.related ?? []),
        { start: undoing.start, end: undoing.end, message: `${undoing.name}() undoes it here` },
      ],
    }
  );
}

/** An image that is stored in the driver's data is let go of with that. */
const rule: Rule = {
  metadata: followed.metadata,
  run: (context) => {
    const { tree, model } = context;
    const reports = followed
      .run(context)
      .flatMap((report) => (report.message.endsWith(NOBODY) ? (withCounterpart(context, report) ?? []) : report));
    return reports.filter(({ node, function: inside, message }) => {
      if (saysSo(tree.text, tree.starts[node]!, tree.ends[node]!)) return false;
      const whole = model.functions.find(({ name }) => name === inside);
      if (whole && isUndoneThoughFailed(tree.text, whole)) return false;
      if (whole && isSettledByEarlierSwitch(tree, node, whole.body)) return false;
      // A probe function that only looks, and leaves the device to others.
      if (whole && /\balways return (?:failure|an error)/i.test(tree.text.slice(whole.start, whole.end))) return false;
      const image = /\bfirmware \((\w+)\)/.exec(message)?.[1];
      const definition = image === undefined ? undefined : model.functions.find(({ name }) => name === inside);
      return (
        !definition ||
        !new RegExp(`(?:->|\\.)\\w+(?:\\[[^\\]]*\\])*\\s*=\\s*${image}\\s*;`).test(
          tree.text.slice(definition.start, tree.starts[node]),
        )
      );
    });
  },
};
export default rule;
