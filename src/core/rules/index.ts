import type { Catalogue } from '../catalogue/model';
import { functionAt, type DriverModel } from '../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import allocationSizeOverflow from './allocation-size-overflow/rule';
import type { Call, Finding, Rule, RuleContext } from './model';
import privateDataCast from './private-data-cast/rule';
import unboundedStringCopy from './unbounded-string-copy/rule';

export type { Call, Finding, Report, Rule, RuleContext, RuleMetadata, Severity, Verdict } from './model';

/** All rules; a new one is a folder and a line here. */
export const rules: readonly Rule[] = [allocationSizeOverflow, privateDataCast, unboundedStringCopy];

/** The findings of all rules in a text, in text order. */
export function findingsOf(tree: SyntaxTree, model: DriverModel, catalogue: Catalogue): Finding[] {
  const context: RuleContext = { tree, model, catalogue, calls: (names) => callsOf(tree, model, names) };
  const findings: Finding[] = [];
  for (const { metadata, run } of rules) {
    for (const { node, message, related = [] } of run(context)) {
      const start = tree.starts[node]!;
      findings.push({
        rule: metadata.id,
        kind: metadata.kind,
        start,
        end: tree.ends[node]!,
        function: functionAt(model, start)?.name ?? '',
        severity: metadata.severity,
        confidence: metadata.confidence,
        cwe: metadata.cwe,
        message,
        related,
        rust: { ...metadata.rust, items: metadata.rust.items.filter((path) => catalogue.hasItem(path)) },
      });
    }
  }
  return findings.sort((a, b) => a.start - b.start);
}

function callsOf(tree: SyntaxTree, model: DriverModel, names: ReadonlySet<string>): Call[] {
  const calls: Call[] = [];
  for (const { name, start } of model.apis) {
    if (!names.has(name)) continue;
    const node = tree.parents[tree.nodeAt(start)]!;
    if (node === NONE || tree.kinds[node] !== (CKind.call_expression as number) || tree.hasError(node)) continue;
    if (tree.starts[tree.childByField(node, Field.function)] !== start) continue;
    calls.push({ name, node, arguments: [...tree.children(tree.childByField(node, Field.arguments), true)] });
  }
  return calls;
}
