import type { Catalogue } from '../catalogue/model';
import { functionAt, namesUsedIn, type ApiUse, type DriverModel } from '../driver';
import { FlowFile, type Diagnosis, type FlowMemory } from '../flow';
import { CKind, Field, NONE, confidenceOf, type SyntaxTree } from '../syntax';
import type { Call, Confidence, Finding, RuleContext } from './model';
import { neverCompiled } from './never-compiled';
import { rules } from './registry';
import { allowed, suppressionsIn } from './suppressions';

export type { Call, Finding, Report, Rule, RuleContext, RuleMetadata, Severity, Verdict } from './model';

export { rules } from './registry';
export { suppressionsIn, type Suppression } from './suppressions';

/** A finding in a function that has errors elsewhere. */
const LOWER: Record<Confidence, Confidence> = { high: 'medium', medium: 'low', low: 'low' };

/**
 * The findings of all rules in a text, in text order.
 * @param withFlow whether suspects are looked for, along the paths of functions and otherwise; without, there are hazards alone, and the answer is quick
 * @param memory what an earlier text of the same document has left: functions that are as they were are not followed again
 */
export function findingsOf(
  tree: SyntaxTree,
  model: DriverModel,
  catalogue: Catalogue,
  withFlow = true,
  memory?: FlowMemory,
): Finding[] {
  let diagnoses: readonly Diagnosis[] | undefined;
  const flow = () => (diagnoses ??= new FlowFile(tree, model, memory).diagnoses());
  const used = namesUsedIn(model);
  const context: RuleContext = {
    tree,
    model,
    catalogue,
    calls: (names) => callsOf(tree, used.ofAny(names)),
    usesAny: (names) => used.hasAny(names),
    flow,
  };
  const findings: Finding[] = [];
  const suppressions = suppressionsIn(tree);
  const left = neverCompiled(tree);
  for (const rule of rules) {
    const { metadata } = rule;
    if (!withFlow && metadata.kind === 'suspect') continue;
    for (const { node, message, related = [], function: name } of rule.run(context)) {
      const start = tree.starts[node]!;
      const parsed = confidenceOf(tree, start, tree.ends[node]!);
      if (left.some((region) => region.start <= start && start < region.end)) continue;
      if (parsed === 'low') continue; // a parser that is at a loss proves nothing
      const reason = allowed(tree, suppressions, metadata.id, start)?.reason;
      findings.push({
        rule: metadata.id,
        kind: metadata.kind,
        start,
        end: tree.ends[node]!,
        function: name ?? functionAt(model, start)?.name ?? '',
        severity: metadata.severity,
        confidence: parsed === 'high' ? metadata.confidence : LOWER[metadata.confidence],
        cwe: metadata.cwe,
        message,
        related,
        ...(reason === undefined ? {} : { suppressed: reason }),
        rust: { ...metadata.rust, items: metadata.rust.items.filter((path) => catalogue.hasItem(path)) },
      });
    }
  }
  return withoutSuperseded(findings).sort((a, b) => a.start - b.start);
}

const SUPERSEDES = new Map(rules.flatMap(({ metadata: { id, supersedes } }) => (supersedes ? [[id, supersedes] as const] : [])));

/** Findings without those that another rule says better. */
function withoutSuperseded(findings: readonly Finding[]): Finding[] {
  const better = findings.filter(({ rule }) => SUPERSEDES.has(rule));
  // Where the story begins: the call that acquires.
  const origin = ({ related, start }: Finding) => related[0]?.start ?? start;
  return findings.filter(
    (finding) =>
      !better.some(
        (other) =>
          SUPERSEDES.get(other.rule)!.includes(finding.rule) &&
          other.function === finding.function &&
          origin(other) === origin(finding),
      ),
  );
}

/** Which of the uses are calls. */
function callsOf(tree: SyntaxTree, uses: readonly ApiUse[]): Call[] {
  const calls: Call[] = [];
  for (const { name, start } of uses) {
    const node = tree.parents[tree.nodeAt(start)]!;
    if (node === NONE || tree.kinds[node] !== (CKind.call_expression as number) || tree.hasError(node)) continue;
    if (tree.starts[tree.childByField(node, Field.function)] !== start) continue;
    calls.push({ name, node, arguments: [...tree.children(tree.childByField(node, Field.arguments), true)] });
  }
  return calls;
}
