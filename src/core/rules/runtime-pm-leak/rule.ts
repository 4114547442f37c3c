import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Call, Report, Rule, RuleContext } from '../model';

const NAMES = new Set(['pm_runtime_get_sync']);

const rule: Rule = {
  metadata: {
    id: 'runtime-pm-leak',
    title: 'pm_runtime_get_sync() fails and its reference is kept',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-911',
    supersedes: ['switched-on-leak'],
    why: 'pm_runtime_get_sync() counts the device as used even if it fails: a way out that does not put the reference keeps the device from ever being suspended.',
    falsePositives: ['A caller puts the reference also when this function fails.'],
    references: [
      'Documentation/power/runtime_pm.rst: pm_runtime_get_sync(), pm_runtime_resume_and_get()',
      'https://cwe.mitre.org/data/definitions/911.html',
    ],
    rust: {
      verdict: 'with-idiom',
      mechanism: 'A guard that puts the reference when it is dropped cannot be forgotten on a way out.',
      items: ['kernel::types::ScopeGuard'],
    },
  },
  run: ({ tree, calls, model }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const call of calls(NAMES)) {
      const failure = failureOf(tree, call);
      if (failure === NONE) continue;
      const way = leaving(tree, failure);
      const definition = tree.ancestorOfKind(call.node, CKind.function_definition);
      if (way === NONE || definition === NONE || PUTS.test(tree.textOf(failure))) continue;
      const label = /^goto\s+(\w+)/.exec(tree.textOf(way))?.[1];
      const text = tree.textOf(definition);
      if (label !== undefined && PUTS.test(text.slice(Math.max(0, text.search(new RegExp(`\\n\\s*${label}\\s*:`)))))) continue;
      const inside = model.functions.find(({ node }) => node === definition);
      const name = inside?.name ?? '';
      if (inside && isPutByCounterpart(tree, model, inside)) continue;
      // A wrapper, of which the caller is to put what it got.
      if (/(?:^|_)(?:get|resume|power_on|power_up)(?:_|$)/.test(name) && !PUTS.test(text)) continue;
      reports.push({
        node: way,
        function: name,
        message: `pm_runtime_get_sync() has failed here, but counted the device as used: nothing puts the reference`,
        related: [{ start: tree.starts[call.node]!, end: tree.ends[call.node]!, message: 'the reference is taken here' }],
      });
    }
    return reports;
  },
};
export default rule;

const PUTS = /pm_runtime_put|pm_runtime_disable|_put_noidle|_pm_put|runtime_put|rpm_put/;

/** What a core calls to end what another callback has begun, by a word of the names. */
const COUNTERPARTS: readonly (readonly [string, string])[] = [
  ['enable', 'disable'],
  ['start', 'stop'],
  ['startup', 'shutdown'],
  ['open', 'close'],
  ['open', 'release'],
  ['prepare', 'unprepare'],
  ['activate', 'deactivate'],
  ['on', 'off'],
  ['connect', 'disconnect'],
  ['begin', 'end'],
];

/**
 * Whether the function is a callback that returns nothing, so that whoever calls it does not learn that it failed, and the callback
 * that ends what it begins puts the reference on every way: the count is right all the same.
 */
function isPutByCounterpart(tree: SyntaxTree, model: DriverModel, { name, start, nameStart }: FunctionDefinition): boolean {
  if (!/\bvoid\s*$/.test(tree.text.slice(start, nameStart))) return false;
  if (!model.entryPoints.some((point) => point.function === name)) return false;
  return COUNTERPARTS.some(([does, undoes]) => {
    const word = new RegExp(`(^|_)${does}(?=_|$)`);
    const other = word.test(name) ? name.replace(word, `$1${undoes}`) : '';
    const counterpart = model.functions.find((one) => one.name === other);
    return counterpart !== undefined && putsOnEveryWay(tree, counterpart);
  });
}

/** A statement of the body itself puts a reference, and nothing leaves before it. */
function putsOnEveryWay(tree: SyntaxTree, { body }: FunctionDefinition): boolean {
  for (const statement of tree.children(body, true)) {
    const text = tree.textOf(statement);
    if (tree.kinds[statement] === (CKind.expression_statement as number) && PUTS.test(text)) return true;
    if (/\b(?:return|goto)\b/.test(text)) return false;
  }
  return false;
}

/** The statement that is done when the call fails; NONE if the text does not say it at once. */
function failureOf(tree: SyntaxTree, { node }: Call): number {
  const parent = tree.parents[node]!;
  const kind = tree.kinds[parent] as CKind;
  if (kind === CKind.binary_expression) {
    if (!/<\s*0$/.test(tree.textOf(parent))) return NONE;
    const statement = tree.parents[tree.parents[parent]!]!;
    return tree.kinds[statement] === (CKind.if_statement as number) ? tree.childByField(statement, Field.consequence) : NONE;
  }
  if (kind !== CKind.assignment_expression && kind !== CKind.init_declarator) return NONE;
  const place = tree.textOf(tree.childByField(parent, kind === CKind.init_declarator ? Field.declarator : Field.left));
  let next = tree.nextSibling(tree.parents[parent]!);
  while (next !== NONE && tree.kinds[next] === (CKind.comment as number)) next = tree.nextSibling(next);
  if (next === NONE || tree.kinds[next] !== (CKind.if_statement as number)) return NONE;
  const condition = tree.textOf(tree.childByField(next, Field.condition)).replace(/\s+/g, '');
  return condition === `(${place}<0)` || condition === `(unlikely(${place}<0))`
    ? tree.childByField(next, Field.consequence)
    : NONE;
}

/** The return or goto that ends a statement; NONE if it has none. */
function leaving(tree: SyntaxTree, statement: number): number {
  let last = NONE;
  for (let node = statement; node < tree.nexts[statement]!; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.return_statement || kind === CKind.goto_statement) last = node;
  }
  return last;
}
