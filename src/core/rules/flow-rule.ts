import type { Diagnosis, DiagnosisKind } from '../flow';
import type { Report, Rule, RuleContext, RuleMetadata } from './model';

/** How a rule words what the flow analysis has seen, by the kinds that are its business. */
export type Wording = Partial<Record<DiagnosisKind, (diagnosis: Diagnosis) => string>>;

/** A rule that words diagnoses of the flow analysis: the analysis runs once for all such rules. */
export function flowRule(metadata: RuleMetadata, wording: Wording): Rule {
  return {
    metadata,
    run: ({ tree, flow }: RuleContext): Report[] => {
      const reports: Report[] = [];
      for (const diagnosis of flow()) {
        const message = wording[diagnosis.kind]?.(diagnosis);
        if (message === undefined) continue;
        const related = diagnosis.related.map(({ node, message: story }) => ({
          start: tree.starts[node]!,
          end: firstLineEnd(tree.text, tree.starts[node]!, tree.ends[node]!),
          message: story,
        }));
        reports.push({ node: diagnosis.node, message, related, function: diagnosis.function });
      }
      return reports;
    },
  };
}

/** A related place is a line: of a block, its head. */
function firstLineEnd(text: string, start: number, end: number): number {
  const line = text.indexOf('\n', start);
  return line === -1 || line > end ? end : line;
}
