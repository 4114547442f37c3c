import type { Analysis } from '../analysis';
import type { Finding } from '../rules';
import { codeSpan, escapeMarkdown } from './markdown';
import { bestItem, itemName, LABEL } from './wording';

/** The finding on whose first line `offset` is, within its range; suspects first. Undefined if there is none, or it is allowed. */
export function findingAt({ findings, tree }: Analysis, offset: number): Finding | undefined {
  const here = findings.filter(
    ({ start, end, suppressed }) =>
      start <= offset && offset <= end && suppressed === undefined && tree.lineAt(start) === tree.lineAt(offset),
  );
  return here.find(({ kind }) => kind === 'suspect') ?? here[0];
}

/**
 * What a hover says of a finding: the fault, how it comes about line by line, how Rust removes it, and what becomes of the very calls that
 * it is about.
 */
export function findingMarkdown(analysis: Analysis, finding: Finding): string {
  const { tree } = analysis;
  const { rust, rule, kind, cwe, message, related } = finding;
  const icon = kind === 'suspect' ? '$(warning)' : '$(lightbulb)';
  const parts = [`${icon} **${LABEL}**: ${kind} ${codeSpan(rule)} (${cwe})`, escapeMarkdown(message)];
  const story = related.map((place) => `- line ${tree.lineAt(place.start) + 1}: ${escapeMarkdown(place.message)}`);
  if (story.length > 0) parts.push(story.join('\n'));
  parts.push(`In Rust ${rust.verdict.replace('-', ' ')}: ${escapeMarkdown(rust.mechanism)}`);
  const becomes = ownCalls(analysis, finding);
  if (becomes.length > 0) parts.push(becomes.join('\n'));
  return parts.join('\n\n');
}

/** The kernel names in the places of a finding's story, with what takes their place. */
function ownCalls({ model, apis }: Analysis, { start, end, related }: Finding): string[] {
  const lines = new Map<string, string>();
  for (const place of [...related, { start, end }])
    for (const [i, use] of model.apis.entries()) {
      if (use.start < place.start || use.end > place.end || use.kind === 'header' || lines.has(use.name)) continue;
      const best = bestItem(apis[i]!);
      if (best) lines.set(use.name, `- ${codeSpan(use.name)}: ${codeSpan(itemName(best))}`);
    }
  return [...lines.values()].slice(0, 4);
}
